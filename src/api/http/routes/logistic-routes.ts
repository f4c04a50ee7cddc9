import { z } from '@hono/zod-openapi';
import { LIMITS } from '../../../gateway/core/limits.ts';
import type { MoveAnswer, MoveRefusal } from '../../../gateway/services/field/logistic.ts';
import { seenLogistic } from '../../../gateway/services/field/seen-logistic.ts';
import { defineRoute, type Route } from '../define-route.ts';
import { type HttpContext, operatorOf, requireLogin } from '../login-context.ts';
import { requireSight } from '../personal-view-of.ts';
import { problem } from '../problem.ts';
import { givenId, id, pageQuery, time } from '../scalar-schemas.ts';
import { listOf } from '../schemas.ts';
import type { FieldRoutesDeps } from './field-routes.ts';

const vehicleSchema = z
	.object({
		stayId: id,
		holderId: z.string().nullable(),
		holderName: z.string().nullable(),
		carried: z.string().nullable().openapi({ description: 'The plate or tag it came in by' }),
		areaId: id,
		spaceId: z.string().nullable(),
		openedAt: time,
	})
	.openapi('StandingVehicle');

const place = z.object({ areaId: id, spaceId: z.string().nullable() });
const moveSchema = z
	.object({
		id,
		stayId: id,
		at: time,
		operatorId: id,
		from: place,
		to: place,
		undoneAt: time.nullable(),
	})
	.openapi('StayMove');
const warningSchema = z.object({
	takenBy: z.array(vehicleSchema).readonly(),
	allocatedTo: z.array(z.object({ holderId: id, name: z.string().nullable() })).readonly(),
});
const movedSchema = z.object({ move: moveSchema, warning: warningSchema });

export function logisticRoutes(deps: FieldRoutesDeps): readonly Route[] {
	const { fieldWork, presenter, viewOf } = deps;
	const logisticOf = (c: HttpContext) => {
		const { access, operator } = requireLogin(c);
		return seenLogistic(fieldWork.logistic(operator.id), { ...deps, viewAt: (place) => viewOf(c, place) }, access);
	};
	const common = { permission: { inParts: 'logistic:write' }, tag: 'field work' } as const;
	function answered(c: HttpContext, answer: MoveAnswer) {
		if (answer.result === 'refused') return moveProblem(c, answer.because);
		const { warning } = answer;
		if (answer.result === 'taken') {
			const others = warning.takenBy.map(({ holderName, carried, stayId }) => carried ?? holderName ?? stayId);
			const keepers = warning.allocatedTo.map(
				({ name, holderId }) => name ?? (holderId === '' ? 'somebody' : holderId),
			);
			const detail = [
				...(others.length > 0 ? [`Another vehicle stands there: ${others.join(', ')}.`] : []),
				...(keepers.length > 0 ? [`The space is kept for ${keepers.join(', ')}.`] : []),
				'Nothing was moved; send `evenIfTaken: true` if the vehicle stands there all the same.',
			].join(' ');
			return problem(c, { status: 409, code: 'SPACE_TAKEN', detail });
		}
		const { leftShared: _, ...move } = answer.move;
		return presenter.present({ move, warning });
	}
	return [
		defineRoute({
			...{ ...common, method: 'get', path: '/api/v1/standing-vehicles' },
			summary: `Vehicles inside and where they stand, the newest first; at most ${LIMITS.staysFound}`,
			query: z.strictObject({ q: z.string().max(100).optional().openapi({ description: 'Plate, tag or name' }) }),
			answer: listOf(vehicleSchema),
			handle({ query: { q = '' } }, c) {
				if (q !== '' && !requireLogin(c).access.mayInParts('personalData:read')) requireSight(viewOf(c));
				return presenter.present({ items: logisticOf(c).find(q) });
			},
		}),
		defineRoute({
			...{ ...common, method: 'post', path: '/api/v1/parking-sessions/{stayId}/move', answer: movedSchema },
			summary: 'Say that the vehicle was moved to another area or space; counters follow, no barrier opens',
			params: z.object({ stayId: givenId }),
			body: z.strictObject({
				areaId: givenId,
				spaceId: givenId.nullable().default(null).openapi({ description: 'null: somewhere in the area' }),
				evenIfTaken: z.boolean().default(false),
			}),
			problems: [404, 409],
			handle: ({ params: { stayId }, body }, c) => {
				const operatorId = operatorOf(c);
				return answered(c, logisticOf(c).move({ stayId, ...body, operatorId }));
			},
		}),
		defineRoute({
			...{ ...common, method: 'get', path: '/api/v1/moves', answer: listOf(moveSchema) },
			summary: 'Moves by people, the newest first',
			query: z.strictObject({ limit: pageQuery.limit }),
			handle: ({ query: { limit } }, c) => {
				const moves = logisticOf(c).moves(limit);
				return presenter.present({ items: moves.map(({ leftShared: _, ...move }) => move) });
			},
		}),
		defineRoute({
			...{ ...common, method: 'post', path: '/api/v1/moves/{moveId}/undo', answer: movedSchema },
			summary: 'Back to where it stood, unless it was moved on since',
			...{ params: z.object({ moveId: givenId }), body: z.strictObject({}), problems: [404, 409] },
			handle: ({ params: { moveId } }, c) => {
				const operatorId = operatorOf(c);
				return answered(c, logisticOf(c).undo(moveId, operatorId));
			},
		}),
	];
}

const MOVE_PROBLEMS: Readonly<Record<MoveRefusal, { readonly status: 404 | 409; readonly detail: string }>> = {
	noSuchStay: { status: 404, detail: 'No such vehicle is inside: it has left, or was never there.' },
	noSuchPlace: { status: 404, detail: 'There is no such area, or no such space in it; see GET /api/v1/areas.' },
	samePlace: { status: 409, detail: 'The vehicle stands there already.' },
	noSuchMove: { status: 404, detail: 'There is no such move, or it is too long ago; see GET /api/v1/moves.' },
	movedSince: { status: 409, detail: 'The vehicle went on since; record where it stands now instead.' },
	undoneBefore: { status: 409, detail: 'This move was undone before.' },
};

function moveProblem(c: HttpContext, because: MoveRefusal): Response {
	const { status, detail } = MOVE_PROBLEMS[because];
	return problem(c, { status, code: status === 404 ? 'NOT_FOUND' : 'MOVE_REFUSED', detail });
}
