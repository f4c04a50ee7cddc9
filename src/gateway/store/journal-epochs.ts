import { randomUUID } from 'node:crypto';
import { GatewayError } from '../core/gateway-error.ts';
import type { Sqlite } from './open-database.ts';

/** One history: rows after `beforePosition`, up to the next epoch's. */
export interface Epoch {
	readonly gatewayEpoch: string;
	readonly beforePosition: number;
}

export function createJournalEpochs(db: Sqlite) {
	const insert = db.prepare<[string, number, number]>(
		'INSERT INTO journal_epochs (gateway_epoch, before_position, started_at_ms) VALUES (?, ?, ?)',
	);
	// An epoch without rows begins where the next one would: it is replaced.
	const removeEmpty = db.prepare<[number]>('DELETE FROM journal_epochs WHERE before_position = ?');
	const latest = db.prepare<[], Epoch>(
		'SELECT gateway_epoch AS gatewayEpoch, before_position AS beforePosition FROM journal_epochs ORDER BY before_position DESC LIMIT 1',
	);
	const before = db
		.prepare<[number], number | null>('SELECT max(before_position) FROM journal_epochs WHERE before_position < ?')
		.pluck();
	return {
		exists: () => latest.get() !== undefined,
		current(): Epoch {
			const epoch = latest.get();
			if (epoch === undefined) throw new GatewayError('STORE_CORRUPT', 'the journal has no epoch; restore a backup');
			return epoch;
		},
		/** @param lastPosition of the journal. */
		start(lastPosition: number, nowMs: number): string {
			const gatewayEpoch = randomUUID();
			removeEmpty.run(lastPosition);
			insert.run(gatewayEpoch, lastPosition, nowMs);
			return gatewayEpoch;
		},
		/** Of whichever epoch the row was written in. */
		seqOf: (position: number) => position - (before.get(position) ?? 0),
	};
}
