import { deflateSync, inflateSync } from 'node:zlib';
import type { z } from 'zod';
import { LIMITS } from '../gateway/core/limits.ts';
import { isNestedDeeper } from '../gateway/core/nesting-depth.ts';
import { MESSAGES, type Message, type MessageType, PROTOCOL_VERSION } from './envelope.ts';
import { parseTopic, type Topic } from './topics.ts';

export const JSON_CONTENT = 'application/json';
/** zlib format (RFC 1950), as HTTP's `deflate`. */
export const DEFLATED_CONTENT = 'application/json; encoding=deflate';

/** Below this a deflated message is rarely smaller by more than the work is worth. */
const DEFLATE_FROM_BYTES = 256;

export interface EncodedMessage {
	readonly payload: Uint8Array;
	readonly contentType: string;
	/** The JSON text before deflation. */
	readonly json: Uint8Array;
}

export function encodeMessage(message: Message): EncodedMessage {
	const json = Buffer.from(JSON.stringify(message));
	const deflated = json.length < DEFLATE_FROM_BYTES ? json : deflateSync(json);
	return deflated.length < json.length
		? { payload: deflated, contentType: DEFLATED_CONTENT, json }
		: { payload: json, contentType: JSON_CONTENT, json };
}

/** Why a message was refused; counted, never answered. */
export type RefusedReason =
	| 'topic'
	| 'empty'
	| 'contentType'
	| 'oversized'
	| 'malformed'
	| 'version'
	| 'type'
	| 'site'
	| 'event';

export type DecodedMessage =
	| {
			readonly ok: true;
			readonly topic: Topic;
			readonly message: Message;
			/** The JSON text as sent: what a chunk's hash is taken of. */
			readonly json: Uint8Array;
	  }
	| { readonly ok: false; readonly reason: RefusedReason; readonly detail: string };

/**
 * Any bytes on any topic in; a message that fits its topic out, or the reason why not. Memory is bounded by LIMITS.syncMessageBytes.
 *
 * @param mend gives a value that fits where the one received does not; undefined: it can't.
 */
export function decodeMessage(
	topicName: string,
	payload: Uint8Array,
	contentType: string | undefined,
	mend: (value: object) => object | undefined = () => undefined,
): DecodedMessage {
	const topic = parseTopic(topicName);
	if (topic === undefined) return refused('topic', 'not a topic of this protocol');
	// A connection test, or a retained message that was taken away.
	if (payload.length === 0) return refused('empty', 'an empty message');
	const text = inflate(payload, contentType);
	if (!(text instanceof Uint8Array)) return text;
	const value = parseJson(text);
	if (typeof value !== 'object' || value === null) return refused('malformed', 'no JSON object');
	const { v, type } = value as { v?: unknown; type?: unknown };
	if (v !== PROTOCOL_VERSION) return refused('version', `protocol version ${typeof v === 'number' ? v : typeof v}`);
	if (!isMessageType(type)) return refused('type', 'a message type this version does not know');
	const { schema, channels } = MESSAGES[type];
	if (!channels.some((channel) => channel === topic.channel)) return refused('type', `${type} on ${topic.channel}`);
	const whole = parseAs(schema, value);
	const parsed = 'problem' in whole ? parseAs(schema, mend(value) ?? value) : whole;
	if ('problem' in parsed) return refused('malformed', parsed.problem);
	const { message } = parsed;
	return misplaced(topic, message) ?? { ok: true, topic, message, json: text };
}

type Refusal = Extract<DecodedMessage, { ok: false }>;

/** What the envelope says of itself is not what its topic says. */
function misplaced(topic: Topic, message: Message): Refusal | undefined {
	const { site } = message;
	if (topic.kind !== 'site' && site !== null) return refused('site', 'for one site, on a topic for all');
	if (topic.kind === 'site' && site !== null && site !== topic.site)
		return refused('site', 'the envelope names another site than the topic');
	if (topic.kind === 'site' && topic.channel.startsWith('up/') && site === null)
		return refused('site', 'the envelope names no site');
	if (topic.kind === 'stream' && 'stream' in message.body && message.body.stream !== topic.stream)
		return refused('topic', 'the body names another stream than the topic');
	return undefined;
}

function inflate(payload: Uint8Array, contentType: string | undefined): Uint8Array | Refusal {
	if (contentType !== DEFLATED_CONTENT) {
		if (contentType !== undefined && contentType !== JSON_CONTENT)
			return refused('contentType', 'unknown content type');
		return payload.length <= LIMITS.syncMessageBytes ? payload : refused('oversized', `${payload.length} bytes`);
	}
	try {
		return inflateSync(payload, { maxOutputLength: LIMITS.syncMessageBytes });
	} catch (error) {
		const oversized = error instanceof RangeError;
		return refused(oversized ? 'oversized' : 'malformed', oversized ? 'inflates over the limit' : 'not deflated data');
	}
}

function parseJson(text: Uint8Array): unknown {
	try {
		return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(text));
	} catch {
		return undefined;
	}
}

function isMessageType(type: unknown): type is MessageType {
	return typeof type === 'string' && Object.hasOwn(MESSAGES, type);
}

function parseAs(
	schema: z.ZodType<Message>,
	value: object,
): { readonly message: Message } | { readonly problem: string } {
	if (isNestedDeeper(value)) return { problem: 'nested too deep' };
	const parsed = schema.safeParse(value);
	return parsed.success ? { message: parsed.data } : { problem: firstIssue(parsed.error.issues) };
}

function firstIssue(issues: readonly { path: readonly PropertyKey[]; message: string }[]): string {
	const [issue] = issues;
	const problem = issue && `${issue.path.map(String).join('.')}: ${issue.message}`;
	return problem?.slice(0, LIMITS.reasonLength) ?? 'does not fit its schema';
}

function refused(reason: RefusedReason, detail: string): Refusal {
	return { ok: false, reason, detail };
}
