import { z } from '@hono/zod-openapi';
import { LICENCE_KIND_NAMES, type LicenceKind } from '../../../gateway/core/licence/licence-kinds.ts';
import { LIMITS } from '../../../gateway/core/limits.ts';
import type {
	GrantRefusal,
	KindUse,
	LicenceGrants,
	LicensedOperator,
} from '../../../gateway/services/licensing/licence-grants.ts';
import { defineRoute, type Route } from '../define-route.ts';
import { isMatch } from '../directory-rows.ts';
import { type HttpContext, requireLogin } from '../login-context.ts';
import type { Presenter } from '../present.ts';
import { noSuch, problem } from '../problem.ts';
import { givenId, id, pageQuery, time } from '../scalar-schemas.ts';
import { pageOf } from '../schemas.ts';

export interface LicenceGrantRoutesDeps {
	readonly licenceGrants: LicenceGrants;
	readonly presenter: Presenter;
}

/** Of lists of operators with licences. */
export const unusedQuery = {
	unusedDays: z.coerce.number().int().min(1).max(LIMITS.licenceStatisticsDays).optional().openapi({
		description: 'Only who has a licence for that many days at least, and did not sign in for as long',
	}),
};

export const licenceKind = z.enum(LICENCE_KIND_NAMES as readonly [LicenceKind, ...LicenceKind[]]);

const kindSchema = z
	.object({
		kind: licenceKind,
		used: z.int(),
		available: z.int().openapi({ description: 'Seats of the product licence' }),
		unlocked: z.boolean().openapi({ description: 'false: the product licence lacks what it is about' }),
	})
	.openapi('LicenceKind');

const operatorSchema = z
	.object({
		operatorId: id,
		name: z.string(),
		email: z.string(),
		lastLogin: time.nullable().openapi({ description: 'When they signed in last; null: never' }),
		grants: z.array(z.object({ kind: licenceKind, since: time })).readonly(),
	})
	.openapi('LicensedOperator');

const ifMatchHeader = z.object({
	'if-match': z.string().max(1_000).optional().openapi({
		description: 'The ETag they were read with: only while they still are as then, else 412',
	}),
});
const etagHeader = { ETag: 'Of the grants: send it as If-Match with a change' };
const params = z.object({ operatorId: givenId });

/** Kinds of licence, and which operators have them. */
export function licenceGrantRoutes({ licenceGrants, presenter }: LicenceGrantRoutesDeps): readonly Route[] {
	const shown = (c: HttpContext, operator: LicensedOperator) => {
		c.header('ETag', operator.etag);
		return c.json(shownOperator(operator, presenter));
	};
	return [
		defineRoute({
			method: 'get',
			path: '/api/v1/licences/kinds',
			permission: 'licences:read',
			tag: 'licences',
			summary: 'Kinds of licence of operators, and how many of each are used',
			answer: z.object({ items: z.array(kindSchema).readonly() }),
			handle: () => ({ items: licenceGrants.kinds().map(shownKind) }),
		}),
		defineRoute({
			method: 'get',
			path: '/api/v1/licences/grants',
			permission: 'licences:read',
			tag: 'licences',
			summary: 'Operators by name, with the kinds of licence they have',
			query: z.strictObject({
				...{ cursor: givenId.optional(), limit: pageQuery.limit },
				q: z.string().max(LIMITS.searchLength).optional().openapi({
					description: 'Beginnings of last name, first name or e-mail, accents and case apart',
				}),
				kind: licenceKind.optional().openapi({ description: 'Only who has this one' }),
				...unusedQuery,
			}),
			answer: pageOf(operatorSchema),
			async handle({ query: { q = '', kind = null, unusedDays = null, cursor = null, limit } }) {
				const { items, next } = await licenceGrants.search({ q, kind, unusedDays, after: cursor, limit });
				return { items: items.map((operator) => shownOperator(operator, presenter)), nextCursor: next };
			},
		}),
		defineRoute({
			method: 'get',
			path: '/api/v1/licences/grants/{operatorId}',
			permission: 'licences:read',
			tag: 'licences',
			summary: 'The kinds of licence that one operator has',
			params,
			answer: operatorSchema,
			answerHeaders: etagHeader,
			problems: [404],
			handle: ({ params: { operatorId } }, c) =>
				shown(c, licenceGrants.operator(operatorId) ?? noSuch('operator', operatorId)),
		}),
		defineRoute({
			method: 'put',
			path: '/api/v1/licences/grants/{operatorId}',
			permission: 'licences:write',
			tag: 'licences',
			summary: 'Say which kinds of licence an operator has from now on; acts on their next request',
			params,
			headers: ifMatchHeader,
			body: z.strictObject({ kinds: z.array(licenceKind).max(LICENCE_KIND_NAMES.length) }),
			answer: operatorSchema,
			answerHeaders: etagHeader,
			problems: [404, 409, 412, 503],
			handle({ params: { operatorId }, headers, body }, c) {
				const ifMatch = headers['if-match'];
				const answer = licenceGrants.set(operatorId, body.kinds, {
					operatorId: requireLogin(c).operator.id,
					...(ifMatch !== undefined && { ifMatch: (etag: string) => isMatch(ifMatch, etag) }),
				});
				if (answer.result === 'unknown') return noSuch('operator', operatorId);
				if (answer.result === 'changedMeanwhile') {
					c.header('ETag', answer.operator.etag);
					const detail =
						'They were changed since they were read. Read them again, and send the change with the new ETag.';
					return problem(c, { status: 412, code: 'CHANGED', detail });
				}
				if ('operator' in answer) return shown(c, answer.operator);
				return problem(c, { status: 409, code: 'CONFLICT', ...conflictOf(answer) });
			},
		}),
	];
}

function conflictOf(answer: GrantRefusal): { readonly because: string; readonly detail: string } {
	switch (answer.result) {
		case 'full': {
			const { kind, used, available } = answer;
			const detail = `${used} of ${available} licences of the kind ${kind} are used; take one from somebody else or ask the vendor for more.`;
			return { because: 'poolFull', detail };
		}
		case 'excludes':
			return {
				because: 'excludes',
				detail: `Whoever has ${answer.kind} never signs in and can have no other kind; leave it or the others out.`,
			};
		case 'administrator':
			return {
				because: 'administrator',
				detail: `With ${answer.kind} an administrator could no longer sign in; give them another role first.`,
			};
		case 'stopped':
			return {
				because: 'licenceEnded',
				detail: 'The product licence has run out: nothing is activated any more. Install a new one.',
			};
	}
}

function shownKind({ kind, used, available, isUnlocked }: KindUse) {
	return { kind, used, available, unlocked: isUnlocked };
}

function shownOperator(operator: LicensedOperator, presenter: Presenter) {
	const { id: operatorId, name, email, lastLoginAtMs, grants } = operator;
	return {
		...{ operatorId, name, email, lastLogin: lastLoginAtMs === null ? null : presenter.time(lastLoginAtMs) },
		grants: grants.map(({ kind, sinceMs }) => ({ kind, since: presenter.time(sinceMs) })),
	};
}
