import type { AuditEntry } from '../../core/journal.ts';
import { licenceKindText } from '../../core/licence/licence-kind-texts.ts';
import { isLicenceKind } from '../../core/licence/licence-kinds.ts';
import type { Language } from '../../core/reason-texts/reason-text.ts';
import type { SiteStore } from '../../store/site-store.ts';
import type { ExportedFile } from '../directory/export-directory.ts';
import type { ExportFormat } from '../directory/export-messages.ts';
import { createProgressBoard, type ListProgress } from '../tables/export-progress.ts';
import { instantText } from '../tables/instant-text.ts';
import { listFile, pagesOf, takenAlong } from '../tables/list-file.ts';
import { localDay } from '../tables/local-day.ts';
import type { CountedKind } from './licence-days.ts';
import { GRANT_HEADINGS, HISTORY_HEADINGS } from './licence-export-headings.ts';
import type { LicenceGrants, LicensedOperator, LicensedOperatorsQuery } from './licence-grants.ts';
import type { LicenceChange, LicenceChangeFilter } from './licence-standing.ts';

interface Ask {
	readonly format: ExportFormat;
	readonly language: Language;
	/** Rows so far, and how many there are, more or less. */
	readonly onProgress?: (done: number, total: number) => void;
}

export const LICENCE_LISTS = ['licences', 'licence-history'] as const;
export type LicenceList = (typeof LICENCE_LISTS)[number];

/** Licences to take along (FEATURES I20), narrowed as they are seen; journalled when it ends. */
export interface LicenceExports {
	/** Who has what; every camera with a licence too, unless it is narrowed. */
	licences(
		ask: Ask & Pick<LicensedOperatorsQuery, 'q' | 'kind' | 'unusedDays'>,
		operatorId: string | null,
	): ExportedFile;
	/** The newest first. */
	history(ask: Ask & { readonly filter: LicenceChangeFilter }, operatorId: string | null): ExportedFile;
	/** How far the last one of this operator is. */
	progress(operatorId: string, list: LicenceList): ListProgress | undefined;
}

interface Line {
	/** Of the operator, or of the camera. */
	readonly id: string;
	readonly name: string;
	readonly email: string | null;
	readonly kind: CountedKind;
	readonly sinceMs: number | null;
}

export interface LicenceExportsDeps {
	readonly store: Pick<SiteStore, 'licences' | 'licenceGrants' | 'operators'>;
	readonly grants: Pick<LicenceGrants, 'search'>;
	readonly timeZone: string;
	readonly nowMs: () => number;
	readonly newId: () => string;
	/** Durably. */
	readonly audit: (entry: AuditEntry) => void;
}

