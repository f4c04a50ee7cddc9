import { randomUUID } from 'node:crypto';
import type { EpochReason } from '../core/journal.ts';
import type { CarriedChains } from './journal-carried.ts';
import type { EpochSpan, JournalEpochs } from './journal-epochs.ts';
import type { JournalRows } from './journal-rows.ts';
import type { Transactions } from './transactions.ts';

/** A new epoch that begins with rows of an earlier one; they are hashed in parts, between which others write. */
export interface EpochDraft {
	readonly gatewayEpoch: string;
	/** Rows not hashed yet. */
	left(): number;
	advance(limit: number): void;
	/** Hashes what is left and starts it; earlier rows keep the names they were written under. Joins the running transaction. */
	start(reason: EpochReason, nowMs: number): void;
}

/** @returns drafts of epochs; `from`: rows after this one are told again. */
export function createEpochDrafts(parts: {
	readonly rows: JournalRows;
	readonly epochs: JournalEpochs;
	readonly carried: CarriedChains;
	readonly told: { spanOf(gatewayEpoch: string): EpochSpan };
	readonly transactions: Transactions;
	readonly onStart: () => void;
}) {
	const { rows, epochs, carried, told, transactions } = parts;
	const { read, run } = transactions;

	return function draftEpoch(from?: { readonly gatewayEpoch: string; readonly seq: number }): EpochDraft {
		const gatewayEpoch = randomUUID();
		const carriedFrom = from && read(() => told.spanOf(from.gatewayEpoch).carriedFrom + from.seq);
		const draft = carriedFrom === undefined ? undefined : carried.draft(gatewayEpoch, carriedFrom);
		const left = () => draft?.left() ?? 0;
		return {
			gatewayEpoch,
			left: () => read(left),
			advance: (limit) => read(() => draft?.advance(limit)),
			start: (reason, nowMs) =>
				run(() => {
					const beforePosition = rows.last()?.position ?? 0;
					draft?.advance(left());
					const epoch = { gatewayEpoch, beforePosition, carriedFrom: carriedFrom ?? beforePosition };
					epochs.start(epoch, reason, nowMs);
					if (epoch.carriedFrom < beforePosition) draft?.keep();
					parts.onStart();
				}),
		};
	};
}
