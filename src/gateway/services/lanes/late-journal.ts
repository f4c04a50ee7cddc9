import type { StoreEffect } from '../../core/lane/lane-effect.ts';
import { LIMITS } from '../../core/limits.ts';
import type { Lane } from '../../core/site.ts';

/** What lanes did while the store could not commit, kept in memory until it can (DOMAIN.md, life of a lane 4). */
export interface LateJournal {
	isEmpty(): boolean;
	keep(lane: Lane, effects: readonly StoreEffect[], atMs: number): void;
	/** Writes what is kept, in order, inside the open transaction. */
	flush(): void;
	/** The transaction that flushed has committed. */
	flushed(): void;
	/** Effects given up because memory is bounded; each is an alarm. */
	lost(): number;
}

interface Kept {
	readonly lane: Lane;
	readonly effect: StoreEffect;
	readonly atMs: number;
}

export function createLateJournal(apply: (lane: Lane, effect: StoreEffect, atMs: number) => void): LateJournal {
	let kept: Kept[] = [];
	let lost = 0;
	return {
		isEmpty: () => kept.length === 0,
		keep(lane, effects, atMs) {
			kept.push(...effects.map((effect) => ({ lane, effect, atMs })));
			const excess = kept.length - LIMITS.lateJournalEffects;
			if (excess > 0) lost += kept.splice(0, excess).length;
		},
		flush() {
			for (const { lane, effect, atMs } of kept) apply(lane, effect, atMs);
		},
		flushed() {
			kept = [];
		},
		lost: () => lost,
	};
}
