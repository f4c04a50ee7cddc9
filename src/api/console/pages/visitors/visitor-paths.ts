import type { VisitTime } from '../../../../gateway/services/visitors/list-visits.ts';

export const VISITORS_PATH = '/visitors';
export const VISITOR_SEARCH_LENGTH = 100;

export interface VisitorsAddress {
	readonly when?: VisitTime;
	readonly q?: string;
	readonly cursor?: string;
}

export function visitorsHref(address: VisitorsAddress): string {
	const set = Object.entries(address).filter(([, value]) => value !== undefined && value !== '');
	return set.length === 0 ? VISITORS_PATH : `${VISITORS_PATH}?${new URLSearchParams(set)}`;
}

/** `decisionId`: with what was read there. */
export function newVisitorHref(decisionId?: string): string {
	const path = `${VISITORS_PATH}/new`;
	return decisionId === undefined ? path : `${path}?${new URLSearchParams({ decision: decisionId })}`;
}

export function newKindHref(decisionId?: string): string {
	const path = `${VISITORS_PATH}/kinds/new`;
	return decisionId === undefined ? path : `${path}?${new URLSearchParams({ decision: decisionId })}`;
}

export function visitHref(visitId: string, act?: 'pass' | 'extend' | 'end' | 'block' | 'unblock'): string {
	const path = `${VISITORS_PATH}/${encodeURIComponent(visitId)}`;
	return act === undefined ? path : `${path}/${act}`;
}
