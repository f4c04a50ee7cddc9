import { LEDGER_KINDS } from '../core/ledger.ts';
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
	/** The stay stays, counted and timed; nobody's from here on, what it was charged neither. @returns false: it was nobody's already. */
	anonymise(stay: PersonalStay, newId: () => string): boolean;
	/** Opened by a decision whose vehicle has not passed yet. */
	isUnderWay(holderId: string): boolean;
	/** What rights cost line by line, and what became of bookings; for who asks what is kept of them. */
	costsOf(of: {
		readonly rightIds: readonly string[];
		readonly bookingIds: readonly string[];
		readonly stayIds: readonly string[];
	}): PersonalCosts;
	/** Uses, wallet and ledger of a right, the bookings, and what is remembered of a holder and their credentials. */
	forget(who: {
		readonly holderId: string;
		readonly credentialIds: readonly string[];
		readonly rightIds: readonly string[];
		readonly bookingIds: readonly string[];
	}): void;
}

type CostRow = Readonly<Record<string, string | number | null>>;

export interface PersonalCosts {
	readonly uses: readonly CostRow[];
	readonly ledger: readonly CostRow[];
	readonly charges: readonly CostRow[];
	readonly bookingUses: readonly CostRow[];
}

const COLUMNS = `id, holder_id AS holderId, credential_id AS credentialId, decision_id AS decisionId, area_id AS areaId,
	lane_in_id AS laneInId, opened_at_ms AS openedAtMs, lane_out_id AS laneOutId, closed_at_ms AS closedAtMs,
	closed_by AS closedBy, right_ids AS rightIds`;
const KIND_NAME = `CASE kind ${LEDGER_KINDS.map((kind, place) => `WHEN ${place} THEN '${kind}'`).join(' ')} END`;
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
	const chargedRights = db
		.prepare<[string], string>('SELECT DISTINCT right_id FROM stay_charges WHERE stay_id = ?')
		.pluck();
	const forgetCharged = db.prepare<[string, string, string]>(
		'UPDATE stay_charges SET holder_id = NULL, right_id = ? WHERE stay_id = ? AND right_id = ?',
	);
	const costs = {
		uses: db.prepare<[string], CostRow>(
			'SELECT right_id AS rightId, at_ms AS atMs, stay_id AS stayId, times FROM right_uses WHERE right_id = ? ORDER BY at_ms',
		),
		ledger: db.prepare<[string], CostRow>(
			`SELECT right_id AS rightId, line, ${KIND_NAME} AS kind, amount, balance, at_ms AS atMs, stay_id AS stayId FROM ledger
			WHERE right_id = ? ORDER BY line`,
		),
		charges: db.prepare<[string], CostRow>(
			`SELECT right_id AS rightId, stay_id AS stayId, segment, at_ms AS atMs, price_minor AS priceMinor, currency, credits
			FROM stay_charges WHERE stay_id = ? ORDER BY at_ms`,
		),
		bookingUses: db.prepare<[string], CostRow>(
			'SELECT booking_id AS bookingId, state, stay_id AS stayId, at_ms AS atMs FROM booking_uses WHERE booking_id = ?',
		),
	};
	const underWay = db.prepare<[string], number>('SELECT 1 FROM reservations WHERE holder_id = ? LIMIT 1').pluck();
	const ofRight = ['right_uses', 'ledger', 'wallets'].map((table) =>
		db.prepare<[string]>(`DELETE FROM ${table} WHERE right_id = ?`),
	);
	const ofBooking = db.prepare<[string]>('DELETE FROM booking_uses WHERE booking_id = ?');
	const ofHolder = db.prepare<[string]>('DELETE FROM neutral_holders WHERE holder_id = ?');
	const ofCredential = db.prepare<[string]>('DELETE FROM read_reviews WHERE credential_id = ?');

	return {
		after: (id, limit) => transactions.read(() => byId.all(id, limit)),
		endedBetween: (fromMs, toMs, limit) => transactions.read(() => ended.all(fromMs, toMs, limit)),
		anonymise: ({ id }, newId) =>
			transactions.run(() => {
				const open = parkingSessions.openById(id);
				if (open !== undefined) {
					// What it holds of shared places is still taken; whose right it was, is not kept.
					parkingSessions.setHolding(id, { rightIds: [], shared: open.shared ?? [] });
				}
				stayDeadlines.clear(id);
				forgetRights.run(id);
				for (const rightId of chargedRights.all(id)) forgetCharged.run(newId(), id, rightId);
				return anonymise.run(id).changes === 1;
			}),
		isUnderWay: (holderId) => transactions.read(() => underWay.get(holderId) !== undefined),
		costsOf: ({ rightIds, bookingIds, stayIds }) =>
			transactions.read(() => ({
				uses: rightIds.flatMap((id) => costs.uses.all(id)),
				ledger: rightIds.flatMap((id) => costs.ledger.all(id)),
				charges: stayIds.flatMap((id) => costs.charges.all(id)),
				bookingUses: bookingIds.flatMap((id) => costs.bookingUses.all(id)),
			})),
		forget: ({ holderId, credentialIds, rightIds, bookingIds }) =>
			transactions.run(() => {
				for (const rightId of rightIds) {
					for (const remove of ofRight) remove.run(rightId);
				}
				for (const bookingId of bookingIds) ofBooking.run(bookingId);
				for (const credentialId of credentialIds) ofCredential.run(credentialId);
				ofHolder.run(holderId);
			}),
	};
}
