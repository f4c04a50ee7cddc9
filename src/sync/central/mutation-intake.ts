import { centralOwnedChanges } from '../../gateway/core/directory/central-owned.ts';
import { DIRECTORY_TABLES, type DirectoryTable, isDirectoryTable } from '../../gateway/core/directory.ts';
import type { DirectoryOp } from '../../gateway/core/directory-change.ts';
import { GatewayError } from '../../gateway/core/gateway-error.ts';
import { LIMITS } from '../../gateway/core/limits.ts';
import type { Body } from '../envelope.ts';
import { EVENT_DATA } from '../event-data.ts';
import type { CentralSqlite } from './central-database.ts';
import type { StreamStore } from './stream-store.ts';

export type MutationAnswer = Body<'mutationAnswers'>['answers'][number];

export interface TakenEdits {
	readonly answers: readonly MutationAnswer[];
	/** What became of the accepted ones, for all sites. */
	readonly deltas: readonly Body<'delta'>[];
	/** There are more. */
	readonly more: boolean;
}

/**
 * Local edits of sites, as they come in with the events: each is accepted into its stream, or rejected, once, in the order
 * of its site's history. One that changes a row which somebody else changed after the site last saw it is rejected: who
 * made it sees the newer row and decides again. So is one that changes what only central may (FEATURES X17): a site that
 * keeps to the rules makes none.
 */
export interface MutationIntake {
	/** Decides on the next edits of a history that are stored; durable when it returns. */
	take(site: string, gatewayEpoch: string): TakenEdits;
	answersTo(site: string, ids: readonly string[]): readonly MutationAnswer[];
}

interface StoredEdit {
	readonly seq: number;
	readonly id: string;
	readonly data: string;
	readonly rejected: string | null;
}

interface StoredAnswer {
	readonly id: string;
	readonly stream: string | null;
	readonly rev: number | null;
	readonly code: string | null;
	readonly problem: string | null;
}

export function createMutationIntake(db: CentralSqlite, streams: StreamStore): MutationIntake {
	const { selectHistory, selectNext, selectEdits, moveCursor, insertAnswer, selectAnswer } = prepareStatements(db);

	function decide(site: string, { data, rejected }: StoredEdit): Body<'delta'> | Rejection {
		if (rejected !== null) return { code: 'invalid', problem: 'the event did not fit its schema' };
		const { table, key, row, baseRev } = EVENT_DATA['parkgate.edit'].parse(JSON.parse(data));
		if (!isDirectoryTable(table)) return { code: 'invalid', problem: `there is no table ${table}` };
		const { stream } = DIRECTORY_TABLES[table];
		if (streams.changedSince(stream, baseRev, { table, key }, site)) {
			return { code: 'conflict', problem: 'the row was changed at central since' };
		}
		const owned = ownedFieldsChanged(table, key, row, baseRev);
		if (owned.length > 0) return { code: 'centralOwned', problem: `only central changes ${owned.join(', ')}` };
		const op: DirectoryOp = row === null ? { op: 'delete', table, key } : { op: 'put', table, key, row };
		try {
			return streams.change(stream, [op], site);
		} catch (error) {
			if (error instanceof GatewayError && error.code === 'INVALID_REQUEST') {
				return { code: 'invalid', problem: error.message.slice(0, LIMITS.reasonLength) };
			}
			throw error;
		}
	}

	/** What central did not have yet when the site made the edit is the site's proposal, whole. */
	function ownedFieldsChanged(table: DirectoryTable, key: string, row: unknown, baseRev: number): readonly string[] {
		const { stream, row: schema } = DIRECTORY_TABLES[table];
		const before = streams.row(stream, { table, key });
		const after = schema.safeParse(row);
		if (before === undefined || !after.success) return [];
		const owned = centralOwnedChanges(table, before, after.data);
		return owned.length > 0 && streams.existedAt(stream, baseRev, { table, key }) ? owned : [];
	}

	function carry(site: string, edit: StoredEdit, deltas: Body<'delta'>[]): MutationAnswer {
		const known = selectAnswer.get(site, edit.id);
		if (known !== undefined) return toAnswer(known);
		const decided = decide(site, edit);
		const answer = 'ops' in decided ? { ...NONE, stream: decided.stream, rev: decided.to } : { ...NONE, ...decided };
		insertAnswer.run({ site, id: edit.id, ...answer });
		if ('ops' in decided) deltas.push(decided);
		return toAnswer({ id: edit.id, ...answer });
	}

	return {
		take(site, gatewayEpoch) {
			// Nearly always: without a commit, and without holding up other centrals.
			if (selectNext.get(site, gatewayEpoch) === undefined) return NOTHING_TAKEN;
			return db
				.transaction((): TakenEdits => {
					const found = selectHistory.get(site, gatewayEpoch);
					if (found === undefined) return NOTHING_TAKEN;
					const { history, editsTo, upTo } = found;
					const edits = selectEdits.all(history, editsTo, upTo, LIMITS.mutationsAsked);
					const deltas: Body<'delta'>[] = [];
					const answers = edits.map((edit) => carry(site, edit, deltas));
					const more = edits.length === LIMITS.mutationsAsked;
					moveCursor.run(more ? (edits.at(-1)?.seq ?? upTo) : upTo, history);
					return { answers, deltas, more };
				})
				.immediate();
		},
		answersTo: (site, ids) =>
			ids.map((id) => {
				const known = selectAnswer.get(site, id);
				return known === undefined ? { id, result: 'unknown' } : toAnswer(known);
			}),
	};
}

const NOTHING_TAKEN: TakenEdits = { answers: [], deltas: [], more: false };

interface Rejection {
	readonly code: string;
	readonly problem: string;
}

const NONE = { stream: null, rev: null, code: null, problem: null };

function prepareStatements(db: CentralSqlite) {
	return {
		selectHistory: db.prepare<
			[string, string],
			{ readonly history: number; readonly upTo: number; readonly editsTo: number }
		>('SELECT history, up_to AS upTo, edits_to AS editsTo FROM histories WHERE site = ? AND gateway_epoch = ?'),
		selectNext: db.prepare<[string, string], number>(
			`SELECT e.seq FROM histories h JOIN events e ON e.history = h.history
			WHERE h.site = ? AND h.gateway_epoch = ? AND e.seq > h.edits_to AND e.seq <= h.up_to AND e.type = 'parkgate.edit' LIMIT 1`,
		),
		selectEdits: db.prepare<[number, number, number, number], StoredEdit>(
			`SELECT seq, id, data, rejected FROM events
			WHERE history = ? AND seq > ? AND seq <= ? AND type = 'parkgate.edit' ORDER BY seq LIMIT ?`,
		),
		moveCursor: db.prepare<[number, number]>('UPDATE histories SET edits_to = ? WHERE history = ?'),
		insertAnswer: db.prepare<[StoredAnswer & { readonly site: string }]>(
			`INSERT INTO mutations (site, id, stream, rev, code, problem)
			VALUES (:site, :id, :stream, :rev, :code, :problem)`,
		),
		selectAnswer: db.prepare<[string, string], StoredAnswer>(
			'SELECT id, stream, rev, code, problem FROM mutations WHERE site = ? AND id = ?',
		),
	};
}

function toAnswer({ id, stream, rev, code, problem }: StoredAnswer): MutationAnswer {
	if (stream !== null && rev !== null) return { id, result: 'accepted', stream, rev };
	return { id, result: 'rejected', code: code ?? 'invalid', problem: problem ?? '' };
}
