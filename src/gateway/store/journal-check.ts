import type { ChainHash } from '../core/journal-chain.ts';
import { nextChain } from './journal-hashes.ts';
import { type StoredRow, storedCommitment } from './journal-rows.ts';

export type JournalCheck =
	| { readonly result: 'holds'; readonly upTo: number; readonly erased: number; readonly finished: boolean }
	| { readonly result: 'broken'; readonly seq: number; readonly problem: string };

export interface CheckFrom {
	readonly beforePosition: number;
	readonly afterSeq: number;
	/** Chain after `afterSeq`. */
	readonly previous: ChainHash;
	readonly limit: number;
}

/** Whether each row follows from the one before it; `rows` are at most `limit`. */
export function checkChain(rows: readonly StoredRow[], from: CheckFrom): JournalCheck {
	let previous = from.previous;
	let seq = from.afterSeq;
	let erased = 0;
	for (const row of rows) {
		seq += 1;
		if (row.position - from.beforePosition !== seq) return { result: 'broken', seq, problem: 'the row is missing' };
		if (row.body === null) erased += 1;
		const chain = nextChain(previous, seq, storedCommitment(row));
		if (Buffer.compare(chain, row.chain) !== 0) {
			return { result: 'broken', seq, problem: 'its content does not match its hash: changed after it was written' };
		}
		previous = chain;
	}
	return { result: 'holds', upTo: seq, erased, finished: rows.length < from.limit };
}
