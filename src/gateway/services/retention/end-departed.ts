import { VISITOR_TAG } from '../../core/directory/holders.ts';
import type { DirectoryTable } from '../../core/directory.ts';
import { LIMITS } from '../../core/limits.ts';
import type { RetentionSettings } from '../../core/retention.ts';
import type { DirectoryReader } from '../../store/directory-reader.ts';
import type { SiteStore } from '../../store/site-store.ts';
import type { AnyRow } from '../directory/directory-edits.ts';
import type { DirectoryLists } from '../directory/directory-lists.ts';
import { readPerson, traceOf } from '../privacy/person.ts';
import type { RetentionHolds } from './holds.ts';

export interface RowName {
	readonly table: DirectoryTable;
	readonly key: string;
}

/** Where the site owns its directory: it alone can end what nobody comes back to. */
export interface OwnDirectory {
	readonly directory: Pick<DirectoryReader, 'read' | 'row' | 'find'>;
	readonly lists: Pick<DirectoryLists, 'rows'>;
	/** Takes rows out of the directory for good. */
	readonly takeAway: (rows: readonly RowName[]) => Promise<void>;
}

/** Rows taken away together. */
const TOGETHER = 40;
const DAY_MS = 86_400_000;

/** Ends bookings that are long over, and visitors whose last visit is: holder, credentials, rights, and what they cost. */
export function createDepartedRetention(deps: {
	readonly own: OwnDirectory;
	readonly store: Pick<
		SiteStore,
		'transaction' | 'personalStays' | 'parkingSessions' | 'journalErasure' | 'editErasure'
	>;
	readonly holds: Pick<RetentionHolds, 'kept'>;
	readonly settings: RetentionSettings;
	readonly nowMs: () => number;
	readonly rest: () => Promise<void>;
}): (signal: AbortSignal) => Promise<{ readonly bookings: number; readonly visitors: number }> {
	const { own, store, settings, nowMs } = deps;
	const { directory, lists } = own;

	/** With what their changes were: it can't be undone. */
	async function takeAway(rows: readonly RowName[]): Promise<void> {
		await own.takeAway(rows);
		const { entry: isHeld } = deps.holds.kept();
		store.transaction(() => {
			const edits = rows.flatMap(({ table, key }) => store.editErasure.ofRow(table, key, LIMITS.editHistory));
			store.journalErasure.erase(edits.filter((row) => !isHeld(row.entry())));
		});
	}

	async function endBookings(signal: AbortSignal): Promise<number> {
		const endMs = nowMs() - settings.staysDays * DAY_MS;
		let ended = 0;
		for await (const rows of lists.rows({ table: 'plannedUses' })) {
			const over = rows.filter((row) => Number(row['endMs']) < endMs).map(nameOf('plannedUses'));
			for (let at = 0; at < over.length && !signal.aborted; at += TOGETHER) {
				await takeAway(over.slice(at, at + TOGETHER));
				await deps.rest();
			}
			ended += over.length;
			// They come by their beginning.
			if (signal.aborted || Number(rows.at(-1)?.['startMs']) >= endMs) break;
		}
		return ended;
	}

	/** Nothing of theirs is valid, or will be, and they are not here. */
	function hasLeft(holderId: string, endMs: number): boolean {
		const person = readPerson(directory, holderId);
		if (person === undefined || store.parkingSessions.openFor(holderId).length > 0) return false;
		const isOver = ({ validToMs }: AnyRow) => typeof validToMs === 'number' && validToMs < endMs;
		return (
			person.rights.length > 0 &&
			person.rights.every(isOver) &&
			person.bookings.every((booking) => Number(booking['endMs']) < endMs)
		);
	}

	async function endVisitor(holderId: string): Promise<void> {
		const person = readPerson(directory, holderId);
		if (person === undefined) return;
		await takeAway([
			...person.bookings.map(nameOf('plannedUses')),
			...person.credentials.map(nameOf('credentials')),
			...person.rights.map(nameOf('assignedRights')),
			{ table: 'holders', key: holderId },
		]);
		store.transaction(() => store.personalStays.forget(traceOf(person)));
	}

	async function endVisitors(signal: AbortSignal): Promise<number> {
		const endMs = nowMs() - settings.visitorsDays * DAY_MS;
		let ended = 0;
		for await (const rows of lists.rows({ table: 'holders', where: { tags: [VISITOR_TAG], kind: ['person'] } })) {
			for (const { id } of rows) {
				if (signal.aborted) return ended;
				const holderId = String(id);
				if (!directory.read(() => hasLeft(holderId, endMs))) continue;
				await endVisitor(holderId);
				ended += 1;
				await deps.rest();
			}
		}
		return ended;
	}

	return async (signal) => ({ bookings: await endBookings(signal), visitors: await endVisitors(signal) });
}

const nameOf =
	(table: DirectoryTable) =>
	(row: AnyRow): RowName => ({ table, key: String(row['id']) });
