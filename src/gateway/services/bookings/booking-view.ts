import { limitsOf } from '../../core/access/specification-limits.ts';
import { type BookingTimes, bookingTimes, expectedSpan } from '../../core/booking.ts';
import type { DirectoryRow } from '../../core/directory.ts';
import type { Site } from '../../core/site.ts';
import type { PlannedUse } from '../../store/directory-limit-reads.ts';
import type { DirectoryReader } from '../../store/directory-reader.ts';
import type { SiteStore } from '../../store/site-store.ts';
import { areaOfSpace } from '../stays/kept-counters.ts';

/** `in`: somebody came by it and is here; `overdue`: still, after its end; `left`: was here; `noShow`: nobody came in time. */
export type BookingState = 'planned' | 'in' | 'overdue' | 'left' | 'noShow' | 'released';

/** A booking, or a time for which a kept place is given up, and what became of it here. */
export interface BookingView extends Omit<DirectoryRow<'plannedUses'>, 'state'> {
	readonly state: BookingState;
	/** As the directory has them now; null: no longer there. */
	readonly holderName: string | null;
	readonly vehicleName: string | null;
	/** What its right grants; null: the right is not here. */
	readonly specificationName: string | null;
	/** Areas where its place may be. */
	readonly areaIds: readonly string[];
}

export interface BookingViewDeps {
	readonly site: Pick<Site, 'areas' | 'parks'>;
	readonly directory: Pick<DirectoryReader, 'row' | 'holder'>;
	readonly store: Pick<SiteStore, 'consumption' | 'parkingSessions'>;
	readonly nowMs: () => number;
}

/** Tells what became of planned uses, from the tables of stays. */
export function createBookingViews({ site, directory, store, nowMs }: BookingViewDeps) {
	/** `specification`: rows of a list share theirs. */
	function view(
		use: PlannedUse,
		note: string | null,
		specification: DirectoryRow<'rightSpecifications'> | undefined,
	): BookingView {
		return {
			...use,
			note,
			state: stateOf(use, bookingTimes(use, limitsOf(specification ?? null))),
			holderName: directory.holder(use.holderId)?.name ?? null,
			vehicleName: use.vehicleId === null ? null : (directory.holder(use.vehicleId)?.name ?? null),
			specificationName: specification?.name ?? null,
			areaIds: areaIdsOf(use, specification?.areaIds ?? []),
		};
	}

	function stateOf({ id, kind, state, endMs }: PlannedUse, times: BookingTimes): BookingState {
		if (state === 'released') return 'released';
		if (kind === 'release') return endMs <= nowMs() ? 'left' : 'planned';
		const became = store.consumption.booking(id);
		if (became?.state === 'noShow') return 'noShow';
		if (became === undefined) return expectedSpan(times).toMs <= nowMs() ? 'noShow' : 'planned';
		const isHere = became.stayId !== null && store.parkingSessions.openById(became.stayId) !== undefined;
		if (!isHere) return 'left';
		return endMs < nowMs() ? 'overdue' : 'in';
	}

	function areaIdsOf({ areaId, spaceId }: PlannedUse, ofRight: readonly string[]): readonly string[] {
		if (areaId !== null) return [areaId];
		const ofSpace = spaceId === null ? undefined : areaOfSpace(site, spaceId);
		if (ofSpace !== undefined) return [ofSpace];
		const all = site.areas.map(({ id }) => id);
		return ofRight.length === 0 ? all : all.filter((id) => ofRight.includes(id));
	}

	return {
		view,
		of(row: DirectoryRow<'plannedUses'>): BookingView {
			const right = directory.row('assignedRights', row.rightId);
			const specification = right && directory.row('rightSpecifications', right.specificationId);
			return view(row, row.note, specification);
		},
	};
}
