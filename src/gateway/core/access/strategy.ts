import type { AccessStrategy } from '../directory.ts';

/** What a strategy means for a decision (DOMAIN.md, access strategies). */
export interface StrategyTraits {
	/** Enters although area, pool or group is full; `guaranteed`: in the hours its place is kept; `inBooking`: while its planned use runs. */
	readonly entersWhenFull: 'always' | 'guaranteed' | 'inBooking' | 'never';
	/** Planned uses: one is needed, it is used where there is one, or they mean nothing. */
	readonly booking: 'needed' | 'usedWhenThere' | 'unused';
	/** Takes a place, counted in and out. */
	readonly counted: boolean;
	/** Others see one place less while it is not inside: always where its areas are, or only its own space. */
	readonly keepsPlace: 'everywhere' | 'space' | 'no';
	/** A stay has an end that can be overstayed. */
	readonly overstays: boolean;
}

const USUAL: StrategyTraits = {
	entersWhenFull: 'never',
	booking: 'unused',
	counted: true,
	keepsPlace: 'no',
	overstays: true,
};

export const STRATEGY: Readonly<Record<AccessStrategy, StrategyTraits>> = {
	preferential: { ...USUAL, entersWhenFull: 'guaranteed', keepsPlace: 'everywhere' },
	booking: { ...USUAL, entersWhenFull: 'inBooking', booking: 'needed' },
	firstCome: USUAL,
	onTheFly: USUAL,
	visitor: { ...USUAL, entersWhenFull: 'inBooking', booking: 'usedWhenThere' },
	freePass: { ...USUAL, entersWhenFull: 'always', counted: false, overstays: false },
	credits: { ...USUAL, entersWhenFull: 'inBooking', booking: 'usedWhenThere' },
	vehicle: { ...USUAL, entersWhenFull: 'always', booking: 'usedWhenThere', keepsPlace: 'space', overstays: false },
};
