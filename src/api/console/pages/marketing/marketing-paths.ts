export const CAMPAIGNS_PATH = '/campaigns';
export const LEADS_PATH = '/leads';

export function campaignHref(id: string, query: Readonly<Record<string, string>> = {}): string {
	return `${CAMPAIGNS_PATH}/${encodeURIComponent(id)}${queryText(query)}`;
}

export function leadHref(id: string, query: Readonly<Record<string, string>> = {}): string {
	return `${LEADS_PATH}/${encodeURIComponent(id)}${queryText(query)}`;
}

/** With its question mark; what is empty is left out. */
export function queryText(query: Readonly<Record<string, string>>): string {
	const text = new URLSearchParams(Object.entries(query).filter(([, value]) => value !== '')).toString();
	return text === '' ? '' : `?${text}`;
}
