import { REASONS, type ReasonCode } from '../../../../gateway/core/reason.ts';
import type { AccessLogQuery } from '../../../../gateway/services/access-log.ts';
import type { Ui } from '../../ui.ts';

/** The filters as typed, and what is wrong with them. */
export interface LogFilter {
	readonly q: string;
	readonly lane: string;
	readonly outcome: '' | 'granted' | 'refused';
	readonly reason: '' | ReasonCode;
	readonly from: string;
	readonly to: string;
	readonly errors: { readonly from?: string; readonly to?: string };
}

export const LOG_SEARCH_LENGTH = 100;
export const LOG_PAGE_SIZE = 50;

/** Reads the address's query. What is no filter is none; a time that is no time is told. */
export function parseLogFilter(query: Readonly<Record<string, string>>, { formats, t }: Ui): LogFilter {
	const from = (query['from'] ?? '').slice(0, 32);
	const to = (query['to'] ?? '').slice(0, 32);
	const fromMs = formats.parseField(from);
	const toMs = formats.parseField(to);
	const inverted = fromMs !== undefined && toMs !== undefined && fromMs >= toMs;
	return {
		q: (query['q'] ?? '').trim().slice(0, LOG_SEARCH_LENGTH),
		lane: (query['lane'] ?? '').slice(0, 64),
		outcome: query['outcome'] === 'granted' || query['outcome'] === 'refused' ? query['outcome'] : '',
		reason: REASONS.find((code) => code === query['reason']) ?? '',
		from,
		to,
		errors: {
			...(from !== '' && fromMs === undefined && { from: t('form.time') }),
			...(to !== '' && toMs === undefined && { to: t('form.time') }),
			...(inverted && { to: t('form.order') }),
		},
	};
}

export function isFiltered({ q, lane, outcome, reason, from, to }: LogFilter): boolean {
	return [q, lane, outcome, reason, from, to].some((value) => value !== '');
}

export function accessLogQuery(filter: LogFilter, cursor: string | undefined, { formats }: Ui): AccessLogQuery {
	const { q, lane, outcome, reason } = filter;
	const fromMs = formats.parseField(filter.from);
	const toMs = formats.parseField(filter.to);
	return {
		...(q !== '' && { q }),
		...(lane !== '' && { laneId: lane }),
		...(outcome !== '' && { outcome }),
		...(reason !== '' && { reason }),
		...(fromMs !== undefined && { fromMs }),
		...(toMs !== undefined && { toMs }),
		...(cursor !== undefined && { cursor }),
		limit: LOG_PAGE_SIZE,
	};
}

/** Address of a page of the log with these filters. */
export function logHref({ q, lane, outcome, reason, from, to }: LogFilter, cursor?: string): string {
	const set = Object.entries({ q, lane, outcome, reason, from, to, cursor: cursor ?? '' }).filter(([, v]) => v !== '');
	return set.length === 0 ? '/log' : `/log?${new URLSearchParams(set)}`;
}

/** For the file of the same lines: times with their offset, as programs write them. */
export function exportQuery(filter: LogFilter, { formats }: Ui): Readonly<Record<string, string>> {
	const { q, lane, outcome, reason } = filter;
	const time = (text: string) => {
		const atMs = formats.parseField(text);
		return atMs === undefined ? '' : formats.machine(atMs);
	};
	return { q, lane, outcome, reason, from: time(filter.from), to: time(filter.to) };
}
