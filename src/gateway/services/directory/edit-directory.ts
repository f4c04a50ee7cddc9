import type { Clock } from '../../core/clock.ts';
import { DIRECTORY_TABLES, type DirectoryTable } from '../../core/directory.ts';
import { GatewayError } from '../../core/gateway-error.ts';
import type { EditEntry } from '../../core/journal.ts';
import { LIMITS } from '../../core/limits.ts';
import type { DirectoryReader } from '../../store/directory-reader.ts';
import type { SiteStore } from '../../store/site-store.ts';
import type { FollowUp } from './bundle-rights.ts';
import { type ChangedRows, createChangedRows } from './changed-rows.ts';
import type { DirectoryChange, DirectoryEdits, EditAnswer, EditBy, EditProblem } from './directory-edits.ts';
import { createRowChecks, type RowChecksDeps, type RowRule } from './row-checks.ts';
import { etagOf } from './row-etag.ts';
import { createScopedChanges } from './scoped-changes.ts';
import { createSealedCodes } from './sealed-codes.ts';

export interface EditDirectoryDeps {
	readonly store: Pick<SiteStore, 'transaction' | 'journal' | 'localEdits' | 'settings'>;
	readonly directory: Pick<DirectoryReader, 'read' | 'row' | 'baseRow' | 'find' | 'stream'>;
	readonly clock: Pick<Clock, 'nowMs'>;
	/** In the order they are made: mutations are answered in it. */
	readonly newId: () => string;
	/** What the fields alone can't say: a booking needs room, one bundle is the default. */
	readonly rules: Readonly<Partial<Record<DirectoryTable, RowRule>>>;
	/** Rows that change because others do: what a tag gives. */
	readonly follow: FollowUp;
	/** Whether a central platform owns the directory. */
	readonly hasCentral: boolean;
	readonly isWired: RowChecksDeps['isWired'];
	/** The disk takes nothing: what is edited would be lost with the copy in memory, so nothing is. */
	readonly storeProblem?: GatewayError;
	/** After a commit: sync may send, and a standalone site takes the edit over. */
	readonly edited: () => void;
}

export function createDirectoryEdits(deps: EditDirectoryDeps): DirectoryEdits {
	const { store, directory, clock, newId } = deps;
	const checks = createRowChecks({
		...deps,
		isCentrals: (table, key) => deps.hasCentral && directory.baseRow(table, key) !== undefined,
	});
	const codes = createSealedCodes(store);

	/** Carries the changes through one after the other, each on what those before it left. */
	function plan(
		changes: readonly DirectoryChange[],
		{ access }: Pick<EditBy, 'access'>,
	): { rows: ChangedRows; problems: readonly EditProblem[] } {
		const rows = createChangedRows(directory);
		const scoped = createScopedChanges(directory, rows, access);
		const problems: EditProblem[] = [];
		for (const [place, change] of changes.entries()) {
			rows.begin(place);
			problems.push(
				...checks.apply(rows, change, newId, scoped.hides).map((problem) => ({ change: place, ...problem })),
			);
			if (problems.length >= LIMITS.editsTogether) break;
		}
		if (problems.length === 0) deps.follow(rows, newId);
		if (problems.length === 0) problems.push(...checks.tooMany(rows));
		if (problems.length === 0) problems.push(...scoped.problems(changes));
		if (problems.length === 0) problems.push(...checks.together(rows, scoped.hides));
		return { rows, problems };
	}

	function write(rows: ChangedRows, { operatorId, batchId = newId() }: EditBy): EditAnswer {
		const atMs = clock.nowMs();
		for (const { table, key, before, after } of rows.all()) {
			const mutationId = newId();
			const baseRev = directory.stream(DIRECTORY_TABLES[table].stream)?.rev ?? 0;
			const base = directory.baseRow(table, key);
			const baseEtag = base === undefined ? null : etagOf(base);
			const states = { before: codes.seal(table, before), after: codes.seal(table, after) };
			const change = { operatorId, batchId, table, key, baseRev, ...states };
			store.journal.append({ type: 'edit', class: 'audit', id: mutationId, atMs, ...change });
			const position = store.journal.lastPosition();
			const edit = { table, key, mutationId, row: after, baseRev, baseEtag, position, atMs, acceptedRev: null };
			store.localEdits.put(edit);
		}
		return { result: 'done', batchId, rows: rows.all().map(({ table, key, after }) => ({ table, key, row: after })) };
	}

	function edit(changes: readonly DirectoryChange[], by: EditBy): EditAnswer {
		if (deps.storeProblem !== undefined) throw deps.storeProblem;
		const answer = store.transaction((): EditAnswer => {
			const { rows, problems } = directory.read(() => plan(changes, by));
			return problems.length > 0 ? { result: 'refused', problems } : write(rows, by);
		});
		if (answer.result === 'done') deps.edited();
		return answer;
	}

	const opened = (entry: EditEntry): EditEntry => {
		const { table, before, after } = entry;
		return { ...entry, before: codes.open(table, before), after: codes.open(table, after) };
	};
	const batch = (batchId: string) => store.journal.editsOf({ batchId }, LIMITS.editsTogether + 1).map(opened);

	return {
		get(table, key) {
			const row = directory.row(table, key);
			if (row === undefined) return undefined;
			const isPending = store.localEdits.get(table, key) !== undefined;
			return { row, etag: etagOf(row), isPending, ownedByCentral: checks.ownedByCentral(table, key) };
		},
		edit,
		preview: (changes, by = {}) =>
			directory.read(() => {
				const { rows, problems } = plan(changes, by);
				if (problems.length > 0) return { result: 'refused', problems };
				const planned = rows.all().map(({ table, key, after }) => ({ table, key, row: after }));
				return { result: 'done', batchId: '', rows: planned };
			}),
		batch,
		undo(batchId, by) {
			if (store.journal.isErased(batchId)) {
				throw new GatewayError('CONFLICT', `The change ${batchId} can't be undone: what it changed was erased since.`);
			}
			const entries = batch(batchId);
			if (entries.length === 0) throw new GatewayError('NOT_FOUND', `There is no change ${batchId} to undo.`);
			return edit(entries.toReversed().map(reverse), by);
		},
		history: (table, key) => store.journal.editsOf({ table, key }, LIMITS.editHistory).map(opened),
	};
}

/** Refused when the row is no longer what the change left. */
function reverse({ table, key, before, after }: EditEntry): DirectoryChange {
	if (after === null) return { op: 'create', table, row: before ?? {} };
	const ifMatch = etagOf(after);
	return before === null
		? { op: 'delete', table, key, ifMatch, alone: true }
		: { op: 'update', table, key, ifMatch, fields: before };
}
