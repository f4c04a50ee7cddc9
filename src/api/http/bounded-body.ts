import type { MiddlewareHandler } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { LIMITS } from '../../gateway/core/limits.ts';
import { type HttpContext, type HttpEnv, isJson } from './login-context.ts';
import { bodyTooLarge } from './problem.ts';

const small = bodyLimit({ maxSize: LIMITS.smallBodyBytes, onError: bodyTooLarge });
const large = bodyLimit({ maxSize: LIMITS.requestBodyBytes, onError: bodyTooLarge });

/** Refuses a body before more of it than its sender may send is kept, also one that comes in chunks. */
export const boundedBody: MiddlewareHandler<HttpEnv> = (c, next) => (mayBeLarge(c) ? large : small)(c, next);

function mayBeLarge(c: HttpContext): boolean {
	return c.get('login') !== null && isJson(c);
}
