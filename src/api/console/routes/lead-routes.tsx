import type { Hono } from 'hono';
import { GatewayError } from '../../../gateway/core/gateway-error.ts';
import { LEAD_SOURCES, LEAD_STATES, type Lead } from '../../../gateway/core/lead.ts';
import { LIMITS } from '../../../gateway/core/limits.ts';
import { createListCursor } from '../../../gateway/services/list-cursor.ts';
import type { LeadAnswer } from '../../../gateway/services/marketing/leads.ts';
import { personalView } from '../../../gateway/services/privacy/personal-view.ts';
import { type HttpContext, type HttpEnv, operatorOf, readForm, requirePermission } from '../../http/login-context.ts';
import type { ConsoleDeps } from '../console-deps.ts';
import {
	type LeadFormState,
	leadForm,
	leadFormOfIntervention,
	newLeadForm,
	parseLeadForm,
	refusedForm,
} from '../pages/marketing/lead-form.ts';
import { LeadPage, NewLeadPage } from '../pages/marketing/lead-page.tsx';
import { LeadsPage } from '../pages/marketing/leads-page.tsx';
import { LEADS_PATH, leadHref } from '../pages/marketing/marketing-paths.ts';
import { renderPage } from '../render.tsx';
import type { CreateUi, Ui } from '../ui.ts';

const SHOWN = 50;
const cursors = createListCursor('leads');

export function addLeadRoutes(app: Hono<HttpEnv>, deps: ConsoleDeps, createUi: CreateUi): void {
	const { leads } = deps;
	app.get(LEADS_PATH, requirePermission('leads:read'), (c) => {
		const ui = createUi(c);
		const { q = '', state, source, campaign, cursor, removed } = c.req.query();
		const seesAll = ui.may('personalData:read');
		const filter = {
			q: seesAll ? q.trim().slice(0, LIMITS.searchLength) : '',
			state: LEAD_STATES.find((one) => one === state),
			source: LEAD_SOURCES.find((one) => one === source),
			campaignId: campaign === undefined || campaign === '' ? undefined : campaign.slice(0, 64),
		};
		const before = cursor === undefined ? undefined : placeOf(cursor);
		const { q: words, ...narrowed } = filter;
		const given = Object.fromEntries(Object.entries(narrowed).filter(([, value]) => value !== undefined));
		const found = leads.page({ q: words, ...given, limit: SHOWN + 1, ...(before && { before }) });
		const last = found.length > SHOWN ? found[SHOWN - 1] : undefined;
		const next = last === undefined ? null : cursors.encode(last.createdAtMs, last.id);
		const shown = found.slice(0, SHOWN).map((lead) => seenLead(ui, lead));
		const props = { ui, filter, found: shown, next, cursor: before && cursor, wasRemoved: removed !== undefined };
		return renderPage(c, ui, <LeadsPage {...props} />);
	});
	addNewLead(app, deps, createUi);
	addLead(app, deps, createUi);
}

function choicesOf({ campaigns }: ConsoleDeps) {
	return campaigns.page(null, LIMITS.campaigns).map(({ id, name }) => ({ value: id, label: name }));
}

function addNewLead(app: Hono<HttpEnv>, deps: ConsoleDeps, createUi: CreateUi): void {
	const { leads, visitors } = deps;
	const show = (c: HttpContext, ui: Ui, form: LeadFormState, status: 200 | 422) =>
		renderPage(c, ui, <NewLeadPage ui={ui} form={form} campaigns={choicesOf(deps)} />, status);

	app.get(`${LEADS_PATH}/new`, requirePermission('leads:write'), (c) => {
		const ui = createUi(c);
		const { visit, intervention } = c.req.query();
		const number = Number(intervention);
		const isThere = Number.isSafeInteger(number) && deps.maintenance.interventions.get(number) !== undefined;
		if (isThere && ui.may('interventions:read')) return show(c, ui, leadFormOfIntervention(number), 200);
		const maySee = ui.may('visitors:read') && ui.may('personalData:read');
		return show(c, ui, newLeadForm(visit !== undefined && maySee ? visitors.get(visit) : undefined), 200);
	});
	app.post(`${LEADS_PATH}/new`, requirePermission('leads:write'), async (c) => {
		const ui = createUi(c);
		const { form, fields, source, sourceId } = parseLeadForm(await readForm(c), ui);
		if (fields === undefined) return show(c, ui, form, 422);
		const { state: _, ...said } = fields;
		const answer = leads.create({ ...said, source, sourceId }, operatorOf(c));
		if (answer.result === 'refused') return show(c, ui, refusedForm(form, answer.because, ui), 422);
		return c.redirect(leadHref(answer.lead.id, { saved: 'yes' }), 303);
	});
}

function addLead(app: Hono<HttpEnv>, deps: ConsoleDeps, createUi: CreateUi): void {
	const { leads } = deps;
	const one = `${LEADS_PATH}/:leadId`;

	function show(c: HttpContext, ui: Ui, form?: LeadFormState) {
		const lead = leads.get(c.req.param('leadId') ?? '');
		if (lead === undefined) throw new GatewayError('NOT_FOUND', 'There is no such lead.');
		const shown = seenLead(ui, lead);
		const props = { ui, lead: shown, form: form ?? leadForm(shown, ui), campaigns: choicesOf(deps) };
		const isSaved = form === undefined && c.req.query('saved') !== undefined;
		return renderPage(c, ui, <LeadPage {...props} isSaved={isSaved} />, form === undefined ? 200 : 422);
	}

	app.get(one, requirePermission('leads:read'), (c) => show(c, createUi(c)));
	app.post(one, requirePermission('leads:write'), async (c) => {
		const ui = createUi(c);
		// Who sees first letters would write them back.
		if (!ui.may('personalData:read')) throw new GatewayError('FORBIDDEN', 'This needs personalData:read too.');
		const { form, fields, version } = parseLeadForm(await readForm(c), ui);
		if (fields === undefined) return show(c, ui, form);
		const by = { operatorId: operatorOf(c), ...(version !== undefined && { version }) };
		const answer: LeadAnswer = leads.change(c.req.param('leadId'), fields, by);
		if (answer.result === 'refused') return show(c, ui, refusedForm(form, answer.because, ui));
		if (answer.result === 'done') return c.redirect(leadHref(answer.lead.id, { saved: 'yes' }), 303);
		return show(c, ui, { ...form, errors: { all: ui.t('lead.changedMeanwhile') } });
	});
	app.post(`${one}/remove`, requirePermission('leads:write'), (c) => {
		const isGone = leads.remove(c.req.param('leadId'), operatorOf(c));
		if (!isGone) throw new GatewayError('NOT_FOUND', 'There is no such lead.');
		return c.redirect(`${LEADS_PATH}?removed`, 303);
	});
}

/** undefined: not ours. */
function placeOf(cursor: string) {
	try {
		const { position, id } = cursors.decode(cursor);
		return { atMs: position, id };
	} catch (error) {
		if (error instanceof GatewayError) return undefined;
		throw error;
	}
}

/** As whoever reads may see it. */
export function seenLead(ui: Ui, lead: Lead): Lead {
	const view = personalView(ui.may('personalData:read'));
	const text = (value: string | null) => value && view.text(value);
	const { name, message, email, phone, company } = lead;
	return {
		...{ ...lead, name: view.text(name), message: view.text(message) },
		...{ email: text(email), phone: text(phone), company: text(company) },
	};
}
