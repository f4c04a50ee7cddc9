import type { StayTerms } from '../core/stay-terms.ts';
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
	/** Counters of areas, parks, pools and groups, one place each. */
	readonly areaIds: readonly string[];
	readonly atMs: number;
	/** Absent: an operator's, or of an earlier version. */
	readonly rightId?: string;
	readonly credentialId?: string;
	/** What its passage will cost; absent: nothing. */
	readonly terms?: StayTerms;
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
	/** Open ones that a right let in, from memory: asked at every decision. */
	underWay(): readonly Reservation[];
	/** Those of one right. */
	underWayOf(rightId: string): readonly Reservation[];
	/** Ends it unused. @returns undefined when it is not open. */
	release(id: string): Reservation | undefined;
	/** The vehicle went through: what was held is now occupied. undefined when it is not open. */
	capture(id: string): OccupancyChange | undefined;
	/** A vehicle goes from `leave` to `enter` areas without a reservation; ids in both stay as they are. */
	move(move: { readonly leave: readonly string[]; readonly enter: readonly string[] }): OccupancyChange;
	/** An operator's count; at least 0. */
	adjust(areaId: string, occupied: number): OccupancyChange;
}

interface StoredReservation extends Pick<Reservation, 'id' | 'laneId' | 'holderId' | 'atMs'> {
	/** JSON. */
	readonly areaIds: string;
	readonly rightId: string | null;
	readonly credentialId: string | null;
	/** JSON. */
	readonly terms: string | null;
}

const COLUMNS =
	'id, lane_id AS laneId, holder_id AS holderId, area_ids AS areaIds, at_ms AS atMs, right_id AS rightId, credential_id AS credentialId, terms';

export function createOccupancyStore(db: Sqlite, transactions: Transactions): OccupancyStore {
	const counts = createCounts(db, transactions);
	// By place: binding by name costs a third of the insert.
	const insert = db.prepare<(string | number | null)[]>(
		'INSERT INTO reservations (id, lane_id, holder_id, area_ids, at_ms, right_id, credential_id, terms) VALUES (?, ?, ?, ?, ?, ?, ?, ?)',
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
		counts.underWay.delete(id);
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
				const { id, laneId, holderId, areaIds, atMs, rightId = null, credentialId = null, terms } = reservation;
				counts.load();
				const cost = terms === undefined ? null : JSON.stringify(terms);
				insert.run(id, laneId, holderId, JSON.stringify(areaIds), atMs, rightId, credentialId, cost);
				for (const areaId of areaIds) counts.addReserved(areaId, 1);
				if (rightId !== null) counts.underWay.add(reservation);
			}),
		reservation(id) {
			const stored = select.get(id);
			return stored === undefined ? undefined : toReservation(stored);
		},
		reservations: (laneId) => selectOpen.all({ laneId: laneId ?? null }).map(toReservation),
		underWay: () => counts.underWay.list(),
		underWayOf: counts.underWay.of,
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

function toReservation({ rightId, credentialId, terms, ...stored }: StoredReservation): Reservation {
	return {
		...stored,
		areaIds: JSON.parse(stored.areaIds) as string[],
		...(rightId !== null && { rightId }),
		...(credentialId !== null && { credentialId }),
		...(terms !== null && { terms: JSON.parse(terms) as StayTerms }),
	};
}

const NONE: readonly Reservation[] = [];

interface Counts {
	readonly occupied: Map<string, number>;
	readonly reserved: Map<string, number>;
	readonly underWay: Map<string, Reservation>;
	/** By right; a thousand lanes are not looked through for each decision. */
	readonly underWayOf: Map<string, readonly Reservation[]>;
}

/** Kept in memory, filled from the tables and forgotten when they may differ; `reserved` is the sum of the open reservations and stored nowhere else. */
function createCounts(db: Sqlite, transactions: Transactions) {
	const upsert = db.prepare<[string, number]>(
		'INSERT INTO occupancy (area_id, occupied) VALUES (?, ?) ON CONFLICT (area_id) DO UPDATE SET occupied = excluded.occupied',
	);
	const selectOccupied = db.prepare<[], { areaId: string; occupied: number }>(
		'SELECT area_id AS areaId, occupied FROM occupancy',
	);
	const selectReservations = db.prepare<[], StoredReservation>(
		`SELECT ${COLUMNS} FROM reservations ORDER BY at_ms, id`,
	);
	let known: Counts | undefined;
	transactions.onForget(() => {
		known = undefined;
	});

	function read(): Counts {
		const reserved = new Map<string, number>();
		const found: Counts = { occupied: new Map(), reserved, underWay: new Map(), underWayOf: new Map() };
		for (const stored of selectReservations.all()) {
			const reservation = toReservation(stored);
			for (const areaId of reservation.areaIds) add(reserved, areaId, 1);
			addUnderWay(found, reservation);
		}
		for (const { areaId, occupied } of selectOccupied.all()) found.occupied.set(areaId, occupied);
		return found;
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
		underWay: {
			list: (): readonly Reservation[] => [...counts().underWay.values()],
			of(rightId: string): readonly Reservation[] {
				const { underWayOf } = counts();
				return underWayOf.size === 0 ? NONE : (underWayOf.get(rightId) ?? NONE);
			},
			add: (reservation: Reservation) => addUnderWay(counts(), reservation),
			delete: (id: string) => removeUnderWay(counts(), id),
		},
	};
}

function addUnderWay({ underWay, underWayOf }: Counts, reservation: Reservation): void {
	const { id, rightId } = reservation;
	if (rightId === undefined) return;
	underWay.set(id, reservation);
	underWayOf.set(rightId, [...(underWayOf.get(rightId) ?? []), reservation]);
}

function removeUnderWay({ underWay, underWayOf }: Counts, id: string): void {
	const rightId = underWay.get(id)?.rightId;
	underWay.delete(id);
	if (rightId === undefined) return;
	const left = underWayOf.get(rightId)?.filter((other) => other.id !== id) ?? [];
	if (left.length > 0) underWayOf.set(rightId, left);
	else underWayOf.delete(rightId);
}

function add(map: Map<string, number>, key: string, amount: number): void {
	map.set(key, (map.get(key) ?? 0) + amount);
}
