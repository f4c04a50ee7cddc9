import type { Hono } from 'hono';
import { GatewayError } from '../../../gateway/core/gateway-error.ts';
import { LIMITS } from '../../../gateway/core/limits.ts';
import { mayAtRow } from '../../../gateway/core/permission/decide-change.ts';
import type { AreaOccupancy } from '../../../gateway/services/occupancy.ts';
import {
	checkPermission,
	type HttpContext,
	type HttpEnv,
	requireLogin,
	requirePermission,
} from '../../http/login-context.ts';
import { countersSeenBy } from '../../http/seen-in-parts.ts';
import type { ConsoleDeps } from '../console-deps.ts';
import { HOLDERS_SHOWN } from '../pages/explain/explain-question.ts';
import { countChanges, EMPTY_ADJUST_FORM, parseAdjustForm } from '../pages/occupancy/adjust-form.ts';
import { AdjustConfirm, AdjustForm, AdjustResult } from '../pages/occupancy/adjust-views.tsx';
import { History, type HistoryView } from '../pages/occupancy/history-panel.tsx';
import { PERIODS, periodEdges, stretches } from '../pages/occupancy/occupancy-history.ts';
import { CountersNow, OccupancyPage } from '../pages/occupancy/occupancy-page.tsx';
import { adjustPath, presencePath } from '../pages/occupancy/occupancy-paths.ts';
import {
	HOLDER_SEARCH_LENGTH,
	PresenceForm,
	PresenceResult,
	PresenceSearch,
} from '../pages/occupancy/presence-views.tsx';
import { peopleSeenBy } from '../people-seen-by.ts';
import { asksForPart, renderPage, renderPart } from '../render.tsx';
import { seenBy } from '../seen-by.ts';
import type { CreateUi, Ui } from '../ui.ts';

const respond = (c: HttpContext) => (asksForPart(c) ? renderPart : renderPage);

/** Counters, how they went, and what people correct. */
export function addOccupancyRoutes(app: Hono<HttpEnv>, deps: ConsoleDeps, createUi: CreateUi): void {
	app.get('/occupancy', requirePermission({ inParts: 'occupancy:read' }), (c) => {
		const ui = createUi(c);
		const counters = countersSeenBy(requireLogin(c).access, deps.occupancy.list());
		const history = historyOf(deps, ui, counters, c.req.query());
		return renderPage(c, ui, <OccupancyPage ui={ui} counters={counters} history={history} />);
	});
	app.get('/live/counters', requirePermission({ inParts: 'occupancy:read' }), (c) => {
		const ui = createUi(c);
		const { area, period } = c.req.query();
		const known = PERIODS.find((choice) => choice === period);
		const chosen = area === undefined || known === undefined ? null : { areaId: area, period: known };
		const counters = countersSeenBy(requireLogin(c).access, deps.occupancy.list());
		return renderPart(c, ui, <CountersNow ui={ui} counters={counters} chosen={chosen} />);
	});
	app.get('/live/occupancy-history', requirePermission({ inParts: 'occupancy:read' }), (c) => {
		const ui = createUi(c);
		const counters = countersSeenBy(requireLogin(c).access, deps.occupancy.list());
		const history = historyOf(deps, ui, counters, c.req.query());
		if (history === null) throw new GatewayError('NOT_FOUND', 'There is no such area.');
		return renderPart(c, ui, <History ui={ui} history={history} />);
	});
	addAdjustRoutes(app, deps, createUi);
	addPresenceRoutes(app, deps, createUi);
}

/** Of the area asked for, else of the first counter; up to and with what is counted now. */
function historyOf(
	{ occupancyCare, site }: ConsoleDeps,
	ui: Ui,
	counters: readonly AreaOccupancy[],
	query: Readonly<Record<string, string>>,
): HistoryView | null {
	const counter = counters.find(({ areaId }) => areaId === query['area']) ?? counters[0];
	if (counter === undefined) return null;
	const period = PERIODS.find((known) => known === query['period']) ?? 'today';
	const { chart, rows } = periodEdges(period, ui.nowMs, site.timeZone);
	const fromMs = chart[0] ?? ui.nowMs;
	const samples = occupancyCare.history(counter.areaId, fromMs, Math.max(ui.nowMs, fromMs + 1));
	const [first] = samples;
	const sinceMs = first !== undefined && first.atMs > fromMs ? first.atMs : null;
	return { counter, period, chart: stretches(samples, chart), rows: stretches(samples, rows), sinceMs };
}

