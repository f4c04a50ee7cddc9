import { STRATEGY } from '../../core/access/strategy.ts';
import { bookingTimes } from '../../core/booking.ts';
import { type DirectoryRow, STRATEGIES } from '../../core/directory.ts';
import type { KeepingBooking, KeepingRight } from '../../core/kept-places.ts';
import { LIMITS } from '../../core/limits.ts';
import type { Site } from '../../core/site.ts';
import type { PlannedUse } from '../../store/directory-limit-reads.ts';
import type { DirectoryReader } from '../../store/directory-reader.ts';
import { createCounters } from './kept-counters.ts';
import type { LimitDirectory } from './limit-directory.ts';

/** Rights and bookings that keep places, of the directory as it is. */
export interface Keepers {
	readonly rights: readonly KeepingRight[];
	readonly bookings: readonly KeepingBooking[];
}

export interface KeepersDeps {
	readonly site: Pick<Site, 'areas' | 'parks'>;
	readonly directory: Pick<DirectoryReader, 'find' | 'keepingRights' | 'specificationIdOf'>;
	readonly shared: LimitDirectory;
}

const KEEPING = STRATEGIES.filter((strategy) => STRATEGY[strategy].keepsPlace !== 'no');

export function createKeepers({ site, directory, shared }: KeepersDeps) {
	function rights(uses: readonly PlannedUse[]): readonly KeepingRight[] {
		const releases = Map.groupBy(
			uses.filter(({ kind, state }) => kind === 'release' && state === 'planned'),
			({ rightId }) => rightId,
		);
		const specifications = KEEPING.flatMap((strategy) =>
			directory
				.find('rightSpecifications', { strategy }, LIMITS.keepingSpecifications)
				.flatMap((id) => shared.row('rightSpecifications', id) ?? []),
		);
		const countersOf = createCounters(site);
		return specifications.flatMap(({ id, strategy, areaIds, guaranteedScheduleId }) => {
			const onlySpaces = STRATEGY[strategy].keepsPlace === 'space';
			return directory.keepingRights(id, onlySpaces, LIMITS.keptPlaces).map((right) => ({
				rightId: right.id,
				counters: countersOf(right.spaceId ?? right.holderSpaceId, areaIds),
				spaceId: right.spaceId ?? right.holderSpaceId,
				validFromMs: right.validFromMs,
				validToMs: right.validToMs,
				...(guaranteedScheduleId !== null && { guaranteedSchedule: shared.row('schedules', guaranteedScheduleId) }),
				releases: releases.get(right.id) ?? [],
			}));
		});
	}

	/** null: its right, or what that grants, is not here. */
	function specificationOf({ rightId }: PlannedUse): DirectoryRow<'rightSpecifications'> | null {
		const id = directory.specificationIdOf(rightId);
		return id === null ? null : shared.row('rightSpecifications', id);
	}

	function bookings(uses: readonly PlannedUse[]): readonly KeepingBooking[] {
		const countersOf = createCounters(site);
		const found: KeepingBooking[] = [];
		for (const use of uses) {
			if (use.kind !== 'booking' || use.state !== 'planned') continue;
			const own = specificationOf(use);
			if (own === null) continue;
			const { id: bookingId, rightId, areaId, spaceId } = use;
			found.push({
				bookingId,
				rightId,
				counters: countersOf(spaceId, areaId ?? own.areaIds),
				...bookingTimes(use, own),
			});
		}
		return found;
	}

	return { rights, bookings };
}
