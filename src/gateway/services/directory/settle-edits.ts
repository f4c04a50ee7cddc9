import type { Clock } from '../../core/clock.ts';
import { moreRestrictive } from '../../core/directory/more-restrictive.ts';
import { DIRECTORY_TABLES, type DirectoryTable, type StreamName } from '../../core/directory.ts';
import { LIMITS } from '../../core/limits.ts';
import type { DirectoryReader } from '../../store/directory-reader.ts';
import type { LocalEdit } from '../../store/local-edits.ts';
import type { SiteStore } from '../../store/site-store.ts';
import { etagOf } from './row-etag.ts';
import { createSealedCodes } from './sealed-codes.ts';

/** Central's word on one mutation. `unknown`: it never came there, or central forgot it. */
export type MutationAnswer =
	| { readonly id: string; readonly result: 'accepted'; readonly stream: string; readonly rev: number }
	| { readonly id: string; readonly result: 'rejected'; readonly code: string; readonly problem: string }
	| { readonly id: string; readonly result: 'unknown' };

/** What becomes of local edits as central answers and its rows come in (SYNC.md, local edits). */
export interface EditSettlement {
	/** Mutations without an answer whose event central has acknowledged, oldest first. */
	waiting(limit: number): readonly string[];
	answer(answers: readonly MutationAnswer[]): void;
	/** The directory holds this rev of the stream. `keys`: the rows that moved; null: any may have. */
	reached(stream: StreamName, rev: number, keys: readonly RowKey[] | null): void;
}

export interface RowKey {
	readonly table: string;
	readonly key: string;
}

export function createEditSettlement(deps: {
	readonly store: Pick<SiteStore, 'localEdits' | 'journal' | 'transaction' | 'settings'>;
	readonly directory: Pick<DirectoryReader, 'read' | 'baseRow' | 'stream'>;
	readonly clock: Pick<Clock, 'nowMs'>;
	readonly newId: () => string;
	readonly journalGrew: () => void;
}): EditSettlement {
	const { store, directory, clock, newId, journalGrew } = deps;
	const { localEdits, journal } = store;
	const codes = createSealedCodes(store);

	function accept(edit: LocalEdit, rev: number): void {
		const have = directory.stream(DIRECTORY_TABLES[edit.table].stream)?.rev ?? 0;
		if (have >= rev) localEdits.settle(edit);
		else localEdits.accept(edit.mutationId, rev);
	}

	/** The row is central's again; who made the edit finds the notice in the audit and on the row. */
	function reject(edit: LocalEdit, { code, problem }: Extract<MutationAnswer, { result: 'rejected' }>): void {
		localEdits.settle(edit);
		const { table, key, mutationId } = edit;
		const detail = { table, mutationId, code, problem: problem.slice(0, LIMITS.reasonLength) };
		journal.append({
			...{ type: 'audit', class: 'audit', id: newId(), atMs: clock.nowMs() },
			...{ operatorId: operatorOf(edit), action: 'editRejected', target: key, detail },
		});
	}

	/** As a new mutation: central never answers for the old one. */
	function sendAgain(edit: LocalEdit): void {
		const { table, key, baseRev } = edit;
		const after = codes.seal(table, edit.row);
		const mutationId = newId();
		const change = { operatorId: operatorOf(edit), batchId: mutationId, table, key, baseRev, before: after, after };
		journal.append({ type: 'edit', class: 'audit', id: mutationId, atMs: clock.nowMs(), ...change });
		localEdits.put({ ...edit, mutationId, position: journal.lastPosition(), acceptedRev: null });
	}

	function operatorOf({ table, key, mutationId }: LocalEdit): string | null {
		const entries = journal.editsOf({ table, key }, LIMITS.editHistory);
		return entries.find(({ id }) => id === mutationId)?.operatorId ?? null;
	}

	/** Central's row moved since the edit was made: until it is settled, the one of both that lets in less counts. */
	function contest(edit: LocalEdit): void {
		const base = directory.baseRow(edit.table, edit.key) ?? null;
		if ((base === null ? null : etagOf(base)) === edit.baseEtag) return;
		localEdits.show(edit, moreRestrictive(edit.table, base, edit.row));
	}

	function moved(edit: LocalEdit, stream: StreamName, rev: number): void {
		if (DIRECTORY_TABLES[edit.table].stream !== stream) return;
		if (edit.acceptedRev !== null && edit.acceptedRev <= rev) localEdits.settle(edit);
		else contest(edit);
	}

	return {
		waiting(limit) {
			const reached = journal.acknowledgedPosition();
			return localEdits
				.list(limit)
				.filter(({ acceptedRev, position }) => acceptedRev === null && position <= reached)
				.map(({ mutationId }) => mutationId);
		},
		answer(answers) {
			store.transaction(() => {
				for (const answer of answers) {
					const edit = localEdits.byMutation(answer.id);
					if (edit === undefined) continue;
					if (answer.result === 'accepted') accept(edit, answer.rev);
					else if (answer.result === 'rejected') reject(edit, answer);
					else sendAgain(edit);
				}
			});
			journalGrew();
		},
		reached(stream, rev, keys) {
			if (!localEdits.any()) return;
			if (keys !== null) {
				store.transaction(() => {
					for (const { table, key } of keys) {
						const edit = localEdits.get(table as DirectoryTable, key);
						if (edit !== undefined) moved(edit, stream, rev);
					}
				});
			} else {
				for (const slice of slices(localEdits.list)) {
					store.transaction(() => {
						for (const edit of slice) moved(edit, stream, rev);
					});
				}
			}
		},
	};
}

function* slices(list: SiteStore['localEdits']['list']): Generator<readonly LocalEdit[]> {
	let after = '';
	for (let slice = list(LIMITS.editsTogether); slice.length > 0; slice = list(LIMITS.editsTogether, after)) {
		after = slice.at(-1)?.mutationId ?? '';
		yield slice;
	}
}
