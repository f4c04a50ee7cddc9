import { setImmediate as turn } from 'node:timers/promises';
import { maskText, type RowSight } from '../../core/directory/mask.ts';
import type { AuditEntry } from '../../core/journal.ts';
import { LIMITS } from '../../core/limits.ts';
import type { Language } from '../../core/reason-texts/reason-text.ts';
import type { StayCharge } from '../../store/consumption.ts';
import type { SiteStore } from '../../store/site-store.ts';
import type { DirectoryLists } from '../directory/directory-lists.ts';
import type { ExportedFile } from '../directory/export-directory.ts';
import type { ExportFormat } from '../directory/export-messages.ts';
import { instantText } from '../tables/instant-text.ts';
import type { CellValue } from '../tables/table.ts';
import { delimiterFor, TABLE_MEDIA_TYPES, writeTable } from '../tables/write-table.ts';
import { CHARGE_HEADINGS } from './charge-headings.ts';

/** [from, to), UTC epoch ms. */
export interface ChargeSpan {
	readonly fromMs: number;
	readonly toMs: number;
}

/** What stays were charged, for invoices (X5): prices in minor units of their currency (ISO 4217), and credits. */
export interface Charges {
	/** The oldest first, after the first `offset`. */
	page(span: ChargeSpan, limit: number, offset: number): readonly StayCharge[];
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
	readonly store: Pick<SiteStore, 'consumption'>;
	readonly lists: Pick<DirectoryLists, 'titles'>;
	readonly timeZone: string;
	readonly nowMs: () => number;
	readonly newId: () => string;
	/** Durably. */
	readonly audit: (entry: AuditEntry) => void;
}

export function createCharges({ store, lists, timeZone, nowMs, newId, audit }: ChargesDeps): Charges {
	const { consumption } = store;

	async function* batches({ fromMs, toMs }: ChargeSpan): AsyncGenerator<readonly StayCharge[]> {
		for (let offset = 0; ; ) {
			const rows = consumption.charges(fromMs, toMs, LIMITS.listedTogether, offset);
			if (rows.length > 0) yield rows;
			if (rows.length < LIMITS.listedTogether) return;
			offset += rows.length;
			await turn();
		}
	}

	/** Ids for programs, and who it was for people. */
	async function* cells(span: ChargeSpan, sight: Pick<RowSight, 'personal'>): AsyncGenerator<readonly CellValue[]> {
		for await (const rows of batches(span)) {
			const ids = rows.flatMap(({ holderId }) => holderId ?? []);
			const names = await lists.titles('holders', ids);
			const nameOf = (holderId: string | null) => {
				const name = holderId === null ? undefined : names.get(holderId);
				return name === undefined || sight.personal ? (name ?? null) : maskText(name);
			};
			for (const { stayId, rightId, segment, holderId, atMs, price, credits } of rows) {
				yield [
					instantText(atMs, timeZone),
					...[nameOf(holderId), holderId, rightId, stayId, segment],
					...[price?.minor ?? null, price?.currency ?? null, credits],
				];
			}
		}
	}

	async function* lines(span: ChargeSpan): AsyncGenerator<Uint8Array<ArrayBuffer>> {
		const encoder = new TextEncoder();
		for await (const rows of batches(span)) {
			const objects = rows.map(({ atMs, ...charge }) => ({ at: instantText(atMs, timeZone), ...charge }));
			yield encoder.encode(objects.map((object) => `${JSON.stringify(object)}\n`).join(''));
		}
	}

	async function* journalled(
		bytes: AsyncIterable<Uint8Array<ArrayBuffer>>,
		operatorId: string | null,
		detail: AuditEntry['detail'],
	): AsyncGenerator<Uint8Array<ArrayBuffer>> {
		let isWhole = false;
		try {
			yield* bytes;
			isWhole = true;
		} finally {
			const entry = { type: 'audit', class: 'audit', id: newId(), atMs: nowMs() } as const;
			audit({ ...entry, operatorId, action: 'chargesExported', target: null, detail: { ...detail, isWhole } });
		}
	}

	return {
		page: ({ fromMs, toMs }, limit, offset) => consumption.charges(fromMs, toMs, limit, offset),
		export({ format, language, sight, ...span }, operatorId) {
			const { name, headings } = CHARGE_HEADINGS[language];
			const columns = headings.map((heading) => ({ heading }));
			const bytes =
				format === 'jsonl'
					? lines(span)
					: writeTable(cells(span, sight), { format, columns, name, delimiter: delimiterFor(language) });
			const day = (ms: number) =>
				Temporal.Instant.fromEpochMilliseconds(ms).toZonedDateTimeISO(timeZone).toPlainDate().toString();
			return {
				fileName: `charges-${day(span.fromMs)}.${format}`,
				mediaType: format === 'jsonl' ? 'application/jsonl; charset=utf-8' : TABLE_MEDIA_TYPES[format],
				bytes: journalled(bytes, operatorId, { format, from: span.fromMs, to: span.toMs, isMasked: !sight.personal }),
			};
		},
	};
}
