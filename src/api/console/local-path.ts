const BASE = 'http://gateway.invalid';

/** A path of this console that a form may lead back to; anything else, or another host, becomes the live page. */
export function localPath(text: unknown): string {
	if (typeof text !== 'string' || !text.startsWith('/') || text.length > 2_000) return '/';
	const url = URL.parse(text, BASE);
	return url !== null && url.origin === BASE ? url.pathname + url.search : '/';
}
