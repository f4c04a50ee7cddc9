import { z } from '@hono/zod-openapi';
import { LIMITS } from '../../../gateway/core/limits.ts';
import type { RowLook } from '../../../gateway/core/permission/row-place.ts';
import type { Site } from '../../../gateway/core/site.ts';
import type { OperatorChange } from '../../../gateway/services/operators/operator-administration.ts';
import type { OperatorView } from '../../../gateway/services/operators/operator-view.ts';
import type { Operators } from '../../../gateway/services/operators.ts';
import { actorOf } from '../actor.ts';
import { CREATED_VERSIONED, created } from '../created.ts';
import { defineRoute, type Route } from '../define-route.ts';
import { type Idempotency, idempotencyHeaders } from '../idempotency.ts';
import type { HttpContext } from '../login-context.ts';
import { operatorRefused } from '../operator-problems.ts';
import type { Presenter } from '../present.ts';
import { noSuch } from '../problem.ts';
import { denialsSchema, permissionsSchema, rolesOf, rolesSchema } from '../rule-schemas.ts';
import { givenId, pageQuery, time } from '../scalar-schemas.ts';
import { mailSchema } from '../schemas.ts';
import { ifMatchHeader, versionOf, versionTag } from '../version-tag.ts';
import { operatorAccessRoute } from './operator-access-route.ts';
import { passkeySchema } from './passkey-routes.ts';

export interface OperatorRoutesDeps {
	readonly operators: Operators;
	readonly presenter: Presenter;
	readonly idempotency: Idempotency;
	/** What lies where in the directory, as it is now. */
	readonly rowLook: () => RowLook;
	readonly site: Pick<Site, 'lanes'>;
}

const email = z.email().max(254);
const name = z.string().trim().min(1).max(200);
/** As people write it. */
export const phone = z.string().trim().min(1).max(40);
export const operatorSchema = z
	.object({
		id: z.string(),
		email: z.string(),
		name: z.string(),
		phone: z.string().nullable(),
		language: z.string().nullable(),
		state: z.enum(['invited', 'active', 'inactive']),
		roles: z.array(z.object({ id: z.string(), name: z.string(), scope: z.string() })).readonly(),
		permissions: z
			.array(z.object({ permission: z.string(), scope: z.string(), endsAt: time.nullish() }))
			.readonly()
			.openapi({ description: 'Given to them by themselves, besides roles and groups' }),
		denials: z.array(z.object({ permission: z.string(), scope: z.string() })).readonly(),
		groups: z.array(z.object({ id: z.string(), name: z.string() })).readonly(),
		createdAt: time,
		lastLoginAt: time.nullable(),
		codeEndsAt: time.nullable().openapi({ description: 'Until when a one-time code is out; null: none is' }),
		isSignedIn: z.boolean(),
		hasSecondFactor: z.boolean().openapi({ description: 'An authenticator, or a passkey' }),
		passkeys: z.array(passkeySchema).readonly(),
		hasPicture: z.boolean().openapi({ description: 'At operators/{id}/picture' }),
		hiddenMenu: z.array(z.string()).readonly().openapi({ description: 'What their menu leaves out; no right' }),
		mail: mailSchema.nullable(),
		version: z.int(),
	})
	.openapi('OperatorAccount');

export const codeSchema = z.object({
	operator: operatorSchema,
	code: z
		.string()
		.openapi({ description: 'Shown this once: hand it over, as it is or as `path` behind this gateway’s address' }),
	path: z.string(),
	endsAt: time,
});

const params = z.object({ operatorId: givenId });
const tag = 'operators';
const refusals = [403, 404, 409, 412, 422, 503];

/** Who may sign in, and as what. */
export function operatorRoutes(deps: OperatorRoutesDeps): readonly Route[] {
	return [
		listRoute(deps),
		standingRoute(deps),
		inviteRoute(deps),
		getRoute(deps),
		updateRoute(deps),
		removeRoute(deps),
	].concat(operatorAccessRoute(deps), stateRoutes(deps), secretRoutes(deps));
}

