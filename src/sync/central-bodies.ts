import { z } from 'zod';
import { DIGEST_BUCKETS } from '../gateway/core/directory-digest.ts';
import { MAIL_PROBLEMS } from '../gateway/core/letter.ts';
import { LIMITS } from '../gateway/core/limits.ts';
import { hash, id, instantMs, op, rev, root, seq, streamHead, topicId } from './message-parts.ts';

// What central sends. A body's description is its message's in docs/asyncapi.yaml.

export const ack = z
	.object({
		upTo: seq.describe('Central has every event up to here durably'),
		chain: z.string().max(128).nullable().describe('Journal hash at `upTo`; null: nothing stored yet'),
		inReplyTo: id.nullable().describe('The resume it answers'),
		rejected: z
			.array(z.object({ seq, code: z.string().max(64) }))
			.max(LIMITS.batchEvents * LIMITS.batchWindow)
			.describe('Stored, but of no use to central; said again while the site may not have heard it'),
		problem: z
			.enum(['chainMismatch'])
			.nullable()
			.describe('chainMismatch: the batch does not continue the history central has'),
	})
	.refine(({ upTo, chain }) => upTo === 0 || chain !== null, 'the hash of what is acknowledged is missing')
	.describe('Cumulative: only this moves the site’s cursor.');

export const resumed = z
	.object({
		inReplyTo: id,
		streams: z.array(streamHead.extend({ answer: z.enum(['current', 'deltas', 'snapshot']) })).max(64),
	})
	.describe('What is missing of each stream, and how it comes.');

export const mutationAnswers = z
	.object({
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
	})
	.describe(
		'Central’s word on edits made on site. accepted: in the stream from this rev on; rejected: the row falls back to central’s; unknown: it is to be sent again.',
	);

const mailCode = z.int().min(0).max(999).nullable().describe('Of the mail server (RFC 5321, 4.2)');

export const mailAnswers = z
	.object({
		answers: z
			.array(
				z.discriminatedUnion('result', [
					z.object({ mailId: id, result: z.literal('send'), nonce: id }).describe('Now: its `letter` is awaited'),
					z.object({ mailId: id, result: z.literal('sent') }),
					z.object({ mailId: id, result: z.literal('refused'), problem: z.enum(MAIL_PROBLEMS), code: mailCode }),
					z.object({ mailId: id, result: z.literal('failed'), problem: z.enum(MAIL_PROBLEMS), code: mailCode }),
					z.object({ mailId: id, result: z.literal('later'), afterS: z.int().min(1).max(3_600) }),
					z.object({ mailId: id, result: z.literal('unknown') }),
				]),
			)
			.min(1)
			.max(LIMITS.mailsOffered),
	})
	.describe(
		'Central’s word on mails of a site. sent: the mail server took it; refused: it never will; failed: it may be offered again; later: too many now; unknown: it may have been sent, and is not sent again.',
	);

export const delta = z
	.object({
		stream: topicId,
		centralEpoch: id,
		from: rev.describe('Applied only where this is the site’s rev'),
		to: rev,
		ops: z.array(op).min(1).max(LIMITS.deltaOps),
		more: z.boolean().describe('More deltas wait at central: ask again after this one'),
		root: root.default(null).describe('Digest of the stream’s rows at `to`; null: not said'),
	})
	.describe('Changes of a stream.');

export const manifest = z
	.object({
		stream: topicId,
		snapshotId: id,
		centralEpoch: id,
		rev,
		root,
		rows: z.int().min(0).describe('Of all chunks together'),
		chunks: z
			.array(
				z.object({
					count: z.int().min(1),
					first: z.string().max(130).describe('table/key, inclusive'),
					last: z.string().max(130).describe('table/key, inclusive'),
					hash: hash.describe('SHA-256 of the chunk message’s JSON text, after inflation'),
				}),
			)
			.max(LIMITS.snapshotChunks),
	})
	.describe('A snapshot of a stream in parts that the site pulls.');

