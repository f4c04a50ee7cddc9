import { LIMITS } from '../core/limits.ts';
import type { Sqlite } from './open-database.ts';
import type { Transactions } from './transactions.ts';

/** An event that central refused, or that no message could carry; its row stays in the journal. */
export interface DeadLetter {
	readonly gatewayEpoch: string;
	readonly seq: number;
	/** Central's word for why; `tooLarge`: it never left. */
	readonly code: string;
	readonly atMs: number;
	/** Of its entry; null: erased since. */
	readonly type: string | null;
	readonly id: string | null;
}

export interface DeadLetterStore {
	/** Each once, in one commit; those that are known already cost none. */
	add(gatewayEpoch: string, rejected: readonly { readonly seq: number; readonly code: string }[], atMs: number): void;
	/** Newest first. */
	list(limit: number): readonly DeadLetter[];
	/** Of those that are kept: the oldest are forgotten beyond LIMITS.deadLettersKept. */
	count(): number;
}

type StoredLetter = Omit<DeadLetter, 'type' | 'id'>;

/** @param entryOf what an event told of; null: erased, or told by nobody. */
export function createDeadLetters(
	db: Sqlite,
	{ run, read, onForget }: Transactions,
	entryOf: (gatewayEpoch: string, seq: number) => { readonly type: string; readonly id: string } | null,
): DeadLetterStore {
	const isKnown = db
		.prepare<[string, number], number>('SELECT 1 FROM dead_letters WHERE gateway_epoch = ? AND seq = ?')
		.pluck();
	const insert = db.prepare<[string, number, string, number]>(
		'INSERT INTO dead_letters (gateway_epoch, seq, code, at_ms) VALUES (?, ?, ?, ?)',
	);
	const prune = db.prepare<[number]>(
		'DELETE FROM dead_letters WHERE number <= (SELECT max(number) FROM dead_letters) - ?',
	);
	const select = db.prepare<[number], StoredLetter>(
		'SELECT gateway_epoch AS gatewayEpoch, seq, code, at_ms AS atMs FROM dead_letters ORDER BY number DESC LIMIT ?',
	);
	const countAll = db.prepare<[], number>('SELECT count(*) FROM dead_letters').pluck();
	// Pages ask every few seconds, and almost always there is none.
	let known: number | undefined;
	onForget(() => {
		known = undefined;
	});
	const count = () => {
		known ??= read(() => countAll.get() ?? 0);
		return known;
	};

	return {
		add(gatewayEpoch, rejected, atMs) {
			const fresh = read(() => rejected.filter(({ seq }) => isKnown.get(gatewayEpoch, seq) === undefined));
			if (fresh.length === 0) return;
			run(() => {
				for (const { seq, code } of fresh) insert.run(gatewayEpoch, seq, code, atMs);
				prune.run(LIMITS.deadLettersKept);
				known = undefined;
			});
		},
		list: (limit) =>
			count() === 0
				? []
				: read(() =>
						select.all(limit).map((letter) => {
							const entry = entryOf(letter.gatewayEpoch, letter.seq);
							return { ...letter, type: entry?.type ?? null, id: entry?.id ?? null };
						}),
					),
		count,
	};
}
