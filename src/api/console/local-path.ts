const BASE = 'http://gateway.invalid';

/** A path of this console that a form may lead back to; anything else, or another host, becomes the live page. */
export function localPath(text: unknown): string {
	if (typeof text !== 'string' || !text.startsWith('/') || text.length > 2_000) return '/';
	const url = URL.parse(text, BASE);
	// Without its dots `/.//host` is `//host`, which a browser takes for another host.
	if (url === null || url.origin !== BASE || url.pathname.startsWith('//')) return '/';
	return url.pathname + url.search;
}
