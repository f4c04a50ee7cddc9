import { maskText, type RowSight } from '../../core/directory/mask.ts';
import type { AuditEntry } from '../../core/journal.ts';
import type { Language } from '../../core/reason-texts/reason-text.ts';
import type { StayCharge } from '../../store/consumption.ts';
import type { SiteStore } from '../../store/site-store.ts';
import type { DirectoryLists } from '../directory/directory-lists.ts';
import type { ExportedFile } from '../directory/export-directory.ts';
import type { ExportFormat } from '../directory/export-messages.ts';
import { instantText } from '../tables/instant-text.ts';
import { listFile, pagesOf, takenAlong } from '../tables/list-file.ts';
import { localDay } from '../tables/local-day.ts';
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

interface NamedCharge extends StayCharge {
	/** null: nobody’s any more. */
	readonly name: string | null;
}

export function createCharges({ store, lists, timeZone, nowMs, newId, audit }: ChargesDeps): Charges {
	const { consumption } = store;

	/** With the name of who it was for people; ids are for programs. */
	async function* batches(
		{ fromMs, toMs }: ChargeSpan,
		sight: Pick<RowSight, 'personal'>,
	): AsyncGenerator<readonly NamedCharge[]> {
		let offset = 0;
		const page = (_: StayCharge | null, limit: number) => {
			const rows = consumption.charges(fromMs, toMs, limit, offset);
			offset += rows.length;
			return rows;
		};
		for await (const rows of pagesOf(page)) {
			const ids = rows.flatMap(({ holderId }) => holderId ?? []);
			const names = await lists.titles('holders', ids);
			yield rows.map((charge) => {
				const name = charge.holderId === null ? undefined : names.get(charge.holderId);
				return { ...charge, name: name === undefined || sight.personal ? (name ?? null) : maskText(name) };
			});
		}
	}

	return {
		page: ({ fromMs, toMs }, limit, offset) => consumption.charges(fromMs, toMs, limit, offset),
		export({ format, language, sight, ...span }, operatorId) {
			const { name: sheet, headings } = CHARGE_HEADINGS[language];
			const time = (atMs: number) => instantText(atMs, timeZone);
			const detail = { format, from: span.fromMs, to: span.toMs, isMasked: !sight.personal };
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
