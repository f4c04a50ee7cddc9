import { setImmediate as turn } from 'node:timers/promises';
import { maskText, type RowSight } from '../../core/directory/mask.ts';
import { GatewayError } from '../../core/gateway-error.ts';
import type { AuditEntry } from '../../core/journal.ts';
import { LIMITS } from '../../core/limits.ts';
import { placeOfCharge, type RowLook } from '../../core/permission/row-place.ts';
import type { RecordPlace } from '../../core/permission/scope.ts';
import type { Language } from '../../core/reason-texts/reason-text.ts';
import type { ChargePlace, StayCharge } from '../../store/consumption.ts';
import type { SiteStore } from '../../store/site-store.ts';
import type { DirectoryLists } from '../directory/directory-lists.ts';
import type { ExportedFile } from '../directory/export-directory.ts';
import type { ExportFormat } from '../directory/export-messages.ts';
import { cursorParts } from '../list-cursor.ts';
import { instantText } from '../tables/instant-text.ts';
import { listFile, takenAlong } from '../tables/list-file.ts';
import { localDay } from '../tables/local-day.ts';
import { CHARGE_HEADINGS } from './charge-headings.ts';

/** [from, to), UTC epoch ms. */
export interface ChargeSpan {
	readonly fromMs: number;
	readonly toMs: number;
	/** Only those of some charges that are for whoever asks; absent: all. */
	readonly theirs?: (charges: readonly StayCharge[]) => readonly StayCharge[];
}

export interface ChargeQuery extends ChargeSpan {
	readonly limit: number;
	/** From the previous page's `nextCursor`. */
	readonly cursor?: string;
}

/** A page may be short, even empty, and still have a `nextCursor`: then a bounded piece of many charges was looked through. */
export interface ChargePage {
	/** The oldest first. */
	readonly items: readonly StayCharge[];
	readonly nextCursor: string | null;
}

/** What stays were charged, for invoices (X5): prices in minor units of their currency (ISO 4217), and credits. */
export interface Charges {
	/** Rejects with INVALID_REQUEST for a cursor that is not ours. */
	page(query: ChargeQuery): Promise<ChargePage>;
	/** Where a charge lies among the scopes. */
	placeOf(charge: StayCharge, look: RowLook): RecordPlace;
	/** As a file, read some at a time; journalled when it ends. */
	export(
		ask: ChargeSpan & {
			readonly format: ExportFormat;
			readonly language: Language;
			readonly sight: Pick<RowSight, 'personal'>;
		},
		/** null: by a command on the machine. */
		operatorId: string | null,
	): ExportedFile;
}

export interface ChargesDeps {
	readonly store: {
		readonly consumption: Pick<SiteStore['consumption'], 'charges'>;
		readonly parkingSessions: Pick<SiteStore['parkingSessions'], 'areaOf'>;
	};
	readonly lists: Pick<DirectoryLists, 'titles'>;
	readonly timeZone: string;
	readonly nowMs: () => number;
	readonly newId: () => string;
	/** Durably. */
	readonly audit: (entry: AuditEntry) => void;
}

interface NamedCharge extends StayCharge {
	/** null: nobody’s any more. */
	readonly name: string | null;
}

export function createCharges({ store, lists, timeZone, nowMs, newId, audit }: ChargesDeps): Charges {
	const { consumption, parkingSessions } = store;

	/** Some at a time, with a turn of the event loop between two; with the last that was looked at, theirs or not. */
	async function* pieces({ fromMs, toMs, theirs }: ChargeSpan, after: ChargePlace | undefined) {
		const size = theirs === undefined ? LIMITS.listedTogether : LIMITS.chargesPlaced;
		for (let last = after; ; ) {
			const rows = consumption.charges(fromMs, toMs, size, last);
			last = rows.at(-1);
			if (last === undefined) return;
			yield { charges: theirs === undefined ? rows : theirs(rows), last, looked: rows.length };
			if (rows.length < size) return;
			await turn();
		}
	}

	async function page({ limit, cursor, ...span }: ChargeQuery): Promise<ChargePage> {
		const items: StayCharge[] = [];
		let looked = 0;
		for await (const piece of pieces(span, cursor === undefined ? undefined : decodeCursor(cursor))) {
			items.push(...piece.charges);
			looked += piece.looked;
			if (items.length > limit) return { items: items.slice(0, limit), nextCursor: cursorAt(items[limit - 1]) };
			if (looked >= LIMITS.chargesLookedAt) return { items, nextCursor: cursorAt(piece.last) };
		}
		return { items, nextCursor: null };
	}

	/** With the name of who it was for people; ids are for programs. */
	async function* batches(span: ChargeSpan, sight: Pick<RowSight, 'personal'>): AsyncGenerator<readonly NamedCharge[]> {
		for await (const { charges } of pieces(span, undefined)) {
			const ids = charges.flatMap(({ holderId }) => holderId ?? []);
			const names = await lists.titles('holders', ids);
			yield charges.map((charge) => {
				const name = charge.holderId === null ? undefined : names.get(charge.holderId);
				return { ...charge, name: name === undefined || sight.personal ? (name ?? null) : maskText(name) };
			});
		}
	}

	return {
		page,
		placeOf: (charge, look) => placeOfCharge(charge, parkingSessions.areaOf(charge.stayId) ?? null, look),
		export({ format, language, sight, ...span }, operatorId) {
			const { name: sheet, headings } = CHARGE_HEADINGS[language];
			const time = (atMs: number) => instantText(atMs, timeZone);
			const isPart = span.theirs !== undefined;
			const detail = { format, from: span.fromMs, to: span.toMs, isMasked: !sight.personal, ...(isPart && { isPart }) };
			return listFile<NamedCharge>({
				...{ format, language, sheet, headings, batches: batches(span, sight) },
				fileName: `charges-${localDay(span.fromMs, timeZone)}`,
				cells: ({ stayId, rightId, segment, holderId, name, atMs, price, credits }) => [
					...[time(atMs), name, holderId, rightId, stayId, segment],
					...[price?.minor ?? null, price?.currency ?? null, credits],
				],
				object: ({ atMs, name: _, ...charge }) => ({ at: time(atMs), ...charge }),
				ended: (isWhole) => audit(takenAlong({ nowMs, newId }, 'chargesExported', operatorId, { ...detail, isWhole })),
			});
		},
	};
}

function cursorAt(charge: ChargePlace | undefined): string | null {
	if (charge === undefined) return null;
	const { atMs, stayId, rightId, segment } = charge;
	return Buffer.from(JSON.stringify(['charges', atMs, stayId, rightId, segment])).toString('base64url');
}

function decodeCursor(cursor: string): ChargePlace {
	const [list, atMs, stayId, rightId, segment] = cursorParts(cursor);
	const areTexts = typeof stayId === 'string' && typeof rightId === 'string';
	if (list !== 'charges' || !Number.isSafeInteger(atMs) || !Number.isSafeInteger(segment) || !areTexts) {
		throw new GatewayError('INVALID_REQUEST', 'this cursor is not from the list of charges; start without one');
	}
	return { atMs: Number(atMs), stayId, rightId, segment: Number(segment) };
}
