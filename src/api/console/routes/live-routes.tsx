import type { Hono } from 'hono';
import { GatewayError } from '../../../gateway/core/gateway-error.ts';
import { LIMITS } from '../../../gateway/core/limits.ts';
import type { LaneView } from '../../../gateway/services/lanes/lane-view.ts';
import { createRecentDecisions, RECENT_MS, type RecentFilter } from '../../../gateway/services/recent-decisions.ts';
import { type HttpContext, type HttpEnv, readForm, requireLogin, requirePermission } from '../../http/login-context.ts';
import { countersSeenBy, createSight } from '../../http/seen-in-parts.ts';
import type { ConsoleDeps } from '../console-deps.ts';
import { Alarms } from '../pages/live/alarms-panel.tsx';
import { Fire } from '../pages/live/fire-banner.tsx';
import { LaneCard } from '../pages/live/lane-card.tsx';
import { LivePage } from '../pages/live/live-page.tsx';
import { OccupancyPanel } from '../pages/live/occupancy-panel.tsx';
import { Problems } from '../pages/live/problems-panel.tsx';
import { liveHref, parseRecentFilter, RecentUpdate } from '../pages/live/recent-decisions.tsx';
import { createVendAnswers } from '../pages/live/vend-answers.ts';
import { EMPTY_VEND_FORM, parseVendForm } from '../pages/live/vend-form.ts';
import { VendForm, VendResult } from '../pages/live/vend-views.tsx';
import { asksForPart, renderPage, renderPart } from '../render.tsx';
import { seenBy } from '../seen-by.ts';
import type { CreateUi, Ui } from '../ui.ts';

/** Decisions listed below the lanes; the access log has all of them. */
const LISTED_DECISIONS = 25;

export function addLiveRoutes(app: Hono<HttpEnv>, deps: ConsoleDeps, createUi: CreateUi): void {
	const recentDecisions = (ui: Ui, filter: RecentFilter) =>
		createRecentDecisions(seenBy(ui, deps))(filter, LISTED_DECISIONS);
	const sight = createSight(deps.site);
	const problems = (ui: Ui) => ({
		devices: deps.devices().filter(({ id }) => sight.device(ui, id)),
		sync: ui.may('sync:read') ? deps.sync() : null,
		clockTrust: deps.clockTrust(),
	});

	/** The newest of the last half hour: of more than a page nobody counts on. */
	const alarms = (ui: Ui) =>
		seenBy(ui, deps).laneEvents.list({
			only: 'alarms',
			fromMs: deps.clock.nowMs() - RECENT_MS,
			limit: LIMITS.pageSize,
		}).items;

	app.get('/', requirePermission({ inParts: 'lanes:read' }), (c) => {
		const ui = createUi(c);
		const filter = parseRecentFilter(c.req.query());
		const counters = countersSeenBy(requireLogin(c).access, deps.occupancy.list());
		return renderPage(
			c,
			ui,
			<LivePage
				ui={ui}
				lanes={seenBy(ui, deps).lanes.list()}
				filter={filter}
				recent={ui.mayInParts('decisions:read') ? recentDecisions(ui, filter) : null}
				counters={counters}
				alarms={alarms(ui)}
				{...problems(ui)}
			/>,
		);
	});
	app.get('/live/lanes/:laneId', requirePermission({ permission: 'lanes:read', at: 'lane' }), (c) => {
		const ui = createUi(c);
		return renderPart(c, ui, <LaneCard ui={ui} lane={laneOf(seenBy(ui, deps), c.req.param('laneId'))} />);
	});
	app.get('/live/decisions', requirePermission({ inParts: 'decisions:read' }), (c) => {
		const ui = createUi(c);
		const filter = parseRecentFilter(c.req.query());
		c.header('HX-Replace-Url', liveHref(filter));
		return renderPart(c, ui, <RecentUpdate ui={ui} filter={filter} recent={recentDecisions(ui, filter)} />);
	});
	app.get('/live/fire', requirePermission({ inParts: 'lanes:read' }), (c) => {
		const ui = createUi(c);
		return renderPart(c, ui, <Fire ui={ui} lanes={seenBy(ui, deps).lanes.list()} />);
	});
	app.get('/live/alarms', requirePermission({ inParts: 'lanes:read' }), (c) => {
		const ui = createUi(c);
		return renderPart(c, ui, <Alarms ui={ui} alarms={alarms(ui)} />);
	});
	app.get('/live/occupancy', requirePermission({ inParts: 'occupancy:read' }), (c) => {
		const ui = createUi(c);
		const counters = countersSeenBy(requireLogin(c).access, deps.occupancy.list());
		return renderPart(c, ui, <OccupancyPanel ui={ui} counters={counters} />);
	});
	app.get('/live/problems', requirePermission({ inParts: 'lanes:read' }), (c) => {
		const ui = createUi(c);
		return renderPart(c, ui, <Problems ui={ui} {...problems(ui)} />);
	});
	addVendRoutes(app, deps, createUi);
}

