import { expect } from 'vitest';
import { createHttpSite, type HttpSite, type SignedIn } from './http-site.ts';
import { PASSWORD } from './operators.ts';

export const USER = 'urn:ietf:params:scim:schemas:core:2.0:User';
export const GROUP = 'urn:ietf:params:scim:schemas:core:2.0:Group';
export const ENTERPRISE = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User';
export const OPERATOR_GROUP = 'urn:parkgate:params:scim:schemas:extension:2.0:OperatorGroup';
export const PATCH_OP = 'urn:ietf:params:scim:api:messages:2.0:PatchOp';

export interface ScimAnswer {
	readonly status: number;
	readonly body: Readonly<Record<string, unknown>>;
	readonly headers: Headers;
}

/** A client of the SCIM of a site, with a token of its administrator. */
export interface ScimClient {
	readonly site: HttpSite;
	readonly admin: SignedIn;
	readonly secret: string;
	ask(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<ScimAnswer>;
	/** A new user; @returns the id. */
	user(userName: string, more?: object): Promise<string>;
	close(): void;
}

export async function createScimClient(site: HttpSite = createHttpSite()): Promise<ScimClient> {
	const admin = await site.signIn('administrator');
	const secret = await scimToken(admin);
	const ask = askWith(site, secret);
	return {
		...{ site, admin, secret, ask },
		async user(userName, more = {}) {
			const made = await ask('POST', '/Users', { schemas: [USER], userName, ...more });
			expect([made.status, made.body]).toEqual([201, expect.objectContaining({ userName })]);
			return String(made.body['id']);
		},
		close: () => site.close(),
	};
}

export async function scimToken(by: SignedIn, permissions: readonly string[] = ['scim']): Promise<string> {
	const answer = await by.post('/api/v1/me/tokens', { name: 'provisioning', permissions, password: PASSWORD });
	return ((await answer.json()) as { secret: string }).secret;
}

export function askWith(site: HttpSite, secret: string): ScimClient['ask'] {
	return async (method, path, body, headers = {}) => {
		const sent = { authorization: `Bearer ${secret}`, 'content-type': 'application/scim+json', ...headers };
		const init: RequestInit = { method, headers: sent, ...(body !== undefined && { body: textOf(body) }) };
		const answer = await site.request(`/scim/v2${path}`, init);
		const text = await answer.text();
		return {
			status: answer.status,
			headers: answer.headers,
			body: text === '' ? {} : (JSON.parse(text) as ScimAnswer['body']),
		};
	};
}

const textOf = (body: unknown) => (typeof body === 'string' ? body : JSON.stringify(body));

export function patch(...operations: readonly object[]) {
	return { schemas: [PATCH_OP], Operations: operations };
}
