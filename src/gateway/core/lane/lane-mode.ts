/** What an operator made of a lane, until its end or until taken back; kept over a restart. */
export type LaneMode =
	| { readonly kind: 'normal' }
	| {
			/** `heldOpen`: the hold output keeps the arm up. `closedToAll` and `lockdown`: nobody enters. */
			readonly kind: 'heldOpen' | 'closedToAll' | 'lockdown';
			readonly ownerId: string;
			readonly reason: string;
			readonly sinceMs: number;
			/** UTC epoch ms; null: until somebody ends it. */
			readonly untilMs: number | null;
			/** False after a restart: a hold is shown and acts again only once somebody confirms it. */
			readonly confirmed: boolean;
	  };

export const NORMAL: LaneMode = { kind: 'normal' };

/** A mode as it stands after the gateway was away; one that ended meanwhile is over. */
export function restoredMode(mode: LaneMode, atMs: number): LaneMode {
	if (mode.kind === 'normal' || (mode.untilMs !== null && mode.untilMs <= atMs)) return NORMAL;
	return mode.kind === 'heldOpen' ? { ...mode, confirmed: false } : mode;
}
