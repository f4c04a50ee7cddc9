export const HAND_OVERS_PATH = '/hand-overs';

export function handOverHref(id: string, query: Readonly<Record<string, string>> = {}): string {
	const text = new URLSearchParams(query).toString();
	return `${HAND_OVERS_PATH}/${encodeURIComponent(id)}${text === '' ? '' : `?${text}`}`;
}
