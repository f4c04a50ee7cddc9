import { z } from '@hono/zod-openapi';
import { LIMITS } from '../../../gateway/core/limits.ts';
import { type LoginRules, SECOND_LOGINS } from '../../../gateway/services/operators/login-rules.ts';
import type { Operators } from '../../../gateway/services/operators.ts';
import { actorOf } from '../actor.ts';
import { defineRoute, type Route } from '../define-route.ts';
import { requireLogin } from '../login-context.ts';
import { operatorRefused } from '../operator-problems.ts';
import type { Presenter } from '../present.ts';
import { InvalidRequest, noSuch, problem } from '../problem.ts';
import { givenId, time } from '../scalar-schemas.ts';

export interface LoginSessionRoutesDeps {
	readonly operators: Operators;
	readonly presenter: Presenter;
}

const sessionSchema = z
	.object({
		id: z.string(),
		operatorId: z.string(),
		name: z.string(),
		email: z.string(),
		remoteAddress: z.string(),
		createdAt: time,
		lastUsed: time,
		idleS: z.int(),
		isPageOpen: z.boolean().openapi({ description: 'A page of it is open, so it can’t be closed from here' }),
		isOperatorActive: z.boolean(),
	})
	.openapi('LoginSession');

const tag = 'operators';
const MINUTE_MS = 60_000;

/** Who is signed in, and how long that lasts. */
export function loginSessionRoutes(deps: LoginSessionRoutesDeps): readonly Route[] {
	return [...sessionRoutes(deps), ...ruleRoutes(deps)];
}

function sessionRoutes({ operators: { openSessions }, presenter }: LoginSessionRoutesDeps): readonly Route[] {
	return [
		defineRoute({
			...{ method: 'get', path: '/api/v1/login-sessions', permission: 'loginSessions:read', tag },
			summary: 'Who is signed in, since when, and for how long they did nothing; the last to sign in first',
			answer: z.object({ items: z.array(sessionSchema).readonly() }),
			handle: () => ({ items: presenter.present(openSessions.list()) }),
		}),
		defineRoute({
			...{ method: 'post', path: '/api/v1/login-sessions/{sessionId}/close', permission: 'loginSessions:end', tag },
			summary: 'End an abandoned login; 409 while a page of it is open',
			params: z.object({ sessionId: givenId }),
			body: z.strictObject({}),
			answer: z.object({ result: z.literal('closed') }),
			problems: [404, 409],
			handle({ params: { sessionId } }, c) {
				const { result } = openSessions.close(sessionId, actorOf(c));
				if (result === 'closed') return { result };
				if (result === 'notFound') return noSuch('login', sessionId);
				if (result === 'notYours') return operatorRefused(c, { result });
				const detail = 'A page of this login is open. Close that page, or end all logins of its operator.';
				return problem(c, { status: 409, code: 'CONFLICT', because: 'pageOpen', detail });
			},
		}),
		defineRoute({
			...{ method: 'post', path: '/api/v1/operators/{operatorId}/end-logins', permission: 'loginSessions:end', tag },
			summary: 'End all logins of an operator now, open pages or not',
			params: z.object({ operatorId: givenId }),
			body: z.strictObject({}),
			answer: z.object({ ended: z.int() }),
			problems: [404],
			handle({ params: { operatorId } }, c) {
				const ended = openSessions.endOf(operatorId, actorOf(c));
				if (ended === undefined) return noSuch('operator', operatorId);
				return ended === 'notYours' ? operatorRefused(c, { result: ended }) : { ended };
			},
		}),
	];
}

const settingsSchema = z
	.object({
		logins: z.object({
			secondLogin: z.enum(SECOND_LOGINS).openapi({
				description: 'Of an account that is signed in: refuse it, let it take over when confirmed, or allow both',
			}),
			idleMinutes: z
				.int()
				.min(LIMITS.loginIdleLeastMs / MINUTE_MS)
				.max(LIMITS.loginIdleMostMs / MINUTE_MS),
			absoluteMinutes: z
				.int()
				.min(LIMITS.loginAbsoluteLeastMs / MINUTE_MS)
				.max(LIMITS.loginAbsoluteMostMs / MINUTE_MS),
			secondFactorRoles: z
				.array(givenId)
				.max(LIMITS.operatorRoles)
				.readonly()
				.openapi({ description: 'Roles that sign in with a second factor, from their next sign-in on' }),
		}),
	})
	.openapi('Settings');

function ruleRoutes({ operators: { loginRules } }: LoginSessionRoutesDeps): readonly Route[] {
	return [
		defineRoute({
			...{ method: 'get', path: '/api/v1/settings', permission: 'settings:read', tag: 'settings' },
			summary: 'How long logins last, and what a second one of the same account does',
			answer: settingsSchema,
			handle: () => shown(loginRules.get()),
		}),
		defineRoute({
			...{ method: 'patch', path: '/api/v1/settings', permission: 'settings:write', tag: 'settings' },
			summary: 'Change them; acts at once, on present logins too',
			body: z.strictObject({ logins: settingsSchema.shape.logins.partial().strict() }),
			answer: settingsSchema,
			problems: [503],
			handle({ body: { logins } }, c) {
				const now = loginRules.get();
				const rules: LoginRules = {
					secondFactorRoles: logins.secondFactorRoles ?? now.secondFactorRoles,
					secondLogin: logins.secondLogin ?? now.secondLogin,
					idleMs: logins.idleMinutes === undefined ? now.idleMs : logins.idleMinutes * MINUTE_MS,
					absoluteMs: logins.absoluteMinutes === undefined ? now.absoluteMs : logins.absoluteMinutes * MINUTE_MS,
				};
				if (rules.idleMs > rules.absoluteMs) {
					const mend = 'Send one that is not longer than absoluteMinutes.';
					throw new InvalidRequest([{ path: 'body.logins.idleMinutes', problem: 'Longer than a login lasts', mend }]);
				}
				loginRules.set(rules, requireLogin(c).operator.id);
				return shown(rules);
			},
		}),
	];
}

function shown({ idleMs, absoluteMs, ...rest }: LoginRules): z.input<typeof settingsSchema> {
	return { logins: { ...rest, idleMinutes: idleMs / MINUTE_MS, absoluteMinutes: absoluteMs / MINUTE_MS } };
}
