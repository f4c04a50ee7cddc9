import type { Context } from 'hono';
import type { ContentfulStatusCode } from 'hono/utils/http-status';

export const SCIM_TYPE = 'application/scim+json';
const ERROR_ID = 'urn:ietf:params:scim:api:messages:2.0:Error';

/** Without a wish it is SCIM's own; who asks for plain JSON alone gets that (RFC 7644, 3.8). */
export function scimTypeFor(c: Context): string {
	const accepted = c.req.header('accept')?.toLowerCase() ?? '';
	return /application\/json/.test(accepted) && !accepted.includes(SCIM_TYPE) ? 'application/json' : SCIM_TYPE;
}

/** Below it answers are SCIM's. */
export const SCIM_PATH = '/scim/v2';

export interface ScimErrorAnswer {
	readonly status: number;
	readonly scimType?: string | undefined;
	readonly detail: string;
}

/** RFC 7644, 3.12. */
export function scimErrorBody({ status, scimType, detail }: ScimErrorAnswer) {
	return { schemas: [ERROR_ID], status: String(status), ...(scimType !== undefined && { scimType }), detail };
}

/** Identity providers understand no other errors than these. */
export function isScimRequest(c: Context): boolean {
	return c.req.path === '/scim' || c.req.path.startsWith('/scim/');
}

export function scimError(c: Context, answer: ScimErrorAnswer & { readonly status: ContentfulStatusCode }): Response {
	return c.body(JSON.stringify(scimErrorBody(answer)), answer.status, { 'Content-Type': scimTypeFor(c) });
}
