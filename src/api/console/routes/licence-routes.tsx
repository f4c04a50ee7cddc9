import type { Hono } from 'hono';
import { GatewayError } from '../../../gateway/core/gateway-error.ts';
import { type HttpEnv, readForm, requireLogin, requirePermission } from '../../http/login-context.ts';
import type { ConsoleDeps } from '../console-deps.ts';
import { LICENCES_PATH, LicencesPage, type LicencesProps } from '../pages/licences/licences-page.tsx';
import { renderPage } from '../render.tsx';
import type { CreateUi, Ui } from '../ui.ts';

/** Of the history; programs get all of it over HTTP. */
const HISTORY_SHOWN = 50;

/** What the gateway, its cameras and its parks may do. */
export function addLicenceRoutes(app: Hono<HttpEnv>, deps: ConsoleDeps, createUi: CreateUi): void {
	const { licensing, licenceOverview, people } = deps;
	const page = (ui: Ui, answer: Pick<LicencesProps, 'answer' | 'document'> = {}) => (
		<LicencesPage
			ui={ui}
			overview={licenceOverview.overview()}
			cameras={licensing.cameras()}
			parks={licensing.parks()}
			history={licensing.history(Number.MAX_SAFE_INTEGER, HISTORY_SHOWN)}
			operatorName={people.operatorName}
			{...answer}
		/>
	);

	app.get(LICENCES_PATH, requirePermission('licences:read'), (c) => {
		const ui = createUi(c);
		const { done } = c.req.query();
		const answer =
			done === 'installed' || done === 'same' ? { tone: 'good' as const, title: ui.t(`licences.${done}`) } : undefined;
		return renderPage(c, ui, page(ui, answer && { answer }));
	});
	app.post(LICENCES_PATH, requirePermission('licences:write'), async (c) => {
		const ui = createUi(c);
		const { document } = await readForm(c);
		const text = typeof document === 'string' ? document : '';
		const operatorId = requireLogin(c).operator.id;
		const asLicence = await licensing.installLicence(text, operatorId);
		const isStatement = 'refusal' in asLicence && asLicence.refusal === 'wrongKind';
		const installed = isStatement ? await licensing.installStatement(text, operatorId) : asLicence;
		if (!('refusal' in installed)) return c.redirect(`${LICENCES_PATH}?done=${installed.result}`, 303);
		const answer = { tone: 'bad' as const, title: ui.t('licences.refused'), detail: installed.detail };
		return renderPage(c, ui, page(ui, { answer, document: text }), 422);
	});
	app.post(`${LICENCES_PATH}/cameras/:cameraId`, requirePermission('licences:write'), async (c) => {
		const ui = createUi(c);
		const { active } = await readForm(c);
		const cameraId = c.req.param('cameraId');
		const { result } = licensing.setCamera(cameraId, active === 'yes', requireLogin(c).operator.id);
		if (result === 'unknown') throw new GatewayError('NOT_FOUND', 'This camera is not here.');
		if (result === 'full' || result === 'stopped') {
			const title = ui.t(result === 'full' ? 'licences.poolFull' : 'licences.endedHint');
			return renderPage(c, ui, page(ui, { answer: { tone: 'bad', title } }), 409);
		}
		return c.redirect(LICENCES_PATH, 303);
	});
}
