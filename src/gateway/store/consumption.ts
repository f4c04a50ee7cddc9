import type { Price } from '../core/stay-terms.ts';
import type { Sqlite } from './open-database.ts';
import type { Transactions } from './transactions.ts';

/** What became of a booking here. `noShow`: nobody came in time. */
export interface BookingUse {
	readonly bookingId: string;
	readonly state: 'used' | 'noShow';
	readonly stayId: string | null;
	readonly atMs: number;
}

/** One segment of a stay under one right; 0 is the entry's. What is invoiced. */
export interface StayCharge {
	readonly stayId: string;
	readonly rightId: string;
	readonly segment: number;
	readonly holderId: string | null;
	readonly atMs: number;
	readonly price: Price | null;
	readonly credits: number;
}

/** Uses of rights and bookings, and what stays were charged; changed in the caller's transaction. */
export interface ConsumptionStore {
	/** Uses in [from, to); null: open. */
	uses(rightId: string, fromMs: number | null, toMs: number | null): number;
	/** Once a stay, right and moment. */
	use(rightId: string, stayId: string, atMs: number): void;
	booking(bookingId: string): BookingUse | undefined;
	/** @returns false when it was used or not come for before: nothing changed. */
	useBooking(use: BookingUse): boolean;
	/** @returns false when this segment was charged before. */
	charge(charge: StayCharge): boolean;
	chargesOf(stayId: string): readonly StayCharge[];
	/** Newest first. */
	chargesOfHolder(holderId: string, limit: number): readonly StayCharge[];
	/** In [from, to), oldest first, behind `after`. */
	charges(fromMs: number, toMs: number, limit: number, after?: ChargePlace): readonly StayCharge[];
}

/** A place in the list of charges: that of this one. */
export type ChargePlace = Pick<StayCharge, 'atMs' | 'stayId' | 'rightId' | 'segment'>;

interface StoredCharge extends Omit<StayCharge, 'price'> {
	readonly priceMinor: number | null;
	readonly currency: string | null;
}

/** Bookings kept in memory. */
const REMEMBERED = 20_000;

const CHARGE =
	'stay_id AS stayId, right_id AS rightId, segment, holder_id AS holderId, at_ms AS atMs, price_minor AS priceMinor, currency, credits';

/** Before every charge of a moment. */
const FIRST = { stayId: '', rightId: '', segment: -1 };

export function createConsumption(db: Sqlite, transactions: Transactions): ConsumptionStore {
	const countUses = db
		.prepare<[string, number, number], number>(
			'SELECT coalesce(sum(times), 0) FROM right_uses WHERE right_id = ? AND at_ms >= ? AND at_ms < ?',
		)
		.pluck();
	const insertUse = db.prepare<[string, number, string]>(
		'INSERT INTO right_uses (right_id, at_ms, stay_id) VALUES (?, ?, ?) ON CONFLICT DO NOTHING',
	);
	const selectBooking = db.prepare<[string], BookingUse>(
		'SELECT booking_id AS bookingId, state, stay_id AS stayId, at_ms AS atMs FROM booking_uses WHERE booking_id = ?',
	);
	const insertBooking = db.prepare<[BookingUse]>(
		`INSERT INTO booking_uses (booking_id, state, stay_id, at_ms) VALUES (:bookingId, :state, :stayId, :atMs)
		ON CONFLICT DO NOTHING`,
	);
	const insertCharge = db.prepare<[StoredCharge]>(
		`INSERT INTO stay_charges (stay_id, right_id, segment, holder_id, at_ms, price_minor, currency, credits)
		VALUES (:stayId, :rightId, :segment, :holderId, :atMs, :priceMinor, :currency, :credits) ON CONFLICT DO NOTHING`,
	);
	const ofStay = db.prepare<[string], StoredCharge>(
		`SELECT ${CHARGE} FROM stay_charges WHERE stay_id = ? ORDER BY right_id, segment`,
	);
	const ofHolder = db.prepare<[string, number], StoredCharge>(
		`SELECT ${CHARGE} FROM stay_charges WHERE holder_id = ? ORDER BY at_ms DESC, stay_id, segment LIMIT ?`,
	);
	const inTime = db.prepare<[ChargePlace & { readonly toMs: number; readonly limit: number }], StoredCharge>(
		`SELECT ${CHARGE} FROM stay_charges
		WHERE (at_ms, stay_id, right_id, segment) > (:atMs, :stayId, :rightId, :segment) AND at_ms < :toMs
		ORDER BY at_ms, stay_id, right_id, segment LIMIT :limit`,
	);

	// Asked about every booking of now at every decision.
	const known = new Map<string, BookingUse | undefined>();
	transactions.onForget(() => known.clear());

	return {
		uses: (rightId, fromMs, toMs) =>
			countUses.get(rightId, fromMs ?? Number.MIN_SAFE_INTEGER, toMs ?? Number.MAX_SAFE_INTEGER) ?? 0,
		use: (rightId, stayId, atMs) =>
			transactions.run(() => {
				insertUse.run(rightId, atMs, stayId);
			}),
		booking(bookingId) {
			if (known.has(bookingId)) return known.get(bookingId);
			const use = selectBooking.get(bookingId);
			if (known.size >= REMEMBERED) known.clear();
			known.set(bookingId, use);
			return use;
		},
		useBooking: (use) =>
			transactions.run(() => {
				known.delete(use.bookingId);
				return insertBooking.run(use).changes === 1;
			}),
		charge: ({ price, ...charge }) =>
			transactions.run(
				() =>
					insertCharge.run({ ...charge, priceMinor: price?.minor ?? null, currency: price?.currency ?? null })
						.changes === 1,
			),
		chargesOf: (stayId) => ofStay.all(stayId).map(toCharge),
		chargesOfHolder: (holderId, limit) => ofHolder.all(holderId, limit).map(toCharge),
		charges(fromMs, toMs, limit, after) {
			const from = after !== undefined && after.atMs >= fromMs ? after : { ...FIRST, atMs: fromMs };
			const { atMs, stayId, rightId, segment } = from;
			return inTime.all({ atMs, stayId, rightId, segment, toMs, limit }).map(toCharge);
		},
	};
}

function toCharge({ priceMinor, currency, ...charge }: StoredCharge): StayCharge {
	const price = priceMinor === null || currency === null ? null : { minor: priceMinor, currency };
	return { ...charge, price };
}
