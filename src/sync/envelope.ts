import { z } from 'zod';
import { LIMITS } from '../gateway/core/limits.ts';
import { type Channel, TOPIC_ID } from './topics.ts';

/** Version of the protocol, the `1` of every topic and the `v` of every envelope. */
export const PROTOCOL_VERSION = 1;

const topicId = z.string().regex(TOPIC_ID);
/** Random ids of epochs, links, messages and rows. */
const id = z.string().min(1).max(64);
const seq = z.int().min(0);
const rev = z.int().min(0);
/** SHA-256, lower-case hex. */
const hash = z.string().regex(/^[0-9a-f]{64}$/);
const instantMs = z.int();

/** What a directory row is, is the directory's business (core/directory.ts); here it has a size and a key. */
const op = z.discriminatedUnion('op', [
	z.object({ op: z.literal('put'), table: id, key: id, row: z.unknown() }),
	z.object({ op: z.literal('delete'), table: id, key: id }),
]);

/** `centralEpoch` null: this gateway never had the stream. `root` null: digests are not kept. */
const streamPosition = z.object({
	stream: topicId,
	centralEpoch: id.nullable(),
	rev,
	root: hash.nullable(),
});

const streamHead = z.object({ stream: topicId, centralEpoch: id, rev, floor: rev, root: hash.nullable() });

const birth = z.object({
	bootId: id,
	version: z.string().max(64),
	protocol: z.object({ min: z.int(), max: z.int() }),
	streams: z.array(streamPosition).max(64),
	/** Last seq written, and the last one central acknowledged. */
	lastSeq: seq,
	ackedSeq: seq,
});

const will = z.object({});

const heartbeat = z.object({
	streams: z.array(streamPosition).max(64),
	lastSeq: seq,
	ackedSeq: seq,
	/** null: all is well; else the worst problem in words. */
	problem: z.string().max(500).nullable(),
});

/** CloudEvents 1.0 (JSON format). `source` and `id` name an event; `seq` is its place in the gateway's history. */
const cloudEvent = z.object({
	specversion: z.literal('1.0'),
	source: z.string().min(1).max(256),
	type: z.string().min(1).max(64),
	id,
	time: z.iso.datetime().optional(),
	seq: seq.min(1),
	data: z.record(z.string(), z.unknown()),
});

/** `before`: the journal's hash ahead of the first event; `after`: behind the last one. */
const events = z.object({
	before: z.string().max(128),
	after: z.string().max(128),
	events: z.array(cloudEvent).min(1).max(LIMITS.batchEvents),
});

/** `pending`: mutations of this site that central has not answered yet, oldest first; it answers each. */
const resume = z.object({
	ackedSeq: seq,
	streams: z.array(streamPosition).max(64),
	pending: z.array(id).max(LIMITS.mutationsAsked).default([]),
});
const snapshotRequest = z.object({ stream: topicId });
const chunkRequest = z.object({ stream: topicId, snapshotId: id, index: z.int().min(0) });

/** `upTo`: central has every event up to here durably. `inReplyTo`: the resume it answers. */
const ack = z
	.object({
		upTo: seq,
		/** Journal hash at `upTo`; null where central never got one (nothing stored yet). */
		chain: z.string().max(128).nullable(),
		inReplyTo: id.nullable(),
		rejected: z.array(z.object({ seq, code: z.string().max(64) })).max(LIMITS.batchEvents * LIMITS.batchWindow),
		/** `chainMismatch`: the batch does not continue the history central has. */
		problem: z.enum(['chainMismatch']).nullable(),
	})
	.refine(({ upTo, chain }) => upTo === 0 || chain !== null, 'the hash of what is acknowledged is missing');

const resumed = z.object({
	inReplyTo: id,
	streams: z.array(streamHead.extend({ answer: z.enum(['current', 'deltas', 'snapshot']) })).max(64),
});

/**
 * Central's word on local edits. `accepted`: in the stream from this rev on; `rejected`: the site's row falls back to
 * central's; `unknown`: central has no such edit, it is to be sent again.
 */
const mutationAnswers = z.object({
	answers: z
		.array(
			z.discriminatedUnion('result', [
				z.object({ id, result: z.literal('accepted'), stream: topicId, rev }),
				z.object({ id, result: z.literal('rejected'), code: z.string().max(64), problem: z.string().max(500) }),
				z.object({ id, result: z.literal('unknown') }),
			]),
		)
		.min(1)
		.max(LIMITS.mutationsAsked),
});

const delta = z.object({
	stream: topicId,
	centralEpoch: id,
	from: rev,
	to: rev,
	ops: z.array(op).min(1).max(LIMITS.deltaOps),
	/** More deltas wait at central: ask again after this one. */
	more: z.boolean(),
});

