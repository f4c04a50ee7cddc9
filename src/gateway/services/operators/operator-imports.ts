import { LIMITS } from '../../core/limits.ts';
import type { ColumnMapping, NamedColumn } from '../tables/map-columns.ts';
import type { ProblemReport } from '../tables/problem-list.ts';
import type { TableColumn } from '../tables/table.ts';
import { Refused, refusable } from './guarded-change.ts';
import { createOperatorMaker, type MadeOperator, type MakeRefusal, type OperatorCode } from './make-operators.ts';
import type { OperatorGroups } from './operator-groups.ts';
import type { Actor, OperatorsParts } from './operators-deps.ts';
import { type OperatorRowWish, readOperators } from './read-operators.ts';

/** What becomes of one row of the file. */
export interface ImportedOperator extends Pick<OperatorRowWish, 'row' | 'email' | 'name' | 'roles' | 'groupIds'> {
	readonly outcome: 'new' | 'changed' | 'same' | 'refused';
	/** null: nothing stands in the way. */
	readonly refusal: MakeRefusal | null;
	/** null: it was not applied. */
	readonly operatorId: string | null;
}

/** A list of operators: `previewed` or `unreadable`, then `applied`, then `undone`. */
export interface OperatorImport {
	readonly id: string;
	readonly fileName: string;
	readonly createdAtMs: number;
	/** Who brought it in; null: the command line. */
	readonly operatorId: string | null;
	readonly stage: 'previewed' | 'unreadable' | 'applied' | 'undone';
	readonly columns: readonly TableColumn[];
	readonly mapping: ColumnMapping;
	readonly problems: ProblemReport;
	readonly rows: readonly ImportedOperator[];
	/** Seats that were free when it was read; null: not limited. Who is invited takes one when they come in. */
	readonly seatsFree: number | null;
	/** Rows that were changed since, and stayed when it was undone. */
	readonly kept: number;
}

export type OperatorImportAnswer =
	/** `codes`: of who was invited, shown this once. */
	| { readonly result: 'done'; readonly import: OperatorImport; readonly codes: readonly OperatorCode[] }
	| { readonly result: 'notFound' | 'wrongStage' | 'hasErrors' }
	/** Of this row; nothing was changed. */
	| { readonly result: 'rowRefused'; readonly row: number; readonly refusal: MakeRefusal };

/**
 * Operators by CSV (FEATURES Z8): looked at, then invited and changed as a whole or not at all, and undone. Each row does
 * what an administrator would do by hand, with their own permissions, and is refused what they would be refused.
 */
export interface OperatorImports {
	/** The newest first. */
	list(): readonly OperatorImport[];
	get(id: string): OperatorImport | undefined;
	/** Reads it, and tries it out without keeping anything of that. */
	preview(
		file: { readonly fileName: string; readonly bytes: Uint8Array },
		named: readonly NamedColumn[],
		by: Actor,
	): Promise<OperatorImport>;
	apply(id: string, by: Actor): OperatorImportAnswer;
	/** Who was invited and did not come in goes; who was changed becomes what they were, unless changed since. */
	undo(id: string, by: Actor): OperatorImportAnswer;
	/** Forgets it; what it changed stays. @returns false: there was none. */
	discard(id: string): boolean;
}

/** As it is kept: with what is needed to make it, and to take it back. */
interface Kept extends Omit<OperatorImport, 'id' | 'createdAtMs'> {
	readonly wishes: readonly OperatorRowWish[];
	readonly made: readonly MadeOperator[];
}

