import { areaChain } from '../../core/area-chain.ts';
import { overlaps, promisedSpan, type Span } from '../../core/booking.ts';
import type { Schedule } from '../../core/directory.ts';
import type { KeepingRight } from '../../core/kept-places.ts';
import { LIMITS } from '../../core/limits.ts';
import { isOpenWithin } from '../../core/schedule-span.ts';
import type { Site } from '../../core/site.ts';
import { createKeepers } from '../stays/keepers.ts';
import { createLimitDirectory } from '../stays/limit-directory.ts';
import type { PromiseDirectory } from './changed-directory.ts';

/** A time in which as many places of an area are promised. */
export interface PlacesSpan extends Span {
	/** null: not limited. */
	readonly capacity: number | null;
	/** Kept for preferential rights. */
	readonly kept: number;
	/** Promised to bookings, each from its grace to its end. */
	readonly booked: number;
	/** That can still be promised for all of it, here and in what encloses the area; null: any number. Never below 0. */
	readonly left: number | null;
}

export interface PromisedPlaces {
	/** [from, to) without a gap; undefined: no such area. */
	of(areaId: string, span: Span): readonly PlacesSpan[] | undefined;
	/** One of these counters on which more is promised at some moment than there is; undefined: none. */
	overbooked(counters: readonly string[], span: Span): string | undefined;
}

const HOUR_MS = 3_600_000;
const MINUTE_MS = 60_000;

/** What is promised over time; kept hours are taken by whole hours. */
export function createPromisedPlaces({
	site,
	directory,
}: {
	readonly site: Pick<Site, 'areas' | 'parks' | 'timeZone'>;
	readonly directory: PromiseDirectory;
}): PromisedPlaces {
	const keepers = createKeepers({ site, directory, shared: createLimitDirectory(directory) });

	/** What may have a place within the span, though its own time begins after it, is among them. */
	function load(span: Span) {
		const graceMs = directory.longestGraceMin() * MINUTE_MS;
		const uses = directory.plannedUsesIn(span.fromMs, span.toMs + graceMs, LIMITS.plannedUsesNear);
		const openHours = createOpenHours(span, site.timeZone);
		const rights = keepers.rights(uses).map((right) => ({ ...right, spans: keptSpans(right, span, openHours) }));
		const byId = new Map(rights.map((right) => [right.rightId, right]));
		const bookings = keepers.bookings(uses).map((booking) => {
			const own = byId.get(booking.rightId);
			const promised = promisedSpan(booking);
			return { counters: booking.counters, promised, own };
		});
		return (counter: string) => ({
			kept: rights.flatMap(({ counters, spans }) => (counters.includes(counter) ? spans : [])),
			booked: bookings.flatMap(({ counters, promised, own }) => {
				if (!counters.includes(counter)) return [];
				// Whose place is kept anyway takes no further one.
				return own?.counters.includes(counter) ? without(promised, own.spans) : [promised];
			}),
		});
	}

	function capacityOf(counter: string): number | null {
		const place = site.areas.find(({ id }) => id === counter) ?? site.parks.find(({ id }) => id === counter);
		return place?.capacity ?? null;
	}

	return {
		of(areaId, span) {
			const chain = areaChain(site, areaId);
			if (chain.length === 0) return undefined;
			return directory.read(() => {
				const promises = load(span);
				const levels = chain.map((link) => ({ capacity: link.capacity, ...promises(link.areaId) }));
				const moments = boundaries(
					levels.flatMap(({ kept, booked }) => [...kept, ...booked]),
					span,
				);
				const counted = levels.map(({ capacity, kept, booked }) => ({
					capacity,
					kept: counts(kept, moments),
					booked: counts(booked, moments),
				}));
				const [own] = counted;
				const spans = moments.slice(0, -1).map((fromMs, place): PlacesSpan => {
					const left = counted.flatMap(({ capacity, kept, booked }) =>
						capacity === null ? [] : [capacity - at(kept, place) - at(booked, place)],
					);
					return {
						...{ fromMs, toMs: moments[place + 1] ?? span.toMs, capacity: own?.capacity ?? null },
						...{ kept: at(own?.kept, place), booked: at(own?.booked, place) },
						left: left.length === 0 ? null : Math.max(0, Math.min(...left)),
					};
				});
				return joined(spans);
			});
		},
		overbooked: (counters, span) =>
			directory.read(() => {
				const promises = load(span);
				return counters.find((counter) => {
					const capacity = capacityOf(counter);
					if (capacity === null) return false;
					const { kept, booked } = promises(counter);
					const all = [...kept, ...booked];
					return counts(all, boundaries(all, span)).some((count) => count > capacity);
				});
			}),
	};
}

