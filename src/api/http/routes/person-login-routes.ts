import { z } from '@hono/zod-openapi';
import { OWN_ACCESS_BOUNDS, type OwnAccessRulesPort } from '../../../gateway/services/own-access/own-access-rules.ts';
import type {
	PersonLogin,
	PersonLoginAnswer,
	PersonLogins,
} from '../../../gateway/services/own-access/person-logins.ts';
import { actorOf } from '../actor.ts';
import { defineRoute, type Route } from '../define-route.ts';
import { type HttpContext, operatorOf } from '../login-context.ts';
import { operatorRefused } from '../operator-problems.ts';
import type { Presenter } from '../present.ts';
import { noSuch, problem } from '../problem.ts';
import { givenId, time } from '../scalar-schemas.ts';
import { mailSchema } from '../schemas.ts';

export interface PersonLoginRoutesDeps {
	readonly personLogins: PersonLogins;
	readonly ownAccessRules: OwnAccessRulesPort;
	readonly presenter: Presenter;
}

const loginSchema = z
	.object({
		operatorId: z.string(),
		email: z.string(),
		state: z.enum(['invited', 'active', 'inactive']),
		lastLoginAt: time.nullable(),
		codeEndsAt: time.nullable(),
		mail: mailSchema.nullable(),
		isSimple: z.boolean().openapi({ description: 'They see their own only; others are administered as operators' }),
	})
	.openapi('PersonLogin');

const params = z.object({ id: givenId });
const path = '/api/v1/holders/{id}/login' as const;
const tag = 'my-access';

/** The login by which a person of the directory sees their own (X12), and what such people may do for themselves. */
export function personLoginRoutes(deps: PersonLoginRoutesDeps): readonly Route[] {
	return [...loginRoutes(deps), ...ruleRoutes(deps)];
}

function loginRoutes({ personLogins, presenter }: PersonLoginRoutesDeps): readonly Route[] {
	const permission = 'ownAccess:invite';
	return [
		defineRoute({
			...{ method: 'get', path, permission, tag, params, problems: [404] },
			summary: 'The login of a person; null: they have none',
			answer: z.object({ login: loginSchema.nullable() }),
			handle({ params: { id } }) {
				const { login } = personLogins.of(id) ?? noSuch('person', id);
				return { login: login && shown(presenter, login) };
			},
		}),
		defineRoute({
			...{ method: 'post', path, permission: { byPerson: permission }, tag, params, body: z.strictObject({}) },
			summary: 'Invite a person by their e-mail address; who has a login gets another one-time code, shown this once',
			answer: z.object({ login: loginSchema, code: z.string(), path: z.string(), endsAt: time }),
			problems: [403, 404, 409, 422, 503],
			handle({ params: { id } }, c) {
				const answer = personLogins.invite(id, actorOf(c));
				if (answer.result !== 'code') return refused(c, id, answer);
				const { login, code, endsAtMs } = answer;
				const activate = `/activate?${new URLSearchParams({ code })}`;
				return { login: shown(presenter, login), code, path: activate, endsAt: presenter.time(endsAtMs) };
			},
		}),
		defineRoute({
			...{ method: 'delete', path, permission, tag, params, problems: [403, 404, 409, 503] },
			summary: 'Take the login of a person away; none: it stays so',
			answer: z.object({ result: z.enum(['removed', 'noLogin']) }),
			handle({ params: { id } }, c) {
				const answer = personLogins.remove(id, actorOf(c));
				const { result } = answer;
				return result === 'removed' || result === 'noLogin' ? { result } : refused(c, id, answer);
			},
		}),
	];
}

function shown(presenter: Presenter, login: PersonLogin) {
	return presenter.present(login);
}

function refused(c: HttpContext, id: string, answer: PersonLoginAnswer): Response {
	switch (answer.result) {
		case 'noPerson':
			return noSuch('person', id);
		case 'noEmail': {
			const detail = 'They have no e-mail address, by which they would sign in; write it down first.';
			return problem(c, { status: 409, code: 'CONFLICT', because: answer.result, detail });
		}
		case 'notSimple': {
			const detail = 'They do more here than see their own: whoever administers operators gives them a code.';
			return problem(c, { status: 409, code: 'CONFLICT', because: answer.result, detail });
		}
		case 'code':
		case 'removed':
		case 'noLogin':
			return problem(c, { status: 409, code: 'CONFLICT', detail: 'They have no login.' });
		default:
			return operatorRefused(c, answer);
	}
}

function ruleRoutes({ ownAccessRules }: PersonLoginRoutesDeps): readonly Route[] {
	const within = ([least, most]: readonly [number, number]) => z.int().min(least).max(most);
	const rules = z
		.strictObject({
			mayBook: z.boolean(),
			mayInvite: z.boolean(),
			visitsAtOnce: within(OWN_ACCESS_BOUNDS.visitsAtOnce).openapi({
				description: 'Guests of one person that are not over',
			}),
			visitHours: within(OWN_ACCESS_BOUNDS.visitHours).openapi({ description: 'Longest visit' }),
			visitDaysAhead: within(OWN_ACCESS_BOUNDS.visitDaysAhead),
			visitSpecificationId: givenId
				.nullable()
				.openapi({ description: 'Which kind of visit; null: the only one there is' }),
		})
		.openapi('OwnAccessRules');
	const common = { path: '/api/v1/settings/own-access', tag: 'settings', answer: rules } as const;
	return [
		defineRoute({
			...{ ...common, method: 'get', permission: 'settings:read' },
			summary: 'What people may do for themselves',
			handle: () => ownAccessRules.get(),
		}),
		defineRoute({
			...{ ...common, method: 'patch', permission: 'settings:write', body: rules.partial().strict(), problems: [503] },
			summary: 'Change it; acts at once',
			handle({ body }, c) {
				const given = Object.entries(body).filter(([, value]) => value !== undefined);
				ownAccessRules.set({ ...ownAccessRules.get(), ...Object.fromEntries(given) }, operatorOf(c));
				return ownAccessRules.get();
			},
		}),
	];
}
