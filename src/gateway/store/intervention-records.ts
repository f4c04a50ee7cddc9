import type { InterventionEntryKind } from '../core/maintenance/intervention.ts';
import type { Sqlite } from './open-database.ts';
import type { Transactions } from './transactions.ts';

/** Figures and texts of one change; `…Before`: as it was. */
export type EntryDetail = Readonly<Record<string, string | number | boolean | null>>;

export interface InterventionEntryRow {
	/** Grows with time. */
	readonly entry: number;
	readonly number: number;
	readonly atMs: number;
	/** null: the gateway itself. */
	readonly operatorId: string | null;
	readonly what: InterventionEntryKind;
	readonly detail: EntryDetail;
}

/** Something that was built in or used up. */
export interface InterventionPart {
	readonly id: string;
	readonly number: number;
	readonly name: string;
	/** Of its maker or supplier; empty: none. */
	readonly reference: string;
	readonly quantity: number;
	readonly atMs: number;
	readonly operatorId: string;
}

export interface InterventionPhoto {
	/** SHA-256, hex, of the intervention and the bytes that came: names the files. */
	readonly id: string;
	readonly number: number;
	readonly contentType: 'image/jpeg' | 'image/png';
	readonly widthPx: number;
	readonly heightPx: number;
	/** Of both files. */
	readonly bytes: number;
	readonly atMs: number;
	readonly operatorId: string;
}

/** What gathers around an intervention. Changed in the caller's transaction. */
export interface InterventionRecords {
	addEntry(entry: Omit<InterventionEntryRow, 'entry'>): void;
	entryCount(number: number): number;
	/** The newest first; `before`: the last one of the page before. */
	entries(number: number, before: number, limit: number): readonly InterventionEntryRow[];
	/** Of all interventions, by their place. */
	entriesAfter(entry: number, limit: number): readonly InterventionEntryRow[];
	/** Takes the words out of one, where they name somebody. */
	setEntryDetail(entry: number, detail: EntryDetail): void;

	addPart(part: InterventionPart): void;
	removePart(id: string): void;
	setPartWords(part: Pick<InterventionPart, 'id' | 'name' | 'reference'>): void;
	/** The earliest first. */
	parts(number: number): readonly InterventionPart[];

	addPhoto(photo: InterventionPhoto): void;
	removePhoto(id: string): void;
	photo(id: string): InterventionPhoto | undefined;
	/** The earliest first. */
	photos(number: number): readonly InterventionPhoto[];
	allPhotos(): readonly InterventionPhoto[];
	photoUsage(): { readonly images: number; readonly bytes: number };
	/** Of interventions closed before that moment, the longest closed first. */
	photosOfClosed(beforeMs: number, limit: number): readonly InterventionPhoto[];
}

type StoredEntry = Omit<InterventionEntryRow, 'detail'> & { readonly detail: string };

const ENTRY = 'entry, number, at_ms AS atMs, operator_id AS operatorId, what, detail';
const PART = 'id, number, name, reference, quantity, at_ms AS atMs, operator_id AS operatorId';
const PHOTO = `photos.id, photos.number, content_type AS contentType, width_px AS widthPx, height_px AS heightPx, bytes,
	at_ms AS atMs, operator_id AS operatorId`;

export function createInterventionRecords(db: Sqlite, transactions: Transactions): InterventionRecords {
	return { ...createEntries(db, transactions), ...createParts(db, transactions), ...createPhotos(db, transactions) };
}

