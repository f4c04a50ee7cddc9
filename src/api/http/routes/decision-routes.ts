import { z } from '@hono/zod-openapi';
import { LIMITS } from '../../../gateway/core/limits.ts';
import type { AccessLog, AccessLogQuery } from '../../../gateway/services/access-log.ts';
import { defineRoute, type Route } from '../define-route.ts';
import type { Presenter } from '../present.ts';
import { noSuch } from '../problem.ts';
import { decisionSchema, decisionSummarySchema, pageOf, reasonSchema } from '../schemas.ts';

export interface DecisionRoutesDeps {
	readonly accessLog: AccessLog;
	readonly presenter: Presenter;
}

const moment = z.iso
	.datetime({ offset: true })
	.transform((text) => Temporal.Instant.from(text).epochMilliseconds)
	.openapi({ type: 'string', format: 'date-time' });

const query = z.strictObject({
	q: z.string().max(100).optional().openapi({ description: 'Part of a plate, card label or holder name' }),
	lane: z.string().max(64).optional(),
	outcome: z.enum(['granted', 'refused']).optional(),
	reason: reasonSchema.optional(),
	from: moment.optional().openapi({ description: 'From this time on' }),
	to: moment.optional().openapi({ description: 'Before this time' }),
	cursor: z.string().max(200).optional(),
	limit: z.coerce.number().int().min(1).max(LIMITS.pageSize).default(50),
});

export function decisionRoutes({ accessLog, presenter }: DecisionRoutesDeps): readonly Route[] {
	return [
		defineRoute({
			method: 'get',
			path: '/api/v1/decisions',
			permission: 'decisions:read',
			tag: 'decisions',
			summary: 'The access log, newest first',
			query,
			answer: pageOf(decisionSummarySchema),
			handle: (request) => presenter.present(accessLog.list(accessLogQuery(request.query))),
		}),
		defineRoute({
			method: 'get',
			path: '/api/v1/decisions/{decisionId}',
			permission: 'decisions:read',
			tag: 'decisions',
			summary: "One decision: every rule's verdict, the facts, and what followed",
			params: z.object({ decisionId: z.string().max(64) }),
			answer: decisionSchema,
			problems: [404],
			etag: true,
			handle: ({ params: { decisionId } }) => {
				const { summary, entry, sequel } = accessLog.get(decisionId) ?? noSuch('decision', decisionId);
				const { decision, facts, vendId, journalledLate = false } = entry;
				return presenter.present({ summary, decision, facts, vendId, journalledLate, sequel });
			},
		}),
	];
}

function accessLogQuery({ q, lane, outcome, reason, from, to, cursor, limit }: z.output<typeof query>): AccessLogQuery {
	return {
		...(q !== undefined && { q }),
		...(lane !== undefined && { laneId: lane }),
		...(outcome !== undefined && { outcome }),
		...(reason !== undefined && { reason }),
		...(from !== undefined && { fromMs: from }),
		...(to !== undefined && { toMs: to }),
		...(cursor !== undefined && { cursor }),
		limit,
	};
}