function listRoute({ operators, presenter }: OperatorRoutesDeps): Route {
	return defineRoute({
		...{ method: 'get', path: '/api/v1/operators', permission: 'operators:read', tag },
		summary: 'Operators by name; narrowed by name or e-mail address, state, role and group',
		query: z.strictObject({
			q: z.string().max(LIMITS.searchLength).optional(),
			state: z.enum(['invited', 'active', 'inactive']).optional(),
			role: givenId.optional(),
			group: givenId.optional().openapi({ description: 'Members of this group itself' }),
			...pageQuery,
		}),
		answer: z.object({ items: z.array(operatorSchema).readonly(), nextCursor: z.string().nullable() }),
		handle: async ({ query }) => presenter.present(await operators.administration.list(query)),
	});
}

function standingRoute({ operators }: OperatorRoutesDeps): Route {
	return defineRoute({
		...{ method: 'get', path: '/api/v1/operators/standing', permission: 'operators:read', tag },
		summary: 'How many administrators there are, and seats',
		answer: z.object({
			administrators: z.int(),
			fewAdministrators: z.boolean().openapi({ description: 'Fewer than the three that are advised' }),
			seatsTaken: z.int(),
			seats: z.object({ available: z.int(), stopped: z.boolean() }).nullable(),
			sendsMail: z.boolean().openapi({ description: 'Codes go by mail, too' }),
		}),
		handle: () => operators.administration.standing(),
	});
}

function inviteRoute(deps: OperatorRoutesDeps): Route {
	const { operators, presenter, idempotency } = deps;
	return defineRoute({
		...{ method: 'post', path: '/api/v1/operators', permission: { byPerson: 'operators:write' }, tag },
		summary: 'Invite an operator; the answer holds a one-time code with which they choose a password',
		headers: idempotencyHeaders,
		body: z.strictObject({ email, name, roles: rolesSchema.default([{ id: 'user', scope: 'site' }]) }),
		...{ answer: codeSchema, ...CREATED_VERSIONED },
		problems: refusals,
		handle: ({ headers, body }, c) =>
			idempotency.run(c, { key: headers['idempotency-key'], body }, async () => {
				const wish = { ...body, roles: rolesOf(body.roles) };
				const answer = operators.administration.invite(wish, actorOf(c));
				return answer.result === 'code' ? invited(c, presenter, answer) : operatorRefused(c, answer);
			}),
	});
}

/** Somebody new, and the code with which they choose a password. */
export function invited(c: HttpContext, presenter: Presenter, answer: Parameters<typeof shownCode>[1]): Response {
	const { id, version } = answer.operator;
	return created(c, { path: `/api/v1/operators/${id}`, version }, shownCode(presenter, answer));
}

function getRoute({ operators, presenter }: OperatorRoutesDeps): Route {
	return defineRoute({
		...{ method: 'get', path: '/api/v1/operators/{operatorId}', permission: 'operators:read', tag },
		summary: 'One operator',
		params,
		answer: operatorSchema,
		problems: [404],
		handle: ({ params: { operatorId } }, c) =>
			shown(c, presenter, operators.administration.get(operatorId) ?? noSuch('operator', operatorId)),
	});
}

function updateRoute({ operators, presenter }: OperatorRoutesDeps): Route {
	return defineRoute({
		...{ method: 'patch', path: '/api/v1/operators/{operatorId}', permission: 'operators:write', tag },
		summary: 'Change name, address, telephone, roles, permissions or denials; acts on their next request',
		params,
		headers: ifMatchHeader,
		body: z.strictObject({
			email: email.optional(),
			name: name.optional(),
			phone: phone.nullable().optional(),
			roles: rolesSchema.optional(),
			permissions: permissionsSchema.optional(),
			denials: denialsSchema.optional(),
			hiddenMenu: z
				.array(z.string().regex(/^\/[a-z0-9-]{0,40}$/))
				.max(LIMITS.hiddenMenus)
				.optional(),
		}),
		answer: operatorSchema,
		problems: refusals,
		handle({ params: { operatorId }, headers, body }, c) {
			const patch = { ...body, roles: body.roles && rolesOf(body.roles) };
			const version = versionOf(headers['if-match']);
			return changed(c, presenter, operators.administration.update(operatorId, patch, actorOf(c), version));
		},
	});
}

