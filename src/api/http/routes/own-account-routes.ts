import { z } from '@hono/zod-openapi';
import { LIMITS } from '../../../gateway/core/limits.ts';
import type { OwnDetails } from '../../../gateway/services/operators/own-account.ts';
import type { Operators } from '../../../gateway/services/operators.ts';
import { defineRoute, type Route } from '../define-route.ts';
import { type HttpContext, operatorOf, requireLogin } from '../login-context.ts';
import { operatorRefused } from '../operator-problems.ts';
import type { Presenter } from '../present.ts';
import { noSuch } from '../problem.ts';
import { givenId, time } from '../scalar-schemas.ts';
import { readAll, takeUpload } from '../upload.ts';
import { ifMatchHeader, versionOf, versionTag } from '../version-tag.ts';
import { answerPicture } from './evidence-routes.ts';
import { pictureRefused } from './intervention-problems.ts';
import { phone } from './operator-routes.ts';

export interface OwnAccountRoutesDeps {
	readonly operators: Pick<Operators, 'ownAccount' | 'ownPicture'>;
	readonly presenter: Presenter;
}

const accountSchema = z
	.object({
		id: z.string(),
		email: z.string(),
		name: z.string(),
		phone: z.string().nullable(),
		language: z.enum(['en', 'fr', 'nl']).nullable(),
		timeFormat: z.enum(['24h', '12h']).nullable().openapi({ description: 'null: as the site writes it' }),
		createdAt: time,
		lastLoginAt: time.nullable(),
		version: z.int(),
	})
	.openapi('OwnAccount');

const ownLoginSchema = z
	.object({
		id: z.string(),
		remoteAddress: z.string(),
		createdAt: time,
		lastUsed: time,
		isThis: z.boolean().openapi({ description: 'The login that asks' }),
	})
	.openapi('OwnLogin');

const patchSchema = z.strictObject({
	name: z.string().trim().min(1).max(200).optional(),
	phone: phone.nullable().optional(),
	language: z.enum(['en', 'fr', 'nl']).optional(),
	timeFormat: z.enum(['24h', '12h']).nullable().optional(),
});

const tag = 'account';
/** Nothing of it is lent to programs. */
const permission = { byPerson: 'signedIn' } as const;
const common = { tag, permission } as const;

/** One's own account (Z11, Z12): whose it is says the login alone, so that no id leads to another's. */
export function ownAccountRoutes(deps: OwnAccountRoutesDeps): readonly Route[] {
	return [...detailRoutes(deps), ...loginRoutes(deps), ...pictureRoutes(deps)];
}

function detailRoutes({ operators: { ownAccount }, presenter }: OwnAccountRoutesDeps): readonly Route[] {
	const path = '/api/v1/me/account';
	const shown = (c: HttpContext, details: OwnDetails) => {
		c.header('ETag', versionTag(details.version));
		return c.json(presenter.present(details));
	};
	return [
		defineRoute({
			...{ ...common, method: 'get', path, answer: accountSchema, problems: [404] },
			summary: 'One’s own details and settings',
			handle: (_request, c) => shown(c, ownAccount.details(operatorOf(c)) ?? noSuch('operator', operatorOf(c))),
		}),
		defineRoute({
			...{ ...common, method: 'patch', path, answer: accountSchema, problems: [404, 412, 503] },
			summary: 'Change one’s own details and settings; what is left out stays',
			...{ headers: ifMatchHeader, body: patchSchema },
			handle({ headers, body }, c) {
				const answer = ownAccount.change(operatorOf(c), body, versionOf(headers['if-match']));
				return answer.result === 'done' ? shown(c, answer.details) : operatorRefused(c, answer);
			},
		}),
	];
}

function loginRoutes({ operators: { ownAccount }, presenter }: OwnAccountRoutesDeps): readonly Route[] {
	const path = '/api/v1/me/login-sessions';
	return [
		defineRoute({
			...{ ...common, method: 'get', path },
			summary: 'One’s own logins, the last to sign in first',
			answer: z.object({ items: z.array(ownLoginSchema).readonly() }),
			handle(_request, c) {
				const here = requireLogin(c).id;
				const items = ownAccount.logins(operatorOf(c)).map((login) => ({ ...login, isThis: login.id === here }));
				return presenter.present({ items });
			},
		}),
		defineRoute({
			...{ ...common, method: 'delete', path: `${path}/{sessionId}` },
			summary: 'End one of one’s own logins, also this one',
			params: z.object({ sessionId: givenId }),
			answer: z.object({ result: z.literal('ended') }),
			problems: [404, 503],
			handle: ({ params: { sessionId } }, c) =>
				ownAccount.endLogin(operatorOf(c), sessionId) ? { result: 'ended' as const } : noSuch('login', sessionId),
		}),
		defineRoute({
			...{ ...common, method: 'post', path: `${path}/end-others`, body: z.strictObject({}) },
			summary: 'End all one’s own logins but this one',
			answer: z.object({ ended: z.int() }),
			problems: [503],
			handle: (_request, c) => ({ ended: ownAccount.endOtherLogins(operatorOf(c), requireLogin(c).id) }),
		}),
	];
}

function pictureRoutes({ operators: { ownPicture } }: OwnAccountRoutesDeps): readonly Route[] {
	const path = '/api/v1/me/picture';
	const told = z.object({ result: z.literal('done') });
	const megabytes = LIMITS.portraitBytes / 1_048_576;
	return [
		defineRoute({
			...{ ...common, method: 'post', path, upload: true, answer: told, problems: [409, 413, 422, 429, 503] },
			summary: `One’s own picture: the file itself, or a form; JPEG or PNG, up to ${megabytes} MB, kept as a square of ${LIMITS.portraitSidePx} pixels`,
			query: z.strictObject({ fileName: z.string().max(1_000).optional() }),
			async handle(_request, c) {
				const bytes = await readAll(takeUpload(c).chunks, LIMITS.portraitBytes);
				const answer = await ownPicture.set(operatorOf(c), bytes);
				return answer.result === 'done' ? { result: answer.result } : pictureRefused(c, answer.because);
			},
		}),
		defineRoute({
			...{ ...common, method: 'get', path, answer: 'image/jpeg', problems: [404], etag: true },
			summary: 'One’s own picture',
			handle: (_request, c) => answerPicture(c, ownPicture.get(operatorOf(c)) ?? noSuch('picture', 'me')),
		}),
		defineRoute({
			...{ ...common, method: 'delete', path, answer: told, problems: [404, 503] },
			summary: 'Take one’s own picture away',
			handle: (_request, c) =>
				ownPicture.remove(operatorOf(c)) ? { result: 'done' as const } : noSuch('picture', 'me'),
		}),
		defineRoute({
			...{
				method: 'get',
				path: '/api/v1/operators/{operatorId}/picture',
				permission: 'operators:read',
				tag: 'operators',
			},
			...{ params: z.object({ operatorId: givenId }), answer: 'image/jpeg', problems: [404], etag: true },
			summary: 'Their picture, where they gave one',
			handle: ({ params: { operatorId } }, c) =>
				answerPicture(c, ownPicture.get(operatorId) ?? noSuch('picture', operatorId)),
		}),
	];
}
