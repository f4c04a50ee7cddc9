import type { Sqlite } from './open-database.ts';
import type { Transactions } from './transactions.ts';

/** Counters of one area or park. */
export interface Counter {
	readonly areaId: string;
	/** Vehicles inside. */
	readonly occupied: number;
	/** Places held by reservations that are open. */
	readonly reserved: number;
}

export interface OccupancyChange {
	/** Every counter that was touched, as it is now. */
	readonly counters: readonly Counter[];
	/** Areas that were left although nobody was counted inside; they stay at 0. Journal them. */
	readonly corrections: readonly OccupancyCorrection[];
}

export interface OccupancyCorrection {
	readonly areaId: string;
	/** What the counter would have been; always negative. */
	readonly wouldBe: number;
}

/** A place held by a decision or an operator's vend until the passage, its time-out or a back-out. */
export interface Reservation {
	/** The decision's id, or the vend's. */
	readonly id: string;
	readonly laneId: string;
	readonly holderId: string | null;
	/** Area and park counters, one place each. */
	readonly areaIds: readonly string[];
	readonly atMs: number;
}

/**
 * Vehicles inside and places held, per area and park, changed in the caller's transaction. An id of an
 * area and of a park never coincide (checked in the configuration).
 */
export interface OccupancyStore {
	counter(areaId: string): Counter;
	/** Every area that was ever entered, reserved or set. */
	list(): readonly Counter[];
	reserve(reservation: Reservation): void;
	reservation(id: string): Reservation | undefined;
	/** Open ones, of one lane or of all, oldest first. */
	reservations(laneId?: string): readonly Reservation[];
	/** Ends it unused. @returns undefined when it is not open. */
	release(id: string): Reservation | undefined;
	/** The vehicle went through: what was held is now occupied. undefined when it is not open. */
	capture(id: string): OccupancyChange | undefined;
	/** A vehicle goes from `leave` to `enter` areas without a reservation; ids in both stay as they are. */
	move(move: { readonly leave: readonly string[]; readonly enter: readonly string[] }): OccupancyChange;
	/** An operator's count; at least 0. */
	adjust(areaId: string, occupied: number): OccupancyChange;
}

interface StoredReservation extends Omit<Reservation, 'areaIds'> {
	/** JSON. */
	readonly areaIds: string;
}

const COLUMNS = 'id, lane_id AS laneId, holder_id AS holderId, area_ids AS areaIds, at_ms AS atMs';

export function createOccupancyStore(db: Sqlite, transactions: Transactions): OccupancyStore {
	const counts = createCounts(db, transactions);
	const insert = db.prepare<[string, string, string | null, string, number]>(
		'INSERT INTO reservations (id, lane_id, holder_id, area_ids, at_ms) VALUES (?, ?, ?, ?, ?)',
	);
	const remove = db.prepare<[string]>('DELETE FROM reservations WHERE id = ?');
	const select = db.prepare<[string], StoredReservation>(`SELECT ${COLUMNS} FROM reservations WHERE id = ?`);
	const selectOpen = db.prepare<[{ laneId: string | null }], StoredReservation>(
		`SELECT ${COLUMNS} FROM reservations WHERE :laneId IS NULL OR lane_id = :laneId ORDER BY at_ms, id`,
	);

	function end(id: string): Reservation | undefined {
		const stored = select.get(id);
		if (stored === undefined) return undefined;
		counts.load();
		remove.run(id);
		const reservation = toReservation(stored);
		for (const areaId of reservation.areaIds) counts.addReserved(areaId, -1);
		return reservation;
	}

	function change(leave: readonly string[], enter: readonly string[]): OccupancyChange {
		const corrections: OccupancyCorrection[] = [];
		for (const areaId of leave) {
			const wouldBe = counts.occupied(areaId) - 1;
			if (wouldBe < 0) corrections.push({ areaId, wouldBe });
			else counts.setOccupied(areaId, wouldBe);
		}
		for (const areaId of enter) counts.setOccupied(areaId, counts.occupied(areaId) + 1);
		return { counters: [...leave, ...enter].map(counts.counter), corrections };
	}

	return {
		counter: counts.counter,
		list: () => counts.ids().map(counts.counter),
		reserve: (reservation) =>
			transactions.run(() => {
				const { id, laneId, holderId, areaIds, atMs } = reservation;
				counts.load();
				insert.run(id, laneId, holderId, JSON.stringify(areaIds), atMs);
				for (const areaId of areaIds) counts.addReserved(areaId, 1);
			}),
		reservation(id) {
			const stored = select.get(id);
			return stored === undefined ? undefined : toReservation(stored);
		},
		reservations: (laneId) => selectOpen.all({ laneId: laneId ?? null }).map(toReservation),
		release: (id) => transactions.run(() => end(id)),
		capture: (id) =>
			transactions.run(() => {
				const reservation = end(id);
				return reservation === undefined ? undefined : change([], reservation.areaIds);
			}),
		move: ({ leave, enter }) =>
			transactions.run(() => {
				const stays = new Set(leave).intersection(new Set(enter));
				return change(
					leave.filter((areaId) => !stays.has(areaId)),
					enter.filter((areaId) => !stays.has(areaId)),
				);
			}),
		adjust: (areaId, occupied) =>
			transactions.run(() => {
				counts.setOccupied(areaId, Math.max(0, occupied));
				return { counters: [counts.counter(areaId)], corrections: [] };
			}),
	};
}

function toReservation(stored: StoredReservation): Reservation {
	return { ...stored, areaIds: JSON.parse(stored.areaIds) as string[] };
}

/** Kept in memory, filled from the tables and forgotten when they may differ; `reserved` is the sum of the open reservations and stored nowhere else. */
function createCounts(db: Sqlite, transactions: Transactions) {
	const upsert = db.prepare<[string, number]>(
		'INSERT INTO occupancy (area_id, occupied) VALUES (?, ?) ON CONFLICT (area_id) DO UPDATE SET occupied = excluded.occupied',
	);
	const selectOccupied = db.prepare<[], { areaId: string; occupied: number }>(
		'SELECT area_id AS areaId, occupied FROM occupancy',
	);
	const selectReserved = db.prepare<[], string>('SELECT area_ids FROM reservations').pluck();
	let known: { readonly occupied: Map<string, number>; readonly reserved: Map<string, number> } | undefined;
	transactions.onForget(() => {
		known = undefined;
	});

	function read() {
		const reserved = new Map<string, number>();
		for (const areaIds of selectReserved.all()) {
			for (const areaId of JSON.parse(areaIds) as string[]) add(reserved, areaId, 1);
		}
		return { occupied: new Map(selectOccupied.all().map((row) => [row.areaId, row.occupied])), reserved };
	}
	const counts = () => {
		known ??= read();
		return known;
	};

	return {
		/** Before the tables change: read afterwards, the change would count twice. */
		load() {
			counts();
		},
		ids: () => [...new Set([...counts().occupied.keys(), ...counts().reserved.keys()])].sort(),
		counter: (areaId: string): Counter => ({
			areaId,
			occupied: counts().occupied.get(areaId) ?? 0,
			reserved: counts().reserved.get(areaId) ?? 0,
		}),
		occupied: (areaId: string) => counts().occupied.get(areaId) ?? 0,
		setOccupied(areaId: string, occupied: number) {
			const { occupied: map } = counts();
			upsert.run(areaId, occupied);
			map.set(areaId, occupied);
		},
		addReserved: (areaId: string, places: number) => add(counts().reserved, areaId, places),
	};
}

function add(map: Map<string, number>, key: string, amount: number): void {
	map.set(key, (map.get(key) ?? 0) + amount);
}
