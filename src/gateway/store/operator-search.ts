import { foldText } from '../core/fold-text.ts';
import type { Sqlite } from './open-database.ts';
import type { Transactions } from './transactions.ts';

export const OPERATOR_SEARCH_SQL = `
CREATE TABLE operator_names (
	operator_id TEXT PRIMARY KEY,
	name_key TEXT NOT NULL,
	email TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX operator_names_by_name ON operator_names (name_key, operator_id, email);

CREATE TABLE operator_words (
	word TEXT NOT NULL,
	operator_id TEXT NOT NULL,
	PRIMARY KEY (word, operator_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX operator_words_by_operator ON operator_words (operator_id);
`;

export interface OperatorQuery {
	/** Beginnings of words of the name or of the e-mail, in any order, accents and case apart; none: everybody. */
	readonly words: readonly string[];
	/** Only who has this kind of licence; null: whoever. */
	readonly kind: string | null;
	/** Only who has a licence since before then and did not sign in from then on, UTC epoch ms; null: whoever. */
	readonly unusedSinceMs?: number | null;
	/** Id of the last one of the page before; null: from the first on. Nobody comes after one who is no longer here. */
	readonly after: string | null;
	readonly limit: number;
}

export interface FoundOperator {
	readonly id: string;
	readonly name: string;
	readonly email: string;
	readonly lastLoginAtMs: number | null;
}

export interface OperatorSearch {
	/** Joins the caller's transaction; said again after a change of name or e-mail. */
	put(operator: { readonly id: string; readonly name: string; readonly email: string }): void;
	remove(operatorId: string): void;
	/** By name. */
	page(query: OperatorQuery): readonly FoundOperator[];
}

/** More make no search narrower. */
const MOST_WORDS = 5;

/** Words of a search as operators are found by them. */
export function searchWords(text: string): readonly string[] {
	const words = text.split(/\s+/).map(foldText);
	return words.filter((word) => word !== '').slice(0, MOST_WORDS);
}

export function createOperatorSearch(db: Sqlite, { run, read }: Transactions): OperatorSearch {
	const putName = db.prepare<[string, string, string]>(
		'INSERT INTO operator_names (operator_id, name_key, email) VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET name_key = excluded.name_key, email = excluded.email',
	);
	const putWord = db.prepare<[string, string]>(
		'INSERT INTO operator_words (word, operator_id) VALUES (?, ?) ON CONFLICT DO NOTHING',
	);
	const removeName = db.prepare<[string]>('DELETE FROM operator_names WHERE operator_id = ?');
	const removeWords = db.prepare<[string]>('DELETE FROM operator_words WHERE operator_id = ?');
	const selectName = db.prepare<[string], string>('SELECT name_key FROM operator_names WHERE operator_id = ?').pluck();
	const pages = createPages(db);
	return {
		put: ({ id, name, email }) =>
			run(() => {
				const nameKey = foldText(name);
				putName.run(id, nameKey, email.toLowerCase());
				removeWords.run(id);
				for (const word of [...nameKey.split(' '), foldText(email)]) if (word !== '') putWord.run(word, id);
			}),
		remove: (operatorId) =>
			run(() => {
				removeName.run(operatorId);
				removeWords.run(operatorId);
			}),
		page: ({ words, kind, unusedSinceMs = null, after, limit }) =>
			read(() => {
				// The longest names the fewest.
				const [first, ...others] = words.toSorted((a, b) => b.length - a.length);
				const nameKey = after === null ? '' : selectName.get(after);
				if (nameKey === undefined) return [];
				const bounds = Object.fromEntries(
					[first ?? '', ...others].flatMap((word, place) => [
						[`from${place}`, word],
						[`to${place}`, `${word}\u{10FFFF}`],
					]),
				);
				return pages(words.length, kind).all({ ...bounds, kind, unusedSinceMs, nameKey, id: after ?? '', limit });
			}),
	};
}

/** Of fewer, sorting all of them is quicker than looking through everybody. */
const FEW = 2_000;

const OF_KIND = 'SELECT 1 FROM licence_grants AS g WHERE g.operator_id = names.operator_id AND g.kind = :kind';

const UNUSED = `(:unusedSinceMs IS NULL OR (coalesce(operators.last_login_at_ms, 0) < :unusedSinceMs AND EXISTS
	(SELECT 1 FROM licence_grants AS g WHERE g.operator_id = names.operator_id AND g.since_ms < :unusedSinceMs
	AND (:kind IS NULL OR g.kind = :kind))))`;

/** One statement for each number of words, and way to narrow them to a kind. */
function createPages(db: Sqlite) {
	const selectUsed = db.prepare<[string], number>('SELECT used FROM licence_kind_uses WHERE kind = ?').pluck();
	const prepare = (words: number, kind: 'any' | 'few' | 'many') => {
		const source =
			words > 0
				? 'SELECT DISTINCT operator_id FROM operator_words WHERE word BETWEEN :from0 AND :to0'
				: kind === 'few'
					? 'SELECT operator_id FROM licence_grants WHERE kind = :kind'
					: null;
		const names =
			source === null
				? 'operator_names AS names'
				: `(${source}) AS found CROSS JOIN operator_names AS names ON names.operator_id = found.operator_id`;
		const where = [
			'(names.name_key, names.operator_id) > (:nameKey, :id)',
			...Array.from(
				{ length: Math.max(0, words - 1) },
				(_, place) => `EXISTS (SELECT 1 FROM operator_words AS w WHERE w.operator_id = names.operator_id
					AND w.word BETWEEN :from${place + 1} AND :to${place + 1})`,
			),
			...(kind === 'any' ? [] : [`EXISTS (${OF_KIND})`]),
			UNUSED,
		];
		return db.prepare<[Readonly<Record<string, string | number | null>>], FoundOperator>(
			`SELECT names.operator_id AS id, operators.name, operators.email, operators.last_login_at_ms AS lastLoginAtMs
			FROM ${names} CROSS JOIN operators ON operators.id = names.operator_id
			WHERE ${where.join(' AND ')} ORDER BY names.name_key, names.operator_id LIMIT :limit`,
		);
	};
	const prepared = Array.from({ length: MOST_WORDS + 1 }, (_, words) => ({
		any: prepare(words, 'any'),
		few: prepare(words, 'few'),
		many: prepare(words, 'many'),
	}));
	return (words: number, kind: string | null) => {
		const way = kind === null ? 'any' : (selectUsed.get(kind) ?? 0) < FEW ? 'few' : 'many';
		return prepared[words]?.[way] ?? prepare(words, way);
	};
}