export const chunk = z
	.object({
		stream: topicId,
		snapshotId: id,
		index: z.int().min(0),
		rows: z
			.array(z.object({ table: id, row: z.unknown() }))
			.min(1)
			.max(LIMITS.snapshotChunkRows),
	})
	.describe('One part of a snapshot.');

export const snapshotGone = z
	.object({ stream: topicId, snapshotId: id })
	.describe('Central no longer has that snapshot: ask for a new one.');

export const snapshotWait = z
	.object({ stream: topicId, retryAfterMs: z.int().min(0).max(600_000).describe('Spread over the sites that wait') })
	.describe('Enough sites are being served: ask again after this.');

const bucket = z
	.int()
	.min(0)
	.max(DIGEST_BUCKETS - 1);

export const digestAnswer = z
	.discriminatedUnion('answer', [
		z.object({ answer: z.literal('same'), requestId: id, stream: topicId }).describe('They are central’s at that rev'),
		z.object({ answer: z.literal('snapshot'), requestId: id, stream: topicId }).describe('Too much differs'),
		z.object({
			answer: z.literal('rows'),
			requestId: id,
			stream: topicId,
			centralEpoch: id,
			rev: rev.describe('That the rows are of'),
			differing: z.int().min(1).describe('Buckets that differ; more than these: ask again'),
			buckets: z
				.array(
					z.object({
						bucket,
						sum: z
							.string()
							.regex(/^[0-9a-f]{16}$/)
							.describe('Of its rows, unsigned, hex'),
					}),
				)
				.min(1)
				.max(LIMITS.mendedBuckets)
				.describe('Those whose rows come, all of them in every part'),
			part: z.int().min(0),
			parts: z.int().min(1).max(LIMITS.mendedRows),
			rows: z.array(z.object({ table: id, key: id, row: z.unknown() })).max(LIMITS.snapshotChunkRows),
		}),
	])
	.describe('Central’s rows of the buckets that differ. Nothing is replaced before they add up to the sums.');

const asked = {
	commandId: id,
	reason: z.string().min(1).max(LIMITS.reasonLength),
	by: z.string().min(1).max(200).describe('Who asked, at central'),
	ttlS: z.int().min(1).max(60).describe('Longer than this after it was sent nobody wants it any more, s'),
};
const version = hash.describe('Version of a configuration: SHA-256 of its text, lower-case hex');
const versionOrFile = z.union([version, z.literal('file')]).describe('A version; file: gateway.yaml on the machine');
const force = z.boolean().default(false).describe('Also while vehicles are under way or a lane is held open');

export const command = z
	.discriminatedUnion('op', [
		z.object({
			...asked,
			op: z.enum(['vend', 'hold', 'close', 'lockdown', 'release']),
			target: id.describe('A lane'),
			untilMs: instantMs
				.nullable()
				.default(null)
				.describe('Of a hold, closing or lockdown; null: until it is released'),
		}),
		z
			.object({
				...asked,
				op: z.literal('configPropose'),
				target: version,
				text: z.string().min(1).max(LIMITS.proposedConfigLength),
			})
			.describe(`A whole gateway.yaml: checked and kept, run by nobody yet. Secrets only as \${credential:NAME}.`),
		z
			.object({
				...asked,
				op: z.literal('configApply'),
				target: versionOrFile,
				withinS: z
					.int()
					.min(LIMITS.trialMinimumMs / 1_000)
					.max(LIMITS.trialMaximumMs / 1_000)
					.describe('Reverted by itself unless configKeep came and all is as before within this, s'),
				force,
			})
			.describe('Run it on trial; answered when the trial is over.'),
		z
			.object({ ...asked, op: z.enum(['configKeep', 'configRevert']), target: versionOrFile })
			.describe('What is on trial may stay, or ends now.'),
		z.object({ ...asked, op: z.literal('restart'), target: z.literal('gateway'), force }),
		z.object({ ...asked, op: z.literal('diagnostics'), target: z.literal('gateway') }),
	])
	.describe('Central asks a site to act. Nothing happens before the challenge came back.');

export const centralState = z
	.object({ state: z.enum(['online', 'offline']) })
	.describe('Whether central is there; also its will.');
