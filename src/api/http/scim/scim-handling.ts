import type { ContentfulStatusCode } from 'hono/utils/http-status';
import { GatewayError } from '../../../gateway/core/gateway-error.ts';
import type { Permission } from '../../../gateway/core/permission.ts';
import { ScimRefusal } from '../../../gateway/core/scim/scim-refusal.ts';
import type { Offboarding } from '../../../gateway/services/operators/offboarding.ts';
import type { Operators } from '../../../gateway/services/operators.ts';
import type { ScimActor } from '../../../gateway/services/scim/scim-resource.ts';
import { checkPermission, type HttpContext, requireLogin, SAFE_METHODS } from '../login-context.ts';
import { SCIM_PATH, scimError, scimTypeFor } from './scim-error.ts';

export interface ScimRoutesDeps {
	readonly operators: Pick<Operators, 'scim' | 'accessOf'>;
	readonly offboarding: Pick<Offboarding, 'offboard'>;
}

/** The address that this request came to. */
export function baseOf(c: HttpContext): string {
	return `${new URL(c.req.url).origin}${SCIM_PATH}`;
}

export function scimAnswer(
	c: HttpContext,
	body: unknown,
	{
		status = 200,
		headers = {},
	}: { readonly status?: ContentfulStatusCode; readonly headers?: Record<string, string> } = {},
): Response {
	return c.body(JSON.stringify(body), status, { 'Content-Type': scimTypeFor(c), ...headers });
}

/**
 * Who asks. A token with this permission lends all that its owner may do with operators, and nothing that the owner may
 * not at this moment. Throws GatewayError FORBIDDEN.
 */
function scimActor(c: HttpContext, { operators }: ScimRoutesDeps, needs: Permission): ScimActor {
	const login = requireLogin(c);
	const { id, operator, program } = login;
	if (program === undefined) {
		checkPermission(login, needs);
		return { operatorId: operator.id, access: login.access, program: undefined };
	}
	const access = operators.accessOf(operator.id);
	if (access === undefined) throw new GatewayError('UNAUTHENTICATED', 'Sign in first.');
	checkPermission({ ...login, access }, needs);
	return { operatorId: operator.id, access, program: { id, name: program.name } };
}

/** Answers what is refused as SCIM does, and remembers what was asked for those who look after the connector. */
export async function handled(
	c: HttpContext,
	deps: ScimRoutesDeps,
	route: string,
	handle: (by: ScimActor) => Response | Promise<Response>,
): Promise<Response> {
	const { method } = c.req;
	const isReading = SAFE_METHODS.has(method) || route.endsWith('/.search');
	const { activity } = deps.operators.scim;
	try {
		const by = scimActor(c, deps, isReading ? 'operators:read' : 'operators:write');
		const response = await handle(by);
		activity.asked({ method, route, status: response.status, detail: null });
		return response;
	} catch (error) {
		if (error instanceof ScimRefusal) {
			const { status, scimType, message } = error;
			activity.asked({ method, route, status, detail: message });
			return scimError(c, { status, scimType, detail: message });
		}
		if (error instanceof GatewayError && error.code === 'FORBIDDEN')
			activity.asked({ method, route, status: 403, detail: error.message });
		throw error;
	}
}

/** ETags of If-Match and If-None-Match, all as weak ones; undefined: none were sent. */
export function tagsOf(header: string | undefined): readonly string[] | undefined {
	const tags = header?.split(',').map((tag) => tag.trim()) ?? [];
	const known = tags.slice(0, 20).filter((tag) => tag !== '');
	return known.length === 0 ? undefined : known.map((tag) => (tag.startsWith('"') ? `W/${tag}` : tag));
}
