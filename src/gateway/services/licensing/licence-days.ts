import { LICENCE_KIND_NAMES, type LicenceKind } from '../../core/licence/licence-kinds.ts';
import type { LicenceDay, LicenceGrantStore } from '../../store/licence-grants.ts';
import { localDay } from '../tables/local-day.ts';

/** What is counted day by day: kinds of licence of operators, and licences of cameras. */
export type CountedKind = LicenceKind | 'camera';

export const COUNTED_KINDS: readonly CountedKind[] = [...LICENCE_KIND_NAMES, 'camera'];

/** Counts one that was given or taken; joins the caller's transaction. `used`: how many there are after it. */
export function countLicenceDay(
	store: Pick<LicenceGrantStore, 'countDay'>,
	timeZone: string,
	{ kind, atMs, isGiven, used }: { kind: CountedKind; atMs: number; isGiven: boolean; used: number },
): void {
	const day = localDay(atMs, timeZone);
	store.countDay({ kind, day, used, given: isGiven ? 1 : 0, taken: isGiven ? 0 : 1 });
}

export interface LicenceStatisticsQuery {
	/** `YYYY-MM-DD`, both included. */
	readonly fromDay: string;
	readonly toDay: string;
	readonly kinds: readonly CountedKind[];
}

/** How many licences there were; today as it is now. */
export interface LicenceStatistics {
	readonly fromDay: string;
	readonly toDay: string;
	/** Of all asked kinds together, every day. */
	readonly days: readonly {
		readonly day: string;
		readonly used: number;
		readonly given: number;
		readonly taken: number;
	}[];
	readonly kinds: readonly {
		readonly kind: CountedKind;
		/** At the end. */
		readonly used: number;
		/** Highest at the end of a day. */
		readonly most: number;
		readonly given: number;
		readonly taken: number;
	}[];
}

/** From the days that had a change: on the others there were as many as before. */
export function licenceStatistics(
	store: Pick<LicenceGrantStore, 'days' | 'lastBefore'>,
	{ fromDay, toDay, kinds }: LicenceStatisticsQuery,
): LicenceStatistics {
	const before = new Map(store.lastBefore(fromDay).map(({ kind, used }) => [kind, used]));
	const changes = Map.groupBy(store.days(fromDay, toDay), ({ day }) => day);
	const now = new Map(
		kinds.map((kind) => [
			kind as string,
			{ kind, used: before.get(kind) ?? 0, most: before.get(kind) ?? 0, given: 0, taken: 0 },
		]),
	);
	const days = daysOf(fromDay, toDay).map((day) => {
		const counted = { day, used: 0, given: 0, taken: 0 };
		for (const change of changes.get(day) ?? []) carry(change, now.get(change.kind), counted);
		for (const { used } of now.values()) counted.used += used;
		return counted;
	});
	return { fromDay, toDay, days, kinds: [...now.values()] };
}

interface Counted {
	used: number;
	given: number;
	taken: number;
}

function carry(change: LicenceDay, kind: (Counted & { most: number }) | undefined, day: Counted): void {
	if (kind === undefined) return;
	kind.used = change.used;
	kind.most = Math.max(kind.most, change.used);
	for (const counted of [kind, day]) {
		counted.given += change.given;
		counted.taken += change.taken;
	}
}

function daysOf(fromDay: string, toDay: string): readonly string[] {
	const days: string[] = [];
	const last = Temporal.PlainDate.from(toDay);
	for (
		let day = Temporal.PlainDate.from(fromDay);
		Temporal.PlainDate.compare(day, last) <= 0;
		day = day.add({ days: 1 })
	)
		days.push(day.toString());
	return days;
}
