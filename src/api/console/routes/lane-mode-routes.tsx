import type { Hono } from 'hono';
import { GatewayError } from '../../../gateway/core/gateway-error.ts';
import type { Permission } from '../../../gateway/core/permission.ts';
import type { LaneView } from '../../../gateway/services/lanes/lane-view.ts';
import { type HttpContext, type HttpEnv, requireLogin, requirePermission } from '../../http/login-context.ts';
import { requireReopening } from '../../http/routes/lane-mode-routes.ts';
import type { ConsoleDeps } from '../console-deps.ts';
import { CLOCK_PATH, ClockForm } from '../pages/live/clock-views.tsx';
import { offeredModes } from '../pages/live/lane-mode-choices.ts';
import { EMPTY_MODE_FORM, type ModeFormState, parseModeForm } from '../pages/live/lane-mode-form.ts';
import { LaneModeForm, LaneModeResult, laneModePath } from '../pages/live/lane-mode-views.tsx';
import { asksForPart, renderPage, renderPart } from '../render.tsx';
import type { CreateUi, Ui } from '../ui.ts';

/** Holding, closing and giving lanes back; confirming the clock. */
export function addLaneModeRoutes(app: Hono<HttpEnv>, deps: ConsoleDeps, createUi: CreateUi): void {
	const respond = (c: HttpContext) => (asksForPart(c) ? renderPart : renderPage);
	const laneOf = (laneId: string): LaneView => {
		const lane = deps.lanes.get(laneId);
		if (lane === undefined) throw new GatewayError('NOT_FOUND', 'There is no such lane.');
		return lane;
	};
	const form = (c: HttpContext, ui: Ui, lane: LaneView, state: ModeFormState = EMPTY_MODE_FORM) => ({
		...{ ui, lane, inDialog: asksForPart(c), form: state },
		choices: offeredModes(ui, lane),
	});

	app.get('/lanes/:laneId/mode', requirePermission({ permission: 'lanes:hold', at: 'lane' }), (c) => {
		const ui = createUi(c);
		const lane = laneOf(c.req.param('laneId'));
		const isDone = c.req.query('done') !== undefined;
		const view = isDone ? (
			<LaneModeResult ui={ui} lane={lane} inDialog={asksForPart(c)} />
		) : (
			<LaneModeForm {...form(c, ui, lane)} />
		);
		return respond(c)(c, ui, view);
	});
	app.post('/lanes/:laneId/mode', requirePermission({ permission: 'lanes:hold', at: 'lane' }), async (c) => {
		const ui = createUi(c);
		const lane = laneOf(c.req.param('laneId'));
		const parsed = parseModeForm(await c.req.parseBody(), ui);
		if ('form' in parsed) return respond(c)(c, ui, <LaneModeForm {...form(c, ui, lane, parsed.form)} />, 422);
		const { asked } = parsed;
		const may = (permission: Permission) => ui.may(permission, { kind: 'lane', id: lane.id });
		if ((asked.change === 'close' || asked.change === 'lockdown') && !may('lanes:close')) {
			throw new GatewayError('FORBIDDEN', 'Your role may not close lanes; ask an administrator.');
		}
		requireReopening(lane, may);
		const operatorId = requireLogin(c).operator.id;
		const mayCloseExits = may('exits:close');
		const answer = await deps.lanes.changeMode({ laneId: lane.id, operatorId, ...asked, mayCloseExits });
		if (answer.result === 'changed') return c.redirect(`${laneModePath(lane.id)}?done`, 303);
		const state = { ...EMPTY_MODE_FORM, change: asked.change, reason: asked.reason };
		const view = <LaneModeForm {...form(c, ui, laneOf(lane.id), state)} refused={answer.because} />;
		return respond(c)(c, ui, view, 422);
	});
	addClockRoutes(app, deps, createUi);
}

function addClockRoutes(app: Hono<HttpEnv>, deps: ConsoleDeps, createUi: CreateUi): void {
	const show = (c: HttpContext, state: 'done' | undefined) => {
		const ui = createUi(c);
		const trust = deps.clockTrust() === 'untrusted' ? 'untrusted' : 'trusted';
		const view = <ClockForm ui={ui} inDialog={asksForPart(c)} state={trust === 'trusted' ? (state ?? trust) : trust} />;
		return (asksForPart(c) ? renderPart : renderPage)(c, ui, view);
	};
	app.get(CLOCK_PATH, requirePermission('clock:confirm'), (c) =>
		show(c, c.req.query('done') === undefined ? undefined : 'done'),
	);
	app.post(CLOCK_PATH, requirePermission('clock:confirm'), (c) => {
		deps.confirmClock(requireLogin(c).operator.id);
		return c.redirect(`${CLOCK_PATH}?done`, 303);
	});
}
