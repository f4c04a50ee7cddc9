import type { Cancel, Clock } from '../../core/clock.ts';
import { chooseSighting, groupsBeside, type Sighting } from '../../core/lane/stray-reads.ts';
import { LIMITS } from '../../core/limits.ts';
import type { Log } from '../../core/log.ts';
import type { TagObservation } from '../../core/observation.ts';
import type { Lane } from '../../core/site.ts';

/** How long neighbouring lanes may take to see one tag too: a round of their readers and some. */
const WAIT_MS = 300;

/** A tag stays a lane's for so long after that lane saw it: readers tell it again once a second, not all at once. */
const KEPT_MS = 5_000;

/** Reads of one reader that went to another lane. */
export interface StrayReads {
	readonly count: number;
	/** The last one, in words a technician can act on. */
	readonly last: string;
}

export interface StrayFilterDeps {
	readonly clock: Clock;
	readonly log: Log;
	readonly lanes: readonly Pick<Lane, 'id' | 'beside'>[];
	readonly vehiclePresent: (laneId: string) => boolean | null;
	readonly deliver: (laneId: string, observation: TagObservation) => void;
}

/**
 * Gives a tag that neighbouring lanes read to one of them: those that read it at about the same time, and the one that
 * was given it a moment ago, are looked at together.
 */
export interface StrayFilter {
	take(laneId: string, observation: TagObservation): void;
	/** By the reader's id. */
	strayReads(): ReadonlyMap<string, StrayReads>;
	stop(): void;
}

export function createStrayFilter({ clock, log, lanes, vehiclePresent, deliver }: StrayFilterDeps): StrayFilter {
	const groups = groupsBeside(lanes);
	const waiting = new Map<string, { readonly sightings: Sighting[]; readonly cancel: Cancel }>();
	/** The one a tag was given to last, oldest first. */
	const given = new Map<string, Sighting>();
	const strays = new Map<string, StrayReads>();

	/** Other groups of lanes may see a copy of the tag: that is not theirs to settle. */
	const keyOf = (laneId: string, tag: string) => `${groups.get(laneId) ?? laneId} ${tag}`;
	const asOfNow = (sighting: Sighting) => ({ ...sighting, vehiclePresent: vehiclePresent(sighting.laneId) });

	function decide(key: string): void {
		const sightings = (waiting.get(key)?.sightings ?? []).map(asOfNow);
		waiting.delete(key);
		const before = given.get(key);
		const isKept = before !== undefined && clock.monotonicMs() - before.observation.monotonicMs < KEPT_MS;
		const chosen = chooseSighting(isKept ? [asOfNow(before), ...sightings] : sightings);
		if (chosen === undefined) return;
		const own = chooseSighting(sightings.filter(({ laneId }) => laneId === chosen.laneId));
		for (const sighting of sightings) if (sighting.laneId !== chosen.laneId) note(sighting, chosen);
		if (own === undefined) return;
		keep(key, own);
		deliver(own.laneId, own.observation);
	}

	function keep(key: string, sighting: Sighting): void {
		given.delete(key);
		given.set(key, sighting);
		const [oldest] = given.keys();
		if (given.size > LIMITS.tagsInField && oldest !== undefined) given.delete(oldest);
	}

	function note({ laneId, observation }: Sighting, chosen: Sighting): void {
		const { deviceId } = observation;
		const last = `${inWords(observation)}, given to ${chosen.laneId} (${inWords(chosen.observation)})`;
		const count = (strays.get(deviceId)?.count ?? 0) + 1;
		strays.set(deviceId, { count, last });
		log.debug({ deviceId, laneId, givenTo: chosen.laneId }, 'stray read of a tag');
	}

	return {
		take(laneId, observation) {
			const key = keyOf(laneId, observation.tag);
			const held = waiting.get(key);
			if (held !== undefined) {
				if (held.sightings.length < LIMITS.settledReads)
					held.sightings.push({ laneId, observation, vehiclePresent: null });
				return;
			}
			const cancel = clock.after(WAIT_MS, () => decide(key));
			waiting.set(key, { sightings: [{ laneId, observation, vehiclePresent: null }], cancel });
			const [oldest] = waiting.keys();
			if (waiting.size > LIMITS.tagsInField && oldest !== undefined) {
				waiting.get(oldest)?.cancel();
				decide(oldest);
			}
		},
		strayReads: () => strays,
		stop() {
			for (const { cancel } of waiting.values()) cancel();
			waiting.clear();
			given.clear();
		},
	};
}

/** `uhf-1 antenna 2 at -65 dBm`. */
function inWords({ deviceId, antenna, rssiDbm }: TagObservation): string {
	const place = antenna === undefined ? '' : ` antenna ${antenna}`;
	return `${deviceId}${place}${rssiDbm === undefined ? '' : ` at ${rssiDbm} dBm`}`;
}
