import type { HttpContext } from './login-context.ts';
import { versionTag } from './version-tag.ts';

const location = { Location: 'Where it is' };

/** Of a route that makes something which can be read at an address of its own. */
export const CREATED = { status: 201, answerHeaders: location } as const;

/** And which counts its changes. */
export const CREATED_VERSIONED = {
	status: 201,
	answerHeaders: { ...location, ETag: 'Of what was made: send it as If-Match with a change' },
} as const;

/** Answers with what was made, and where it is from now on (RFC 9110, 15.3.2). */
export function created(
	c: HttpContext,
	at: { readonly path: string; readonly version?: number },
	body: object,
): Response {
	c.header('Location', at.path);
	if (at.version !== undefined) c.header('ETag', versionTag(at.version));
	return c.json(body, 201);
}
