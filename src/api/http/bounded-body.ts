import type { MiddlewareHandler } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { LIMITS } from '../../gateway/core/limits.ts';
import { type HttpContext, type HttpEnv, isJson, mediaTypeOf } from './login-context.ts';
import { bodyTooLarge } from './problem.ts';

const small = bodyLimit({ maxSize: LIMITS.smallBodyBytes, onError: bodyTooLarge });
const form = bodyLimit({ maxSize: LIMITS.formBodyBytes, onError: bodyTooLarge });
const large = bodyLimit({ maxSize: LIMITS.requestBodyBytes, onError: bodyTooLarge });

/** Where files come in; `requireUpload` bounds them as it reads, and keeps nothing of them. */
const UPLOADS: ReadonlySet<string> = new Set([
	...['POST /api/v1/imports', 'POST /imports', 'POST /configuration'],
	...['POST /api/v1/me/picture', 'POST /account/picture'],
]);
/** Photos of an intervention. */
const PHOTOS = /^POST (\/api\/v1)?\/interventions\/\d+\/photos$/;
const WHOLE: ReadonlySet<string | undefined> = new Set(['application/json', 'application/x-www-form-urlencoded']);

/** Refuses a body before more of it than its sender may send is kept, also one that comes in chunks. */
export const boundedBody: MiddlewareHandler<HttpEnv> = (c, next) => (isUpload(c) ? next() : limitOf(c)(c, next));

function isUpload(c: HttpContext): boolean {
	const name = `${c.req.method} ${c.req.path}`;
	return (UPLOADS.has(name) || PHOTOS.test(name)) && c.get('login') !== null && !WHOLE.has(mediaTypeOf(c));
}

function limitOf(c: HttpContext): typeof small {
	if (c.get('login') === null) return small;
	if (isJson(c)) return large;
	// Multipart takes several times as long to take apart.
	return mediaTypeOf(c) === 'application/x-www-form-urlencoded' ? form : small;
}
