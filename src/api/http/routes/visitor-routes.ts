import { z } from '@hono/zod-openapi';
import type { Clock } from '../../../gateway/core/clock.ts';
import type { SeenVisitors } from '../../../gateway/services/visitors/seen-visitors.ts';
import type { Visit } from '../../../gateway/services/visitors/visit.ts';
import type { VisitProblem, VisitRequest } from '../../../gateway/services/visitors/visit-request.ts';
import type { Visitors } from '../../../gateway/services/visitors/visitors.ts';
import { CREATED, created } from '../created.ts';
import { defineRoute, type Route } from '../define-route.ts';
import { type Idempotency, idempotencyHeaders } from '../idempotency.ts';
import { type HttpContext, requireLogin } from '../login-context.ts';
import type { Presenter } from '../present.ts';
import { noSuch, problem } from '../problem.ts';
import { givenId, id, moment, pageQuery, time } from '../scalar-schemas.ts';

export interface VisitorRoutesDeps {
	/** As whoever asks may see and make them. */
	readonly visitorsOf: (c: HttpContext) => SeenVisitors;
	readonly clock: Clock;
	readonly presenter: Presenter;
	readonly idempotency: Idempotency;
}

const text = (maximum: number) => z.string().max(maximum).nullable().optional();

/** What of a visit can be said when it is made. */
const visitBody = z.strictObject({
	name: z.string().trim().min(1).max(200),
	email: text(254),
	phone: text(40),
	language: z.enum(['en', 'fr', 'nl']).nullable().optional().openapi({ description: 'Of their pass' }),
	hostId: givenId.nullable().optional().openapi({ description: 'The holder they come to see' }),
	note: text(2_000),
	credential: z
		.discriminatedUnion('kind', [
			z.strictObject({ kind: z.enum(['plate', 'tag']), value: z.string().min(1).max(128), label: text(200) }),
			z.strictObject({ kind: z.enum(['qr', 'pin']) }),
		])
		.openapi({ description: 'The values of QR codes and PINs are made by the gateway' }),
	specificationId: givenId
		.optional()
		.openapi({ description: 'A right specification of strategy visitor; left out: the only one there is' }),
	validFrom: moment.optional().openapi({ description: 'Now, when left out' }),
	validTo: moment,
});

const visitSchema = z
	.object({
		id,
		holderId: id,
		name: z.string(),
		email: z.string().nullable(),
		phone: z.string().nullable(),
		language: z.enum(['en', 'fr', 'nl']).nullable(),
		note: z.string().nullable(),
		host: z.object({ id, name: z.string() }).nullable(),
		credential: z
			.object({
				id,
				kind: z.enum(['tag', 'plate', 'pin', 'qr']),
				value: z
					.string()
					.nullable()
					.openapi({ description: 'Of QR codes and PINs only for who may make visitors: it opens' }),
				label: z.string().nullable(),
			})
			.nullable(),
		specification: z.object({
			id,
			name: z.string(),
			areaIds: z.array(z.string()).readonly(),
			scheduleId: z.string().nullable(),
			useLimit: z.int().nullable(),
			usePeriod: z.string(),
		}),
		validFrom: time.nullable(),
		validTo: time.nullable(),
		state: z.enum(['coming', 'now', 'over', 'blocked']),
	})
	.openapi('Visit');

const params = z.object({ visitId: givenId.openapi({ description: 'Of the visit: the id of its right' }) });

/** Visitors: who comes, by what, from when to when; a visit is a right of the strategy `visitor`. */
export function visitorRoutes(deps: VisitorRoutesDeps): readonly Route[] {
	return [
		listRoute(deps),
		createRoute(deps),
		getRoute(deps),
		endRoute(deps),
		changeRoute(deps, 'extend', 'Give the visit another end, later or earlier', z.strictObject({ validTo: moment }), {
			change: ({ visitors }, visitId, by, body) => visitors.changeEnd(visitId, body.validTo, by),
		}),
		changeRoute(deps, 'block', 'Turn the visitor away at every lane', z.strictObject({}), {
			change: ({ visitors }, visitId, by) => visitors.block(visitId, true, by),
		}),
		changeRoute(deps, 'unblock', 'Let the visitor come again', z.strictObject({}), {
			change: ({ visitors }, visitId, by) => visitors.block(visitId, false, by),
		}),
	];
}

