import type { CentralSqlite } from './central-database.ts';

/**
 * Columns of events: `first_epoch` and `first_seq` name an event that was written in an earlier epoch; `again`: it is known
 * under another name and counts there. `told_again`: which events of an earlier epoch count in a later one.
 */
export const TOLD_AGAIN_SQL = `
ALTER TABLE histories ADD COLUMN carried_to INTEGER NOT NULL DEFAULT 0;
ALTER TABLE events ADD COLUMN first_epoch TEXT;
ALTER TABLE events ADD COLUMN first_seq INTEGER;
ALTER TABLE events ADD COLUMN again INTEGER NOT NULL DEFAULT 0;

CREATE TABLE told_again (
	site TEXT NOT NULL,
	first_epoch TEXT NOT NULL,
	id TEXT NOT NULL,
	PRIMARY KEY (site, first_epoch, id)
) STRICT, WITHOUT ROWID;
`;

/** Events of one history that have just become contiguous. */
export interface PassedEvents {
	readonly site: string;
	readonly gatewayEpoch: string;
	readonly history: number;
	/** No event after this one was written in an earlier epoch. */
	readonly carriedTo: number;
	/** Exclusive. */
	readonly from: number;
	readonly to: number;
}

interface CarriedEvent {
	readonly seq: number;
	readonly id: string;
	readonly type: string;
	readonly firstEpoch: string;
	readonly firstSeq: number;
}

/**
 * A gateway whose past differs from central's tells the disputed events again under a new epoch, each with its first name.
 * Each has its effect once: under whichever name it becomes contiguous first.
 */
export function createToldAgain(db: CentralSqlite) {
	const selectCarried = db.prepare<[number, number, number], CarriedEvent>(
		`SELECT seq, id, type, first_epoch AS firstEpoch, first_seq AS firstSeq FROM events
		WHERE history = ? AND seq > ? AND seq <= ? AND first_epoch IS NOT NULL`,
	);
	const selectFirst = db
		.prepare<[string, string, number, string, string], number>(
			`SELECT 1 FROM events JOIN histories USING (history)
			WHERE site = ? AND gateway_epoch = ? AND seq = ? AND seq <= up_to AND (id = ? OR ? = 'parkgate.erased')`,
		)
		.pluck();
	const insertTold = db.prepare<[string, string, string]>(
		'INSERT OR IGNORE INTO told_again (site, first_epoch, id) VALUES (?, ?, ?)',
	);
	const isToldAgain = db
		.prepare<[string, string], number>('SELECT EXISTS (SELECT 1 FROM told_again WHERE site = ? AND first_epoch = ?)')
		.pluck();
	const markAgain = db.prepare<[number, number]>('UPDATE events SET again = 1 WHERE history = ? AND seq = ?');
	const markLate = db.prepare<[number, number, number, string, string]>(
		`UPDATE events SET again = 1 WHERE history = ? AND seq > ? AND seq <= ?
		AND id IN (SELECT id FROM told_again WHERE site = ? AND first_epoch = ?)`,
	);

	function isKnown(site: string, { id, type, firstEpoch, firstSeq }: CarriedEvent): boolean {
		if (selectFirst.get(site, firstEpoch, firstSeq, id, type) !== undefined) return true;
		return insertTold.run(site, firstEpoch, id).changes === 0;
	}

	/** Joins the running transaction, after the cursor has moved. */
	return function settle({ site, gatewayEpoch, history, carriedTo, from, to }: PassedEvents): void {
		if (from < carriedTo) {
			for (const event of selectCarried.all(history, from, to))
				if (isKnown(site, event)) markAgain.run(history, event.seq);
		}
		if (isToldAgain.get(site, gatewayEpoch) === 1) markLate.run(history, from, to, site, gatewayEpoch);
	};
}
