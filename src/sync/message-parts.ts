import { z } from 'zod';
import { TOPIC_ID } from './topics.ts';

export const topicId = z.string().regex(TOPIC_ID);
/** Random ids of epochs, links, messages and rows. */
export const id = z.string().min(1).max(64);
export const seq = z.int().min(0).describe('Place in the gateway’s history, from 1; 0: before its first event');
export const rev = z.int().min(0).describe('Changes of the stream');
export const hash = z
	.string()
	.regex(/^[0-9a-f]{64}$/)
	.describe('SHA-256, lower-case hex');
/** Within what a calendar can name (ECMA-262, 21.4.1.1): one beyond it could not be shown. */
const LAST_INSTANT_MS = 8.64e15;
export const instantMs = z.int().min(-LAST_INSTANT_MS).max(LAST_INSTANT_MS).describe('UTC, ms since 1970');

/** What a directory row is, is the directory's business (core/directory.ts); here it has a size and a key. */
export const op = z.discriminatedUnion('op', [
	z.object({ op: z.literal('put'), table: id, key: id, row: z.unknown() }),
	z.object({ op: z.literal('delete'), table: id, key: id }),
]);

export const root = hash.nullable().describe('Digest of the stream’s rows; null: none is kept');

export const streamPosition = z.object({
	stream: topicId,
	centralEpoch: id.nullable().describe('null: this gateway never had the stream'),
	rev,
	root,
	parked: z.int().min(0).default(0).describe('Rows that this site can not use (`nack`)'),
});

export const streamHead = z
	.object({
		stream: topicId,
		centralEpoch: id,
		rev,
		floor: rev.describe('No deltas are kept from before this rev'),
		root,
	})
	.describe('The newest rev of a stream.');

export const cloudEvent = z
	.object({
		specversion: z.literal('1.0'),
		source: z
			.string()
			.min(1)
			.max(256)
			.describe('The gateway: /parkgate/TENANT/SITE; with `id` it names the event for ever'),
		type: z.string().min(1).max(64),
		id,
		time: z.iso.datetime().optional(),
		seq: seq.min(1),
		firstepoch: id
			.optional()
			.describe('The event was first written in this gatewayEpoch, at `firstseq`, and is told again here'),
		firstseq: seq.min(1).optional(),
		data: z.record(z.string(), z.unknown()),
	})
	.describe('CloudEvents 1.0, JSON format');

export type CloudEvent = z.infer<typeof cloudEvent>;
