import type { Sqlite } from './open-database.ts';
import type { Transactions } from './transactions.ts';

/** Salt, hash, commitment and headers of a journal row beside its body. */
const ROW_BYTES = 128;

/** Which journal rows are telemetry, oldest first, and what they take: the one class that may be dropped. */
export interface TelemetryRows {
	/** Joins the running transaction. */
	add(position: number, body: string): void;
	/** Its row was erased. */
	forget(position: number): void;
	bytes(): number;
	/** Positions after `position`, in order. */
	after(position: number, limit: number): readonly number[];
}

export function createTelemetryRows(db: Sqlite, { onForget }: Pick<Transactions, 'onForget'>): TelemetryRows {
	const insert = db.prepare<[number, number]>('INSERT INTO journal_telemetry (position, bytes) VALUES (?, ?)');
	const select = db.prepare<[number], number>('SELECT bytes FROM journal_telemetry WHERE position = ?').pluck();
	const remove = db.prepare<[number]>('DELETE FROM journal_telemetry WHERE position = ?');
	const sum = db.prepare<[], number>('SELECT coalesce(sum(bytes), 0) FROM journal_telemetry').pluck();
	const selectAfter = db
		.prepare<[number, number], number>(
			'SELECT position FROM journal_telemetry WHERE position > ? ORDER BY position LIMIT ?',
		)
		.pluck();
	let known: number | undefined;
	onForget(() => {
		known = undefined;
	});
	const bytes = () => {
		known ??= sum.get() ?? 0;
		return known;
	};
	return {
		add(position, body) {
			const before = bytes();
			const size = ROW_BYTES + Buffer.byteLength(body);
			insert.run(position, size);
			known = before + size;
		},
		forget(position) {
			const size = select.get(position);
			if (size === undefined) return;
			const before = bytes();
			remove.run(position);
			known = before - size;
		},
		bytes,
		after: (position, limit) => selectAfter.all(position, limit),
	};
}
