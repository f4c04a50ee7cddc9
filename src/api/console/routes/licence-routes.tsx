import type { Hono } from 'hono';
import { GatewayError } from '../../../gateway/core/gateway-error.ts';
import { type HttpContext, type HttpEnv, readForm, requireLogin, requirePermission } from '../../http/login-context.ts';
import type { ConsoleDeps } from '../console-deps.ts';
import { EquipmentTab, type EquipmentTabProps } from '../pages/licences/equipment-tab.tsx';
import { LICENCES_PATH, tabHref } from '../pages/licences/licences-frame.tsx';
import { OverviewTab, type OverviewTabProps } from '../pages/licences/overview-tab.tsx';
import { renderPage } from '../render.tsx';
import type { CreateUi, Ui } from '../ui.ts';
import { addLicenceFigureRoutes } from './licence-figure-routes.tsx';
import { addLicenceUserRoutes } from './licence-user-routes.tsx';

/** Of the history; programs get all of it over HTTP. */
export const HISTORY_SHOWN = 50;

/** What the gateway, its operators, its cameras and its parks may do. */
export function addLicenceRoutes(app: Hono<HttpEnv>, deps: ConsoleDeps, createUi: CreateUi): void {
	const { licensing, licenceOverview, people } = deps;
	const overview = (ui: Ui, answer: Pick<OverviewTabProps, 'answer' | 'document'> = {}) => (
		<OverviewTab
			ui={ui}
			overview={licenceOverview.overview()}
			history={licensing.history({}, null, HISTORY_SHOWN)}
			operatorName={people.operatorName}
			{...answer}
		/>
	);

	app.get(LICENCES_PATH, requirePermission('licences:read'), (c) => {
		const ui = createUi(c);
		const { done } = c.req.query();
		const answer =
			done === 'installed' || done === 'same' ? { tone: 'good' as const, title: ui.t(`licences.${done}`) } : undefined;
		return renderPage(c, ui, overview(ui, answer && { answer }));
	});
	app.post(LICENCES_PATH, requirePermission('licences:write'), async (c) => {
		const ui = createUi(c);
		const { document } = await readForm(c);
		const text = typeof document === 'string' ? document : '';
		const operatorId = requireLogin(c).operator.id;
		const asLicence = await licensing.installLicence(text, operatorId);
		const isWrongKind = 'refusal' in asLicence && asLicence.refusal === 'wrongKind';
		const isStatement = isWrongKind && licensing.managesParks();
		const installed = isStatement ? await licensing.installStatement(text, operatorId) : asLicence;
		if (!('refusal' in installed)) return c.redirect(`${LICENCES_PATH}?done=${installed.result}`, 303);
		const answer = { tone: 'bad' as const, title: ui.t('licences.refused'), detail: installed.detail };
		return renderPage(c, ui, overview(ui, { answer, document: text }), 422);
	});
	addEquipmentRoutes(app, deps, createUi);
	addLicenceUserRoutes(app, deps, createUi);
	addLicenceFigureRoutes(app, deps, createUi);
}

function addEquipmentRoutes(app: Hono<HttpEnv>, deps: ConsoleDeps, createUi: CreateUi): void {
	const { licensing, licenceOverview } = deps;
	const shown = (c: HttpContext, answer: EquipmentTabProps['answer'], status: 200 | 409 = 200) => {
		const ui = createUi(c);
		const parks = licensing.managesParks() ? licensing.parks() : null;
		const seen = { ui, overview: licenceOverview.overview(), cameras: licensing.cameras(), parks, answer };
		return renderPage(c, ui, <EquipmentTab {...seen} />, status);
	};

	app.get(tabHref('equipment'), requirePermission('licences:read'), (c) => shown(c, undefined));
	app.post(`${tabHref('equipment')}/:cameraId`, requirePermission('licences:write'), async (c) => {
		const { active } = await readForm(c);
		const cameraId = c.req.param('cameraId');
		const { result } = licensing.setCamera(cameraId, active === 'yes', requireLogin(c).operator.id);
		if (result === 'unknown') throw new GatewayError('NOT_FOUND', 'This camera is not here.');
		if (result !== 'full' && result !== 'stopped') return c.redirect(tabHref('equipment'), 303);
		const { t } = createUi(c);
		return shown(c, { tone: 'bad', title: t(result === 'full' ? 'licences.poolFull' : 'licences.endedHint') }, 409);
	});
}
