import { AUDIT_KINDS, type AuditKind } from '../../../../gateway/core/audit/audited-action.ts';
import { LIMITS } from '../../../../gateway/core/limits.ts';
import type { AuditLogQuery } from '../../../../gateway/services/activity/audit-log.ts';
import type { Ui } from '../../ui.ts';
import { AUDIT_PATH } from './activity-words.tsx';

/** The filters as typed, and what is wrong with them. */
export interface AuditFilter {
	readonly q: string;
	/** Name or e-mail of whoever did it, as typed; an id where a link names them. */
	readonly who: string;
	readonly target: string;
	readonly kind: '' | AuditKind;
	readonly from: string;
	readonly to: string;
	readonly errors: { readonly from?: string; readonly to?: string };
}

export const AUDIT_PAGE_SIZE = 50;

/** Reads the address's query. What is no filter is none; a time that is no time is told. */
export function parseAuditFilter(query: Readonly<Record<string, string>>, { formats, t }: Ui): AuditFilter {
	const text = (name: string, most: number) => (query[name] ?? '').trim().slice(0, most);
	const [from, to] = [text('from', 32), text('to', 32)];
	const [fromMs, toMs] = [formats.parseField(from), formats.parseField(to)];
	return {
		...{ q: text('q', LIMITS.searchLength), who: text('who', 254), target: text('target', 200), from, to },
		kind: AUDIT_KINDS.find((kind) => kind === query['kind']) ?? '',
		errors: {
			...(from !== '' && fromMs === undefined && { from: t('form.time') }),
			...(to !== '' && toMs === undefined && { to: t('form.time') }),
			...(fromMs !== undefined && toMs !== undefined && fromMs >= toMs && { to: t('form.order') }),
		},
	};
}

/** @param operatorId of whoever `who` names. */
export function auditQuery(
	{ q, target, kind, from, to }: AuditFilter,
	operatorId: string | undefined,
	{ formats, may }: Ui,
): Omit<AuditLogQuery, 'cursor' | 'limit'> {
	const [fromMs, toMs] = [formats.parseField(from), formats.parseField(to)];
	return {
		personal: may('personalData:read'),
		...(q !== '' && { q }),
		...(operatorId !== undefined && { operatorId }),
		...(target !== '' && { target }),
		...(kind !== '' && { kinds: [kind] }),
		...(fromMs !== undefined && { fromMs }),
		...(toMs !== undefined && { toMs }),
	};
}

export function isAuditFiltered({ q, who, target, kind, from, to }: AuditFilter): boolean {
	return [q, who, target, kind, from, to].some((value) => value !== '');
}

/** Address of a page of the audit with these filters. */
export function auditHref({ q, who, target, kind, from, to }: AuditFilter, cursor = ''): string {
	const set = Object.entries({ q, who, target, kind, from, to, cursor }).filter(([, value]) => value !== '');
	return set.length === 0 ? AUDIT_PATH : `${AUDIT_PATH}?${new URLSearchParams(set)}`;
}

/** For the file of the same lines: times with their offset, as programs write them. */
export function auditExportQuery(
	{ q, target, kind, from, to }: AuditFilter,
	operatorId: string | undefined,
	{ formats }: Ui,
): Readonly<Record<string, string>> {
	const time = (text: string) => {
		const atMs = formats.parseField(text);
		return atMs === undefined ? '' : formats.machine(atMs);
	};
	return { q, operator: operatorId ?? '', target, kind, from: time(from), to: time(to) };
}
