import type { Hono } from 'hono';
import { GatewayError } from '../../../gateway/core/gateway-error.ts';
import type { DecisionRecord } from '../../../gateway/services/access-log.ts';
import { seenDurations } from '../../../gateway/services/stays/seen-durations.ts';
import { type HttpContext, type HttpEnv, requireLogin, requirePermission } from '../../http/login-context.ts';
import type { ConsoleDeps } from '../console-deps.ts';
import { ErrorPage } from '../pages/error-page.tsx';
import type { DecisionContext } from '../pages/log/decision-next.tsx';
import { DecisionPage } from '../pages/log/decision-page.tsx';
import { laneEventsQuery, parseLaneEventsFilter } from '../pages/log/lane-events-filter.ts';
import { LaneEventsPage } from '../pages/log/lane-events-page.tsx';
import { accessLogQuery, parseLogFilter } from '../pages/log/log-filter.ts';
import { LogPage, LogResults, ResultsCount } from '../pages/log/log-page.tsx';
import type { StayDurationState } from '../pages/log/stay-duration-card.tsx';
import { asksForPart, renderPage, renderPart } from '../render.tsx';
import { seenBy } from '../seen-by.ts';
import type { CreateUi, Ui } from '../ui.ts';

export function addLogRoutes(app: Hono<HttpEnv>, deps: ConsoleDeps, createUi: CreateUi): void {
	app.get('/log', requirePermission({ inParts: 'decisions:read' }), (c) => {
		const ui = createUi(c);
		const { accessLog, lanes } = seenBy(ui, deps);
		const query = c.req.query();
		const filter = parseLogFilter(query, ui);
		const asked = query['cursor'] === '' ? undefined : query['cursor'];
		const found = listOrNewest((cursor) => accessLog.list(accessLogQuery(filter, cursor, ui)), asked);
		const cursor = found.badCursor ? undefined : asked;
		const props = { ui, lanes: lanes.list(), filter, cursor, ...found };
		return asksForPart(c)
			? renderPart(
					c,
					ui,
					<>
						<LogResults {...props} />
						<ResultsCount {...props} outOfBand />
					</>,
				)
			: renderPage(c, ui, <LogPage {...props} />);
	});
	addLaneEventsRoute(app, deps, createUi);
	app.get('/log/:decisionId', requirePermission({ inParts: 'decisions:read' }), async (c) => {
		const ui = createUi(c);
		const seen = seenBy(ui, deps);
		const record = seen.accessLog.get(c.req.param('decisionId'));
		if (record !== undefined) {
			const context = await contextOf(seen, ui, record);
			const stay = stayOf(c, deps, record, { isChosen: c.req.query('chosen') !== undefined });
			return renderPage(
				c,
				ui,
				<DecisionPage ui={ui} record={record} {...context} {...picturesOf(deps, record)} stay={stay} />,
			);
		}
		const words = { title: ui.t('decision.notFound'), hint: ui.t('decision.notFoundHint') };
		return renderPage(c, ui, <ErrorPage ui={ui} kind="notFound" {...words} />, 404);
	});
	addDurationRoute(app, deps, createUi);
}

function addLaneEventsRoute(app: Hono<HttpEnv>, deps: ConsoleDeps, createUi: CreateUi): void {
	app.get('/log/lanes', requirePermission({ inParts: 'lanes:read' }), (c) => {
		const ui = createUi(c);
		const { laneEvents } = seenBy(ui, deps);
		const query = c.req.query();
		const filter = parseLaneEventsFilter(query);
		const asked = query['cursor'] === '' ? undefined : query['cursor'];
		const found = listOrNewest((cursor) => laneEvents.list(laneEventsQuery(filter, cursor)), asked);
		const cursor = found.badCursor ? undefined : asked;
		return renderPage(c, ui, <LaneEventsPage ui={ui} filter={filter} cursor={cursor} {...found} />);
	});
}

/** How long who was let in on the fly stays: chosen here, back to the decision. */
function addDurationRoute(app: Hono<HttpEnv>, deps: ConsoleDeps, createUi: CreateUi): void {
	app.post('/log/:decisionId/duration', requirePermission({ inParts: 'parkingSessions:write' }), async (c) => {
		const ui = createUi(c);
		const durations = seenDurations(deps, requireLogin(c).access);
		const seen = seenBy(ui, deps);
		const record = seen.accessLog.get(c.req.param('decisionId'));
		const duration = record && stayOf(c, deps, record)?.duration;
		if (record === undefined || duration === undefined)
			throw new GatewayError('NOT_FOUND', 'Who was let in by this decision is no longer inside.');
		const { end, until = '' } = await c.req.parseBody();
		const typed = typeof until === 'string' ? until : '';
		const untilMs = typeof end === 'string' ? Number(end) : ui.formats.parseField(typed);
		const answer =
			untilMs === undefined || !Number.isSafeInteger(untilMs)
				? ({ result: 'refused', because: 'noTime' } as const)
				: durations.choose({
						...{ stayId: duration.stayId, untilMs, operatorId: requireLogin(c).operator.id },
					});
		if (answer.result === 'found') return c.redirect(`/log/${encodeURIComponent(record.summary.id)}?chosen`, 303);
		const error = ui.t(`duration.problem.${answer.because}`, { moment: ui.formats.minute(duration.latestMs) });
		const context = await contextOf(seen, ui, record);
		const shown = { ...context, ...picturesOf(deps, record), stay: { duration, mayChoose: true, until: typed, error } };
		const page = <DecisionPage ui={ui} record={record} {...shown} />;
		return renderPage(c, ui, page, 422);
	});
}

function picturesOf({ evidence }: ConsoleDeps, { summary }: DecisionRecord) {
	return { pictures: evidence.ofDecision(summary.id) };
}

function stayOf(
	c: HttpContext,
	deps: ConsoleDeps,
	{ summary }: DecisionRecord,
	state: Pick<StayDurationState, 'isChosen'> = {},
): StayDurationState | undefined {
	if (summary.outcome !== 'granted') return undefined;
	const duration = deps.stayDurations.begunBy({ id: summary.id, holderId: summary.holderId });
	if (duration === undefined) return undefined;
	const mayChoose = seenDurations(deps, requireLogin(c).access).mayChoose(duration.stayId);
	return { ...state, duration, mayChoose };
}

async function contextOf(
	deps: ConsoleDeps,
	ui: Ui,
	{ summary, entry }: DecisionRecord,
): Promise<Omit<DecisionContext, 'stay'>> {
	const { lanes, people, replay } = deps;
	const { presented } = entry.facts;
	const unknown = presented.find(({ kind, match }) => kind === 'plate' && match.how === 'none');
	return {
		isNewest: lanes.get(summary.laneId)?.lastDecision?.id === summary.id,
		hints: unknown === undefined ? [] : await people.nearestPlates(unknown.value),
		replayed: ui.may('decisions:replay', { kind: 'lane', id: summary.laneId }) ? replay.one(summary.id) : undefined,
	};
}

/** A cursor that is not ours (an old bookmark) leads to the newest page, and the page says so. */
export function listOrNewest<Found>(list: (cursor: string | undefined) => Found, asked: string | undefined) {
	try {
		return { found: list(asked), badCursor: false };
	} catch (error) {
		if (asked === undefined || !(error instanceof GatewayError) || error.code !== 'INVALID_REQUEST') throw error;
		return { found: list(undefined), badCursor: true };
	}
}
