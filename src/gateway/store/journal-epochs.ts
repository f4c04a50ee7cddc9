import { GatewayError } from '../core/gateway-error.ts';
import type { EpochReason } from '../core/journal.ts';
import type { Sqlite } from './open-database.ts';

/** One history as central knows it. */
export interface Epoch {
	readonly gatewayEpoch: string;
	/** Rows after this position were written in it, up to the next epoch's. */
	readonly beforePosition: number;
	/**
	 * Its seq 1 is the row after this position. Below `beforePosition`: the rows between were written in an earlier epoch
	 * and are told again in this one, because central holds other events under their old names.
	 */
	readonly carriedFrom: number;
}

/** An epoch with the rows that are told to central under its name, and how many of them central has. */
export interface EpochSpan extends Epoch {
	readonly reason: EpochReason;
	readonly startedAtMs: number;
	/** Rows after this position are told under a later name. */
	readonly endPosition: number;
	readonly ackedSeq: number;
}

interface StoredEpoch extends Epoch {
	readonly reason: EpochReason;
	readonly startedAtMs: number;
	readonly ackedSeq: number;
}

const COLUMNS = `gateway_epoch AS gatewayEpoch, before_position AS beforePosition,
	coalesce(carried_from, before_position) AS carriedFrom, reason, started_at_ms AS startedAtMs, acked_seq AS ackedSeq`;

export function createJournalEpochs(db: Sqlite) {
	const insert = db.prepare<[string, number, number | null, EpochReason, number]>(
		'INSERT INTO journal_epochs (gateway_epoch, before_position, carried_from, reason, started_at_ms) VALUES (?, ?, ?, ?, ?)',
	);
	// An epoch without rows begins where the next one would: it is replaced.
	const removeEmpty = db.prepare<[number]>('DELETE FROM journal_epochs WHERE before_position = ?');
	const latest = db.prepare<[], StoredEpoch>(
		`SELECT ${COLUMNS} FROM journal_epochs ORDER BY before_position DESC LIMIT 1`,
	);
	const all = db.prepare<[], StoredEpoch>(`SELECT ${COLUMNS} FROM journal_epochs ORDER BY before_position`);
	const writtenIn = db.prepare<[number], StoredEpoch>(
		`SELECT ${COLUMNS} FROM journal_epochs
		WHERE before_position = (SELECT max(before_position) FROM journal_epochs WHERE before_position < ?)`,
	);
	const setAcked = db.prepare<[number, string]>('UPDATE journal_epochs SET acked_seq = ? WHERE gateway_epoch = ?');

	function spans(lastPosition: number): readonly EpochSpan[] {
		let endPosition = lastPosition;
		return all
			.all()
			.toReversed()
			.map((epoch) => {
				const span = { ...epoch, endPosition: Math.max(endPosition, epoch.carriedFrom) };
				endPosition = Math.min(endPosition, epoch.carriedFrom);
				return { ...span, ackedSeq: Math.min(span.ackedSeq, span.endPosition - span.carriedFrom) };
			})
			.toReversed();
	}

	return {
		exists: () => latest.get() !== undefined,
		current(): Epoch {
			const epoch = latest.get();
			if (epoch === undefined) throw new GatewayError('STORE_CORRUPT', 'the journal has no epoch; restore a backup');
			return epoch;
		},
		/** Oldest first. @param lastPosition of the journal. */
		spans,
		/** `beforePosition` is the journal's last position. */
		start({ gatewayEpoch, beforePosition, carriedFrom }: Epoch, reason: EpochReason, nowMs: number): void {
			removeEmpty.run(beforePosition);
			insert.run(gatewayEpoch, beforePosition, carriedFrom < beforePosition ? carriedFrom : null, reason, nowMs);
		},
		setAcked(gatewayEpoch: string, seq: number): void {
			setAcked.run(seq, gatewayEpoch);
		},
		/** Central has all rows up to this position durably. */
		acknowledgedPosition(lastPosition: number): number {
			const told = spans(lastPosition);
			const open = told.find((span) => span.carriedFrom + span.ackedSeq < span.endPosition);
			return open === undefined ? lastPosition : open.carriedFrom + open.ackedSeq;
		},
		/** The name a row was first written under. */
		writtenAs(position: number): { readonly gatewayEpoch: string; readonly seq: number } {
			const epoch = writtenIn.get(position);
			return { gatewayEpoch: epoch?.gatewayEpoch ?? '', seq: position - (epoch?.carriedFrom ?? 0) };
		},
		/** Of whichever epoch the row was written in. */
		seqOf: (position: number) => position - (writtenIn.get(position)?.carriedFrom ?? 0),
	};
}

export type JournalEpochs = ReturnType<typeof createJournalEpochs>;