/** Whole hours at some moment of which a schedule is open. */
function createOpenHours(span: Span, timeZone: string) {
	const known = new Map<Schedule, readonly Span[]>();
	return (schedule: Schedule): readonly Span[] => {
		const before = known.get(schedule);
		if (before !== undefined) return before;
		const open: Span[] = [];
		for (let fromMs = Math.floor(span.fromMs / HOUR_MS) * HOUR_MS; fromMs < span.toMs; fromMs += HOUR_MS) {
			const hour = { fromMs, toMs: fromMs + HOUR_MS };
			if (isOpenWithin(schedule, hour, timeZone)) open.push(hour);
		}
		known.set(schedule, open);
		return open;
	};
}

/** When within `span` the right's place is kept. */
function keptSpans(
	{ validFromMs, validToMs, guaranteedSchedule, releases }: KeepingRight,
	span: Span,
	openHours: (schedule: Schedule) => readonly Span[],
): readonly Span[] {
	if (guaranteedSchedule === null) return [];
	const valid = within([span], {
		fromMs: validFromMs ?? span.fromMs,
		toMs: validToMs ?? span.toMs,
	});
	const open =
		guaranteedSchedule === undefined ? valid : valid.flatMap((one) => within(openHours(guaranteedSchedule), one));
	const givenUp = releases.map(({ startMs, endMs }) => ({ fromMs: startMs, toMs: endMs }));
	return open.flatMap((one) => without(one, givenUp));
}

function within(spans: readonly Span[], bounds: Span): readonly Span[] {
	return spans.flatMap(({ fromMs, toMs }) => {
		const cut = { fromMs: Math.max(fromMs, bounds.fromMs), toMs: Math.min(toMs, bounds.toMs) };
		return cut.fromMs < cut.toMs ? [cut] : [];
	});
}

/** What is left of a span. */
export function without(span: Span, taken: readonly Span[]): readonly Span[] {
	return taken.reduce<readonly Span[]>(
		(left, one) =>
			left.flatMap((piece) => {
				if (!overlaps(piece, one)) return [piece];
				const before = { fromMs: piece.fromMs, toMs: one.fromMs };
				const after = { fromMs: one.toMs, toMs: piece.toMs };
				return [before, after].filter(({ fromMs, toMs }) => fromMs < toMs);
			}),
		[span],
	);
}

/** Moments at which something begins or ends, with both ends of `span`. */
function boundaries(spans: readonly Span[], span: Span): readonly number[] {
	const inside = spans.flatMap(({ fromMs, toMs }) => [fromMs, toMs]);
	const moments = inside.filter((moment) => span.fromMs < moment && moment < span.toMs);
	return [...new Set([span.fromMs, ...moments, span.toMs])].sort((a, b) => a - b);
}

/** How many of the spans run from each moment to the next. */
function counts(spans: readonly Span[], moments: readonly number[]): readonly number[] {
	const first = moments[0] ?? 0;
	const last = moments.at(-1) ?? 0;
	const changes = new Map<number, number>();
	for (const { fromMs, toMs } of within(spans, { fromMs: first, toMs: last })) {
		changes.set(fromMs, (changes.get(fromMs) ?? 0) + 1);
		changes.set(toMs, (changes.get(toMs) ?? 0) - 1);
	}
	let now = 0;
	return moments.slice(0, -1).map((moment) => {
		now += changes.get(moment) ?? 0;
		return now;
	});
}

const at = (counted: readonly number[] | undefined, place: number) => counted?.[place] ?? 0;

/** Neighbours that say the same are one. */
function joined(spans: readonly PlacesSpan[]): readonly PlacesSpan[] {
	const result: PlacesSpan[] = [];
	for (const span of spans) {
		const last = result.at(-1);
		const isSame = last?.kept === span.kept && last.booked === span.booked && last.left === span.left;
		if (isSame) result.splice(-1, 1, { ...last, toMs: span.toMs });
		else result.push(span);
	}
	return result;
}
