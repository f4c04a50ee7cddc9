import type { Cancel, Clock } from '../../core/clock.ts';
import { chooseSighting, type Sighting } from '../../core/lane/stray-reads.ts';
import { LIMITS } from '../../core/limits.ts';
import type { Log } from '../../core/log.ts';
import type { TagObservation } from '../../core/observation.ts';

/** How long neighbouring lanes may take to see one tag too: a round of their readers and some. */
const WAIT_MS = 300;

/** Reads of one reader that went to another lane. */
export interface StrayReads {
	readonly count: number;
	/** The last one, in words a technician can act on. */
	readonly last: string;
}

export interface StrayFilterDeps {
	readonly clock: Clock;
	readonly log: Log;
	readonly vehiclePresent: (laneId: string) => boolean | null;
	readonly deliver: (laneId: string, observation: TagObservation) => void;
}

/** Gives a tag that neighbouring lanes read at about the same time to one of them. */
export interface StrayFilter {
	take(laneId: string, observation: TagObservation): void;
	/** By the reader's id. */
	strayReads(): ReadonlyMap<string, StrayReads>;
	stop(): void;
}

export function createStrayFilter({ clock, log, vehiclePresent, deliver }: StrayFilterDeps): StrayFilter {
	const waiting = new Map<string, { readonly sightings: Sighting[]; readonly cancel: Cancel }>();
	const strays = new Map<string, StrayReads>();

	function decide(tag: string): void {
		const sightings = (waiting.get(tag)?.sightings ?? []).map((sighting) => ({
			...sighting,
			vehiclePresent: vehiclePresent(sighting.laneId),
		}));
		waiting.delete(tag);
		const chosen = chooseSighting(sightings);
		if (chosen === undefined) return;
		for (const sighting of sightings) if (sighting.laneId !== chosen.laneId) note(sighting, chosen);
		deliver(chosen.laneId, chosen.observation);
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
			const { tag } = observation;
			const held = waiting.get(tag);
			if (held !== undefined) {
				if (held.sightings.length < LIMITS.settledReads)
					held.sightings.push({ laneId, observation, vehiclePresent: null });
				return;
			}
			const cancel = clock.after(WAIT_MS, () => decide(tag));
			waiting.set(tag, { sightings: [{ laneId, observation, vehiclePresent: null }], cancel });
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
		},
	};
}

/** `uhf-1 antenna 2 at -65 dBm`. */
function inWords({ deviceId, antenna, rssiDbm }: TagObservation): string {
	const place = antenna === undefined ? '' : ` antenna ${antenna}`;
	return `${deviceId}${place}${rssiDbm === undefined ? '' : ` at ${rssiDbm} dBm`}`;
}
