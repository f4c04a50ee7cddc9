import type { Clock } from '../../../../gateway/core/clock.ts';
import { LIMITS } from '../../../../gateway/core/limits.ts';
import type { VendAnswer } from '../../../../gateway/services/lanes/lane-view.ts';

/**
 * What an operator's form was answered with. A form that is sent twice, reloaded or gone back to finds its
 * answer here and opens nothing again. In memory: after a restart an old form's answer is not known any more.
 */
export interface VendAnswers {
	/** Runs `act` for the first sender of this intention; all others get the same answer. */
	once(intention: VendIntention, act: () => Promise<VendAnswer>): Promise<VendAnswer>;
	/** undefined: never asked, failed before it was tried, or forgotten. */
	find(intention: VendIntention): Promise<VendAnswer> | undefined;
}

export interface VendIntention {
	readonly operatorId: string;
	readonly laneId: string;
	readonly intention: string;
}

interface Kept {
	readonly answer: Promise<VendAnswer>;
	readonly expiresMonotonicMs: number;
}

/** Bounded by LIMITS.idempotencyKeys, the oldest forgotten first. */
export function createVendAnswers(clock: Clock): VendAnswers {
	const kept = new Map<string, Kept>();
	const nameOf = ({ operatorId, laneId, intention }: VendIntention) => JSON.stringify([operatorId, laneId, intention]);
	const forget = () => {
		for (const [name, { expiresMonotonicMs }] of kept) {
			if (expiresMonotonicMs > clock.monotonicMs() && kept.size < LIMITS.idempotencyKeys) return;
			kept.delete(name);
		}
	};
	return {
		once(intention, act) {
			const name = nameOf(intention);
			const earlier = kept.get(name);
			if (earlier !== undefined) return earlier.answer;
			forget();
			const answer = act();
			kept.set(name, { answer, expiresMonotonicMs: clock.monotonicMs() + LIMITS.idempotencyKeptMs });
			// What threw opened nothing: the form may be sent again.
			answer.catch(() => kept.delete(name));
			return answer;
		},
		find: (intention) => kept.get(nameOf(intention))?.answer,
	};
}