function removeRoute({ operators }: OperatorRoutesDeps): Route {
	return defineRoute({
		...{ method: 'delete', path: '/api/v1/operators/{operatorId}', permission: 'operators:write', tag },
		summary: 'Remove an operator, and end their logins',
		params,
		answer: z.object({ result: z.literal('removed') }),
		problems: refusals,
		handle({ params: { operatorId } }, c) {
			const answer = operators.administration.remove(operatorId, actorOf(c));
			return answer.result === 'removed' ? answer : operatorRefused(c, answer);
		},
	});
}

function stateRoutes({ operators: { administration }, presenter }: OperatorRoutesDeps): readonly Route[] {
	const common = { method: 'post', permission: 'operators:write', tag, params, problems: refusals } as const;
	return [
		defineRoute({
			...{ ...common, path: '/api/v1/operators/{operatorId}/activate', answer: operatorSchema },
			summary: 'Let them sign in again, with the password they had',
			body: z.strictObject({}),
			handle: ({ params: { operatorId } }, c) => changed(c, presenter, administration.activate(operatorId, actorOf(c))),
		}),
		defineRoute({
			...{ ...common, path: '/api/v1/operators/{operatorId}/deactivate', answer: operatorSchema },
			summary: 'No new login; a present one goes on unless it is ended too',
			body: z.strictObject({ endLogins: z.boolean().default(false) }),
			handle: ({ params: { operatorId }, body }, c) =>
				changed(c, presenter, administration.deactivate(operatorId, actorOf(c), body)),
		}),
		defineRoute({
			...{ ...common, path: '/api/v1/operators/{operatorId}/swap', answer: operatorSchema },
			summary: 'Give their seat to another operator: they stop, the other starts',
			body: z.strictObject({ to: givenId }),
			handle: ({ params: { operatorId }, body }, c) =>
				changed(c, presenter, administration.swap(operatorId, body.to, actorOf(c))),
		}),
	];
}

function secretRoutes({ operators: { administration }, presenter }: OperatorRoutesDeps): readonly Route[] {
	const permission = { byPerson: 'operators:write' } as const;
	const common = { method: 'post', permission, tag, params, body: z.strictObject({}) } as const;
	return [
		defineRoute({
			...{ ...common, path: '/api/v1/operators/{operatorId}/code', answer: codeSchema, problems: refusals },
			summary: 'Another one-time code, for who was invited or forgot their password; ends their logins',
			handle({ params: { operatorId } }, c) {
				const answer = administration.newCode(operatorId, actorOf(c));
				return answer.result === 'code' ? shownCode(presenter, answer) : operatorRefused(c, answer);
			},
		}),
		defineRoute({
			...{ ...common, path: '/api/v1/operators/{operatorId}/generate-password', problems: [...refusals, 429] },
			summary: 'A password for one sign-in, shown this once; lets them in, and ends their logins',
			answer: z.object({ operator: operatorSchema, password: z.string() }),
			async handle({ params: { operatorId } }, c) {
				const answer = await administration.generatePassword(operatorId, actorOf(c));
				if (answer.result !== 'password') return operatorRefused(c, answer);
				return { operator: presenter.present(answer.operator), password: answer.password };
			},
		}),
	];
}

function changed(c: HttpContext, presenter: Presenter, answer: OperatorChange): Response {
	return answer.result === 'done' ? shown(c, presenter, answer.operator) : operatorRefused(c, answer);
}

function shown(c: HttpContext, presenter: Presenter, operator: OperatorView): Response {
	c.header('ETag', versionTag(operator.version));
	return c.json(presenter.present(operator));
}

function shownCode(
	presenter: Presenter,
	{ operator, code, endsAtMs }: { readonly operator: OperatorView; readonly code: string; readonly endsAtMs: number },
) {
	const path = `/activate?${new URLSearchParams({ code })}`;
	return { operator: presenter.present(operator), code, path, endsAt: presenter.time(endsAtMs) };
}
