import { z } from '@hono/zod-openapi';
import { explainAtRecord } from '../../../gateway/core/permission/device-place.ts';
import { PERMISSIONS } from '../../../gateway/core/permission.ts';
import { explained } from '../../../gateway/services/operators/explain-access.ts';
import { defineRoute, type Route } from '../define-route.ts';
import { noSuch } from '../problem.ts';
import { givenId } from '../scalar-schemas.ts';
import type { OperatorRoutesDeps } from './operator-routes.ts';

/** Why somebody may do something, or may not. */
export function operatorAccessRoute({ operators, rowLook, site }: OperatorRoutesDeps): Route {
	return defineRoute({
		...{ method: 'get', path: '/api/v1/operators/{operatorId}/access', permission: 'operators:read', tag: 'operators' },
		summary: 'May they? Yes, because…: for one permission, on the whole site, in a part of it, or for one record',
		params: z.object({ operatorId: givenId }),
		query: z.strictObject({
			permission: z.enum(PERMISSIONS),
			lane: givenId.optional(),
			area: givenId.optional(),
			park: givenId.optional(),
			record: z.string().max(200).optional().openapi({
				description: 'TABLE/ID of the directory, or lanes/, devices/, parks/ and areas/ID',
				example: 'holders/h-1',
			}),
		}),
		answer: z.object({
			may: z.boolean(),
			because: z.enum(['granted', 'denied', 'notGranted']),
			grants: z
				.array(
					z.object({
						kind: z.enum(['role', 'group', 'record', 'licenceKind']),
						id: z.string(),
						name: z.string(),
						scope: z.string(),
					}),
				)
				.readonly()
				.openapi({ description: 'What gives it there; where nothing does, what gives it elsewhere' }),
			denials: z
				.array(
					z.object({
						kind: z.enum(['operator', 'group']),
						group: z.object({ id: z.string(), name: z.string() }).nullable(),
						scope: z.string(),
					}),
				)
				.readonly(),
		}),
		problems: [404],
		handle({ params: { operatorId }, query }) {
			const access = operators.accessOf(operatorId) ?? noSuch('operator', operatorId);
			const { permission, record, ...place } = query;
			if (record === undefined) return explained(access.explain(permission, placeOf(place)));
			return explained(explainAtRecord(access, permission, record, { look: rowLook(), lanes: site.lanes }));
		},
	});
}

type Places = Partial<Record<'lane' | 'area' | 'park', string | undefined>>;

function placeOf({ lane, area, park }: Places) {
	if (lane !== undefined) return { kind: 'lane', id: lane } as const;
	if (area !== undefined) return { kind: 'area', id: area } as const;
	return park === undefined ? ({ kind: 'site' } as const) : ({ kind: 'park', id: park } as const);
}
