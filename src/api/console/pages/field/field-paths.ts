import { SCRIPT_PATH } from '../../../http/login-context.ts';

export const SCAN_PATH = '/scan';
export const LOGISTIC_PATH = '/logistic';
export const REVIEW_PATH = '/review';
export const PRESENTED_PATH = `${SCRIPT_PATH}scan/presented`;
/** Of what is searched among the vehicles inside. */
export const FIELD_SEARCH_LENGTH = 100;

export function scanHref(text: string): string {
	return `${SCAN_PATH}?${new URLSearchParams({ q: text })}`;
}

export function scanReadHref({
	value,
	credentialId,
}: {
	readonly value: string;
	readonly credentialId: string | null;
}): string {
	return credentialId === null ? scanHref(value) : `${SCAN_PATH}?${new URLSearchParams({ credential: credentialId })}`;
}

/** `after`: only what is read from then on, UTC epoch ms. */
export function presentHref(path: string, deviceId: string, afterMs: number): string {
	return `${path}?${new URLSearchParams({ device: deviceId, after: String(afterMs) })}`;
}

export function vehicleHref(stayId: string): string {
	return `${LOGISTIC_PATH}/${encodeURIComponent(stayId)}`;
}

export function undoMoveHref(moveId: string): string {
	return `${LOGISTIC_PATH}/moves/${encodeURIComponent(moveId)}/undo`;
}

export function reviewHref(decisionId: string, act?: 'reopen'): string {
	const path = `${REVIEW_PATH}/${encodeURIComponent(decisionId)}`;
	return act === undefined ? path : `${path}/${act}`;
}

export function reviewPageHref(query: Readonly<Record<string, string>>): string {
	const set = new URLSearchParams(query);
	return set.size === 0 ? REVIEW_PATH : `${REVIEW_PATH}?${set}`;
}

/** With the plate or tag filled in. */
export function visitorOfReadHref({ kind, value }: { readonly kind: 'plate' | 'tag'; readonly value: string }): string {
	return `/visitors/new?${new URLSearchParams({ [kind]: value })}`;
}
