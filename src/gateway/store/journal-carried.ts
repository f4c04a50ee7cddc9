import type { ChainHash } from '../core/journal-chain.ts';
import type { Epoch } from './journal-epochs.ts';
import { chainStart, nextChain } from './journal-hashes.ts';
import { type JournalRows, storedCommitment } from './journal-rows.ts';
import type { Sqlite } from './open-database.ts';

/** A hash is kept after so many rows: what lies between is computed again from the rows. */
const MARK_EVERY = 100;

/** The chain of a new epoch over the rows that it tells again. */
export interface CarriedDraft {
	/** Rows not looked at yet. */
	left(): number;
	/** Hashes up to `limit` rows more. */
	advance(limit: number): void;
	/** Writes the hashes down; nothing may be left. @returns the hash after the last row. */
	keep(): ChainHash;
}

export function createCarriedChains(db: Sqlite, rows: JournalRows) {
	const insert = db.prepare<[string, number, Uint8Array]>(
		'INSERT INTO journal_carried (gateway_epoch, seq, chain) VALUES (?, ?, ?)',
	);
	const selectBefore = db.prepare<[string, number], { readonly seq: number; readonly chain: Buffer }>(
		'SELECT seq, chain FROM journal_carried WHERE gateway_epoch = ? AND seq <= ? ORDER BY seq DESC LIMIT 1',
	);
	const selectAt = db
		.prepare<[string, number], Buffer>('SELECT chain FROM journal_carried WHERE gateway_epoch = ? AND seq = ?')
		.pluck();

	/** Hash after `seq`, which is at most the last that the epoch tells again; undefined: rows are missing. */
	function chainAt({ gatewayEpoch, carriedFrom }: Epoch, seq: number): ChainHash | undefined {
		const mark = selectBefore.get(gatewayEpoch, seq) ?? { seq: 0, chain: chainStart(gatewayEpoch) };
		let { chain }: { chain: ChainHash } = mark;
		let reached = mark.seq;
		for (const row of rows.after(carriedFrom + mark.seq, seq - mark.seq)) {
			reached += 1;
			if (row.position - carriedFrom !== reached) return undefined;
			chain = nextChain(chain, reached, storedCommitment(row));
		}
		return reached === seq ? chain : undefined;
	}

	function draft(gatewayEpoch: string, carriedFrom: number): CarriedDraft {
		const marks: { readonly seq: number; readonly chain: ChainHash }[] = [];
		let seq = 0;
		let chain = chainStart(gatewayEpoch);
		return {
			left: () => (rows.last()?.position ?? 0) - carriedFrom - seq,
			advance(limit) {
				for (const row of rows.after(carriedFrom + seq, limit)) {
					seq = row.position - carriedFrom;
					chain = nextChain(chain, seq, storedCommitment(row));
					if (seq % MARK_EVERY === 0) marks.push({ seq, chain });
				}
			},
			keep() {
				if (seq % MARK_EVERY !== 0) marks.push({ seq, chain });
				for (const mark of marks) insert.run(gatewayEpoch, mark.seq, mark.chain);
				return chain;
			},
		};
	}

	return {
		draft,
		chainAt,
		/** The kept hash after `seq`; undefined: none is kept there. */
		markAt: ({ gatewayEpoch }: Epoch, seq: number): ChainHash | undefined => selectAt.get(gatewayEpoch, seq),
	};
}

export type CarriedChains = ReturnType<typeof createCarriedChains>;