/** `rows`: of all chunks together. `first` and `last`: a chunk's keys as `table/key`, inclusive. `hash`: of the chunk message's JSON text (after inflation). */
const manifest = z.object({
	stream: topicId,
	snapshotId: id,
	centralEpoch: id,
	rev,
	root: hash.nullable(),
	rows: z.int().min(0),
	chunks: z
		.array(z.object({ count: z.int().min(1), first: z.string().max(130), last: z.string().max(130), hash }))
		.max(LIMITS.snapshotChunks),
});

const chunk = z.object({
	stream: topicId,
	snapshotId: id,
	index: z.int().min(0),
	rows: z
		.array(z.object({ table: id, row: z.unknown() }))
		.min(1)
		.max(LIMITS.snapshotChunkRows),
});

/** Central no longer has that snapshot: ask for a new one. */
const snapshotGone = z.object({ stream: topicId, snapshotId: id });

/** What central may ask of a site. `target`: a lane. `untilMs`: of a hold, closing or lockdown; null: until it is released. */
const command = z.object({
	commandId: id,
	op: z.enum(['vend', 'hold', 'close', 'lockdown', 'release']),
	target: id,
	reason: z.string().min(1).max(LIMITS.reasonLength),
	/** Who asked, at central. */
	by: z.string().min(1).max(200),
	untilMs: instantMs.nullable().default(null),
	/** Longer than this after it was sent nobody wants it any more, s. */
	ttlS: z.int().min(1).max(60),
});

const challenge = z.object({ commandId: id, nonce: id });

/** `because` says why it was refused, or what went wrong. */
const commandResult = z.object({
	commandId: id,
	outcome: z.enum(['done', 'refused', 'expired', 'failed', 'unknown']),
	because: z.string().max(500).nullable(),
});

const centralState = z.object({ state: z.enum(['online', 'offline']) });

function message<Type extends string, Body extends z.ZodType>(type: Type, body: Body) {
	return z.object({
		v: z.literal(PROTOCOL_VERSION),
		type: z.literal(type),
		id,
		/** null: for every site (heads, live deltas, snapshot chunks, central's state). */
		site: topicId.nullable(),
		gatewayEpoch: id.nullable(),
		/** The connection it belongs to; null where it belongs to none. */
		link: id.nullable(),
		/** The sender's clock, UTC epoch ms; for people, never for order. */
		ts: instantMs,
		clock: z.enum(['synced', 'held', 'untrusted']),
		body,
	});
}

/** Every message of the protocol with the channels it may come on: the single source, also for documents. */
export const MESSAGES = {
	birth: { channels: ['up/birth'], schema: message('birth', birth) },
	will: { channels: ['up/will'], schema: message('will', will) },
	heartbeat: { channels: ['up/heartbeat'], schema: message('heartbeat', heartbeat) },
	events: { channels: ['up/events'], schema: message('events', events) },
	resume: { channels: ['up/request'], schema: message('resume', resume) },
	snapshotRequest: { channels: ['up/request'], schema: message('snapshotRequest', snapshotRequest) },
	chunkRequest: { channels: ['up/request'], schema: message('chunkRequest', chunkRequest) },
	ack: { channels: ['down/ack'], schema: message('ack', ack) },
	resumed: { channels: ['down/data'], schema: message('resumed', resumed) },
	mutationAnswers: { channels: ['down/data'], schema: message('mutationAnswers', mutationAnswers) },
	delta: { channels: ['down/data', 'delta'], schema: message('delta', delta) },
	manifest: { channels: ['down/data'], schema: message('manifest', manifest) },
	chunk: { channels: ['down/data'], schema: message('chunk', chunk) },
	snapshotGone: { channels: ['down/data'], schema: message('snapshotGone', snapshotGone) },
	command: { channels: ['down/command'], schema: message('command', command) },
	challenge: { channels: ['up/challenge'], schema: message('challenge', challenge) },
	confirm: { channels: ['down/confirm'], schema: message('confirm', challenge) },
	commandResult: { channels: ['up/result'], schema: message('commandResult', commandResult) },
	head: { channels: ['head'], schema: message('head', streamHead) },
	centralState: { channels: ['state'], schema: message('centralState', centralState) },
} as const satisfies Record<string, { channels: readonly Channel[]; schema: z.ZodType }>;

export type MessageType = keyof typeof MESSAGES;
export type MessageOf<T extends MessageType> = z.infer<(typeof MESSAGES)[T]['schema']>;
export type Message = { [T in MessageType]: MessageOf<T> }[MessageType];
export type Body<T extends MessageType> = MessageOf<T>['body'];

export type CloudEvent = z.infer<typeof cloudEvent>;
export type DirectoryOp = z.infer<typeof op>;
export type StreamPosition = z.infer<typeof streamPosition>;
export type StreamHead = z.infer<typeof streamHead>;
