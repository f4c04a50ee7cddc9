import type { Sqlite } from './open-database.ts';
import type { ParkingSessionStore } from './parking-sessions.ts';
import type { StayDeadlineStore } from './stay-deadlines.ts';
import type { Transactions } from './transactions.ts';

/** A stay of somebody, over or not. */
export interface PersonalStay {
	readonly id: string;
	readonly holderId: string | null;
	readonly credentialId: string | null;
	readonly decisionId: string | null;
	readonly areaId: string;
	readonly laneInId: string | null;
	readonly openedAtMs: number;
	readonly laneOutId: string | null;
	readonly closedAtMs: number | null;
	readonly closedBy: string | null;
	/** JSON. */
	readonly rightIds: string | null;
}

/** What of stays and of what they cost tells whose they were; changed in the caller's transaction. */
export interface PersonalStayStore {
	/** The next stays by id, at most `limit`, whoever's. */
	after(id: string, limit: number): readonly PersonalStay[];
	/** Stays that ended in [from, to) and still tell whose they were; earliest first. */
	endedBetween(fromMs: number, toMs: number, limit: number): readonly PersonalStay[];
	/** The stay stays, counted and timed; nobody's from here on. @returns false: it was nobody's already. */
	anonymise(stay: PersonalStay): boolean;
	/** Opened by a decision whose vehicle has not passed yet. */
	isUnderWay(holderId: string): boolean;
	/** Uses, wallet and ledger of a right, the bookings, and what is remembered of a holder. What was charged stays under another name. */
	forget(who: {
		readonly holderId: string;
		readonly rightIds: readonly string[];
		readonly bookingIds: readonly string[];
		readonly stayIds: readonly string[];
		readonly newId: () => string;
	}): void;
}

const COLUMNS = `id, holder_id AS holderId, credential_id AS credentialId, decision_id AS decisionId, area_id AS areaId,
	lane_in_id AS laneInId, opened_at_ms AS openedAtMs, lane_out_id AS laneOutId, closed_at_ms AS closedAtMs,
	closed_by AS closedBy, right_ids AS rightIds`;
const IS_PERSONAL = '(holder_id IS NOT NULL OR credential_id IS NOT NULL OR decision_id IS NOT NULL)';

export function createPersonalStays(
	db: Sqlite,
	transactions: Transactions,
	parts: {
		readonly parkingSessions: Pick<ParkingSessionStore, 'openById' | 'setHolding'>;
		readonly stayDeadlines: Pick<StayDeadlineStore, 'clear'>;
	},
): PersonalStayStore {
	const { parkingSessions, stayDeadlines } = parts;
	const byId = db.prepare<[string, number], PersonalStay>(
		`SELECT ${COLUMNS} FROM parking_sessions WHERE id > ? ORDER BY id LIMIT ?`,
	);
	const ended = db.prepare<[number, number, number], PersonalStay>(
		`SELECT ${COLUMNS} FROM parking_sessions WHERE closed_at_ms IS NOT NULL AND closed_at_ms >= ? AND closed_at_ms < ?
		AND ${IS_PERSONAL} ORDER BY closed_at_ms LIMIT ?`,
	);
	const anonymise = db.prepare<[string]>(
		`UPDATE parking_sessions SET holder_id = NULL, credential_id = NULL, decision_id = NULL WHERE id = ? AND ${IS_PERSONAL}`,
	);
	const forgetRights = db.prepare<[string]>(
		'UPDATE parking_sessions SET right_ids = NULL, shared = NULL WHERE id = ? AND closed_at_ms IS NOT NULL',
	);
	const forgetCharged = db.prepare<[string]>('UPDATE stay_charges SET holder_id = NULL WHERE stay_id = ?');
	const renameCharged = db.prepare<[string, string, string]>(
		'UPDATE stay_charges SET right_id = ? WHERE stay_id = ? AND right_id = ?',
	);
	const underWay = db.prepare<[string], number>('SELECT 1 FROM reservations WHERE holder_id = ? LIMIT 1').pluck();
	const ofRight = ['right_uses', 'ledger', 'wallets'].map((table) =>
		db.prepare<[string]>(`DELETE FROM ${table} WHERE right_id = ?`),
	);
	const ofBooking = db.prepare<[string]>('DELETE FROM booking_uses WHERE booking_id = ?');
	const ofHolder = db.prepare<[string]>('DELETE FROM neutral_holders WHERE holder_id = ?');

	return {
		after: (id, limit) => transactions.read(() => byId.all(id, limit)),
		endedBetween: (fromMs, toMs, limit) => transactions.read(() => ended.all(fromMs, toMs, limit)),
		anonymise: ({ id }) =>
			transactions.run(() => {
				const open = parkingSessions.openById(id);
				if (open !== undefined) {
					// What it holds of shared places is still taken; whose right it was, is not kept.
					parkingSessions.setHolding(id, { rightIds: [], shared: open.shared ?? [] });
					stayDeadlines.clear(id);
				}
				forgetRights.run(id);
				forgetCharged.run(id);
				return anonymise.run(id).changes === 1;
			}),
		isUnderWay: (holderId) => transactions.read(() => underWay.get(holderId) !== undefined),
		forget: ({ holderId, rightIds, bookingIds, stayIds, newId }) =>
			transactions.run(() => {
				for (const rightId of rightIds) {
					for (const remove of ofRight) remove.run(rightId);
					const other = newId();
					for (const stayId of stayIds) renameCharged.run(other, stayId, rightId);
				}
				for (const bookingId of bookingIds) ofBooking.run(bookingId);
				ofHolder.run(holderId);
			}),
	};
}
