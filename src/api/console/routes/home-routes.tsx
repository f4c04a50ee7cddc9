import type { Hono } from 'hono';
import { WIDGETS } from '../../../gateway/core/dashboard.ts';
import { GatewayError } from '../../../gateway/core/gateway-error.ts';
import { createDashboards } from '../../http/dashboard-data.ts';
import { type HttpEnv, requireLogin, requirePermission } from '../../http/login-context.ts';
import type { ConsoleDeps } from '../console-deps.ts';
import { HOME_PATH, HomePage, LIVE_WIDGET_PATH, LiveWidget } from '../pages/dashboard/home-page.tsx';
import { WidgetBody } from '../pages/dashboard/widgets.tsx';
import { renderPage, renderPart } from '../render.tsx';
import type { CreateUi } from '../ui.ts';

/** The page that everybody begins with. */
export function addHomeRoutes(app: Hono<HttpEnv>, deps: ConsoleDeps, createUi: CreateUi): void {
	const dashboards = createDashboards(deps);

	app.get(HOME_PATH, requirePermission('signedIn'), async (c) => {
		const ui = createUi(c);
		const dashboard = await dashboards.of(requireLogin(c));
		const isSaved = c.req.query('done') === 'saved';
		const answer = isSaved ? ({ tone: 'good', title: ui.t('home.saved') } as const) : undefined;
		return renderPage(c, ui, <HomePage ui={ui} dashboard={dashboard} answer={answer} />);
	});
	app.get(`${LIVE_WIDGET_PATH}/:widget`, requirePermission('signedIn'), async (c) => {
		const ui = createUi(c);
		const widget = WIDGETS.find((known) => known === c.req.param('widget'));
		if (widget === undefined) throw new GatewayError('NOT_FOUND', 'There is no such widget.');
		const data = await dashboards.data(requireLogin(c), [widget]);
		return renderPart(
			c,
			ui,
			<LiveWidget ui={ui} widget={widget}>
				<WidgetBody ui={ui} widget={widget} data={data} />
			</LiveWidget>,
		);
	});
	app.post(HOME_PATH, requirePermission('signedIn'), async (c) => {
		const fields = await c.req.parseBody({ all: true });
		const ticked = [fields['widgets'] ?? []].flat();
		const place = (widget: string) => Number(fields[`place-${widget}`] ?? 99) || 99;
		const widgets = WIDGETS.filter((widget) => ticked.includes(widget)).toSorted((a, b) => place(a) - place(b));
		const version = Number(fields['version']);
		const login = requireLogin(c);
		const asRead = Number.isSafeInteger(version) ? version : undefined;
		const answer = deps.operators.dashboards.choose(login.operator.id, widgets, asRead);
		if (answer.result === 'done') return c.redirect(`${HOME_PATH}?done=saved`, 303);
		const ui = createUi(c);
		const told = { tone: 'bad', title: ui.t('home.changed') } as const;
		return renderPage(c, ui, <HomePage ui={ui} dashboard={await dashboards.of(login)} answer={told} />, 409);
	});
}
