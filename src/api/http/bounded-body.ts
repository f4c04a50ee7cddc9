import type { MiddlewareHandler } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { LIMITS } from '../../gateway/core/limits.ts';
import { type HttpContext, type HttpEnv, isJson, mediaTypeOf } from './login-context.ts';
import { bodyTooLarge } from './problem.ts';

const small = bodyLimit({ maxSize: LIMITS.smallBodyBytes, onError: bodyTooLarge });
const form = bodyLimit({ maxSize: LIMITS.formBodyBytes, onError: bodyTooLarge });
const large = bodyLimit({ maxSize: LIMITS.requestBodyBytes, onError: bodyTooLarge });

/** Refuses a body before more of it than its sender may send is kept, also one that comes in chunks. */
export const boundedBody: MiddlewareHandler<HttpEnv> = (c, next) => limitOf(c)(c, next);

function limitOf(c: HttpContext): typeof small {
	if (c.get('login') === null) return small;
	if (isJson(c)) return large;
	// Multipart takes several times as long to take apart.
	return mediaTypeOf(c) === 'application/x-www-form-urlencoded' ? form : small;
}
