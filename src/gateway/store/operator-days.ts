import { foldText } from '../core/fold-text.ts';
import { MODULES, type Module } from '../core/permission/modules.ts';
import type { Sqlite } from './open-database.ts';
import { createActivePages } from './operator-active-pages.ts';
import type { OperatorState } from './operators.ts';
import type { Transactions } from './transactions.ts';

/** What an operator did, of one day or of several. `refused`: sign-ins with a wrong password or code. */
export type ActivityCounts = Readonly<Record<'logins' | 'refused' | Module, number>>;

export const NO_ACTIVITY: ActivityCounts = {
	...{ logins: 0, refused: 0 },
	...{ operations: 0, ground: 0, access: 0, rules: 0, system: 0 },
};

/** How long nobody heard of them: `never` signed in or did anything, or nothing since then. */
export type InactiveSince = 'never' | { readonly beforeMs: number };

export interface ActiveOperatorQuery {
	/** In name or e-mail, in any case and accents. */
	readonly text: string;
	readonly state: OperatorState | null;
	readonly roleId: string | null;
	/** Members of this group itself. */
	readonly groupId: string | null;
	readonly inactive: InactiveSince | null;
	/** The last name of the page before. */
	readonly after: { readonly nameKey: string; readonly id: string } | null;
	/** Names looked at at most where what narrows them is not rare; some ten ms of them unless given. */
	readonly looked?: number;
	readonly limit: number;
}

export interface ActiveOperator {
	readonly id: string;
	readonly name: string;
	readonly email: string;
	readonly state: OperatorState;
	readonly lastLoginAtMs: number | null;
	/** null: never. */
	readonly lastActiveMs: number | null;
}

export interface ActiveOperatorPage {
	/** By name. */
	readonly operators: readonly ActiveOperator[];
	/** null: there are no others. A page may be short, even empty, and go on: a bounded piece of many was looked through. */
	readonly next: { readonly nameKey: string; readonly id: string } | null;
}

export interface OperatorDay extends ActivityCounts {
	/** Beginning of the day at the site, UTC epoch ms. */
	readonly dayMs: number;
}

export interface ActivitySums extends ActivityCounts {
	/** Days on which they did anything. */
	readonly days: number;
}

/** What operators did by day, and when last; changed in the caller's transaction. */
export interface OperatorDayStore {
	/** To what is counted already; nothing of who is no longer here. */
	add(operatorId: string, dayMs: number, lastMs: number, counts: Partial<ActivityCounts>): void;
	/** Of days that begin in [fromMs, toMs). */
	sums(operatorId: string, fromMs: number, toMs: number): ActivitySums;
	/** Oldest first. */
	days(operatorId: string, fromMs: number, toMs: number): readonly OperatorDay[];
	page(query: ActiveOperatorQuery): ActiveOperatorPage;
	/** Ends days before that one of some operators after a number. @returns the number it came to; undefined: that was all. */
	removeBefore(dayMs: number, afterNumber: number, operators: number): number | undefined;
}

const FIELDS = ['logins', 'refused', ...MODULES] as const;

export function createOperatorDays(db: Sqlite, { run, read }: Transactions): OperatorDayStore {
	const numberOf = db.prepare<[string], number>('SELECT number FROM operator_activity WHERE operator_id = ?').pluck();
	const seen = db.prepare<[number, number]>(
		'UPDATE operator_activity SET last_at_ms = max(last_at_ms, ?) WHERE number = ?',
	);
	const add = db.prepare<[Record<string, number>]>(
		`INSERT INTO operator_days (number, day_ms, ${FIELDS.join(', ')})
		VALUES (:number, :dayMs, ${FIELDS.map((field) => `:${field}`).join(', ')}) ON CONFLICT DO UPDATE SET
			${FIELDS.map((field) => `${field} = ${field} + excluded.${field}`).join(', ')}`,
	);
	const sum = db.prepare<[string, number, number], ActivitySums>(
		`SELECT count(day_ms) AS days, ${FIELDS.map((field) => `ifnull(sum(${field}), 0) AS ${field}`).join(', ')}
		FROM operator_activity AS a JOIN operator_days AS d ON d.number = a.number
		WHERE operator_id = ? AND day_ms >= ? AND day_ms < ?`,
	);
	const days = db.prepare<[string, number, number], OperatorDay>(
		`SELECT day_ms AS dayMs, ${FIELDS.join(', ')} FROM operator_activity AS a JOIN operator_days AS d ON d.number = a.number
		WHERE operator_id = ? AND day_ms >= ? AND day_ms < ? ORDER BY day_ms`,
	);
	const numbers = db
		.prepare<[number, number], number>('SELECT number FROM operator_activity WHERE number > ? ORDER BY number LIMIT ?')
		.pluck();
	const end = db.prepare<[number, number]>('DELETE FROM operator_days WHERE number = ? AND day_ms < ?');
	const pages = createActivePages(db);
	return {
		add: (operatorId, dayMs, lastMs, counts) =>
			run(() => {
				const number = numberOf.get(operatorId);
				if (number === undefined) return;
				seen.run(lastMs, number);
				add.run({ ...NO_ACTIVITY, ...counts, number, dayMs });
			}),
		sums: (operatorId, fromMs, toMs) => read(() => sum.get(operatorId, fromMs, toMs) ?? { days: 0, ...NO_ACTIVITY }),
		days: (operatorId, fromMs, toMs) => read(() => days.all(operatorId, fromMs, toMs)),
		page: (query) => read(() => pages({ ...query, mail: query.text.trim().toLowerCase(), text: foldText(query.text) })),
		removeBefore: (dayMs, afterNumber, operators) =>
			run(() => {
				const some = numbers.all(afterNumber, operators);
				for (const number of some) end.run(number, dayMs);
				return some.at(-1);
			}),
	};
}
