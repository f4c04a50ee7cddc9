import type { Hono } from 'hono';
import { GatewayError } from '../../../gateway/core/gateway-error.ts';
import { LIMITS } from '../../../gateway/core/limits.ts';
import type { ErasureAnswer } from '../../../gateway/services/privacy/personal-data.ts';
import { type HttpEnv, readForm, requireLogin, requirePermission } from '../../http/login-context.ts';
import type { ConsoleDeps } from '../console-deps.ts';
import { EMPTY_HOLD_FORM, type HoldFormState, parseHoldForm } from '../pages/privacy/hold-form.tsx';
import { type EraseFormState, PersonPage } from '../pages/privacy/person-page.tsx';
import { PrivacyPage } from '../pages/privacy/privacy-page.tsx';
import { renderPage } from '../render.tsx';
import { seenBy } from '../seen-by.ts';
import type { CreateUi, Ui } from '../ui.ts';

/** How long personal data is kept, what incidents keep, and one person's data. */
export function addPrivacyRoutes(app: Hono<HttpEnv>, deps: ConsoleDeps, createUi: CreateUi): void {
	addRetentionRoutes(app, deps, createUi);
	addPersonRoutes(app, deps, createUi);
}

function addRetentionRoutes(app: Hono<HttpEnv>, deps: ConsoleDeps, createUi: CreateUi): void {
	const { retention, personalData } = deps;
	const page = (ui: Ui, form: HoldFormState, hasBegun = false) => (
		<PrivacyPage
			ui={ui}
			settings={retention.settings}
			last={retention.last()}
			holds={retention.holds.list()}
			erasures={ui.may('personalData:erase') ? personalData.erasures() : null}
			form={form}
			hasBegun={hasBegun}
		/>
	);

	app.get('/privacy', requirePermission('retention:read'), (c) => {
		const ui = createUi(c);
		const { decision = '', begun } = c.req.query();
		const form = { ...EMPTY_HOLD_FORM, decision: decision.slice(0, 64) };
		return renderPage(c, ui, page(ui, form, begun !== undefined));
	});
	app.post('/privacy/holds', requirePermission('retention:hold'), async (c) => {
		const ui = createUi(c);
		const fields = await readForm(c);
		const asked = parseHoldForm(fields, ui);
		if ('form' in asked) return renderPage(c, ui, page(ui, asked.form), 422);
		try {
			retention.holds.hold({ ...asked, operatorId: requireLogin(c).operator.id });
		} catch (error) {
			if (!(error instanceof GatewayError)) throw error;
			const all = ui.t('privacy.notHeld', { problem: error.message });
			return renderPage(c, ui, page(ui, { ...EMPTY_HOLD_FORM, reason: asked.reason, errors: { all } }), 422);
		}
		return c.redirect('/privacy', 303);
	});
	app.post('/privacy/holds/:holdId/release', requirePermission('retention:hold'), (c) => {
		retention.holds.release(c.req.param('holdId'), requireLogin(c).operator.id);
		return c.redirect('/privacy', 303);
	});
}

function addPersonRoutes(app: Hono<HttpEnv>, deps: ConsoleDeps, createUi: CreateUi): void {
	async function page(ui: Ui, holderId: string, form: EraseFormState) {
		const holder = seenBy(ui, deps).people.holder(holderId);
		if (holder === undefined) throw new GatewayError('NOT_FOUND', 'This holder is not here.');
		const extent = await deps.personalData.extent(holderId);
		return <PersonPage ui={ui} holder={holder} extent={extent} form={form} />;
	}

	app.get('/personal-data/:holderId', requirePermission('personalData:export'), async (c) => {
		const ui = createUi(c);
		const holderId = c.req.param('holderId');
		deps.personalViews.viewed(requireLogin(c).operator.id, holderId, 'personalData');
		return renderPage(c, ui, await page(ui, holderId, { reason: '', errors: {} }));
	});
	app.post('/personal-data/:holderId/erase', requirePermission('personalData:erase'), async (c) => {
		const ui = createUi(c);
		const holderId = c.req.param('holderId');
		const fields = await readForm(c);
		const reason = typeof fields['reason'] === 'string' ? fields['reason'].trim() : '';
		const errors = {
			...((reason === '' || reason.length > LIMITS.reasonLength) && { reason: ui.t('privacy.reasonMissing') }),
			...(fields['sure'] !== 'yes' && { sure: ui.t('privacy.eraseSureMissing') }),
		};
		if (Object.keys(errors).length > 0) return renderPage(c, ui, await page(ui, holderId, { reason, errors }), 422);
		const answer = deps.personalData.erase(holderId, { operatorId: requireLogin(c).operator.id, reason });
		if (answer.result === 'begun') return c.redirect(ui.may('retention:read') ? '/privacy?begun' : '/', 303);
		const refused = { reason, errors: { all: refusal(ui, answer) } };
		return renderPage(c, ui, await page(ui, holderId, refused), 409);
	});
}

function refusal({ t }: Ui, answer: ErasureAnswer & { readonly result: 'refused' }): string {
	switch (answer.because) {
		case 'underWay':
			return t('privacy.refusedUnderWay');
		case 'namedInReason':
			return t('privacy.refusedNamedInReason');
		case 'inUse':
			return t('privacy.refusedInUse', { problem: answer.problems[0]?.problem ?? '' });
	}
}
