import { GatewayError } from '../../core/gateway-error.ts';
import type { StoreEffect } from '../../core/lane/lane-effect.ts';
import { LIMITS } from '../../core/limits.ts';
import type { Log } from '../../core/log.ts';
import type { Lane } from '../../core/site.ts';

/** What lanes did while the store could not commit, kept in memory until it can (DOMAIN.md, life of a lane 4). */
export interface LateJournal {
	isEmpty(): boolean;
	keep(lane: Lane, effects: readonly StoreEffect[], atMs: number): void;
	/** Writes what is kept, in order. What can never be written is given up alone; throws GatewayError STORE_* while nothing can. */
	write(): void;
	/** What waits, for the next life of the gateway. */
	waiting(): readonly LateEffect[];
	/** Effects given up, to bounded memory or because they can't be written; each is an alarm. */
	lost(): number;
}

/** One effect that waits for the disk. */
export interface LateEffect {
	readonly lane: Lane;
	readonly effect: StoreEffect;
	readonly atMs: number;
}

export function createLateJournal(deps: {
	readonly apply: (lane: Lane, effect: StoreEffect, atMs: number) => void;
	readonly transaction: (run: () => void) => void;
	readonly log: Log;
	/** What an earlier life of the gateway could not write. */
	readonly carried: readonly LateEffect[];
}): LateJournal {
	let kept: LateEffect[] = [...deps.carried];
	let lost = 0;

	/** All in one transaction; halves of it when something among them can't be written, down to the one. */
	function writeFirst(count: number): void {
		const first = kept.slice(0, count);
		try {
			deps.transaction(() => {
				for (const { lane, effect, atMs } of first) deps.apply(lane, effect, atMs);
			});
		} catch (error) {
			if (error instanceof GatewayError) throw error;
			if (count > 1) {
				const half = Math.ceil(count / 2);
				writeFirst(half);
				writeFirst(count - half);
				return;
			}
			lost += 1;
			deps.log.error({ err: error, laneId: first[0]?.lane.id, effect: first[0]?.effect.type }, 'given up unwritten');
		}
		kept = kept.slice(count);
	}

	return {
		isEmpty: () => kept.length === 0,
		keep(lane, effects, atMs) {
			kept.push(...effects.map((effect) => ({ lane, effect, atMs })));
			const excess = kept.length - LIMITS.lateJournalEffects;
			if (excess > 0) lost += kept.splice(0, excess).length;
		},
		write: () => writeFirst(kept.length),
		waiting: () => kept,
		lost: () => lost,
	};
}
