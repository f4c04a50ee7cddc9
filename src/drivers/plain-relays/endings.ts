/** A board that answers nothing is told twice. */
const SECOND_TIME_MS = 100;
const TIMES_TOLD = 2;

interface Ending {
	readonly dueMs: number;
	/** How often it was told. */
	readonly told: number;
}

/** Relays to switch off, and when to try; by channel. Times are monotonic ms. */
export interface Endings extends Iterable<readonly [channel: number, ending: Ending]> {
	readonly channels: readonly number[];
	plan(channel: number, dueMs: number): void;
	/** It was told, and is told again then unless it is seen off. */
	postpone(channel: number, dueMs: number): void;
	/** It was told and can't answer. @returns whether that is enough */
	isToldEnough(channel: number, nowMs: number): boolean;
	drop(channel: number): void;
	nextMs(): number | undefined;
}

export function createEndings(): Endings {
	const endings = new Map<number, Ending>();
	return {
		[Symbol.iterator]: () => [...endings].values(),
		get channels() {
			return [...endings.keys()];
		},
		plan: (channel, dueMs) => void endings.set(channel, { dueMs, told: 0 }),
		postpone: (channel, dueMs) => void endings.set(channel, { dueMs, told: 1 }),
		isToldEnough(channel, nowMs) {
			const told = (endings.get(channel)?.told ?? TIMES_TOLD) + 1;
			endings.set(channel, { told, dueMs: nowMs + SECOND_TIME_MS });
			return told >= TIMES_TOLD;
		},
		drop: (channel) => void endings.delete(channel),
		nextMs: () => (endings.size === 0 ? undefined : Math.min(...[...endings.values()].map(({ dueMs }) => dueMs))),
	};
}
