import { z } from '@hono/zod-openapi';
import { LIMITS } from '../../../gateway/core/limits.ts';
import type { InterventionTarget } from '../../../gateway/core/maintenance/intervention.ts';
import type { Site } from '../../../gateway/core/site.ts';
import type { Intervention, InterventionAnswer } from '../../../gateway/services/maintenance/interventions.ts';
import type { Maintenance } from '../../../gateway/services/maintenance/maintenance.ts';
import { type SeenMaintenance, seenMaintenance } from '../../../gateway/services/maintenance/seen-maintenance.ts';
import { defineRoute, isResponse, type Route } from '../define-route.ts';
import { type Idempotency, idempotencyHeaders } from '../idempotency.ts';
import { checkInParts, type HttpContext, notIncluded, operatorOf, requireLogin } from '../login-context.ts';
import type { Presenter } from '../present.ts';
import { noSuch } from '../problem.ts';
import { givenId, pageQuery } from '../scalar-schemas.ts';
import { pageOf } from '../schemas.ts';
import { ifMatchHeader, versionOf, versionTag } from '../version-tag.ts';
import { interventionRefused } from './intervention-problems.ts';
import {
	entrySchema,
	givenFields,
	interventionDetailSchema,
	interventionSchema,
	interventionStatus,
	longText,
	partBody,
	shownEntry,
	shownIntervention,
	shownPart,
	shownPhoto,
} from './intervention-schemas.ts';

export interface InterventionRoutesDeps {
	readonly maintenance: Maintenance;
	readonly site: Pick<Site, 'lanes'>;
	readonly presenter: Presenter;
	readonly idempotency: Idempotency;
}

export const interventionsPath = '/api/v1/interventions';
export const interventionTag = 'maintenance';
export const interventionParams = z.object({
	number: z.coerce.number().int().min(1).max(Number.MAX_SAFE_INTEGER).openapi({ type: 'integer', example: 12 }),
});
const one = `${interventionsPath}/{number}` as const;
const params = interventionParams;
const tag = interventionTag;
const problems = [404, 409, 412, 422];
const etagHeader = { ETag: 'Send it as If-Match with a change' };

/** Work on the equipment. Photos and the roster stand in files of their own. */
export function interventionRoutes(deps: InterventionRoutesDeps): readonly Route[] {
	return [listRoute(deps), reportRoute(deps), itemRoute(deps), changeRoute(deps), statusRoute(deps)].concat(
		historyRoute(deps),
		recordRoutes(deps),
	);
}

/** As whoever asks may see and do it. */
export function maintenanceOf(
	{ maintenance, site }: Pick<InterventionRoutesDeps, 'maintenance' | 'site'>,
	c: HttpContext,
): SeenMaintenance {
	return seenMaintenance(maintenance, site, requireLogin(c).access);
}

/** With all that gathered around it, and the ETag of what can be changed. */
function detail(
	{ maintenance: { interventions }, presenter }: InterventionRoutesDeps,
	c: HttpContext,
	found: Intervention,
) {
	const { number } = found;
	c.header('ETag', versionTag(found.version));
	return {
		...shownIntervention(presenter, found),
		parts: interventions.parts(number).map((part) => shownPart(presenter, part)),
		photos: interventions.photos(number).map((photo) => shownPhoto(presenter, photo)),
	};
}

function answered(deps: InterventionRoutesDeps, c: HttpContext, answer: InterventionAnswer, number: number) {
	if (answer.result === 'done') return detail(deps, c, answer.intervention);
	const now = maintenanceOf(deps, c).interventions.get(number);
	if (now !== undefined) c.header('ETag', versionTag(now.version));
	return interventionRefused(c, answer.because);
}

