import type { Sqlite } from './open-database.ts';
import type { Transactions } from './transactions.ts';

/** One person that is being erased, or was; who it was is known only until it is done. */
export interface Erasure<Person> {
	readonly id: string;
	readonly requestedAtMs: number;
	readonly operatorId: string;
	/** What they are found by; null: done. */
	readonly person: Person | null;
	/** The journal is done up to this place. */
	readonly position: number;
	/** Rows of the journal erased so far. */
	readonly erased: number;
	readonly doneAtMs: number | null;
}

export interface ErasureStore {
	begin<Person>(erasure: Pick<Erasure<Person>, 'id' | 'requestedAtMs' | 'operatorId' | 'person'>): void;
	advance(id: string, position: number, erased: number): void;
	/** Forgets who it was. */
	finish(id: string, doneAtMs: number): void;
	/** Nothing was erased yet, and nothing will be. */
	withdraw(id: string): void;
	/** Newest first. The person is as it was begun with. */
	list<Person>(limit: number): readonly Erasure<Person>[];
	/** Oldest first. */
	pending<Person>(): readonly (Erasure<Person> & { readonly person: Person })[];
}

type StoredErasure = Erasure<string>;

const COLUMNS =
	'id, requested_at_ms AS requestedAtMs, operator_id AS operatorId, person, position, erased, done_at_ms AS doneAtMs';

export function createErasureStore(db: Sqlite, transactions: Transactions): ErasureStore {
	const insert = db.prepare<[string, number, string, string]>(
		'INSERT INTO erasures (id, requested_at_ms, operator_id, person, position, erased) VALUES (?, ?, ?, ?, 0, 0)',
	);
	const advance = db.prepare<[number, number, string]>(
		'UPDATE erasures SET position = ?, erased = erased + ? WHERE id = ?',
	);
	const finish = db.prepare<[number, string]>('UPDATE erasures SET person = NULL, done_at_ms = ? WHERE id = ?');
	const remove = db.prepare<[string]>('DELETE FROM erasures WHERE id = ?');
	const newest = db.prepare<[number], StoredErasure>(
		`SELECT ${COLUMNS} FROM erasures ORDER BY requested_at_ms DESC, id DESC LIMIT ?`,
	);
	const open = db.prepare<[], StoredErasure & { readonly person: string }>(
		`SELECT ${COLUMNS} FROM erasures WHERE person IS NOT NULL ORDER BY requested_at_ms, id`,
	);
	const changing = <A extends readonly unknown[]>(change: (...args: A) => unknown) => {
		return (...args: A): void => void transactions.run(() => change(...args));
	};
	return {
		begin: ({ id, requestedAtMs, operatorId, person }) =>
			transactions.run(() => {
				insert.run(id, requestedAtMs, operatorId, JSON.stringify(person));
			}),
		advance: changing((id: string, position: number, erased: number) => advance.run(position, erased, id)),
		finish: changing((id: string, doneAtMs: number) => finish.run(doneAtMs, id)),
		withdraw: changing((id: string) => remove.run(id)),
		list: <Person>(limit: number) =>
			newest.all(limit).map(({ person, ...stored }) => ({ ...stored, person: parsed<Person>(person) })),
		pending: <Person>() =>
			open.all().map(({ person, ...stored }) => ({ ...stored, person: JSON.parse(person) as Person })),
	};
}

/** Written by `begin` only, so it is not validated again. */
function parsed<Person>(person: string | null): Person | null {
	return person === null ? null : (JSON.parse(person) as Person);
}
