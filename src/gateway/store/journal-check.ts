import type { ChainHash } from '../core/journal-chain.ts';
import { nextChain } from './journal-hashes.ts';

export type JournalCheck =
	| { readonly result: 'holds'; readonly upTo: number; readonly erased: number; readonly finished: boolean }
	| { readonly result: 'broken'; readonly seq: number; readonly problem: string };

export interface CheckFrom {
	readonly afterSeq: number;
	/** Chain after `afterSeq`. */
	readonly previous: ChainHash;
	readonly limit: number;
}

export interface CheckedRow {
	readonly seq: number;
	readonly isErased: boolean;
	readonly commitment: ChainHash;
	/** As it was kept; undefined: none was kept for this row. */
	readonly chain: ChainHash | undefined;
}

/** Whether each row follows from the one before it; `rows` are at most `limit`. */
export function checkChain(rows: readonly CheckedRow[], from: CheckFrom): JournalCheck {
	let previous = from.previous;
	let seq = from.afterSeq;
	let erased = 0;
	for (const row of rows) {
		seq += 1;
		if (row.seq !== seq) return { result: 'broken', seq, problem: 'the row is missing' };
		if (row.isErased) erased += 1;
		const chain = nextChain(previous, seq, row.commitment);
		if (row.chain !== undefined && Buffer.compare(chain, row.chain) !== 0) {
			return { result: 'broken', seq, problem: 'its content does not match its hash: changed after it was written' };
		}
		previous = chain;
	}
	return { result: 'holds', upTo: seq, erased, finished: rows.length < from.limit };
}
