import { z } from '@hono/zod-openapi';
import type { DecisionSummary } from '../../../gateway/services/access-log.ts';
import type { DecisionExports } from '../../../gateway/services/decisions/decision-exports.ts';
import { EXPORT_FORMATS } from '../../../gateway/services/directory/export-messages.ts';
import type { PersonalViews } from '../../../gateway/services/privacy/personal-views.ts';
import { answerFile } from '../answer-file.ts';
import { defineRoute, type Route } from '../define-route.ts';
import { answerLanguage, languageQuery } from '../language.ts';
import { checkGuard, notIncluded, requireLogin } from '../login-context.ts';
import type { PersonalViewOf } from '../personal-view-of.ts';
import { laneAt, type Sight } from '../seen-in-parts.ts';
import { decisionFilter, decisionFilterOf, lanesAsked } from './decision-routes.ts';

export interface DecisionExportRoutesDeps {
	readonly decisionExports: DecisionExports;
	readonly personalViews: PersonalViews;
	readonly viewOf: PersonalViewOf;
	readonly sight: Pick<Sight, 'lanes'>;
}

/** The access log, taken along. */
export function decisionExportRoutes(deps: DecisionExportRoutesDeps): readonly Route[] {
	const { decisionExports, personalViews, viewOf } = deps;
	return [
		defineRoute({
			method: 'get',
			path: '/api/v1/decisions/export',
			permission: { inParts: 'directory:export' },
			tag: 'decisions',
			summary:
				'The access log of one’s lanes as a file: CSV, an Excel workbook or JSON lines; who took it is journalled',
			query: z.strictObject({ ...decisionFilter, ...languageQuery, format: z.enum(EXPORT_FORMATS).default('csv') }),
			answer: 'text/csv',
			answerHeaders: { 'Content-Disposition': 'The name of the file' },
			handle({ query: { lang, format, ...narrowed } }, c) {
				checkGuard({ inParts: 'decisions:read' }, c);
				const { operator } = requireLogin(c);
				const laneIds = lanesAsked(deps, c, narrowed.q, 'directory:export');
				if (laneIds?.length === 0) throw notIncluded('directory:export');
				if (narrowed.holder !== undefined) personalViews.viewed(operator.id, narrowed.holder, 'accessLog');
				const filter = { ...decisionFilterOf(narrowed), ...(laneIds !== undefined && { laneIds }) };
				const shown = (line: DecisionSummary) => viewOf(c, laneAt(line.laneId)).summary(line);
				const isPersonal = viewOf(c).seesAll;
				const ask = { format, language: answerLanguage(c, lang), filter, shown, isPersonal };
				return answerFile(c, decisionExports.export(ask, operator.id));
			},
		}),
	];
}