function listRoute(deps: InterventionRoutesDeps): Route {
	return defineRoute({
		...{ method: 'get', path: interventionsPath, permission: { inParts: 'interventions:read' }, tag },
		summary: 'Interventions, the newest first',
		query: z.strictObject({
			state: z.enum(['unfinished', 'closed']).optional().openapi({ description: 'closed: done or cancelled' }),
			status: interventionStatus.optional(),
			device: givenId.optional(),
			lane: givenId.optional().openapi({ description: 'Not together with a device' }),
			assignee: givenId.optional().openapi({ description: 'An operator who does it' }),
			overdue: z.enum(['true', 'false']).optional().openapi({ description: 'Their planned time is over' }),
			...pageQuery,
		}),
		answer: pageOf(interventionSchema),
		handle({ query: { state, status, device, lane, assignee, overdue, cursor, limit } }, c) {
			const { items, nextCursor } = maintenanceOf(deps, c).interventions.list({
				limit,
				...(state !== undefined && { state }),
				...(status !== undefined && { status }),
				...(lane !== undefined && { target: { kind: 'lane', id: lane } as const }),
				...(device !== undefined && { target: { kind: 'device', id: device } as const }),
				...(assignee !== undefined && { person: assignee }),
				...(overdue === 'true' && { overdue: true }),
				...(cursor !== undefined && { cursor }),
			});
			return { items: items.map((item) => shownIntervention(deps.presenter, item)), nextCursor };
		},
	});
}

function reportRoute(deps: InterventionRoutesDeps): Route {
	return defineRoute({
		...{ method: 'post', path: interventionsPath, permission: { inParts: 'interventions:report' }, tag },
		summary: 'Report a fault, or begin other work; planned time and people need interventions:write too',
		headers: idempotencyHeaders,
		body: z.strictObject({
			kind: givenFields.kind.default('repair'),
			target: givenFields.target.default({ kind: 'site' }),
			title: givenFields.title,
			description: givenFields.description.default(''),
			priority: givenFields.priority.default('normal'),
			plan: givenFields.plan.default(null),
			people: givenFields.people.default([]),
		}),
		answer: interventionDetailSchema,
		answerHeaders: { ...etagHeader, Location: 'Where it is' },
		problems,
		status: 201,
		handle: ({ headers, body }, c) =>
			deps.idempotency.run(c, { key: headers['idempotency-key'], body }, async () => {
				const { interventions } = maintenanceOf(deps, c);
				const isPlanned = body.plan !== null || body.people.length > 0;
				// What they may not report on is answered as what is not there.
				if (isPlanned && (interventions.may('interventions:report', body.target) || body.target.kind === 'site')) {
					requireWrite(interventions, body.target);
				} else if (isPlanned) checkInParts(requireLogin(c), 'interventions:write');
				const answer = interventions.report(body, operatorOf(c));
				if (answer.result === 'refused') return interventionRefused(c, answer.because);
				const { number } = answer.intervention;
				c.header('Location', `${interventionsPath}/${number}`);
				return c.json(detail(deps, c, answer.intervention), 201);
			}),
	});
}

function itemRoute(deps: InterventionRoutesDeps): Route {
	return defineRoute({
		...{ method: 'get', path: one, permission: { inParts: 'interventions:read' }, tag, params, problems: [404] },
		summary: 'One intervention with its parts and photos',
		answer: interventionDetailSchema,
		answerHeaders: etagHeader,
		handle: ({ params: { number } }, c) =>
			detail(deps, c, maintenanceOf(deps, c).interventions.get(number) ?? noSuch('intervention', String(number))),
	});
}

function changeRoute(deps: InterventionRoutesDeps): Route {
	const { kind, target, title, description, priority, plan, people } = givenFields;
	return defineRoute({
		...{ method: 'patch', path: one, permission: { inParts: 'interventions:write' }, tag, params, problems },
		summary: 'Change what it is, when it is done and by whom; with a planned time it is planned',
		headers: ifMatchHeader,
		body: z.strictObject({
			kind: kind.optional(),
			target: target.optional(),
			title: title.optional(),
			description: description.optional(),
			priority: priority.optional(),
			plan: plan.optional(),
			people: people.optional(),
		}),
		answer: interventionDetailSchema,
		answerHeaders: etagHeader,
		handle({ params: { number }, headers, body }, c) {
			const version = versionOf(headers['if-match']);
			return answered(
				deps,
				c,
				maintenanceOf(deps, c).interventions.change(number, body, operatorOf(c), version),
				number,
			);
		},
	});
}