/** The form, its one effect, and the address of what came of it: reloading or going back never opens again. */
function addVendRoutes(app: Hono<HttpEnv>, deps: ConsoleDeps, createUi: CreateUi): void {
	const answers = createVendAnswers(deps.clock);
	const respond = (c: HttpContext) => (asksForPart(c) ? renderPart : renderPage);

	app.get('/lanes/:laneId/vend', requirePermission({ permission: 'lanes:vend', at: 'lane' }), (c) => {
		const ui = createUi(c);
		const lane = laneOf(seenBy(ui, deps), c.req.param('laneId'));
		const form = { form: EMPTY_VEND_FORM, intention: crypto.randomUUID() };
		return respond(c)(c, ui, <VendForm ui={ui} lane={lane} inDialog={asksForPart(c)} {...form} />);
	});
	app.post('/lanes/:laneId/vend', requirePermission({ permission: 'lanes:vend', at: 'lane' }), async (c) => {
		const ui = createUi(c);
		const lane = laneOf(seenBy(ui, deps), c.req.param('laneId'));
		const fields = await readForm(c);
		const intention = fields['intention'];
		if (typeof intention !== 'string' || !/^[\w-]{1,64}$/.test(intention)) {
			throw new GatewayError('INVALID_REQUEST', 'The form lacks its intention; load it again.');
		}
		const parsed = parseVendForm(fields, ui.t);
		if ('form' in parsed) {
			const view = <VendForm ui={ui} lane={lane} inDialog={asksForPart(c)} form={parsed.form} intention={intention} />;
			return respond(c)(c, ui, view, 422);
		}
		const operatorId = requireLogin(c).operator.id;
		await answers.once({ operatorId, laneId: lane.id, intention }, () =>
			deps.lanes.vend({ laneId: lane.id, operatorId, reason: parsed.reason }),
		);
		return c.redirect(`/lanes/${encodeURIComponent(lane.id)}/vend/${intention}`, 303);
	});
	app.get('/lanes/:laneId/vend/:intention', requirePermission({ permission: 'lanes:vend', at: 'lane' }), async (c) => {
		const ui = createUi(c);
		const lane = laneOf(seenBy(ui, deps), c.req.param('laneId'));
		const operatorId = requireLogin(c).operator.id;
		const answer = await answers.find({ operatorId, laneId: lane.id, intention: c.req.param('intention') });
		return respond(c)(c, ui, <VendResult ui={ui} lane={lane} inDialog={asksForPart(c)} answer={answer} />);
	});
}

function laneOf({ lanes }: ConsoleDeps, laneId: string): LaneView {
	const lane = lanes.get(laneId);
	if (lane === undefined) throw new GatewayError('NOT_FOUND', 'There is no such lane.');
	return lane;
}
