import type { Hono } from 'hono';
import { foldText } from '../../../gateway/core/fold-text.ts';
import { GatewayError } from '../../../gateway/core/gateway-error.ts';
import { LIMITS } from '../../../gateway/core/limits.ts';
import type { AuditItem } from '../../../gateway/services/activity/audit-log.ts';
import { auditSightOf } from '../../../gateway/services/activity/audit-sight.ts';
import { INACTIVE } from '../../../gateway/services/activity/operator-activity.ts';
import { personalView } from '../../../gateway/services/privacy/personal-view.ts';
import { type HttpEnv, requireLogin, requirePermission } from '../../http/login-context.ts';
import type { ConsoleDeps } from '../console-deps.ts';
import { directorySeenBy } from '../directory-seen-by.ts';
import { REPORT_PATH } from '../pages/activity/activity-frame.tsx';
import { ACTIVITY_PATH, AUDIT_PATH } from '../pages/activity/activity-words.tsx';
import type { NamesByTable } from '../pages/activity/audit-difference.tsx';
import { AUDIT_PAGE_SIZE, auditQuery, parseAuditFilter } from '../pages/activity/audit-filter.ts';
import { AuditPage } from '../pages/activity/audit-page.tsx';
import {
	Feed,
	LIVE_FEED_PATH,
	LIVE_LOGINS_PATH,
	LiveActivityPage,
	LiveLogins,
} from '../pages/activity/live-activity-page.tsx';
import { type ReportFilter, ReportPage } from '../pages/activity/report-page.tsx';
import { loadNames, type RowNames } from '../pages/directory/row-names.ts';
import { STATES } from '../pages/operators/operators-page.tsx';
import { renderPage, renderPart } from '../render.tsx';
import type { CreateUi, Ui } from '../ui.ts';
import { listOrNewest } from './log-routes.tsx';

/** Things done that a live page shows. */
const FED = 40;
const REPORTED = 50;

/** What operators do: now, by day, and every change with what was before and after. */
export function addActivityRoutes(app: Hono<HttpEnv>, deps: ConsoleDeps, createUi: CreateUi): void {
	const { audit, activity } = deps.operators;
	const fed = () => audit.list({ limit: FED, personal: false }).items;

	app.get(ACTIVITY_PATH, requirePermission('activity:read'), (c) => {
		const ui = createUi(c);
		return renderPage(c, ui, <LiveActivityPage ui={ui} logins={activity.live()} feed={fed()} />);
	});
	app.get(LIVE_LOGINS_PATH, requirePermission('activity:read'), (c) => {
		const ui = createUi(c);
		return renderPart(c, ui, <LiveLogins ui={ui} logins={activity.live()} />);
	});
	app.get(LIVE_FEED_PATH, requirePermission('activity:read'), (c) => {
		const ui = createUi(c);
		return renderPart(c, ui, <Feed ui={ui} feed={fed()} />);
	});
	addReportRoute(app, deps, createUi);
	addAuditRoute(app, deps, createUi);
}

function addReportRoute(app: Hono<HttpEnv>, { operators }: ConsoleDeps, createUi: CreateUi): void {
	const { activity, groups, roles } = operators;

	/** Of the only group of this name. */
	function groupNamed(name: string): string | undefined {
		if (name === '') return undefined;
		const found = groups.list({ q: name, limit: LIMITS.operatorsTogether }).items;
		const [one, other] = found.filter((group) => foldText(group.name) === foldText(name));
		return other === undefined ? one?.id : undefined;
	}

	function found(filter: ReportFilter, groupId: string | undefined, cursor: string | undefined) {
		const { q, state, role, inactive, from, to } = filter;
		const asked = {
			...{ q, limit: REPORTED },
			...(state !== '' && { state }),
			...(role !== '' && { roleId: role }),
			...(groupId !== undefined && { groupId }),
			...(inactive !== '' && { inactive }),
		};
		try {
			const days = { ...(from !== '' && { fromDay: from }), ...(to !== '' && { toDay: to }) };
			return { report: activity.report({ ...asked, ...days, ...(cursor && { cursor }) }), isTooLong: false };
		} catch (error) {
			if (!(error instanceof GatewayError) || error.code !== 'INVALID_REQUEST') throw error;
			return { report: activity.report(asked), isTooLong: true };
		}
	}

	app.get(REPORT_PATH, requirePermission('activity:read'), (c) => {
		const ui = createUi(c);
		const query = c.req.query();
		const filter = parseReportFilter(query);
		const groupId = groupNamed(filter.group);
		const cursor = query['cursor'] === '' ? undefined : query['cursor']?.slice(0, 2_000);
		const view = { ui, filter, groupId, roles: roles.list(), cursor, ...found(filter, groupId, cursor) };
		return renderPage(c, ui, <ReportPage {...view} />);
	});
}

function parseReportFilter(query: Readonly<Record<string, string>>): ReportFilter {
	const text = (name: string, most: number) => (query[name] ?? '').trim().slice(0, most);
	return {
		...{ q: text('q', LIMITS.searchLength), role: text('role', 64), group: text('group', 200) },
		...{ from: text('from', 10), to: text('to', 10) },
		state: STATES.find((state) => state === query['state']) ?? '',
		inactive: INACTIVE.find((since) => since === query['inactive']) ?? '',
	};
}

function addAuditRoute(app: Hono<HttpEnv>, deps: ConsoleDeps, createUi: CreateUi): void {
	const { audit, administration } = deps.operators;

	/** By id, as links name them, or the first whose name or e-mail fits. */
	async function named(who: string) {
		if (who === '') return undefined;
		return administration.get(who) ?? (await administration.list({ q: who, limit: 1 })).items[0];
	}

	app.get(AUDIT_PATH, requirePermission({ inParts: 'audit:read' }), async (c) => {
		const ui = createUi(c);
		const query = c.req.query();
		const filter = parseAuditFilter(query, ui);
		const who = await named(filter.who);
		const asked = query['cursor'] === '' ? undefined : query['cursor'];
		const sight = auditSightOf(
			requireLogin(c).access,
			{
				rowLook: deps.rowLook,
				decisionOf: (decisionId) => deps.accessLog.get(decisionId)?.summary,
				viewAt: (place) => personalView(ui.may('personalData:read', place)),
			},
			'audit:read',
		);
		const narrowed = { ...auditQuery(filter, who?.id, ui), ...(sight !== undefined && { sight }) };
		const list = (cursor: string | undefined) =>
			audit.list({ ...narrowed, limit: AUDIT_PAGE_SIZE, ...(cursor !== undefined && { cursor }) });
		const { found, badCursor } = listOrNewest(list, asked);
		const view = { ui, filter, who, found, badCursor, cursor: badCursor ? undefined : asked };
		return renderPage(c, ui, <AuditPage {...view} names={await namesOf(directorySeenBy(c, deps), ui, found.items)} />);
	});
}

/** What rows that the lines tell of name, asked for once for each table. */
async function namesOf(deps: ConsoleDeps, ui: Ui, items: readonly AuditItem[]): Promise<NamesByTable> {
	const tables = [...new Set(items.flatMap(({ table }) => table ?? []))];
	const named = tables.map(async (table): Promise<readonly [typeof table, RowNames]> => {
		const rows = items
			.filter((item) => item.table === table)
			.flatMap(({ changes }) => [
				Object.fromEntries(changes.map(({ field, before }) => [field, before])),
				Object.fromEntries(changes.map(({ field, after }) => [field, after])),
			]);
		return [table, await loadNames(deps, ui, table, rows)];
	});
	return new Map(await Promise.all(named));
}
