import type { Committed } from '../records.ts';
import type { Violate } from './invariants.ts';

/** A fire that ended a moment ago may still be acted on. */
const FIRE_ECHO_MS = 3_000;

/** Links and processes coming back open nothing: not by holding either. */
export function createHoldCheck(deps: {
	readonly violate: Violate;
	readonly nowMs: () => number;
	readonly life: () => number;
	/** When the fire contact of a lane was last closed; -Infinity: never. */
	readonly lastFireMs: (laneId: string) => number;
}) {
	/** In which life of the gateway an operator said that the lane be held open. */
	const ordered = new Map<string, number>();
	return {
		onEntry({ entry, life }: Committed): void {
			if (entry.type !== 'lane' || entry.event !== 'modeChanged') return;
			if (entry.detail['to'] === 'heldOpen') ordered.set(entry.laneId, life);
			else ordered.delete(entry.laneId);
		},
		onHold({ laneId, on }: { readonly laneId: string; readonly on: boolean }): void {
			if (!on || ordered.get(laneId) === deps.life()) return;
			const sinceFireMs = deps.nowMs() - deps.lastFireMs(laneId);
			if (sinceFireMs > FIRE_ECHO_MS) deps.violate('holds', `${laneId} is held up and nobody asked for it`);
		},
	};
}
