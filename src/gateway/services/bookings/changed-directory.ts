import type { DirectoryRow, DirectoryTable } from '../../core/directory.ts';
import { LIMITS } from '../../core/limits.ts';
import type { BookingUse } from '../../store/consumption.ts';
import type { KeepingRight, PlannedUse } from '../../store/directory-limit-reads.ts';
import type { DirectoryReader } from '../../store/directory-reader.ts';
import type { ChangedRow, ChangedRows } from '../directory/changed-rows.ts';

/** What of the directory says which places are promised. */
export type PromiseDirectory = Pick<
	DirectoryReader,
	'read' | 'row' | 'version' | 'find' | 'keepingRights' | 'plannedUsesIn'
>;

/** Without bookings that nobody came for: what was promised to them is free again. */
export function withoutNoShows(
	directory: PromiseDirectory,
	bookingUse: (bookingId: string) => BookingUse | undefined,
): PromiseDirectory {
	// A reader is no class instance: its functions need no receiver.
	const { read, row, version, find, keepingRights } = directory;
	return {
		...{ read, row, version, find, keepingRights },
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

	const withSpecification = (use: PlannedUse): PlannedUse => ({
		...use,
		specificationId: row('assignedRights', use.rightId)?.specificationId ?? null,
	});

	return {
		read: (run) => run(),
		row,
		version: () => rows,
		find: (table, where, limit) => rows.find(table, where, limit).map(({ id }) => String(id)),
		keepingRights(specificationId, onlySpaces, limit) {
			const kept = directory.keepingRights(specificationId, onlySpaces, limit).filter(({ id }) => !rights.has(id));
			return [...kept, ...[...rights].flatMap((id) => keepingRight(id, specificationId, onlySpaces))];
		},
		plannedUsesIn(fromMs, toMs, endsAfterMs) {
			const kept = directory
				.plannedUsesIn(fromMs, toMs, endsAfterMs, LIMITS.plannedUsesNear)
				.filter(({ id }) => !uses.has(id))
				.map((use) => (rights.has(use.rightId) ? withSpecification(use) : use));
			const changed = [...uses.values()].flatMap(({ after }) => {
				if (after === null) return [];
				// As above.
				const use = after as unknown as DirectoryRow<'plannedUses'>;
				const isWithin = fromMs <= use.startMs && use.startMs < toMs && use.endMs > endsAfterMs;
				return isWithin ? [withSpecification({ ...use, specificationId: null })] : [];
			});
			return [...kept, ...changed];
		},
	};
}

function byKey(changes: readonly ChangedRow[]): ReadonlyMap<string, ChangedRow> {
	return new Map(changes.map((change) => [change.key, change]));
}
