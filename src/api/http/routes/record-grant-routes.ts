import { z } from '@hono/zod-openapi';
import { RECORD_KINDS, RECORD_LEVELS, scopeOfRecord } from '../../../gateway/core/permission/record-kinds.ts';
import { actorOf } from '../actor.ts';
import { defineRoute, type Route } from '../define-route.ts';
import { operatorRefused } from '../operator-problems.ts';
import { givenId, moment, time } from '../scalar-schemas.ts';
import type { OperatorRoutesDeps } from './operator-routes.ts';

const record = z
	.string()
	.max(200)
	.refine((text) => scopeOfRecord(text) !== undefined, {
		message: 'No record that is given by itself',
		params: { mend: `Send one such as holders/ID: ${Object.keys(RECORD_KINDS).join(', ')}.` },
	})
	.openapi({
		description: 'A group is given with its people, a bundle with its rights, a park with its lanes',
		example: 'holders/h-1',
	});

const level = z.enum(RECORD_LEVELS);
const to = { kind: z.enum(['operator', 'group']), id: givenId };

const grants = z.object({
	items: z
		.array(
			z.object({
				to: z.object({ ...to, name: z.string() }),
				level: level.nullable().openapi({ description: 'null: permissions that are neither as a whole' }),
				permissions: z.array(z.string()).readonly(),
				endsAt: time.nullable(),
			}),
		)
		.readonly(),
});

/** Single records given to operators and groups of operators, to see or to change too. */
export function recordGrantRoutes({ operators: { recordGrants }, presenter }: OperatorRoutesDeps): readonly Route[] {
	const common = { path: '/api/v1/record-grants', tag: 'operators', answer: grants } as const;
	const shown = (asked: string) => presenter.present({ items: recordGrants.of(asked) });
	return [
		defineRoute({
			...{ ...common, method: 'get', permission: 'operators:read' },
			summary: 'To whom one record is given, besides those whose roles reach there',
			query: z.strictObject({ record }),
			handle: ({ query }) => shown(query.record),
		}),
		defineRoute({
			...{ ...common, method: 'put', permission: 'operators:write' },
			summary:
				'Let an operator or a group of operators see or change one record, or take that away; acts on their next request',
			body: z.strictObject({
				record,
				to: z.strictObject(to),
				level: level.nullable().openapi({ description: 'null: taken away' }),
				endsAt: moment.nullable().default(null).openapi({ description: 'null: it stays' }),
			}),
			problems: [403, 404, 409, 422, 503],
			handle({ body: { endsAt: endsAtMs, ...body } }, c) {
				const answer = recordGrants.set({ ...body, endsAtMs }, actorOf(c));
				return answer.result === 'done' ? shown(body.record) : operatorRefused(c, answer);
			},
		}),
	];
}
