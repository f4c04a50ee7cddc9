import { z } from 'zod';
import {
	ack,
	centralState,
	chunk,
	command,
	delta,
	digestAnswer,
	mailAnswers,
	manifest,
	mutationAnswers,
	resumed,
	snapshotGone,
	snapshotWait,
} from './central-bodies.ts';
import { type cloudEvent, id, instantMs, type op, streamHead, type streamPosition, topicId } from './message-parts.ts';
import {
	birth,
	challenge,
	chunkRequest,
	commandReport,
	commandResult,
	digestRequest,
	events,
	heartbeat,
	letter,
	mailOffer,
	nack,
	resume,
	snapshotRequest,
	will,
} from './site-bodies.ts';
import type { Channel } from './topics.ts';

/** Version of the protocol, the `1` of every topic and the `v` of every envelope. */
export const PROTOCOL_VERSION = 1;

function message<Type extends string, Body extends z.ZodType>(type: Type, body: Body) {
	return z.object({
		v: z.literal(PROTOCOL_VERSION),
		type: z.literal(type),
		id,
		site: topicId.nullable().describe('null: for every site'),
		gatewayEpoch: id.nullable().describe('Names the history of the gateway’s database; null: for every gateway'),
		link: id.nullable().describe('The connection it belongs to; null where it belongs to none'),
		ts: instantMs.describe('The sender’s clock, UTC, ms since 1970; for people, never for order'),
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
	digestRequest: { channels: ['up/request'], schema: message('digestRequest', digestRequest) },
	nack: { channels: ['up/request'], schema: message('nack', nack) },
	mailOffer: { channels: ['up/request'], schema: message('mailOffer', mailOffer) },
	letter: { channels: ['up/challenge'], schema: message('letter', letter) },
	ack: { channels: ['down/ack'], schema: message('ack', ack) },
	resumed: { channels: ['down/data'], schema: message('resumed', resumed) },
	mutationAnswers: { channels: ['down/data'], schema: message('mutationAnswers', mutationAnswers) },
	mailAnswers: { channels: ['down/data'], schema: message('mailAnswers', mailAnswers) },
	delta: { channels: ['down/data', 'delta'], schema: message('delta', delta) },
	manifest: { channels: ['down/data'], schema: message('manifest', manifest) },
	chunk: { channels: ['down/data'], schema: message('chunk', chunk) },
	snapshotGone: { channels: ['down/data'], schema: message('snapshotGone', snapshotGone) },
	snapshotWait: { channels: ['down/data'], schema: message('snapshotWait', snapshotWait) },
	digestAnswer: { channels: ['down/data'], schema: message('digestAnswer', digestAnswer) },
	command: { channels: ['down/command'], schema: message('command', command) },
	challenge: { channels: ['up/challenge'], schema: message('challenge', challenge) },
	confirm: { channels: ['down/confirm'], schema: message('confirm', challenge) },
	commandResult: { channels: ['up/result'], schema: message('commandResult', commandResult) },
	commandReport: { channels: ['up/result'], schema: message('commandReport', commandReport) },
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