export function createLicenceExports(deps: LicenceExportsDeps): LicenceExports {
	const { store, grants, timeZone, nowMs } = deps;
	const time = (atMs: number | null) => (atMs === null ? null : instantText(atMs, timeZone));
	const nameOf = (operatorId: string | null) =>
		operatorId === null ? null : (store.operators.operatorById(operatorId)?.name ?? operatorId);
	const file = (name: string) => `${name}-${localDay(nowMs(), timeZone)}`;
	const board = createProgressBoard(nowMs);
	const ended = (action: string, operatorId: string | null, detail: AuditEntry['detail']) => (isWhole: boolean) =>
		deps.audit(takenAlong(deps, action, operatorId, { ...detail, isWhole }));

	/** Tells the page, and whoever asked, how far it is. */
	function follow(list: LicenceList, operatorId: string | null, total: number, onProgress: Ask['onProgress']) {
		let rows = 0;
		const tell = (state: ListProgress['state']) =>
			board.tell(operatorId, list, { rows, total: Math.max(rows, total), state });
		return {
			onProgress(done: number, all: number) {
				rows = done;
				tell('running');
				onProgress?.(done, all);
			},
			ended: (isWhole: boolean) => tell(isWhole ? 'done' : 'ended'),
		};
	}

	async function* licenceLines({
		q,
		kind,
		unusedDays = null,
	}: Pick<LicensedOperatorsQuery, 'q' | 'kind' | 'unusedDays'>): AsyncGenerator<readonly Line[]> {
		const page = async (last: LicensedOperator | null, limit: number) =>
			(await grants.search({ q, kind, unusedDays, after: last?.id ?? null, limit })).items;
		for await (const operators of pagesOf(page))
			yield operators.flatMap(({ id, name, email, grants: given }) =>
				given.filter((grant) => kind === null || grant.kind === kind).map((grant) => ({ id, name, email, ...grant })),
			);
		if (q !== '' || kind !== null || unusedDays !== null) return;
		yield store.licences.cameras().flatMap(({ cameraId, active, sinceMs }) => {
			const line = { id: cameraId, name: cameraId, email: null, kind: 'camera', sinceMs } as const;
			return active ? [line] : [];
		});
	}

	return {
		licences({ format, language, onProgress, ...narrowed }, operatorId) {
			const { q, kind, unusedDays = null } = narrowed;
			const uses = store.licenceGrants.uses();
			const total = kind === null ? [...uses.values()].reduce((sum, used) => sum + used, 0) : (uses.get(kind) ?? 0);
			const { sheet, headings } = GRANT_HEADINGS[language];
			const followed = follow('licences', operatorId, total, onProgress);
			const isNarrowed = q !== '' || kind !== null || unusedDays !== null;
			const journalled = ended('licencesExported', operatorId, { format, kind, unusedDays, isNarrowed });
			return listFile<Line>({
				...{ format, language, sheet, headings, fileName: file('licences') },
				batches: counted(licenceLines(narrowed), total, followed.onProgress),
				cells: (line) => [
					...[line.name, line.email, licenceKindText(line.kind, language).name, time(line.sinceMs)],
					...[line.kind, line.id],
				],
				object: ({ sinceMs, ...line }) => ({ ...line, since: time(sinceMs) }),
				ended(isWhole) {
					followed.ended(isWhole);
					journalled(isWhole);
				},
			});
		},
		history({ format, language, onProgress, filter }, operatorId) {
			const { sheet, headings, events } = HISTORY_HEADINGS[language];
			const total = store.licences.countChanges(filter);
			const followed = follow('licence-history', operatorId, total, onProgress);
			const journalled = ended('licenceHistoryExported', operatorId, {
				...{ format, kind: filter.kind ?? null, subject: filter.subject ?? null },
				...{ from: filter.fromMs ?? null, to: filter.toMs ?? null },
			});
			const page = (last: LicenceChange | null, limit: number) => store.licences.changes(filter, last, limit);
			const kindName = (kind: string | null) =>
				kind !== null && isLicenceKind(kind) ? licenceKindText(kind, language).name : kind;
			const ofOperator = ({ what }: LicenceChange) => what === 'kindGiven' || what === 'kindTaken';
			return listFile<LicenceChange>({
				...{ format, language, sheet, headings, fileName: file('licence-history') },
				batches: counted(pagesOf(page), total, followed.onProgress),
				cells: (change) => [
					...[time(change.atMs), events[change.what]],
					ofOperator(change) ? nameOf(change.subject) : change.subject,
					...[kindName(change.kind), nameOf(change.operatorId)],
					...[change.what, change.subject, change.kind, change.operatorId],
				],
				object: ({ atMs, number: _, ...change }) => ({ at: time(atMs), ...change }),
				ended(isWhole) {
					followed.ended(isWhole);
					journalled(isWhole);
				},
			});
		},
		progress: board.of,
	};
}

async function* counted<T>(
	batches: AsyncIterable<readonly T[]>,
	total: number,
	onProgress: Ask['onProgress'],
): AsyncGenerator<readonly T[]> {
	let done = 0;
	for await (const rows of batches) {
		yield rows;
		done += rows.length;
		onProgress?.(done, Math.max(done, total));
	}
}
