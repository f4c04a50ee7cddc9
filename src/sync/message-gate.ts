import { LIMITS } from '../gateway/core/limits.ts';
import type { Log } from '../gateway/core/log.ts';
import type { Message } from './envelope.ts';
import type { IncomingMessage } from './link.ts';
import { type DecodedMessage, decodeMessage } from './message-codec.ts';
import type { Refusal, SyncCounters } from './sync-statistics.ts';
import type { Topic } from './topics.ts';

export type Accepted = Extract<DecodedMessage, { ok: true }>;

/** Where every message of the broker comes in, at both ends: what does not fit is counted by its reason and goes no further. */
export interface MessageGate {
	/** undefined: it was refused. */
	take(incoming: IncomingMessage): Accepted | undefined;
	refuse(reason: Refusal, incoming: IncomingMessage, detail: string): void;
}

export interface MessageGateDeps {
	/** A broker that mixes up subscriptions, or was told to. */
	readonly isOurTopic: (topic: Topic) => boolean;
	readonly counters: SyncCounters;
	readonly log: Log;
	/** As for `decodeMessage`. */
	readonly mend?: (value: object) => object | undefined;
}

export function createMessageGate({ isOurTopic, counters, log, mend }: MessageGateDeps): MessageGate {
	const seen = createSeenMessages();

	function refuse(reason: Refusal, { topic }: IncomingMessage, detail: string): void {
		const count = counters.refused(reason);
		// Each doubling: whoever sends a million of them fills no log.
		if (Math.log2(count) % 1 === 0) log.warn({ topic, reason, detail, count }, 'a message was refused');
	}

	return {
		refuse,
		take(incoming) {
			const decoded = decodeMessage(incoming.topic, incoming.payload, incoming.contentType, mend);
			if (!decoded.ok) {
				refuse(decoded.reason, incoming, decoded.detail);
				return undefined;
			}
			if (!isOurTopic(decoded.topic)) {
				refuse('topic', incoming, 'a topic of somebody else');
				return undefined;
			}
			if (!canComeAgain(decoded.message, incoming) && !seen.add(decoded.message.id)) {
				refuse('replayed', incoming, 'a message that came before');
				return undefined;
			}
			return decoded;
		},
	};
}

/** What the broker keeps comes with every subscription; a part of a snapshot is made once for everybody who asks. */
function canComeAgain({ type }: Message, { retained }: IncomingMessage): boolean {
	return retained || type === 'chunk';
}

/** The last ids; what is older than them is told apart by seq, rev, link and nonce. */
function createSeenMessages(): { add(id: string): boolean } {
	const ids = new Set<string>();
	return {
		/** @returns whether it is new. */
		add(id) {
			if (ids.has(id)) return false;
			ids.add(id);
			const [oldest] = ids;
			if (ids.size > LIMITS.seenMessages && oldest !== undefined) ids.delete(oldest);
			return true;
		},
	};
}
