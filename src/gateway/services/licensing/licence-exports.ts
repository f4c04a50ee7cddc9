import type { AuditEntry } from '../../core/journal.ts';
import { licenceKindText } from '../../core/licence/licence-kind-texts.ts';
import { isLicenceKind, type LicenceKind } from '../../core/licence/licence-kinds.ts';
import type { Language } from '../../core/reason-texts/reason-text.ts';
import type { SiteStore } from '../../store/site-store.ts';
import type { ExportedFile } from '../directory/export-directory.ts';
import type { ExportFormat } from '../directory/export-messages.ts';
import { instantText } from '../tables/instant-text.ts';
import { listFile, pagesOf, takenAlong } from '../tables/list-file.ts';
import { localDay } from '../tables/local-day.ts';
import type { CountedKind } from './licence-days.ts';
import { GRANT_HEADINGS, HISTORY_HEADINGS } from './licence-export-headings.ts';
import type { LicenceGrants, LicensedOperator } from './licence-grants.ts';
import type { LicenceChange, LicenceChangeFilter } from './licence-standing.ts';

interface Ask {
	readonly format: ExportFormat;
	readonly language: Language;
	/** Rows so far, and how many there are, more or less. */
	readonly onProgress?: (done: number, total: number) => void;
}

/** Licences to take along (FEATURES I20), narrowed as they are seen; journalled when it ends. */
export interface LicenceExports {
	/** Who has what; every camera with a licence too, unless it is narrowed. */
	licences(
		ask: Ask & { readonly q: string; readonly kind: LicenceKind | null },
		operatorId: string | null,
	): ExportedFile;
	/** The newest first. */
	history(ask: Ask & { readonly filter: LicenceChangeFilter }, operatorId: string | null): ExportedFile;
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
	readonly grants: Pick<LicenceGrants, 'page'>;
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
	const ended = (action: string, operatorId: string | null, detail: AuditEntry['detail']) => (isWhole: boolean) =>
		deps.audit(takenAlong(deps, action, operatorId, { ...detail, isWhole }));

	async function* licenceLines(q: string, kind: LicenceKind | null): AsyncGenerator<readonly Line[]> {
		const page = (last: LicensedOperator | null, limit: number) =>
			grants.page({ q, kind, after: last?.id ?? null, limit }).items;
		for await (const operators of pagesOf(page))
			yield operators.flatMap(({ id, name, email, grants: given }) =>
				given.filter((grant) => kind === null || grant.kind === kind).map((grant) => ({ id, name, email, ...grant })),
			);
		if (q !== '' || kind !== null) return;
		yield store.licences.cameras().flatMap(({ cameraId, active, sinceMs }) => {
			const line = { id: cameraId, name: cameraId, email: null, kind: 'camera', sinceMs } as const;
			return active ? [line] : [];
		});
	}

	return {
		licences({ format, language, onProgress, q, kind }, operatorId) {
			const uses = store.licenceGrants.uses();
			const total = kind === null ? [...uses.values()].reduce((sum, used) => sum + used, 0) : (uses.get(kind) ?? 0);
			const { sheet, headings } = GRANT_HEADINGS[language];
			return listFile<Line>({
				...{ format, language, sheet, headings, fileName: file('licences') },
				batches: counted(licenceLines(q, kind), total, onProgress),
				cells: (line) => [
					...[line.name, line.email, licenceKindText(line.kind, language).name, time(line.sinceMs)],
					...[line.kind, line.id],
				],
				object: ({ sinceMs, ...line }) => ({ ...line, since: time(sinceMs) }),
				ended: ended('licencesExported', operatorId, { format, kind, isNarrowed: q !== '' || kind !== null }),
			});
		},
		history({ format, language, onProgress, filter }, operatorId) {
			const { sheet, headings, events } = HISTORY_HEADINGS[language];
			const page = (last: LicenceChange | null, limit: number) => store.licences.changes(filter, last, limit);
			const kindName = (kind: string | null) =>
				kind !== null && isLicenceKind(kind) ? licenceKindText(kind, language).name : kind;
			const ofOperator = ({ what }: LicenceChange) => what === 'kindGiven' || what === 'kindTaken';
			return listFile<LicenceChange>({
				...{ format, language, sheet, headings, fileName: file('licence-history') },
				batches: counted(pagesOf(page), store.licences.countChanges(filter), onProgress),
				cells: (change) => [
					...[time(change.atMs), events[change.what]],
					ofOperator(change) ? nameOf(change.subject) : change.subject,
					...[kindName(change.kind), nameOf(change.operatorId)],
					...[change.what, change.subject, change.kind, change.operatorId],
				],
				object: ({ atMs, number: _, ...change }) => ({ at: time(atMs), ...change }),
				ended: ended('licenceHistoryExported', operatorId, {
					...{ format, kind: filter.kind ?? null, subject: filter.subject ?? null },
					...{ from: filter.fromMs ?? null, to: filter.toMs ?? null },
				}),
			});
		},
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
