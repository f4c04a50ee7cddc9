import type { AccessStrategy } from '../directory.ts';

/** What a strategy means for a decision (DOMAIN.md, access strategies). */
export interface StrategyTraits {
	/** Enters although area, pool or group is full; `inBooking`: while its planned use runs. */
	readonly entersWhenFull: 'always' | 'inBooking' | 'never';
	/** Needs a planned use: always, never, or only when the holder has one. */
	readonly booking: 'needed' | 'unused';
	/** Takes a place, counted in and out. */
	readonly counted: boolean;
}

const USUAL: StrategyTraits = { entersWhenFull: 'never', booking: 'unused', counted: true };

export const STRATEGY: Readonly<Record<AccessStrategy, StrategyTraits>> = {
	preferential: { ...USUAL, entersWhenFull: 'always' },
	booking: { ...USUAL, entersWhenFull: 'inBooking', booking: 'needed' },
	firstCome: USUAL,
	onTheFly: USUAL,
	visitor: USUAL,
	freePass: { ...USUAL, entersWhenFull: 'always', counted: false },
	credits: USUAL,
	vehicle: { ...USUAL, entersWhenFull: 'always' },
};
