import { hash } from 'node:crypto';
import type { Log } from '../gateway/core/log.ts';
import type { Body, Message } from './envelope.ts';
import type { IncomingMessage } from './link.ts';
import { createMessageGate } from './message-gate.ts';
import type { OutboxSource } from './outbox.ts';
import type { SessionInput } from './session.ts';
import type { SyncCounters } from './sync-statistics.ts';
import type { Topic } from './topics.ts';

/** What one message means for the session; `delta`: the broker should wait with the next until the directory has it. */
export interface Intake {
	readonly inputs: readonly SessionInput[];
	readonly delta: boolean;
	/** Central's word on local edits. */
	readonly mutations: Body<'mutationAnswers'>['answers'];
	/** Central's word on mails. */
	readonly mails: Body<'mailAnswers'>['answers'];
	/** A command of central, or its confirmation. */
	readonly command: IncomingCommand | null;
}

export type IncomingCommand = { readonly retained: boolean } & (
	| { readonly type: 'command'; readonly link: string | null; readonly body: Body<'command'> }
	| { readonly type: 'confirm'; readonly body: Body<'confirm'> }
);

const NOTHING: Intake = { inputs: [], delta: false, mutations: [], mails: [], command: null };

/** Checks messages of central and turns them into inputs; what does not fit is counted and dropped. */
export function createMessageIntake(deps: {
	readonly tenant: string;
	readonly site: string;
	readonly outbox: OutboxSource;
	readonly log: Log;
	readonly counters: SyncCounters;
}): (incoming: IncomingMessage) => Intake {
	const { tenant, site, outbox } = deps;
	const isOurTopic = (topic: Topic) => topic.tenant === tenant && (topic.kind !== 'site' || topic.site === site);
	const gate = createMessageGate({ ...deps, isOurTopic });
	return (incoming) => {
		const accepted = gate.take(incoming);
		if (accepted === undefined) return NOTHING;
		const { message, json } = accepted;
		const { retained } = incoming;
		if (!isForUs(message, outbox)) {
			gate.refuse('gatewayEpoch', incoming, 'of a history that is not this site’s');
			return NOTHING;
		}
		switch (message.type) {
			case 'mutationAnswers':
				return { ...NOTHING, mutations: message.body.answers };
			case 'mailAnswers':
				return { ...NOTHING, mails: message.body.answers };
			case 'command':
				return { ...NOTHING, command: { type: 'command', link: message.link, body: message.body, retained } };
			case 'confirm':
				return { ...NOTHING, command: { type: 'confirm', body: message.body, retained } };
			default: {
				const inputs = inputsOf(message, retained, json, outbox);
				// Only sites send the others, and no site may publish where a site listens.
				if (inputs.length === 0) gate.refuse('type', incoming, `${message.type} is for central`);
				return { ...NOTHING, inputs, delta: message.type === 'delta' };
			}
		}
	};
}

/** Streams are the same for every gateway. An ack lets events go: it must say of which history; earlier ones are spoken of too. */
function isForUs({ type, gatewayEpoch }: Message, outbox: OutboxSource): boolean {
	if (gatewayEpoch === outbox.gatewayEpoch()) return true;
	if (gatewayEpoch === null) return type !== 'ack';
	const isOfHistory = type === 'ack' || type === 'mutationAnswers';
	return isOfHistory && outbox.epochs().some((epoch) => epoch.gatewayEpoch === gatewayEpoch);
}

function inputsOf(message: Message, retained: boolean, json: Uint8Array, outbox: OutboxSource): SessionInput[] {
	switch (message.type) {
		case 'ack': {
			const { body: ack } = message;
			const gatewayEpoch = message.gatewayEpoch ?? outbox.gatewayEpoch();
			return [grewTo(outbox), { kind: 'ack', gatewayEpoch, ack, ourChain: chainOf(outbox, gatewayEpoch, ack.upTo) }];
		}
		case 'resumed':
			return [{ kind: 'resumed', body: message.body }];
		case 'centralState':
			return [{ kind: 'central', online: message.body.state === 'online', link: message.link, retained }];
		case 'head':
			return [{ kind: 'downstream', input: { kind: 'head', head: message.body } }];
		case 'delta':
			return [{ kind: 'downstream', input: { kind: 'delta', delta: message.body } }];
		case 'manifest':
			return [{ kind: 'downstream', input: { kind: 'manifest', manifest: message.body } }];
		case 'chunk': {
			const digest = hash('sha256', json, 'hex');
			return [{ kind: 'downstream', input: { kind: 'chunk', chunk: message.body, hash: digest } }];
		}
		case 'digestAnswer':
			return [{ kind: 'downstream', input: { kind: 'digestAnswer', answer: message.body } }];
		case 'snapshotWait':
			return [{ kind: 'downstream', input: { kind: 'snapshotWait', ...message.body } }];
		case 'snapshotGone': {
			const { snapshotId } = message.body;
			return [{ kind: 'downstream', input: { kind: 'snapshotGone', snapshotId } }];
		}
		default:
			return [];
	}
}

/** The journal as far as it goes now. */
export function grewTo(outbox: OutboxSource): SessionInput {
	const input = { kind: 'grew', gatewayEpoch: outbox.gatewayEpoch(), lastSeq: outbox.lastSeq() } as const;
	return { kind: 'upstream', input };
}

/** null: that row is not told under this name. */
function chainOf(outbox: OutboxSource, gatewayEpoch: string, seq: number): string | null {
	const told = outbox.epochs().find((epoch) => epoch.gatewayEpoch === gatewayEpoch);
	if (told === undefined || seq > told.lastSeq) return null;
	return outbox.chainAt(gatewayEpoch, seq) ?? null;
}
