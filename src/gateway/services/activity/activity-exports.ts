import { setImmediate as turn } from 'node:timers/promises';
import type { AuditChange } from '../../core/audit/audit-changes.ts';
import type { AuditEntry } from '../../core/journal.ts';
import { LIMITS } from '../../core/limits.ts';
import { MODULES } from '../../core/permission/modules.ts';
import type { Language } from '../../core/reason-texts/reason-text.ts';
import type { Page } from '../access-log.ts';
import type { ExportedFile } from '../directory/export-directory.ts';
import type { ExportFormat } from '../directory/export-messages.ts';
import { instantText } from '../tables/instant-text.ts';
import { listFile, takenAlong } from '../tables/list-file.ts';
import { localDay } from '../tables/local-day.ts';
import { AUDIT_WORDS, REPORT_WORDS } from './activity-export-words.ts';
import type { AuditItem, AuditLog, AuditLogQuery } from './audit-log.ts';
import type { ActivityReportQuery, ActivityReportRow, OperatorActivity } from './operator-activity.ts';

interface Ask {
	readonly format: ExportFormat;
	readonly language: Language;
}

export type AuditFilter = Omit<AuditLogQuery, 'cursor' | 'limit'>;
export type ActivityFilter = Omit<ActivityReportQuery, 'cursor' | 'limit'>;

/** The audit and the activity report to take along, narrowed as they are seen; journalled when it ends. */
export interface ActivityExports {
	/** One row for each field that changed, and one for what changed none. */
	audit(ask: Ask & { readonly filter: AuditFilter }, operatorId: string): ExportedFile;
	report(ask: Ask & { readonly filter: ActivityFilter }, operatorId: string): ExportedFile;
}

export interface ActivityExportsDeps {
	readonly operators: {
		readonly audit: Pick<AuditLog, 'list'>;
		readonly activity: Pick<OperatorActivity, 'report'>;
	};
	/** null: an operator who is no longer here. */
	readonly operatorName: (operatorId: string) => string | null;
	readonly timeZone: string;
	readonly nowMs: () => number;
	readonly newId: () => string;
	/** Durably. */
	readonly audit: (entry: AuditEntry) => void;
}

interface AuditRow {
	readonly item: AuditItem;
	/** null: nothing of it changed field by field. */
	readonly change: AuditChange | null;
}

export function createActivityExports(deps: ActivityExportsDeps): ActivityExports {
	const { operators, timeZone, nowMs } = deps;
	const time = (atMs: number | null) => (atMs === null ? null : instantText(atMs, timeZone));
	const fileName = (name: string) => `${name}-${localDay(nowMs(), timeZone)}`;
	const who = (operatorId: string | null) => (operatorId === null ? '' : (deps.operatorName(operatorId) ?? operatorId));
	const ended = (action: string, operatorId: string, detail: AuditEntry['detail']) => (isWhole: boolean) =>
		deps.audit(takenAlong(deps, action, operatorId, { ...detail, isWhole }));

	return {
		audit({ format, language, filter }, operatorId) {
			const { sheet, headings } = AUDIT_WORDS[language];
			const { fromMs = null, toMs = null, personal, q, ...narrowed } = filter;
			const detail = { format, personal, from: fromMs, to: toMs, isSearched: q !== undefined };
			return listFile<AuditRow>({
				...{ format, language, sheet, headings, fileName: fileName('audit') },
				batches: rowsOf(pages((cursor) => operators.audit.list({ ...filter, ...cursor, limit: LIMITS.pageSize }))),
				cells: ({ item, change }) => [
					...[time(item.atMs), who(item.operatorId), item.kind, item.action, item.target],
					...[change?.field ?? null, textOf(change?.before), textOf(change?.after)],
					...[change === null ? factsText(item) : null, item.operatorId, item.id, item.seq],
				],
				object: ({ item, change }) => {
					const { atMs, changes: _, facts, ...line } = item;
					return { at: time(atMs), ...line, ...(change === null ? { facts } : { change }) };
				},
				ended: ended('auditExported', operatorId, { ...detail, isNarrowed: Object.keys(narrowed).length > 0 }),
			});
		},
		report({ format, language, filter }, operatorId) {
			const { sheet, headings, states } = REPORT_WORDS[language];
			const { fromDay = null, toDay = null, inactive = null } = filter;
			return listFile<ActivityReportRow>({
				...{ format, language, sheet, headings, fileName: fileName('activity') },
				batches: pages((cursor) => operators.activity.report({ ...filter, ...cursor, limit: LIMITS.pageSize })),
				cells: (row) => [
					...[row.name, row.email, states[row.state], time(row.lastLoginAtMs), time(row.lastActiveMs)],
					...[row.days, row.logins, row.refused, ...MODULES.map((module) => row[module]), row.id],
				],
				object: ({ lastLoginAtMs, lastActiveMs, ...row }) => ({
					...{ ...row, lastLoginAt: time(lastLoginAtMs), lastActive: time(lastActiveMs) },
				}),
				ended: ended('activityExported', operatorId, { format, fromDay, toDay, inactive }),
			});
		},
	};
}

/** A page is a bounded piece; lanes go first between two. */
async function* pages<T>(page: (cursor: { readonly cursor?: string }) => Page<T>): AsyncGenerator<readonly T[]> {
	for (let cursor: string | null | undefined; cursor !== null; ) {
		const { items, nextCursor } = page(cursor === undefined ? {} : { cursor });
		yield items;
		cursor = nextCursor;
		await turn();
	}
}

async function* rowsOf(batches: AsyncIterable<readonly AuditItem[]>): AsyncGenerator<readonly AuditRow[]> {
	for await (const items of batches) {
		yield items.flatMap((item): readonly AuditRow[] =>
			item.changes.length === 0 ? [{ item, change: null }] : item.changes.map((change) => ({ item, change })),
		);
	}
}

function textOf(value: unknown): string | null {
	if (value === null || value === undefined) return null;
	return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

function factsText({ facts }: AuditItem): string {
	return Object.entries(facts)
		.map(([name, figure]) => `${name}: ${figure}`)
		.join('; ');
}
