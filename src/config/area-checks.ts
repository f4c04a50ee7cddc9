import { adviseName } from '../gateway/core/nearest-name.ts';
import { type AntiPassback, type Area, OUTSIDE, type Park, type Space } from '../gateway/core/site.ts';
import { reportDuplicates } from './device-checks.ts';
import type { ConfigFile } from './file-schema.ts';
import type { ConfigPath } from './problem.ts';
import type { ProblemReport } from './problem-report.ts';

type AreaEntry = ConfigFile['parks'][number]['areas'][number];
interface Placed {
	readonly area: AreaEntry;
	readonly parkId: string;
	readonly path: ConfigPath;
}

/** Parks and areas as the core wants them, parents before children; problems go to the report. */
export function areasOf(parks: ConfigFile['parks'], report: ProblemReport): { parks: Park[]; areas: Area[] } {
	const placed = parks.flatMap((park, parkIndex) =>
		park.areas.map((area, index): Placed => ({ area, parkId: park.id, path: ['parks', parkIndex, 'areas', index] })),
	);
	checkIds(parks, placed, report);
	checkSpaces(placed, report);
	for (const entry of placed) checkParent(entry, placed, report);
	checkCapacities(parks, placed, report);
	return {
		parks: parks.map(({ id, name, capacity }) => ({
			id,
			name: name ?? id,
			...(capacity !== undefined && { capacity }),
		})),
		areas: parentsFirst(placed).map(({ area, parkId }) => ({
			id: area.id,
			name: area.name ?? area.id,
			parkId,
			...(area.parent !== undefined && { parentId: area.parent }),
			...(area.capacity !== undefined && { capacity: area.capacity }),
			...(area.antiPassback !== undefined && { antiPassback: antiPassbackOf(area.antiPassback) }),
			...(area.spaces.length > 0 && { spaces: spacesOf(area) }),
		})),
	};
}

function antiPassbackOf(given: NonNullable<AreaEntry['antiPassback']>): AntiPassback {
	if (typeof given === 'string') return { mode: given };
	return { mode: 'timed', forMs: given.timedMinutes * 60_000 };
}

function spacesOf({ spaces }: AreaEntry): readonly Space[] {
	return spaces.map((space) => (typeof space === 'string' ? { id: space, name: space } : space));
}

function checkSpaces(placed: readonly Placed[], report: ProblemReport): void {
	const all = placed.flatMap(({ area, path }) =>
		spacesOf(area).map(({ id }, index) => ({ id, path: [...path, 'spaces', index] as const })),
	);
	reportDuplicates(
		all.map(({ id }) => id),
		(index) => [...(all[index]?.path ?? []), 'id'],
		'an id that no other space of the site has',
		report,
	);
	for (const { area, path } of placed) {
		if (area.capacity === undefined || area.spaces.length <= area.capacity) continue;
		report.warning([...path, 'spaces'], {
			found: `${area.spaces.length} spaces`,
			expected: `at most the ${area.capacity} places of ${area.id}`,
			fix: 'Raise the capacity, or name fewer',
		});
	}
}

/** Every area the file names, also where its place is wrong. */
export function areaIdsOf(parks: ConfigFile['parks']): string[] {
	return parks.flatMap((park) => park.areas.map((area) => area.id));
}

/** Occupancy counts parks and areas side by side, so their ids share one space. */
function checkIds(parks: ConfigFile['parks'], placed: readonly Placed[], report: ProblemReport): void {
	const all = [
		...parks.map((park, index): { id: string; path: ConfigPath } => ({ id: park.id, path: ['parks', index] })),
		...placed.map(({ area, path }) => ({ id: area.id, path })),
	];
	reportDuplicates(
		all.map(({ id }) => id),
		(index) => [...(all[index]?.path ?? []), 'id'],
		'an id that no other park or area of the site has',
		report,
	);
	for (const { id, path } of all)
		if (id === OUTSIDE)
			report.error([...path, 'id'], {
				found: `the id ${OUTSIDE}`,
				expected: 'another id: outside is the world around the site',
				fix: 'Write another id',
			});
}

function checkParent({ area, parkId, path }: Placed, placed: readonly Placed[], report: ProblemReport): void {
	if (area.parent === undefined) return;
	const siblings = placed.filter((other) => other.parkId === parkId);
	const names = siblings.map((other) => other.area.id).filter((id) => id !== area.id);
	if (!siblings.some((other) => other.area.id === area.parent)) {
		report.error([...path, 'parent'], {
			found: `the parent ${area.parent}, which is no area of park ${parkId}`,
			expected: names.length === 0 ? 'no parent: the park has no other area' : `one of ${names.join(', ')}`,
			fix: names.length === 0 ? 'Remove the line' : adviseName(area.parent, names, 'Write the id of another area'),
		});
		return;
	}
	const circle = circleFrom(area, siblings);
	if (circle !== undefined)
		report.error([...path, 'parent'], {
			found: `areas inside one another: ${circle.join(' in ')}`,
			expected: 'parents that end at an area without one',
			fix: `Remove the parent of ${area.id}, or choose another`,
		});
}

/** The chain of parents back to `area`; undefined when it ends. */
function circleFrom(area: AreaEntry, siblings: readonly Placed[]): string[] | undefined {
	const chain = [area.id];
	let current: AreaEntry | undefined = area;
	while (current?.parent !== undefined && chain.length <= siblings.length) {
		const parent: string = current.parent;
		chain.push(parent);
		if (parent === area.id) return chain;
		current = siblings.find((other) => other.area.id === parent)?.area;
	}
	return undefined;
}

function checkCapacities(parks: ConfigFile['parks'], placed: readonly Placed[], report: ProblemReport): void {
	for (const { area, parkId, path } of placed) {
		const outer =
			placed.find((other) => other.parkId === parkId && other.area.id === area.parent)?.area ??
			parks.find((park) => park.id === parkId);
		if (area.capacity === undefined || outer?.capacity === undefined || area.capacity <= outer.capacity) continue;
		report.warning([...path, 'capacity'], {
			found: `${area.capacity} places`,
			expected: `at most the ${outer.capacity} of ${outer.id} around it`,
			fix: `Lower it, or raise ${outer.id}`,
		});
	}
}

function parentsFirst(placed: readonly Placed[]): Placed[] {
	const sorted: Placed[] = [];
	const take = (parent: string | undefined) => {
		for (const entry of placed) {
			if (entry.area.parent !== parent || sorted.includes(entry)) continue;
			sorted.push(entry);
			take(entry.area.id);
		}
	};
	take(undefined);
	return sorted;
}
