import { GatewayError } from '../core/gateway-error.ts';
import type { JournalEntry } from '../core/journal.ts';
import type { ChainHash } from '../core/journal-chain.ts';
import type { CarriedChains } from './journal-carried.ts';
import { checkChain, type JournalCheck } from './journal-check.ts';
import type { Epoch, EpochSpan, JournalEpochs } from './journal-epochs.ts';
import { chainStart, nextChain } from './journal-hashes.ts';
import { type JournalRows, type StoredRow, storedCommitment } from './journal-rows.ts';

/** One row as central needs it. */
export interface OutboxRow {
	readonly seq: number;
	/** null: erased; commitment and chain stay. */
	readonly entry: JournalEntry | null;
	readonly commitment: ChainHash;
	/** Hash of the epoch's chain after this row. */
	readonly chain: ChainHash;
	/** Written in an earlier epoch, under this name; null: in this one. */
	readonly first: { readonly gatewayEpoch: string; readonly seq: number } | null;
}

export interface ToldRowsParts {
	readonly rows: JournalRows;
	readonly epochs: JournalEpochs;
	readonly carried: CarriedChains;
	readonly entryOf: (row: StoredRow) => JournalEntry | null;
}

/** The journal by epoch and seq: as central is told it, and as it is verified. */
export function createToldRows({ rows, epochs, carried, entryOf }: ToldRowsParts) {
	const lastPosition = () => rows.last()?.position ?? 0;

	function spanOf(gatewayEpoch: string): EpochSpan {
		const span = epochs.spans(lastPosition()).find((candidate) => candidate.gatewayEpoch === gatewayEpoch);
		if (span === undefined) throw new GatewayError('NOT_FOUND', `the journal has no epoch ${gatewayEpoch}`);
		return span;
	}

	function chainAt(epoch: Epoch, seq: number): ChainHash | undefined {
		if (seq === 0) return chainStart(epoch.gatewayEpoch);
		const position = epoch.carriedFrom + seq;
		return position <= epoch.beforePosition ? carried.chainAt(epoch, seq) : rows.chainAt(position);
	}

	function after(epoch: Epoch, endPosition: number, seq: number, limit: number): readonly OutboxRow[] {
		const { beforePosition, carriedFrom } = epoch;
		const place = carriedFrom + seq;
		let chain = place < beforePosition ? chainAt(epoch, seq) : undefined;
		return rows.after(place, Math.min(limit, Math.max(0, endPosition - place))).map((row) => {
			const told = { seq: row.position - carriedFrom, entry: entryOf(row), commitment: storedCommitment(row) };
			if (row.position > beforePosition) return { ...told, chain: row.chain, first: null };
			if (chain === undefined) throw new GatewayError('STORE_CORRUPT', 'rows of the journal are missing');
			chain = nextChain(chain, told.seq, told.commitment);
			return { ...told, chain, first: epochs.writtenAs(row.position) };
		});
	}

	/** Rows of an epoch are verified as far as they were written in it, also those that a later one tells again. */
	function verify(gatewayEpoch: string, afterSeq: number, limit: number): JournalCheck {
		const all = epochs.spans(lastPosition());
		const place = all.findIndex((span) => span.gatewayEpoch === gatewayEpoch);
		const epoch = all[place];
		const previous = epoch === undefined ? undefined : chainAt(epoch, afterSeq);
		if (epoch === undefined || previous === undefined)
			return { result: 'broken', seq: afterSeq, problem: 'the row is missing' };
		const { beforePosition, carriedFrom } = epoch;
		const end = all[place + 1]?.beforePosition ?? lastPosition();
		const checked = rows
			.after(carriedFrom + afterSeq, limit)
			.filter(({ position }) => position <= end)
			.map((row) => ({
				seq: row.position - carriedFrom,
				isErased: row.body === null,
				commitment: storedCommitment(row),
				chain: row.position <= beforePosition ? carried.markAt(epoch, row.position - carriedFrom) : row.chain,
			}));
		return checkChain(checked, { afterSeq, previous, limit });
	}

	return { spanOf, chainAt, after, verify };
}
