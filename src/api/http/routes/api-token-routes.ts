import { z } from '@hono/zod-openapi';
import { LIMITS } from '../../../gateway/core/limits.ts';
import { PERMISSIONS } from '../../../gateway/core/permission.ts';
import type { ApiTokenRefusal } from '../../../gateway/services/operators/api-tokens.ts';
import type { Operators } from '../../../gateway/services/operators.ts';
import { actorOf } from '../actor.ts';
import { defineRoute, type Route } from '../define-route.ts';
import { type HttpContext, requireLogin } from '../login-context.ts';
import type { Presenter } from '../present.ts';
import { noSuch, problem } from '../problem.ts';
import { givenId, time } from '../scalar-schemas.ts';

export interface ApiTokenRoutesDeps {
	readonly operators: Pick<Operators, 'apiTokens'>;
	readonly presenter: Presenter;
}

const DAY_MS = 86_400_000;

const tokenSchema = z
	.object({
		id: z.string(),
		name: z.string(),
		permissions: z
			.array(z.enum(PERMISSIONS))
			.readonly()
			.openapi({ description: 'What was lent; each counts only as far as the owner may do it at that moment' }),
		createdAt: time,
		endsAt: time,
		lastUsed: time.nullable().openapi({ description: 'To the hour; null: never' }),
		lastUsedFrom: z.string().nullable(),
	})
	.openapi('ApiToken');

const listSchema = z.object({ items: z.array(tokenSchema).readonly() });
const revokedSchema = z.object({ result: z.literal('revoked') });

const wish = z.strictObject({
	name: z.string().trim().min(1).max(100),
	permissions: z.array(z.enum(PERMISSIONS)).max(PERMISSIONS.length),
	days: z
		.int()
		.min(1)
		.max(LIMITS.apiTokenMostMs / DAY_MS)
		.default(LIMITS.apiTokenMs / DAY_MS),
	password: z.string().min(1).max(LIMITS.passwordLength).openapi({ description: 'One’s own, again' }),
});

const tag = 'tokens';

/** Tokens that operators lend to programs. */
export function apiTokenRoutes(deps: ApiTokenRoutesDeps): readonly Route[] {
	return [...ownRoutes(deps), ...othersRoutes(deps)];
}

function ownRoutes({ operators: { apiTokens }, presenter }: ApiTokenRoutesDeps): readonly Route[] {
	const common = { tag, permission: { byPerson: 'signedIn' } } as const;
	return [
		defineRoute({
			...{ ...common, method: 'get', path: '/api/v1/me/tokens', answer: listSchema },
			summary: 'The API tokens one lent to programs, the newest first',
			handle: (_request, c) => presenter.present({ items: apiTokens.list(requireLogin(c).operator.id) ?? [] }),
		}),
		defineRoute({
			...{ ...common, method: 'post', path: '/api/v1/me/tokens', body: wish, status: 201, problems: [403, 409, 429] },
			summary: 'Lend some of what one may do to a program; `secret` is shown this once',
			answer: z.object({ token: tokenSchema, secret: z.string().openapi({ example: 'pgt_…' }) }),
			async handle({ body: { days, ...asked } }, c) {
				const { operator, access } = requireLogin(c);
				const of = { operatorId: operator.id, access, remoteAddress: c.get('remoteAddress') };
				const answer = await apiTokens.make({ ...asked, ...of, lastsMs: days * DAY_MS });
				if (answer.result !== 'made') return notMade(c, answer);
				return { token: presenter.present(answer.token), secret: answer.secret };
			},
		}),
		defineRoute({
			...{ ...common, method: 'delete', path: '/api/v1/me/tokens/{tokenId}', answer: revokedSchema },
			...{ params: z.object({ tokenId: givenId }), problems: [404] },
			summary: 'Revoke one of one’s own; acts on its next request',
			handle: ({ params: { tokenId } }, c) => revoke(apiTokens, c, requireLogin(c).operator.id, tokenId),
		}),
	];
}

function othersRoutes({ operators: { apiTokens }, presenter }: ApiTokenRoutesDeps): readonly Route[] {
	return [
		defineRoute({
			...{ method: 'get', path: '/api/v1/operators/{operatorId}/tokens', permission: 'operators:read', tag },
			...{ params: z.object({ operatorId: givenId }), answer: listSchema, problems: [404] },
			summary: 'The API tokens of an operator',
			handle: ({ params: { operatorId } }) =>
				presenter.present({ items: apiTokens.list(operatorId) ?? noSuch('operator', operatorId) }),
		}),
		defineRoute({
			...{ method: 'delete', path: '/api/v1/operators/{operatorId}/tokens/{tokenId}', tag },
			...{ permission: 'operators:write', answer: revokedSchema, problems: [404] },
			params: z.object({ operatorId: givenId, tokenId: givenId }),
			summary: 'Revoke an operator’s API token; acts on its next request',
			handle: ({ params: { operatorId, tokenId } }, c) => revoke(apiTokens, c, operatorId, tokenId),
		}),
	];
}

function revoke(
	apiTokens: ApiTokenRoutesDeps['operators']['apiTokens'],
	c: HttpContext,
	operatorId: string,
	tokenId: string,
) {
	const result = apiTokens.revoke(operatorId, tokenId, actorOf(c));
	if (result === 'revoked') return { result };
	if (result === 'notFound') return noSuch('token', tokenId);
	const detail = 'Its owner may do what you may not do yourself; ask an administrator.';
	return problem(c, { status: 403, code: 'FORBIDDEN', because: result, detail });
}

function notMade(c: HttpContext, answer: ApiTokenRefusal): Response {
	switch (answer.result) {
		case 'backOff': {
			const { retryAfterS } = answer;
			const detail = `Too many failed tries; try again in ${retryAfterS} s.`;
			return problem(c, { status: 429, code: 'TOO_MANY', detail, retryAfterS });
		}
		case 'wrongPassword':
			return problem(c, { status: 409, code: 'PASSWORD_WRONG', detail: 'Your password is another one.' });
		case 'notYours': {
			const detail = `You may not do ${answer.permission} yourself, so you can’t lend it.`;
			return problem(c, { status: 403, code: 'FORBIDDEN', because: 'notYours', detail });
		}
		case 'tooMany': {
			const detail = `You have ${LIMITS.apiTokensOfOperator} tokens; revoke one first.`;
			return problem(c, { status: 409, code: 'CONFLICT', because: 'tooMany', detail });
		}
		case 'notActive': {
			const detail = 'You were deactivated; this login goes on, but lends nothing.';
			return problem(c, { status: 409, code: 'CONFLICT', because: 'notActive', detail });
		}
	}
}
