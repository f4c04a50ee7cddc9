import type { DirectoryRow, DirectoryTable } from '../../core/directory.ts';
import { LIMITS } from '../../core/limits.ts';
import type { BookingUse } from '../../store/consumption.ts';
import type { KeepingRight, PlannedUse } from '../../store/directory-limit-reads.ts';
import type { ChangedRow, ChangedRows } from '../directory/changed-rows.ts';
import type { BookingDirectory } from '../stays/booking-places.ts';

/** What of the directory says which places are promised. */
export type PromiseDirectory = BookingDirectory;

/** Without bookings that nobody came for: what was promised to them is free again. */
export function withoutNoShows(
	directory: PromiseDirectory,
	bookingUse: (bookingId: string) => BookingUse | undefined,
): PromiseDirectory {
	return {
		// A reader is no class instance: its functions need no receiver.
		...directory,
		plannedUsesIn: (...asked) =>
			directory.plannedUsesIn(...asked).filter(({ id }) => bookingUse(id)?.state !== 'noShow'),
	};
}

/** The directory as a batch of edits would leave it. Made when all its changes are known. */
export function changedDirectory(rows: ChangedRows, directory: PromiseDirectory): PromiseDirectory {
	const changes = Map.groupBy(rows.all(), ({ table }) => table);
	const changesOf = (table: DirectoryTable) => changes.get(table) ?? [];
	const uses = byKey(changesOf('plannedUses'));
	const rights = new Set([
		...changesOf('assignedRights').map(({ key }) => key),
		...changesOf('holders').flatMap(({ key }) =>
			rows.find('assignedRights', { holderId: key }, LIMITS.editsTogether).map(({ id }) => String(id)),
		),
	]);
	// Rows of a declared table; the general type of a change forgets which.
	const row = <T extends DirectoryTable>(table: T, id: string) => rows.row(table, id) as DirectoryRow<T> | undefined;

	function keepingRight(rightId: string, specificationId: string, onlySpaces: boolean): readonly KeepingRight[] {
		const right = row('assignedRights', rightId);
		const holder = right && row('holders', right.holderId);
		if (right?.specificationId !== specificationId || right.state !== 'active' || holder?.status !== 'active')
			return [];
		const { id, validFromMs, validToMs, spaceId } = right;
		if (onlySpaces && spaceId === null && holder.spaceId === null) return [];
		return [{ id, specificationId, validFromMs, validToMs, spaceId, holderSpaceId: holder.spaceId }];
	}

	function asChanged(before: readonly PlannedUse[], fits: (use: PlannedUse) => boolean): readonly PlannedUse[] {
		const changed = [...uses.values()].flatMap(({ after }): readonly PlannedUse[] => {
			// As above.
			const use = after as DirectoryRow<'plannedUses'> | null;
			return use !== null && fits(use) ? [use] : [];
		});
		return [...before.filter(({ id }) => !uses.has(id)), ...changed];
	}

	return {
		read: (run) => run(),
		row,
		version: () => rows,
		find: (table, where, limit) => rows.find(table, where, limit).map(({ id }) => String(id)),
		keepingRights(specificationId, onlySpaces, limit) {
			const kept = directory.keepingRights(specificationId, onlySpaces, limit).filter(({ id }) => !rights.has(id));
			return [...kept, ...[...rights].flatMap((id) => keepingRight(id, specificationId, onlySpaces))];
		},
		plannedUsesIn: (fromMs, toMs) =>
			asChanged(
				directory.plannedUsesIn(fromMs, toMs, LIMITS.plannedUsesNear),
				({ startMs, endMs }) => startMs < toMs && endMs > fromMs,
			),
		plannedUsesOf: (rightId, fromMs, toMs) =>
			asChanged(
				directory.plannedUsesOf(rightId, fromMs, toMs),
				(use) => use.rightId === rightId && fromMs <= use.startMs && use.startMs < toMs,
			),
		plannedUsesOfVehicle: (vehicleId, fromMs, toMs) =>
			asChanged(
				directory.plannedUsesOfVehicle(vehicleId, fromMs, toMs),
				(use) => use.vehicleId === vehicleId && fromMs <= use.startMs && use.startMs < toMs,
			),
		bookedAtMost: (fromMs, toMs, limit) => [
			...directory.bookedAtMost(fromMs, toMs, limit),
			...asChanged([], ({ startMs, endMs }) => startMs < toMs && endMs > fromMs).map((use) => ({ ...use, times: 1 })),
		],
		specificationIdOf: (rightId) =>
			rights.has(rightId)
				? (row('assignedRights', rightId)?.specificationId ?? null)
				: directory.specificationIdOf(rightId),
		longestGraceMin: () =>
			Math.max(
				directory.longestGraceMin(),
				...changesOf('rightSpecifications').map(({ key }) => row('rightSpecifications', key)?.graceMin ?? 0),
			),
	};
}

function byKey(changes: readonly ChangedRow[]): ReadonlyMap<string, ChangedRow> {
	return new Map(changes.map((change) => [change.key, change]));
}