function createEntries(db: Sqlite, { run, read }: Transactions) {
	const insert = db.prepare<[Omit<StoredEntry, 'entry'>]>(
		`INSERT INTO intervention_entries (number, at_ms, operator_id, what, detail)
		VALUES (:number, :atMs, :operatorId, :what, :detail)`,
	);
	const count = db.prepare<[number], number>('SELECT count(*) FROM intervention_entries WHERE number = ?').pluck();
	const select = db.prepare<[number, number, number], StoredEntry>(
		`SELECT ${ENTRY} FROM intervention_entries WHERE number = ? AND entry < ? ORDER BY entry DESC LIMIT ?`,
	);
	const after = db.prepare<[number, number], StoredEntry>(
		`SELECT ${ENTRY} FROM intervention_entries WHERE entry > ? ORDER BY entry LIMIT ?`,
	);
	const setDetail = db.prepare<[string, number]>('UPDATE intervention_entries SET detail = ? WHERE entry = ?');
	return {
		addEntry: ({ detail, ...entry }) => run(() => void insert.run({ ...entry, detail: JSON.stringify(detail) })),
		entryCount: (number) => read(() => count.get(number) ?? 0),
		entries: (number, before, limit) => read(() => select.all(number, before, limit).map(toEntry)),
		entriesAfter: (entry, limit) => read(() => after.all(entry, limit).map(toEntry)),
		setEntryDetail: (entry, detail) => run(() => void setDetail.run(JSON.stringify(detail), entry)),
	} satisfies Partial<InterventionRecords>;
}

function toEntry({ detail, ...entry }: StoredEntry): InterventionEntryRow {
	return { ...entry, detail: JSON.parse(detail) as EntryDetail };
}

function createParts(db: Sqlite, { run, read }: Transactions) {
	const insert = db.prepare<[InterventionPart]>(
		`INSERT INTO intervention_parts (id, number, name, reference, quantity, at_ms, operator_id)
		VALUES (:id, :number, :name, :reference, :quantity, :atMs, :operatorId)`,
	);
	const remove = db.prepare<[string]>('DELETE FROM intervention_parts WHERE id = ?');
	const setWords = db.prepare<[string, string, string]>(
		'UPDATE intervention_parts SET name = ?, reference = ? WHERE id = ?',
	);
	const select = db.prepare<[number], InterventionPart>(
		`SELECT ${PART} FROM intervention_parts WHERE number = ? ORDER BY at_ms, id`,
	);
	return {
		addPart: (part) => run(() => void insert.run(part)),
		removePart: (id) => run(() => void remove.run(id)),
		setPartWords: ({ id, name, reference }) => run(() => void setWords.run(name, reference, id)),
		parts: (number) => read(() => select.all(number)),
	} satisfies Partial<InterventionRecords>;
}

function createPhotos(db: Sqlite, { run, read }: Transactions) {
	const insert = db.prepare<[InterventionPhoto]>(
		`INSERT INTO intervention_photos (id, number, content_type, width_px, height_px, bytes, at_ms, operator_id)
		VALUES (:id, :number, :contentType, :widthPx, :heightPx, :bytes, :atMs, :operatorId)`,
	);
	const remove = db.prepare<[string]>('DELETE FROM intervention_photos WHERE id = ?');
	const FROM = 'FROM intervention_photos AS photos';
	const select = db.prepare<[string], InterventionPhoto>(`SELECT ${PHOTO} ${FROM} WHERE id = ?`);
	const ofOne = db.prepare<[number], InterventionPhoto>(`SELECT ${PHOTO} ${FROM} WHERE number = ? ORDER BY at_ms, id`);
	const all = db.prepare<[], InterventionPhoto>(`SELECT ${PHOTO} ${FROM}`);
	const usage = db.prepare<[], { images: number; bytes: number }>(
		`SELECT count(*) AS images, coalesce(sum(bytes), 0) AS bytes ${FROM}`,
	);
	const ofClosed = db.prepare<[number, number], InterventionPhoto>(
		`SELECT ${PHOTO} ${FROM} JOIN interventions USING (number) WHERE closed_at_ms < ?
		ORDER BY closed_at_ms, photos.at_ms LIMIT ?`,
	);
	return {
		addPhoto: (photo) => run(() => void insert.run(photo)),
		removePhoto: (id) => run(() => void remove.run(id)),
		photo: (id) => read(() => select.get(id)),
		photos: (number) => read(() => ofOne.all(number)),
		allPhotos: () => read(() => all.all()),
		photoUsage: () => read(() => usage.get() ?? { images: 0, bytes: 0 }),
		photosOfClosed: (beforeMs, limit) => read(() => ofClosed.all(beforeMs, limit)),
	} satisfies Partial<InterventionRecords>;
}