/** Form, confirmation with before and after, its one effect, and the address of what came of it. */
function addAdjustRoutes(app: Hono<HttpEnv>, deps: ConsoleDeps, createUi: CreateUi): void {
	const counterOf = (areaId: string): AreaOccupancy => {
		const counter = deps.occupancy.list().find((known) => known.areaId === areaId);
		if (counter === undefined) throw new GatewayError('NOT_FOUND', 'There is no such area or park.');
		return counter;
	};

	app.get('/occupancy/:areaId/adjust', requirePermission({ permission: 'occupancy:adjust', at: 'area' }), (c) => {
		const ui = createUi(c);
		const view = { ui, counter: counterOf(c.req.param('areaId')), inDialog: asksForPart(c) };
		const isDone = c.req.query('done') !== undefined;
		return respond(c)(c, ui, isDone ? <AdjustResult {...view} /> : <AdjustForm {...view} form={EMPTY_ADJUST_FORM} />);
	});
	app.post(
		'/occupancy/:areaId/adjust',
		requirePermission({ permission: 'occupancy:adjust', at: 'area' }),
		async (c) => {
			const ui = createUi(c);
			const counter = counterOf(c.req.param('areaId'));
			const view = { ui, counter, inDialog: asksForPart(c) };
			const fields = await c.req.parseBody();
			const parsed = parseAdjustForm(fields, counter, ui.t);
			if ('form' in parsed) return respond(c)(c, ui, <AdjustForm {...view} form={parsed.form} />, 422);
			const { adjustment } = parsed;
			if (fields['step'] === 'edit') {
				const form = { ...EMPTY_ADJUST_FORM, occupied: String(adjustment.occupied), reason: adjustment.reason };
				return respond(c)(c, ui, <AdjustForm {...view} form={form} />);
			}
			const hasMoved = fields['before'] !== undefined && fields['before'] !== String(counter.occupied);
			if (fields['step'] !== 'confirm' || fields['before'] === undefined || hasMoved) {
				const changes = countChanges(deps.site, deps.occupancy.list(), counter, adjustment.occupied);
				const shown = { adjustment, changes, hasMoved };
				return respond(c)(c, ui, <AdjustConfirm {...view} {...shown} />);
			}
			deps.occupancyCare.adjust({ areaId: counter.areaId, operatorId: requireLogin(c).operator.id, ...adjustment });
			return c.redirect(`${adjustPath(counter.areaId)}?done`, 303);
		},
	);
}

/** Neutral reset for one holder or everybody inside. */
function addPresenceRoutes(app: Hono<HttpEnv>, deps: ConsoleDeps, createUi: CreateUi): void {
	const { occupancyCare } = deps;
	const isTheirs = (c: HttpContext, holderId: string) => {
		const look = deps.rowLook();
		return mayAtRow(requireLogin(c).access, 'presence:reset', 'holders', look.row('holders', holderId), look);
	};
	/** Whom the page is about: those they see. */
	const peopleOf = async (c: HttpContext, ui: Ui, q: string) =>
		ui.may('presence:reset') ? seenBy(ui, deps).people : peopleSeenBy(c, deps, ui, { q, limit: HOLDERS_SHOWN });
	const holderOf = async (c: HttpContext, ui: Ui, holderId: string) => {
		const holder = isTheirs(c, holderId) ? (await peopleOf(c, ui, '')).holder(holderId) : undefined;
		if (holder === undefined) throw new GatewayError('NOT_FOUND', 'This holder is not here.');
		return holder;
	};

	app.get('/occupancy/presence', requirePermission({ inParts: 'presence:reset' }), async (c) => {
		const ui = createUi(c);
		const view = { ui, inDialog: asksForPart(c) };
		const { holder: holderId, who, q = '', done } = c.req.query();
		const holder = holderId === undefined ? null : await holderOf(c, ui, holderId);
		if (done !== undefined) {
			return respond(c)(c, ui, <PresenceResult {...view} holder={holder} count={Number.parseInt(done, 10) || 0} />);
		}
		if (who === 'all') checkPermission(requireLogin(c), 'presence:reset');
		if (holder !== null || who === 'all') {
			return respond(c)(c, ui, <PresenceForm {...view} holder={holder} form={{ reason: '', errors: {} }} />);
		}
		const text = q.trim().slice(0, HOLDER_SEARCH_LENGTH);
		const found = (await peopleOf(c, ui, text)).find(text, HOLDERS_SHOWN);
		const holders = found.filter(({ id }) => isTheirs(c, id));
		return respond(c)(c, ui, <PresenceSearch {...view} q={text} holders={holders} />);
	});
	app.post('/occupancy/presence', requirePermission({ inParts: 'presence:reset' }), async (c) => {
		const ui = createUi(c);
		const fields = await c.req.parseBody();
		const { holder: holderId, who, sure } = fields;
		if (who === 'all') checkPermission(requireLogin(c), 'presence:reset');
		const reason = typeof fields['reason'] === 'string' ? fields['reason'].trim() : '';
		if (who !== 'all' && typeof holderId !== 'string') {
			throw new GatewayError('INVALID_REQUEST', 'The form names nobody; load it again.');
		}
		const holder = typeof holderId === 'string' ? await holderOf(c, ui, holderId) : null;
		const errors = {
			...(reason === '' && { reason: ui.t('counting.adjust.reasonMissing') }),
			...(reason.length > LIMITS.reasonLength && { reason: ui.t('form.tooLong', { maximum: LIMITS.reasonLength }) }),
			...(holder === null && sure !== 'yes' && { sure: ui.t('counting.reset.allMissing') }),
		};
		if (Object.keys(errors).length > 0) {
			const view = <PresenceForm ui={ui} inDialog={asksForPart(c)} holder={holder} form={{ reason, errors }} />;
			return respond(c)(c, ui, view, 422);
		}
		const operatorId = requireLogin(c).operator.id;
		const count = occupancyCare.resetPresence(holder === null ? 'all' : [holder.id], operatorId, reason);
		const asked = new URLSearchParams({ ...(holder !== null && { holder: holder.id }), done: String(count) });
		return c.redirect(`${presencePath()}?${asked}`, 303);
	});
}
