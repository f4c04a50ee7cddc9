import { z } from '@hono/zod-openapi';
import { GatewayError } from '../../../gateway/core/gateway-error.ts';
import type { Permission } from '../../../gateway/core/permission.ts';
import type { LaneView, ModeAnswer, ModeChange } from '../../../gateway/services/lanes/lane-view.ts';
import { defineRoute, type Route } from '../define-route.ts';
import { idempotencyHeaders } from '../idempotency.ts';
import { type HttpContext, requireLogin } from '../login-context.ts';
import { noSuch, problem } from '../problem.ts';
import { givenId, moment, whySchema } from '../scalar-schemas.ts';
import { laneModeSchema } from '../schemas.ts';
import type { LaneRoutesDeps } from './lane-routes.ts';

const params = z.object({ laneId: givenId });
const answer = z.object({ result: z.literal('changed'), mode: laneModeSchema });
const problems = [404, 409, 422, 503];

const why = z.strictObject({ reason: whySchema });
const whyAndUntil = z.strictObject({
	reason: whySchema,
	until: moment.nullable().optional().openapi({ description: 'When it ends by itself; left out: when it is released' }),
});

/** Hold, close and lock down lanes, and give them back: states with an owner, a reason and an end. */
export function laneModeRoutes(deps: LaneRoutesDeps): readonly Route[] {
	return [
		beginRoute(deps, 'hold', 'lanes:hold', 'Hold the arm up by its hold output, until released or until a time'),
		beginRoute(deps, 'close', 'lanes:close', 'Close to everybody; an exit only when it is strict, by an administrator'),
		beginRoute(
			deps,
			'lockdown',
			'lanes:close',
			'Lock down: nobody enters, and only its owner or an administrator ends it',
		),
		endRoute(deps, 'release', 'release', 'End holding, closing or lockdown'),
		endRoute(deps, 'confirm-hold', 'confirmHold', 'Let a hold from before a restart or a lost link act again'),
	];
}

function beginRoute(deps: LaneRoutesDeps, change: ModeChange, permission: Permission, summary: string): Route {
	return defineRoute({
		...{ method: 'post', path: `/api/v1/lanes/{laneId}/${change}`, tag: 'lanes' },
		...{
			permission: { permission, at: 'lane' },
			summary,
			params,
			headers: idempotencyHeaders,
			body: whyAndUntil,
			answer,
			problems,
		},
		handle: ({ params: { laneId }, headers, body }, c) =>
			deps.idempotency.run(c, { key: headers['idempotency-key'], body }, () =>
				changeMode(deps, c, { laneId, change, reason: body.reason, untilMs: body.until ?? null }),
			),
	});
}

function endRoute(deps: LaneRoutesDeps, verb: string, change: ModeChange, summary: string): Route {
	return defineRoute({
		...{ method: 'post', path: `/api/v1/lanes/{laneId}/${verb}`, tag: 'lanes' },
		...{
			permission: { permission: 'lanes:hold', at: 'lane' },
			summary,
			params,
			headers: idempotencyHeaders,
			body: why,
			answer,
			problems,
		},
		handle: ({ params: { laneId }, headers, body }, c) =>
			deps.idempotency.run(c, { key: headers['idempotency-key'], body }, () =>
				changeMode(deps, c, { laneId, change, reason: body.reason, untilMs: null }),
			),
	});
}

async function changeMode(
	{ lanes, presenter }: LaneRoutesDeps,
	c: HttpContext,
	asked: {
		readonly laneId: string;
		readonly change: ModeChange;
		readonly reason: string;
		readonly untilMs: number | null;
	},
): Promise<Response> {
	const { operator, access } = requireLogin(c);
	const may = (permission: Permission) => access.may(permission, { kind: 'lane', id: asked.laneId });
	requireReopening(lanes.get(asked.laneId) ?? noSuch('lane', asked.laneId), may);
	const changed = await lanes.changeMode({ ...asked, operatorId: operator.id, mayCloseExits: may('exits:close') });
	if (changed.result === 'refused') return refusal(c, changed.because);
	return c.json(presenter.present(changed));
}

/** Whatever replaces a closed lane or a lockdown reopens it, and that takes the permission to close. */
export function requireReopening({ mode }: LaneView, may: (permission: Permission) => boolean): void {
	if ((mode.kind === 'closedToAll' || mode.kind === 'lockdown') && !may('lanes:close')) {
		throw new GatewayError('FORBIDDEN', 'The lane is closed, and your role may not reopen it; ask an administrator.');
	}
}

type Because = (ModeAnswer & { readonly result: 'refused' })['because'];

const REFUSED: Readonly<Record<Because, { readonly status: 400 | 403 | 409 | 503; readonly detail: string }>> = {
	noHoldOutput: {
		status: 409,
		detail: 'This lane has no output that holds the arm up; see its `hold` in gateway.yaml.',
	},
	exitNotStrict: {
		status: 409,
		detail: 'An exit stays open to all unless the lane is set to strictExit in gateway.yaml.',
	},
	needsAdministrator: {
		status: 403,
		detail: 'Closing an exit takes an administrator, and so does ending a lockdown that somebody else declared.',
	},
	endsInThePast: { status: 400, detail: '`until` is in the past; send a later time, or leave it out.' },
	nothingToConfirm: { status: 409, detail: 'No hold of this lane is waiting to be confirmed.' },
	storeFailure: { status: 503, detail: 'It could not be journalled, so the lane is as it was; see /readyz.' },
};

function refusal(c: HttpContext, because: Because): Response {
	return problem(c, { ...REFUSED[because], code: 'LANE_CHANGE_REFUSED', because });
}
