import type { TagObservation } from '../observation.ts';

/** One tag as one of several neighbouring lanes read it. */
export interface Sighting {
	readonly laneId: string;
	readonly observation: TagObservation;
	/** A vehicle stands on the lane's arming loop; null: it has none, or it is not known. */
	readonly vehiclePresent: boolean | null;
}

/** Strengths closer than this say nothing: a tag behind glass varies by as much from one read to the next. */
const CLEAR_DB = 3;

/**
 * Whose a tag is that several lanes read at about the same time. A vehicle on the loop decides, where only some lanes
 * have one; then the clearly stronger signal; then who read it first.
 */
export function chooseSighting(sightings: readonly Sighting[]): Sighting | undefined {
	const occupied = sightings.filter(({ vehiclePresent }) => vehiclePresent === true);
	// A lane whose loop is free loses against one with a vehicle, never against one that does not know.
	const claims = occupied.length > 0 ? occupied : sightings;
	const byLane = new Map<string, Sighting>();
	for (const sighting of claims) {
		const best = byLane.get(sighting.laneId);
		if (best === undefined || strengthOf(sighting) > strengthOf(best)) byLane.set(sighting.laneId, sighting);
	}
	const [first, second] = [...byLane.values()].toSorted((a, b) => strengthOf(b) - strengthOf(a));
	if (first === undefined || second === undefined) return first;
	if (strengthOf(first) - strengthOf(second) >= CLEAR_DB) return first;
	const earliest = claims.toSorted((a, b) => a.observation.monotonicMs - b.observation.monotonicMs)[0];
	return earliest === undefined ? first : byLane.get(earliest.laneId);
}

/**
 * Which lanes can see each other's tags: by a lane's id a name of all that stand beside it, directly or over others.
 * Lanes that stand alone are not in it.
 */
export function groupsBeside(
	lanes: readonly { readonly id: string; readonly beside?: readonly string[] }[],
): ReadonlyMap<string, string> {
	const groups = new Map<string, string>();
	for (const { id, beside = [] } of lanes) {
		const joined = new Set([id, ...beside].map((lane) => groups.get(lane) ?? lane));
		if (beside.length === 0) continue;
		for (const lane of [id, ...beside]) groups.set(lane, id);
		for (const [lane, group] of groups) if (joined.has(group)) groups.set(lane, id);
	}
	return groups;
}

/** A reader that tells no strength is neither stronger nor weaker than another that tells none, and weaker than one that does. */
function strengthOf({ observation }: Sighting): number {
	return observation.rssiDbm ?? -200;
}
