import { z } from '@hono/zod-openapi';
import { maskText } from '../../../gateway/core/directory/mask.ts';
import type {
	Offboarding,
	OffboardingAnswer,
	OffboardingPreview,
} from '../../../gateway/services/operators/offboarding.ts';
import { actorOf } from '../actor.ts';
import { defineRoute, type Route } from '../define-route.ts';
import { type HttpContext, requireLogin } from '../login-context.ts';
import { operatorRefused } from '../operator-problems.ts';
import type { Presenter } from '../present.ts';
import { noSuch } from '../problem.ts';
import { givenId, time } from '../scalar-schemas.ts';

export interface OffboardingRoutesDeps {
	readonly offboarding: Offboarding;
	readonly presenter: Presenter;
}

const previewSchema = z
	.object({
		operatorId: z.string(),
		state: z.enum(['invited', 'active', 'inactive']),
		offboardedAt: time.nullable().openapi({ description: 'null: they have not left' }),
		logins: z.int(),
		tokens: z.array(z.string()).readonly(),
		hasCode: z.boolean(),
		holder: z.object({ id: z.string(), name: z.string() }).nullable(),
		rows: z
			.array(
				z.object({
					table: z.string(),
					id: z.string(),
					what: z.enum(['credentialDisabled', 'rightSuspended', 'spaceReleased', 'bookingReleased']),
					title: z.string(),
				}),
			)
			.readonly()
			.openapi({ description: 'Of the holder: what ends, or nothing more once it has' }),
		problems: z.array(z.string()).readonly().openapi({ description: 'Why the directory would not take it' }),
	})
	.openapi('Offboarding');

const params = z.object({ operatorId: givenId });
const tag = 'operators';
const refusals = [403, 404, 409, 422, 503];

/** Somebody leaves, and comes back. */
export function offboardingRoutes({ offboarding, presenter }: OffboardingRoutesDeps): readonly Route[] {
	const one = '/api/v1/operators/{operatorId}' as const;
	const answered = (c: HttpContext, answer: OffboardingAnswer) =>
		answer.result === 'done' ? shown(c, presenter, answer.preview) : operatorRefused(c, answer);
	const change = { permission: 'operators:write', tag, params, answer: previewSchema, problems: refusals } as const;
	return [
		defineRoute({
			...{ method: 'get', path: `${one}/offboarding`, permission: 'operators:read', tag },
			summary: 'All that an offboarding would end',
			params,
			answer: previewSchema,
			problems: [404],
			handle: ({ params: { operatorId } }, c) =>
				shown(c, presenter, offboarding.preview(operatorId) ?? noSuch('operator', operatorId)),
		}),
		defineRoute({
			...{ ...change, method: 'post', path: `${one}/offboard` },
			summary: 'End logins and tokens, deactivate; disable, suspend and release what their holder has',
			body: z.strictObject({}),
			handle: ({ params: { operatorId } }, c) => answered(c, offboarding.offboard(operatorId, actorOf(c))),
		}),
		defineRoute({
			...{ ...change, method: 'post', path: `${one}/offboard/undo` },
			summary: 'All as it was, but for logins, tokens and codes; 409 when a row was changed since',
			body: z.strictObject({}),
			handle: ({ params: { operatorId } }, c) => answered(c, offboarding.undo(operatorId, actorOf(c))),
		}),
		defineRoute({
			...{ ...change, method: 'put', path: `${one}/holder` },
			summary: 'Link an operator to the holder they are; null takes the link away',
			body: z.strictObject({ holderId: givenId.nullable() }),
			handle({ params: { operatorId }, body: { holderId } }, c) {
				const answer = offboarding.link(operatorId, holderId, actorOf(c));
				if (answer.result !== 'done') return operatorRefused(c, answer);
				return shown(c, presenter, offboarding.preview(operatorId) ?? noSuch('operator', operatorId));
			},
		}),
	];
}

/** Names and plates as the reader may see them. */
function shown(c: HttpContext, presenter: Presenter, preview: OffboardingPreview): Response {
	const { access } = requireLogin(c);
	const seen = (text: string) => (access.may('personalData:read') ? text : maskText(text));
	const { operator, offboarded, holder, rows, ...rest } = preview;
	const offboardedAt = offboarded === null ? null : presenter.time(offboarded.atMs);
	return c.json({
		...{ operatorId: operator.id, state: operator.state, offboardedAt, ...rest },
		holder: holder && { ...holder, name: seen(holder.name) },
		rows: rows.map((row) => ({ ...row, title: row.table === 'credentials' ? seen(row.title) : row.title })),
	});
}
