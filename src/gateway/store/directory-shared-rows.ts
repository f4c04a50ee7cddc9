import type { DirectoryRow, Schedule } from '../core/directory.ts';
import { textHash } from '../core/text-hash.ts';
import type { StreamState } from './directory-reader.ts';
import { type SqlValue, toSchedule, toSpecification } from './directory-tables.ts';
import type { Sqlite } from './open-database.ts';

/** Specifications and schedules kept as objects; more are read again. */
const REMEMBERED = 1_000;

interface SharedReads {
	readonly rows: Readonly<
		Record<'rightSpecifications' | 'schedules', { get(id: string): Record<string, SqlValue> | undefined }>
	>;
}

/** What every decision needs again: kept as objects until another commit changed the file, or an edit what lies over it. */
export function createSharedRows(db: Sqlite, reads: () => SharedReads, editsVersion: () => number) {
	const dataVersion = db.prepare<[], number>('PRAGMA main.data_version').pluck();
	const specifications = new Map<number, DirectoryRow<'rightSpecifications'>>();
	const schedules = new Map<number, Schedule>();
	let streams: readonly StreamState[] | undefined;
	let seenVersion: number | undefined;
	let seenEdits: number | undefined;
	let state: object = {};

	/** Of two ids with one hash the last is kept. */
	function remembered<T extends { readonly id: string }>(
		map: Map<number, T>,
		id: string,
		load: () => T | undefined,
	): T | undefined {
		const hash = textHash(id);
		const known = map.get(hash);
		if (known?.id === id) return known;
		const loaded = load();
		if (loaded === undefined) return undefined;
		if (map.size >= REMEMBERED) map.clear();
		map.set(hash, loaded);
		return loaded;
	}

	return {
		refresh() {
			const version = dataVersion.get();
			const edits = editsVersion();
			if (version === seenVersion && edits === seenEdits) return;
			seenVersion = version;
			seenEdits = edits;
			state = {};
			specifications.clear();
			schedules.clear();
			streams = undefined;
		},
		version: () => state,
		specification: (id: string) =>
			remembered(specifications, id, () => {
				const row = reads().rows.rightSpecifications.get(id);
				return row && toSpecification(row);
			}),
		schedule: (id: string) =>
			remembered(schedules, id, () => {
				const row = reads().rows.schedules.get(id);
				return row && toSchedule(row);
			}),
		streams(select: () => readonly StreamState[]) {
			streams ??= select();
			return streams;
		},
	};
}
