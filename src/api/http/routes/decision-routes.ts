import { z } from '@hono/zod-openapi';
import type { Permission } from '../../../gateway/core/permission.ts';
import type { AccessLog, AccessLogQuery } from '../../../gateway/services/access-log.ts';
import type { PersonalViews } from '../../../gateway/services/privacy/personal-views.ts';
import { decisionSchema, decisionSummarySchema } from '../decision-schemas.ts';
import { defineRoute, type Route } from '../define-route.ts';
import { explainDecision } from '../explain-decision.ts';
import { languageQuery } from '../language.ts';
import { type HttpContext, requireLogin } from '../login-context.ts';
import { type PersonalViewOf, requireSight } from '../personal-view-of.ts';
import type { Presenter } from '../present.ts';
import { noSuch } from '../problem.ts';
import { givenId, moment, pageQuery, reasonSchema } from '../scalar-schemas.ts';
import { pageOf } from '../schemas.ts';
import { laneAt, type Sight } from '../seen-in-parts.ts';

export interface DecisionRoutesDeps {
	readonly accessLog: AccessLog;
	readonly presenter: Presenter;
	readonly personalViews: PersonalViews;
	readonly viewOf: PersonalViewOf;
	readonly sight: Pick<Sight, 'lanes'>;
}

/** How the access log is narrowed. */
export const decisionFilter = {
	q: z.string().max(100).optional().openapi({ description: 'Part of a plate, card label or holder name' }),
	lane: z.string().max(64).optional(),
	holder: givenId.optional().openapi({ description: 'Of one person; that it was looked at is written down' }),
	outcome: z.enum(['granted', 'refused']).optional(),
	reason: reasonSchema.optional(),
	from: moment.optional().openapi({ description: 'From this time on' }),
	to: moment.optional().openapi({ description: 'Before this time' }),
};

const query = z.strictObject({ ...decisionFilter, ...pageQuery });

export function decisionRoutes(deps: DecisionRoutesDeps): readonly Route[] {
	const { accessLog, presenter, personalViews, viewOf } = deps;
	return [
		defineRoute({
			method: 'get',
			path: '/api/v1/decisions',
			permission: { inParts: 'decisions:read' },
			tag: 'decisions',
			summary: 'The access log, newest first, of the lanes that one may see',
			query,
			answer: pageOf(decisionSummarySchema),
			handle({ query: asked }, c) {
				const laneIds = lanesAsked(deps, c, asked.q);
				if (asked.holder !== undefined) {
					personalViews.viewed(requireLogin(c).operator.id, asked.holder, 'accessLog');
				}
				const query = accessLogQuery(asked);
				const { items, nextCursor } = accessLog.list({ ...query, ...(laneIds !== undefined && { laneIds }) });
				const shown = items.map((item) => viewOf(c, laneAt(item.laneId)).summary(item));
				return presenter.present({ items: shown, nextCursor });
			},
		}),
		defineRoute({
			method: 'get',
			path: '/api/v1/decisions/{decisionId}',
			permission: { inParts: 'decisions:read' },
			tag: 'decisions',
			summary: "One decision: every rule's verdict, why and what can be done, the facts, and what followed",
			params: z.object({ decisionId: givenId }),
			query: z.strictObject(languageQuery),
			answer: decisionSchema,
			problems: [404],
			etag: true,
			handle: ({ params: { decisionId }, query: { lang } }, c) => {
				const found = accessLog.get(decisionId);
				const place = laneAt(found?.summary.laneId ?? '');
				// What happened elsewhere is to them what never happened.
				if (found === undefined || !requireLogin(c).access.may('decisions:read', place)) {
					return noSuch('decision', decisionId);
				}
				const { summary, entry, sequel } = viewOf(c, place).record(found);
				const { decision, facts, vendId, journalledLate = false } = entry;
				const explained = explainDecision(c, { decision, facts, lang, sequel: summary.sequel });
				return presenter.present({ summary, ...explained, vendId, journalledLate, sequel });
			},
		}),
	];
}

/** Lanes to list; a search finds what is shown unmasked only. */
export function lanesAsked(
	{ sight, viewOf }: Pick<DecisionRoutesDeps, 'sight' | 'viewOf'>,
	c: HttpContext,
	q: string | undefined,
	...besides: readonly Permission[]
) {
	const { access } = requireLogin(c);
	const isSearch = q !== undefined && !viewOf(c).seesAll;
	const sought: readonly Permission[] = isSearch ? ['personalData:read'] : [];
	const laneIds = sight.lanes(access, 'decisions:read', ...sought, ...besides);
	if (isSearch) requireSight({ seesAll: laneIds !== undefined && laneIds.length > 0 });
	return laneIds;
}

function accessLogQuery({ cursor, limit, ...narrowed }: z.output<typeof query>): AccessLogQuery {
	return { ...decisionFilterOf(narrowed), ...(cursor !== undefined && { cursor }), limit };
}

export function decisionFilterOf({
	q,
	lane,
	holder,
	outcome,
	reason,
	from,
	to,
}: Omit<z.output<typeof query>, 'cursor' | 'limit'>): AccessLogQuery {
	return {
		...(q !== undefined && { q }),
		...(lane !== undefined && { laneId: lane }),
		...(holder !== undefined && { holderId: holder }),
		...(outcome !== undefined && { outcome }),
		...(reason !== undefined && { reason }),
		...(from !== undefined && { fromMs: from }),
		...(to !== undefined && { toMs: to }),
	};
}