function listRoute({ visitorsOf, presenter }: VisitorRoutesDeps): Route {
	return defineRoute({
		method: 'get',
		path: '/api/v1/visitors',
		permission: { inParts: 'visitors:read' },
		tag: 'visitors',
		summary: 'Visits of today, to come, or past; what was made last first. With `q` of any time, the latest first',
		query: z.strictObject({
			when: z.enum(['today', 'coming', 'past']).default('today'),
			q: z.string().max(100).optional().openapi({ description: 'Name, plate or tag' }),
			...pageQuery,
		}),
		answer: z.object({ items: z.array(visitSchema).readonly(), nextCursor: z.string().nullable() }),
		handle: async ({ query: { q, cursor, ...query } }, c) => {
			const visitors = visitorsOf(c);
			const page = await visitors.page({ ...query, ...(q !== undefined && { q }), ...(cursor && { cursor }) });
			return presenter.present({
				items: page.items.map((visit) => shown(c, visitorsOf, visit)),
				nextCursor: page.nextCursor,
			});
		},
	});
}

function createRoute({ visitorsOf, clock, presenter, idempotency }: VisitorRoutesDeps): Route {
	return defineRoute({
		method: 'post',
		path: '/api/v1/visitors',
		permission: { inParts: 'visitors:write' },
		tag: 'visitors',
		summary:
			'Make a visitor: holder, credential and right in one. Who was here before by this credential stays the same',
		headers: idempotencyHeaders,
		body: visitBody,
		...{ answer: visitSchema, ...CREATED },
		problems: [409, 422, 503],
		handle: ({ headers, body }, c) =>
			idempotency.run(c, { key: headers['idempotency-key'], body }, async () => {
				const { validFrom, validTo: validToMs, ...rest } = body;
				// Fields that were left out and those that are undefined are the same to the service.
				const request = { ...rest, validToMs, validFromMs: validFrom ?? clock.nowMs() } as VisitRequest;
				const answer = visitorsOf(c).create(request, byOf(c));
				if (answer.result === 'refused') return refusal(c, answer.problems);
				const path = `/api/v1/visitors/${answer.visit.id}`;
				return created(c, { path }, presenter.present(shown(c, visitorsOf, answer.visit)));
			}),
	});
}

function getRoute({ visitorsOf, presenter }: VisitorRoutesDeps): Route {
	return defineRoute({
		method: 'get',
		path: '/api/v1/visitors/{visitId}',
		permission: { inParts: 'visitors:read' },
		tag: 'visitors',
		summary: 'One visit, and who made it',
		params,
		answer: visitSchema.extend({
			madeBy: z.object({ operatorId: z.string().nullable(), at: time }).nullable().openapi({
				description: 'null: it came from the central platform',
			}),
		}),
		problems: [404],
		handle: ({ params: { visitId } }, c) => {
			const visitors = visitorsOf(c);
			const visit = visitors.get(visitId) ?? noSuch('visit', visitId);
			return presenter.present({ ...shown(c, visitorsOf, visit), madeBy: visitors.madeBy(visitId) });
		},
	});
}

function endRoute({ visitorsOf, presenter, idempotency }: VisitorRoutesDeps): Route {
	return defineRoute({
		method: 'post',
		path: '/api/v1/visitors/{visitId}/end',
		permission: { inParts: 'visitors:write' },
		tag: 'visitors',
		summary: 'End the visit now; one that has not begun is deleted',
		params,
		headers: idempotencyHeaders,
		body: z.strictObject({}),
		answer: z.object({ result: z.enum(['ended', 'cancelled']), visit: visitSchema.nullable() }),
		problems: [404, 409, 503],
		handle: ({ params: { visitId }, headers, body }, c) =>
			idempotency.run(c, { key: headers['idempotency-key'], body }, async () => {
				const visitors = visitorsOf(c);
				if (visitors.get(visitId) === undefined) noSuch('visit', visitId);
				const answer = visitors.end(visitId, byOf(c));
				if (answer.result === 'refused') return refusal(c, answer.problems);
				if (answer.result === 'cancelled') return c.json({ result: 'cancelled', visit: null });
				return c.json(presenter.present({ result: 'ended', visit: shown(c, visitorsOf, answer.visit) }));
			}),
	});
}

