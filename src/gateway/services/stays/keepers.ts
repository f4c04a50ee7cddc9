import { STRATEGY } from '../../core/access/strategy.ts';
import { bookingTimes } from '../../core/booking.ts';
import { STRATEGIES } from '../../core/directory.ts';
import type { KeepingBooking, KeepingRight } from '../../core/kept-places.ts';
import { LIMITS } from '../../core/limits.ts';
import type { Site } from '../../core/site.ts';
import type { PlannedUse } from '../../store/directory-limit-reads.ts';
import type { DirectoryReader } from '../../store/directory-reader.ts';
import { keptCounters } from './kept-counters.ts';
import type { LimitDirectory } from './limit-directory.ts';

/** Rights and bookings that keep places, of the directory as it is. */
export interface Keepers {
	readonly rights: readonly KeepingRight[];
	readonly bookings: readonly KeepingBooking[];
}

export interface KeepersDeps {
	readonly site: Pick<Site, 'areas' | 'parks'>;
	readonly directory: Pick<DirectoryReader, 'find' | 'keepingRights'>;
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
		return specifications.flatMap(({ id, strategy, areaIds, guaranteedScheduleId }) => {
			const onlySpaces = STRATEGY[strategy].keepsPlace === 'space';
			return directory.keepingRights(id, onlySpaces, LIMITS.keptPlaces).map((right) => ({
				rightId: right.id,
				counters: keptCounters(site, { spaceId: right.spaceId ?? right.holderSpaceId, areaIds }),
				validFromMs: right.validFromMs,
				validToMs: right.validToMs,
				...(guaranteedScheduleId !== null && { guaranteedSchedule: shared.row('schedules', guaranteedScheduleId) }),
				releases: releases.get(right.id) ?? [],
			}));
		});
	}

	function bookings(uses: readonly PlannedUse[]): readonly KeepingBooking[] {
		return uses.flatMap((use) => {
			const { id, kind, state, rightId, specificationId, areaId, spaceId } = use;
			if (kind !== 'booking' || state !== 'planned' || specificationId === null) return [];
			const specification = shared.row('rightSpecifications', specificationId);
			if (specification === null) return [];
			const areaIds = areaId === null ? specification.areaIds : [areaId];
			const counters = keptCounters(site, { spaceId, areaIds });
			return [{ bookingId: id, rightId, counters, ...bookingTimes(use, specification) }];
		});
	}

	return { rights, bookings };
}
