import type { Hono } from 'hono';
import { GatewayError } from '../../../gateway/core/gateway-error.ts';
import { type HttpContext, type HttpEnv, requirePermission } from '../../http/login-context.ts';
import type { ConsoleDeps } from '../console-deps.ts';
import { grantsShown } from '../pages/operators/record-grants-card.tsx';
import { LanePage } from '../pages/site/lane-page.tsx';
import { TerritoryPage } from '../pages/site/territory-page.tsx';
import { renderPage } from '../render.tsx';
import { seenBy } from '../seen-by.ts';
import type { CreateUi } from '../ui.ts';

/** Lanes, parks and areas by themselves: what they are, and who may see and change each. */
export function addSitePartRoutes(app: Hono<HttpEnv>, deps: ConsoleDeps, createUi: CreateUi): void {
	const { site, operators } = deps;
	app.get('/lanes/:laneId', requirePermission({ permission: 'lanes:read', at: 'lane' }), (c) => {
		const ui = createUi(c);
		const lane = site.lanes.find(({ id }) => id === c.req.param('laneId'));
		if (lane === undefined) throw new GatewayError('NOT_FOUND', 'There is no such lane.');
		const grants = grantsShown(ui, operators.recordGrants, `lanes/${lane.id}`);
		return renderPage(c, ui, <LanePage {...{ ui, lane, grants, view: seenBy(ui, deps).lanes.get(lane.id) }} />);
	});
	const territory = (c: HttpContext, level: 'park' | 'area', id: string) => {
		const ui = createUi(c);
		const known: readonly { readonly id: string }[] = level === 'park' ? site.parks : site.areas;
		if (!known.some((one) => one.id === id)) throw new GatewayError('NOT_FOUND', `There is no such ${level}.`);
		const grants = grantsShown(ui, operators.recordGrants, `${level}s/${id}`);
		return renderPage(c, ui, <TerritoryPage {...{ ui, level, id, grants }} />);
	};
	app.get('/parks/:parkId', requirePermission({ permission: 'occupancy:read', at: 'park' }), (c) =>
		territory(c, 'park', c.req.param('parkId')),
	);
	app.get('/areas/:areaId', requirePermission({ permission: 'occupancy:read', at: 'area' }), (c) =>
		territory(c, 'area', c.req.param('areaId')),
	);
}