function changeRoute<Body extends z.ZodObject>(
	{ visitorsOf, presenter, idempotency }: VisitorRoutesDeps,
	verb: string,
	summary: string,
	body: Body,
	{
		change,
	}: {
		change: (
			deps: { readonly visitors: Visitors },
			visitId: string,
			by: { readonly operatorId: string },
			body: z.output<Body>,
		) => ReturnType<Visitors['block']>;
	},
): Route {
	return defineRoute({
		...{
			method: 'post',
			path: `/api/v1/visitors/{visitId}/${verb}`,
			permission: { inParts: 'visitors:write' },
			tag: 'visitors',
		},
		...{ summary, params, headers: idempotencyHeaders, body, answer: visitSchema, problems: [404, 409, 422, 503] },
		handle: ({ params: { visitId }, headers, body: sent }, c) =>
			idempotency.run(c, { key: headers['idempotency-key'], body: sent }, async () => {
				const visitors = visitorsOf(c);
				if (visitors.get(visitId) === undefined) noSuch('visit', visitId);
				const answer = change({ visitors }, visitId, byOf(c), sent);
				if (answer.result === 'refused') return refusal(c, answer.problems);
				return c.json(presenter.present(shown(c, visitorsOf, answer.visit)));
			}),
	});
}

function byOf(c: HttpContext) {
	return { operatorId: requireLogin(c).operator.id };
}

/** What a QR code or PIN says opens a barrier: only who may make such ones sees it. */
function shown(c: HttpContext, visitorsOf: VisitorRoutesDeps['visitorsOf'], visit: Visit) {
	const { credential } = visit;
	const isSecret = credential?.kind === 'qr' || credential?.kind === 'pin';
	if (credential === null || !isSecret || visitorsOf(c).mayWrite(visit.id)) return visit;
	return { ...visit, credential: { ...credential, value: null } };
}

const PATHS: Readonly<Partial<Record<string, string>>> = { validFromMs: 'validFrom', validToMs: 'validTo' };

const INVALID: ReadonlySet<VisitProblem['code']> = new Set([
	'invalid',
	'invalidPlate',
	'invalidTag',
	'endsBeforeStart',
	'endsInThePast',
	'tooLong',
	'chooseSpecification',
	'unknownSpecification',
	'unknownReference',
]);

function refusal(c: HttpContext, problems: readonly VisitProblem[]): Response {
	const isInvalid = problems.every(({ code }) => INVALID.has(code));
	const errors = problems.map(({ field, code, problem: words }) => ({
		path: field === null ? 'path.visitId' : `body.${PATHS[field] ?? field}`,
		code,
		problem: words,
		mend: mendOf(code),
	}));
	const detail = errors.map((error) => `${error.path}: ${error.problem}. ${error.mend}`).join(' ');
	return problem(c, {
		status: isInvalid ? 422 : 409,
		code: isInvalid ? 'INVALID_REQUEST' : 'VISIT_REFUSED',
		detail: `Nothing was changed. ${detail}`,
		errors,
	});
}

function mendOf(code: VisitProblem['code']): string {
	switch (code) {
		case 'noSpecification':
			return 'Make a right specification of strategy visitor first.';
		case 'chooseSpecification':
		case 'unknownSpecification':
			return 'Name one of GET /api/v1/right-specifications?strategy=visitor.';
		case 'belongsToHolder':
			return 'Give its holder the right they need, or let the visitor come by something else.';
		case 'alreadyVisiting':
			return 'Extend that visit instead.';
		case 'notUsable':
			return 'Unblock its visitor, or let this one come by something else.';
		case 'over':
		case 'noCredential':
			return 'Make a new visit.';
		case 'endsInThePast':
		case 'endsBeforeStart':
			return 'Send a later time.';
		case 'tooLong':
			return 'Send an earlier time, or give them a right of their own.';
		default:
			return 'Send it in the documented form; see /api/docs.';
	}
}
