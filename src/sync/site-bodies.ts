import { z } from 'zod';
import { SUMS_BYTES } from '../gateway/core/directory-digest.ts';
import { LETTER_KINDS } from '../gateway/core/letter.ts';
import { LIMITS } from '../gateway/core/limits.ts';
import { cloudEvent, id, instantMs, rev, seq, streamPosition, topicId } from './message-parts.ts';

// What a site sends (SYNC.md, topics). A body's description is its message's in docs/asyncapi.yaml.

const siteConfiguration = z
	.object({
		version: z.string().max(64).describe('Runs now: SHA-256 of its text'),
		source: z.enum(['file', 'version']).describe('file: gateway.yaml on the machine; version: applied in its place'),
		trial: z
			.object({ target: z.string().max(64), commandId: id.nullable() })
			.nullable()
			.describe('It runs on trial until configKeep; null: it stays'),
	})
	.describe('The configuration of the site');

/** In base64. */
const SUMS_LENGTH = Math.ceil(SUMS_BYTES / 3) * 4;

export const birth = z
	.object({
		bootId: id.describe('New at every start of the process'),
		version: z.string().max(64),
		protocol: z.object({ min: z.int(), max: z.int() }).describe('Versions of this protocol that the gateway speaks'),
		streams: z.array(streamPosition).max(64),
		lastSeq: seq.describe('Last event written'),
		ackedSeq: seq.describe('Last event that central acknowledged'),
		configuration: siteConfiguration.nullable().default(null),
	})
	.describe(
		'A connection of the site begins; what it has. The site is online while birth.link differs from will.link.',
	);

export const will = z
	.object({})
	.describe('The connection named by `link` is over. Sent by the broker, or by the site that stops.');

export const heartbeat = z
	.object({
		streams: z.array(streamPosition).max(64),
		lastSeq: seq,
		ackedSeq: seq,
		problem: z.string().max(500).nullable().describe('The worst problem in words; null: all is well'),
	})
	.describe('Every minute: what the site has and how it is.');

export const events = z
	.object({
		before: z.string().max(128).describe('The journal’s hash ahead of the first event'),
		after: z.string().max(128).describe('The journal’s hash behind the last event'),
		events: z.array(cloudEvent).min(1).max(LIMITS.batchEvents),
	})
	.describe('A batch of events without gaps. Sent again until `ack` says that central has stored it.');

export const resume = z
	.object({
		ackedSeq: seq,
		earlier: z
			.array(z.object({ gatewayEpoch: id, ackedSeq: seq }))
			.max(LIMITS.epochsNamed)
			.default([])
			.describe('Earlier histories of this gateway; central answers each with an `ack` of that gatewayEpoch'),
		streams: z.array(streamPosition).max(64),
		pending: z
			.array(id)
			.max(LIMITS.mutationsAsked)
			.default([])
			.describe('Edits of this site without an answer, oldest first; central answers each'),
	})
	.describe('Where the site stands. Central answers with `ack`, `resumed`, and what is missing.');
export const snapshotRequest = z
	.object({
		stream: topicId,
		snapshotId: id.nullable().default(null).describe('Chunks of it lie here already; null: of none'),
		atLeastRev: rev.default(0).describe('An older one does not serve'),
	})
	.describe('Asks for a whole stream; answered by `manifest`, of that snapshot if it still serves, or `snapshotWait`.');
export const chunkRequest = z
	.object({ stream: topicId, snapshotId: id, index: z.int().min(0) })
	.describe('Asks for one part of a snapshot; answered by `chunk`, `snapshotWait` or `snapshotGone`.');
export const digestRequest = z
	.object({
		requestId: id,
		stream: topicId,
		centralEpoch: id,
		rev,
		sums: z.base64().length(SUMS_LENGTH).describe('The 1,024 sums of the stream’s digest, 8 bytes each, big-endian'),
	})
	.describe('Rows of this site are not central’s. Answered by `digestAnswer`.');
export const nack = z
	.object({
		stream: topicId,
		centralEpoch: id,
		total: z.int().min(0),
		rows: z
			.array(
				z.object({
					table: id,
					key: id,
					rev: rev.describe('At which it came'),
					code: z.enum(['unknownTable', 'otherStream', 'otherKey', 'invalid']),
					problem: z.string().max(LIMITS.reasonLength),
				}),
			)
			.max(LIMITS.parkedTold)
			.describe('The first of them'),
	})
	.describe(
		'Rows of a stream that this site can not use, all there are; what they describe is denied until they are sent again.',
	);

export const mailOffer = z
	.object({ mails: z.array(id).min(1).max(LIMITS.mailsOffered).describe('Ids of mails; what they say is not in it') })
	.describe(
		'Mails that central is to send. Answered by `mailAnswers`; offered again until it says what became of each.',
	);

const line = (length: number) => z.string().min(1).max(length);

export const letter = z
	.object({
		mailId: id,
		nonce: id.describe('Of the answer that asked for it'),
		kind: z.enum(LETTER_KINDS),
		to: line(254).describe('E-mail address'),
		name: line(200).describe('Whose it is'),
		language: z.enum(['en', 'fr', 'nl']),
		site: line(200).describe('What people call the site'),
		timeZone: line(64).refine(isTimeZone, 'no time zone').describe('IANA'),
		link: z
			.string()
			.max(LIMITS.mailLinkLength)
			.regex(/^https?:\/\/[^\s\p{Cc}]+$/u)
			.nullable()
			.describe('With a one-time code; null: it brings none'),
		endsAtMs: instantMs.nullable().describe('Until when the link works'),
		newAddress: line(254).nullable().describe('Of `addressNotice`: masked'),
	})
	.describe(
		'What one mail says. Sent only when central has just asked for it, and taken only then: it rests nowhere, and is journalled by nobody.',
	);

function isTimeZone(timeZone: string): boolean {
	try {
		new Intl.DateTimeFormat('en', { timeZone });
		return true;
	} catch {
		// A RangeError: there is no other way to ask.
		return false;
	}
}

export const challenge = z
	.object({ commandId: id, nonce: id })
	.describe('The nonce of one command: out with challenge, back with confirm.');

export const commandResult = z
	.object({
		commandId: id,
		outcome: z.enum(['done', 'refused', 'expired', 'failed', 'unknown']),
		because: z.string().max(500).nullable().describe('Why it was refused, or what went wrong'),
	})
	.describe('What became of a command. unknown: it was interrupted; it is never tried again.');

export const commandReport = z
	.object({
		commandId: id,
		index: z.int().min(0),
		count: z.int().min(1).max(LIMITS.reportParts),
		part: z.string().max(LIMITS.reportPartLength),
	})
	.describe('One part of what a command found, ahead of its result; all parts together are JSON.');
