import { type KeptAt, keptAt } from '../../core/kept-places.ts';
import { LIMITS } from '../../core/limits.ts';
import type { Site } from '../../core/site.ts';
import type { DirectoryReader } from '../../store/directory-reader.ts';
import type { SiteStore } from '../../store/site-store.ts';
import { createKeepers, type Keepers } from './keepers.ts';
import type { LimitDirectory } from './limit-directory.ts';

/** Places that are kept for vehicles which are not inside. */
export interface KeptPlaces {
	/** By counter: places kept for preferential rights, and for bookings that run. */
	at(atMs: number): KeptCounts;
	/** Who keeps a place at that moment, inside or not. */
	keepers(atMs: number): KeptAt;
}

export interface KeptCounts {
	guaranteed(areaId: string): number;
	booked(areaId: string): number;
	/** Counters on which this right's own place is among them. */
	of(rightId: string): readonly string[];
}

export interface KeptPlacesDeps {
	readonly site: Pick<Site, 'areas' | 'parks' | 'timeZone'>;
	readonly directory: Pick<
		DirectoryReader,
		'find' | 'keepingRights' | 'plannedUsesIn' | 'specificationIdOf' | 'longestGraceMin'
	>;
	readonly shared: LimitDirectory;
	readonly store: Pick<SiteStore, 'occupancy' | 'parkingSessions' | 'consumption'>;
	/** Absent: every change of the directory is read at once. */
	readonly monotonicMs?: () => number;
}

const MINUTE_MS = 60_000;
const AROUND_MS = 3_600_000;
/** After a reading that took long the next waits this many times as long: a sync of thousands of rows must not slow decisions. */
const REST = 20;

/** What is read of the directory stays until it changes; who is inside is looked up at every decision. */
export function createKeptPlaces({
	site,
	directory,
	shared,
	store,
	monotonicMs = () => 0,
}: KeptPlacesDeps): KeptPlaces {
	const keeping = createKeepers({ site, directory, shared });
	let read: (Keepers & { version: object; aroundMs: number; restUntilMs: number }) | undefined;
	let kept: { readonly at: KeptAt; readonly totals: ReadonlyMap<string, number> } | undefined;

	function now(atMs: number) {
		const keepers = refresh(atMs);
		if (kept === undefined || atMs < kept.at.fromMs || atMs >= kept.at.untilMs) {
			const at = keptAt(keepers, atMs, site.timeZone);
			kept = { at, totals: totalsOf(at) };
		}
		return kept;
	}

	/** Bookings are read for an hour around, with those that may have their place before they begin. */
	function refresh(atMs: number): Keepers {
		const version = shared.version();
		if (read !== undefined && Math.abs(atMs - read.aroundMs) < AROUND_MS) {
			if (version === read.version || monotonicMs() < read.restUntilMs) return read;
		}
		const startedMs = monotonicMs();
		const untilMs = atMs + AROUND_MS + directory.longestGraceMin() * MINUTE_MS;
		const uses = directory.plannedUsesIn(atMs - AROUND_MS, untilMs, LIMITS.keptPlaces);
		const keepers = { rights: keeping.rights(uses), bookings: keeping.bookings(uses) };
		const endedMs = monotonicMs();
		read = { ...keepers, version, aroundMs: atMs, restUntilMs: endedMs + REST * (endedMs - startedMs) };
		kept = undefined;
		return read;
	}

	return {
		keepers: (atMs) => now(atMs).at,
		at(atMs) {
			const { at, totals } = now(atMs);
			return at.rights.size === 0 && at.bookings.length === 0 ? NOTHING_KEPT : countsOf(at, totals);
		},
	};

	function countsOf({ rights, bookings }: KeptAt, totals: ReadonlyMap<string, number>): KeptCounts {
		const underWay = store.occupancy.underWay();
		const inside = store.parkingSessions.openByRight();
		const here = new Set([...inside.keys(), ...underWay.flatMap(({ rightId }) => rightId ?? [])]);
		const about = new Set(underWay.flatMap(({ terms }) => terms?.bookingId ?? []));
		const expected = bookings.filter(
			({ bookingId }) => !about.has(bookingId) && store.consumption.booking(bookingId) === undefined,
		);
		const ofHere = [...here].flatMap((rightId) => {
			const counters = rights.get(rightId);
			return counters === undefined ? [] : [counters];
		});
		return {
			guaranteed: (areaId) => (totals.get(areaId) ?? 0) - ofHere.filter((counters) => counters.includes(areaId)).length,
			booked: (areaId) => expected.filter(({ counters }) => counters.includes(areaId)).length,
			of(rightId) {
				const own = here.has(rightId) ? [] : (rights.get(rightId) ?? []);
				return [...own, ...(expected.find((booking) => booking.rightId === rightId)?.counters ?? [])];
			},
		};
	}
}

function totalsOf({ rights }: KeptAt): ReadonlyMap<string, number> {
	const totals = new Map<string, number>();
	for (const counters of rights.values()) {
		for (const counter of counters) totals.set(counter, (totals.get(counter) ?? 0) + 1);
	}
	return totals;
}

const NOTHING_KEPT: KeptCounts = { guaranteed: () => 0, booked: () => 0, of: () => [] };
