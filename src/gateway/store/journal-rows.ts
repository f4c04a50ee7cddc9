import { randomBytes } from 'node:crypto';
import type { ChainHash } from '../core/journal-chain.ts';
import { commitmentOf, nextChain } from './journal-hashes.ts';
import type { Sqlite } from './open-database.ts';

/** One row of the file. Body and salt are gone together; the commitment is stored only then. */
export interface StoredRow {
	readonly position: number;
	readonly salt: Buffer | null;
	readonly body: string | null;
	readonly commitment: Buffer | null;
	readonly chain: Buffer;
}

/** Where the journal ends. */
export interface JournalEnd {
	readonly position: number;
	readonly chain: ChainHash;
}

/** The journal's table, by position. */
export function createJournalRows(db: Sqlite) {
	const columns = 'position, salt, body, commitment, chain';
	const insert = db.prepare<[number, Uint8Array, string, Uint8Array]>(
		'INSERT INTO journal (position, salt, body, chain) VALUES (?, ?, ?, ?)',
	);
	const last = db.prepare<[], JournalEnd>('SELECT position, chain FROM journal ORDER BY position DESC LIMIT 1');
	const after = db.prepare<[number, number], StoredRow>(
		`SELECT ${columns} FROM journal WHERE position > ? ORDER BY position LIMIT ?`,
	);
	const at = db.prepare<[number], StoredRow>(`SELECT ${columns} FROM journal WHERE position = ?`);
	const chainAt = db.prepare<[number], Buffer>('SELECT chain FROM journal WHERE position = ?').pluck();
	const erase = db.prepare<[Uint8Array, number]>(
		'UPDATE journal SET salt = NULL, body = NULL, commitment = ? WHERE position = ?',
	);
	const salts = createSalts();
	return {
		last: () => last.get(),
		after: (position: number, limit: number) => after.all(position, limit),
		at: (position: number) => at.get(position),
		chainAt: (position: number): ChainHash | undefined => chainAt.get(position),
		/** @returns where the journal ends now. */
		append(end: JournalEnd, seq: number, body: string): JournalEnd {
			const position = end.position + 1;
			const salt = salts.next();
			const chain = nextChain(end.chain, seq, commitmentOf(salt, body));
			insert.run(position, salt, body, chain);
			return { position, chain };
		},
		/** @returns false when there is nothing to erase. */
		erase(position: number): boolean {
			const row = at.get(position);
			if (row === undefined || row.body === null) return false;
			erase.run(storedCommitment(row), position);
			return true;
		},
	};
}

export type JournalRows = ReturnType<typeof createJournalRows>;

export function storedCommitment({ salt, body, commitment }: StoredRow): ChainHash {
	if (salt !== null && body !== null) return commitmentOf(salt, body);
	return commitment ?? new Uint8Array(0);
}

const SALT_BYTES = 16;

/** Random bytes are drawn for many rows at once: one draw per row is slower than the hash. */
function createSalts() {
	let pool = new Uint8Array(0);
	let used = 0;
	return {
		next(): Uint8Array {
			if (used === pool.length) {
				pool = randomBytes(SALT_BYTES * 256);
				used = 0;
			}
			const salt = pool.subarray(used, used + SALT_BYTES);
			used += SALT_BYTES;
			return salt;
		},
	};
}