export function createOperatorImports(parts: OperatorsParts, groups: OperatorGroups): OperatorImports {
	const { clock, audit, newId, store, journalGrew } = parts;
	const { operatorImports } = store;
	const maker = createOperatorMaker(parts, groups);

	const load = (id: string): Kept | undefined => {
		const row = operatorImports.byId(id);
		// Written by `keep` alone.
		return row && (JSON.parse(row.body) as Kept);
	};
	const shown = (id: string, createdAtMs: number, { wishes: _, made: __, ...rest }: Kept): OperatorImport => ({
		...{ id, createdAtMs, ...rest },
	});
	function get(id: string): OperatorImport | undefined {
		const row = operatorImports.byId(id);
		return row && shown(id, row.createdAtMs, JSON.parse(row.body) as Kept);
	}
	function keep(id: string, kept: Kept): void {
		const createdAtMs = operatorImports.byId(id)?.createdAtMs ?? clock.nowMs();
		operatorImports.put({ id, createdAtMs, body: JSON.stringify(kept) });
	}

	/** Each by itself, so that all refusals are told; nothing of it stays. */
	function tryOut(wishes: readonly OperatorRowWish[], by: Actor): readonly ImportedOperator[] {
		const rows: ImportedOperator[] = [];
		const looked = new Error('looked at');
		try {
			store.attempt(() => {
				for (const wish of wishes) {
					const answer = refusable<MadeOperator | { readonly refusal: MakeRefusal }>(store.attempt, () =>
						maker.make(wish, by),
					);
					const row = rowOf(wish, answer);
					// Who was only tried out is nobody yet.
					rows.push(row.outcome === 'new' ? { ...row, operatorId: null } : row);
				}
				throw looked;
			});
		} catch (error) {
			if (error !== looked) throw error;
		}
		parts.accessChanged();
		return rows;
	}

	function seatsFree(): number | null {
		const seats = parts.seats?.();
		return seats === undefined ? null : Math.max(0, seats.available - store.operators.seatsTaken());
	}

	return {
		list: () => operatorImports.list().map(({ id, createdAtMs, body }) => shown(id, createdAtMs, JSON.parse(body))),
		get,
		async preview({ fileName, bytes }, named, by) {
			const { wishes, ...read } = await readOperators(bytes, named, store.operators);
			const rows = tryOut(wishes, by);
			const stage = read.problems.errors > 0 ? 'unreadable' : 'previewed';
			const free = seatsFree();
			const id = newId();
			const { operatorId } = by;
			const kept: Kept = {
				...{ fileName, operatorId, stage, ...read, rows, wishes },
				made: [],
				seatsFree: free,
				kept: 0,
			};
			store.transaction(() => {
				keep(id, kept);
				operatorImports.prune(LIMITS.operatorImportsKept, clock.nowMs() - LIMITS.importsKeptMs);
			});
			return shown(id, clock.nowMs(), kept);
		},
		apply(id, by) {
			const kept = load(id);
			if (kept === undefined) return { result: 'notFound' };
			if (kept.stage !== 'previewed') return { result: kept.stage === 'unreadable' ? 'hasErrors' : 'wrongStage' };
			const answer = refusable<OperatorImportAnswer>(store.attempt, () => {
				const made = kept.wishes.map((wish) => {
					try {
						return maker.make(wish, by);
					} catch (error) {
						if (!(error instanceof Refused)) throw error;
						throw new Refused({ result: 'rowRefused', row: wish.row, ...error.answer });
					}
				});
				const rows = kept.wishes.map((wish, place) => rowOf(wish, made[place]));
				const count = (outcome: string) => made.filter((one) => one.outcome === outcome).length;
				const detail = { fileName: kept.fileName, new: count('new'), changed: count('changed') };
				audit.write('operatorsImported', by.operatorId, id, detail);
				const codes = made.flatMap((one) => one.code ?? []);
				keep(id, {
					...kept,
					rows,
					stage: 'applied',
					made: made.map(({ code: _, ...one }) => ({ ...one, code: null })),
				});
				const applied = get(id);
				if (applied === undefined) throw new Refused({ result: 'notFound' });
				return { result: 'done', import: applied, codes };
			});
			parts.accessChanged();
			journalGrew();
			if (answer.result === 'done') for (const code of answer.codes) maker.mail(code);
			return answer;
		},
		undo(id, by) {
			const kept = load(id);
			if (kept === undefined) return { result: 'notFound' };
			if (kept.stage !== 'applied') return { result: 'wrongStage' };
			store.attempt(() => {
				const stayed = kept.made.toReversed().filter((one) => !maker.takeBack(one, by)).length;
				audit.write('operatorsImportUndone', by.operatorId, id, { fileName: kept.fileName, kept: stayed });
				const rows = kept.rows.map((row) => {
					const isHere = row.operatorId !== null && store.operators.operatorById(row.operatorId) !== undefined;
					return isHere ? row : { ...row, operatorId: null };
				});
				keep(id, { ...kept, rows, stage: 'undone', kept: stayed, made: [] });
			});
			parts.accessChanged();
			journalGrew();
			const undone = get(id);
			return undone === undefined ? { result: 'notFound' } : { result: 'done', import: undone, codes: [] };
		},
		discard: (id) => operatorImports.remove(id),
	};
}

function rowOf(
	{ row, email, name, roles, groupIds }: OperatorRowWish,
	answer: MadeOperator | { readonly refusal: MakeRefusal } | undefined,
): ImportedOperator {
	const said = { row, email, name, roles, groupIds };
	if (answer === undefined || 'refusal' in answer)
		return { ...said, outcome: 'refused', refusal: answer?.refusal ?? null, operatorId: null };
	return { ...said, outcome: answer.outcome, refusal: null, operatorId: answer.operatorId };
}