function statusRoute(deps: InterventionRoutesDeps): Route {
	return defineRoute({
		...{ method: 'post', path: `${one}/status`, permission: { inParts: 'interventions:work' }, tag, params, problems },
		summary: 'Say how far it is; open: it is begun again after its end',
		headers: ifMatchHeader,
		body: z.strictObject({ status: interventionStatus, comment: longText.default('') }),
		answer: interventionDetailSchema,
		answerHeaders: etagHeader,
		handle({ params: { number }, headers, body }, c) {
			const version = versionOf(headers['if-match']);
			return answered(
				deps,
				c,
				maintenanceOf(deps, c).interventions.setStatus(number, body, operatorOf(c), version),
				number,
			);
		},
	});
}

function historyRoute(deps: InterventionRoutesDeps): Route {
	return defineRoute({
		...{
			method: 'get',
			path: `${one}/history`,
			permission: { inParts: 'interventions:read' },
			tag,
			params,
			problems: [404],
		},
		summary: 'What was done and said, with before and after, the newest first',
		query: z.strictObject(pageQuery),
		answer: pageOf(entrySchema),
		handle({ params: { number }, query: { cursor, limit } }, c) {
			const { interventions } = maintenanceOf(deps, c);
			if (interventions.get(number) === undefined) noSuch('intervention', String(number));
			const page = interventions.entries(number, { limit, ...(cursor !== undefined && { cursor }) });
			return { items: page.items.map((entry) => shownEntry(deps.presenter, entry)), nextCursor: page.nextCursor };
		},
	});
}

function recordRoutes(deps: InterventionRoutesDeps): readonly Route[] {
	const of = (c: HttpContext) => maintenanceOf(deps, c).interventions;
	const common = {
		permission: { inParts: 'interventions:work' },
		tag,
		problems,
		answer: interventionDetailSchema,
	} as const;
	/** Phones send again what they got no answer to. */
	const once = (
		c: HttpContext,
		headers: z.output<typeof idempotencyHeaders>,
		body: object,
		act: () => ReturnType<typeof answered>,
	) =>
		deps.idempotency.run(c, { key: headers['idempotency-key'], body }, async () => {
			const answer = act();
			return isResponse(answer) ? answer : c.json(answer);
		});
	return [
		defineRoute({
			...{ ...common, method: 'post', path: `${one}/comments`, params },
			summary: 'Say something of it; what is said stays as it is',
			headers: idempotencyHeaders,
			body: z.strictObject({ text: longText.min(1) }),
			handle: ({ params: { number }, headers, body }, c) =>
				once(c, headers, body, () => answered(deps, c, of(c).comment(number, body.text, operatorOf(c)), number)),
		}),
		defineRoute({
			...{ ...common, method: 'post', path: `${one}/parts`, params },
			summary: `A part that was used; at most ${LIMITS.interventionParts}`,
			headers: idempotencyHeaders,
			body: partBody,
			handle: ({ params: { number }, headers, body }, c) =>
				once(c, headers, body, () => answered(deps, c, of(c).addPart(number, body, operatorOf(c)), number)),
		}),
		defineRoute({
			...{ ...common, method: 'delete', path: `${one}/parts/{partId}` },
			summary: 'It was not used after all; that it was said stays in the history',
			params: params.extend({ partId: givenId }),
			handle: ({ params: { number, partId } }, c) =>
				answered(deps, c, of(c).removePart(number, partId, operatorOf(c)), number),
		}),
	];
}

/** Throws FORBIDDEN. */
function requireWrite({ may }: SeenMaintenance['interventions'], target: InterventionTarget): void {
	if (!may('interventions:write', target)) throw notIncluded('interventions:write');
}
