import type { Hono } from 'hono';
import type { PresentedFact } from '../../../gateway/core/access/facts.ts';
import { GatewayError } from '../../../gateway/core/gateway-error.ts';
import { createPlaces } from '../../../gateway/core/permission/scope.ts';
import { parseTag } from '../../../gateway/core/tag.ts';
import type { DecisionRecord } from '../../../gateway/services/access-log.ts';
import { type SeenVisitors, seenVisitors } from '../../../gateway/services/visitors/seen-visitors.ts';
import type { Visit } from '../../../gateway/services/visitors/visit.ts';
import type { VisitAnswer } from '../../../gateway/services/visitors/visitors.ts';
import { type HttpContext, type HttpEnv, readForm, requireLogin, requirePermission } from '../../http/login-context.ts';
import { LANGUAGES } from '../catalogue/translator.ts';
import type { ConsoleDeps } from '../console-deps.ts';
import { KindFormPage, parseKindForm } from '../pages/visitors/kind-form-page.tsx';
import { PassPage } from '../pages/visitors/pass-page.tsx';
import {
	emptyVisitForm,
	parseVisitForm,
	problemWords,
	readVisitForm,
	type VisitFormState,
	withProblems,
} from '../pages/visitors/visit-form.ts';
import { VisitFormPage } from '../pages/visitors/visit-form-page.tsx';
import { VisitPage } from '../pages/visitors/visit-page.tsx';
import { newVisitorHref, VISITOR_SEARCH_LENGTH, VISITORS_PATH, visitHref } from '../pages/visitors/visitor-paths.ts';
import { VISIT_TIMES, VisitorsPage } from '../pages/visitors/visitors-page.tsx';
import { renderPage } from '../render.tsx';
import type { CreateUi, Ui } from '../ui.ts';

/** As whoever asks may see and make them. */
function visitorsOf(c: HttpContext, deps: ConsoleDeps): SeenVisitors {
	return seenVisitors({ ...deps, places: createPlaces(deps.site) }, requireLogin(c).access);
}

export function addVisitorRoutes(app: Hono<HttpEnv>, deps: ConsoleDeps, createUi: CreateUi): void {
	app.get(VISITORS_PATH, requirePermission({ inParts: 'visitors:read' }), async (c) => {
		const ui = createUi(c);
		const visitors = visitorsOf(c, deps);
		const query = c.req.query();
		const when = VISIT_TIMES.find((time) => time === query['when']) ?? 'today';
		const q = (query['q'] ?? '').trim().slice(0, VISITOR_SEARCH_LENGTH);
		const asked = query['cursor'] === '' ? undefined : query['cursor'];
		const page = await pageOrNewest(visitors, { when, q }, asked);
		const isReady = visitors.specifications().length > 0;
		const cancelled = query['cancelled'] !== undefined;
		return renderPage(c, ui, <VisitorsPage {...{ ui, when, q, isReady, cancelled, ...page }} />);
	});
	addFormRoutes(app, deps, createUi);
	addVisitRoutes(app, deps, createUi);
}

/** A cursor that is not ours (an old bookmark) leads to the newest page, and the page says so. */
async function pageOrNewest(
	visitors: Pick<SeenVisitors, 'page'>,
	query: Parameters<ConsoleDeps['visitors']['page']>[0],
	cursor: string | undefined,
) {
	if (cursor === undefined) return { found: await visitors.page(query), cursor, badCursor: false };
	try {
		return { found: await visitors.page({ ...query, cursor }), cursor, badCursor: false };
	} catch (error) {
		if (!(error instanceof GatewayError) || error.code !== 'INVALID_REQUEST') throw error;
		return { found: await visitors.page(query), cursor: undefined, badCursor: true };
	}
}

function addFormRoutes(app: Hono<HttpEnv>, deps: ConsoleDeps, createUi: CreateUi): void {
	const { accessLog, people } = deps;

	function show(c: HttpContext, ui: Ui, form: VisitFormState, status: 200 | 422 = 200) {
		const record = form.decision === '' ? undefined : accessLog.get(form.decision);
		const known = record && whoIsKnown(deps, record);
		const specifications = visitorsOf(c, deps).specifications();
		const view = { ui, form, specifications, decision: record?.summary, knownHolder: known };
		return renderPage(c, ui, <VisitFormPage {...view} />, status);
	}

	app.get(`${VISITORS_PATH}/new`, requirePermission({ inParts: 'visitors:write' }), (c) => {
		const ui = createUi(c);
		return show(c, ui, prefilled(deps, ui, c.req.query()));
	});
	app.post(`${VISITORS_PATH}/new`, requirePermission({ inParts: 'visitors:write' }), async (c) => {
		const ui = createUi(c);
		const form = readVisitForm(await readForm(c), ui);
		const parsed = parseVisitForm(form, ui, people);
		if ('form' in parsed) return show(c, ui, parsed.form, 422);
		const answer = visitorsOf(c, deps).create(parsed.request, { operatorId: requireLogin(c).operator.id });
		if (answer.result === 'refused') return show(c, ui, withProblems(form, answer.problems, ui), 422);
		const done = new URLSearchParams({ done: 'made', ...(form.decision !== '' && { decision: form.decision }) });
		return c.redirect(`${visitHref(answer.visit.id)}?${done}`, 303);
	});
	app.get(`${VISITORS_PATH}/kinds/new`, requirePermission('rightSpecifications:write'), (c) => {
		const ui = createUi(c);
		const decision = c.req.query('decision') ?? '';
		const form = { name: ui.t('visitor.kindDefault'), areaIds: [], uses: '', decision, errors: {} };
		return renderPage(c, ui, <KindFormPage ui={ui} form={form} />);
	});
	app.post(`${VISITORS_PATH}/kinds/new`, requirePermission('rightSpecifications:write'), async (c) => {
		const ui = createUi(c);
		const fields = await readForm(c);
		const parsed = parseKindForm(fields, ui);
		if ('form' in parsed) return renderPage(c, ui, <KindFormPage ui={ui} form={parsed.form} />, 422);
		const [problem] = deps.visitors.addSpecification(parsed.kind, { operatorId: requireLogin(c).operator.id });
		const decision = typeof fields['decision'] === 'string' ? fields['decision'] : '';
		if (problem === undefined) return c.redirect(newVisitorHref(decision === '' ? undefined : decision), 303);
		const errors = { form: ui.t('visitor.problem.other', { problem: problem.problem }) };
		const form = { ...parsed.kind, uses: String(parsed.kind.useLimit ?? ''), decision, errors };
		return renderPage(c, ui, <KindFormPage ui={ui} form={form} />, 422);
	});
}

/** With what was read, or presented, or came with the address. */
function prefilled(deps: ConsoleDeps, ui: Ui, query: Readonly<Record<string, string>>): VisitFormState {
	const form = emptyVisitForm(ui);
	const { tag, tagLabel = '', plate, decision = '' } = query;
	if (plate !== undefined) return { ...form, kind: 'plate', value: plate.slice(0, 64) };
	if (tag !== undefined) return { ...form, kind: 'tag', value: tag.slice(0, 128), label: tagLabel.slice(0, 200) };
	const record = decision === '' ? undefined : deps.accessLog.get(decision);
	const read = record && readOf(deps, record);
	if (record === undefined || read === undefined) return { ...form, decision: record === undefined ? '' : decision };
	const { summary, entry } = record;
	const name = summary.holderName ?? '';
	// What a code says is not told: a visit gets a new one.
	const isQr = read.kind === 'tag' && parseTag(read.value) === undefined;
	if (read.kind === 'pin' || isQr) return { ...form, decision, kind: 'qr', name };
	// What can be read on a card; of several reads the line names them all.
	const label = read.kind === 'tag' && entry.facts.presented.length === 1 ? summary.subject : '';
	return { ...form, decision, kind: read.kind, value: read.value, label: label === read.value ? '' : label, name };
}

/** A read that a visitor can be made of: nobody's, or of somebody who was here as a visitor. */
function readOf({ visitors }: ConsoleDeps, { entry }: DecisionRecord): PresentedFact | undefined {
	return entry.facts.presented.find(
		({ match }) => match.how === 'none' || ('credential' in match && visitors.isVisitor(match.credential.holderId)),
	);
}

function whoIsKnown(deps: ConsoleDeps, record: DecisionRecord): { id: string; name: string } | undefined {
	if (readOf(deps, record) !== undefined) return undefined;
	const known = record.entry.facts.presented.find(({ match }) => 'holder' in match && match.holder !== null)?.match;
	if (known === undefined || !('holder' in known) || known.holder === null) return undefined;
	return { id: known.holder.id, name: known.holder.name };
}

function addVisitRoutes(app: Hono<HttpEnv>, deps: ConsoleDeps, createUi: CreateUi): void {
	const { accessLog } = deps;
	const found = (c: HttpContext, visitId: string | undefined): Visit => {
		const visit = visitorsOf(c, deps).get(visitId ?? '');
		if (visit === undefined) throw new GatewayError('NOT_FOUND', 'There is no such visit.');
		return visit;
	};

	function show(c: HttpContext, ui: Ui, visit: Visit, refused?: { end?: string; problem: string }) {
		const { done, decision } = c.req.query();
		const summary = decision === undefined ? undefined : accessLog.get(decision)?.summary;
		const endMs = Math.max(visit.validToMs ?? ui.nowMs, ui.nowMs);
		const view = {
			...{ ui, visit, madeBy: deps.visitors.madeBy(visit.id) },
			done: done === 'made' || done === 'changed' ? done : undefined,
			lane: summary && { id: summary.laneId, name: summary.laneName },
			end: {
				value: refused?.end ?? ui.formats.field(endMs),
				error: refused?.end === undefined ? undefined : refused.problem,
			},
			problem: refused?.end === undefined ? refused?.problem : undefined,
		} as const;
		return renderPage(c, ui, <VisitPage {...view} />, refused === undefined ? 200 : 422);
	}

	function answered(c: HttpContext, ui: Ui, visit: Visit, answer: VisitAnswer, end?: string) {
		if (answer.result === 'done') return c.redirect(`${visitHref(visit.id)}?done=changed`, 303);
		const [problem] = answer.problems;
		const words = problem === undefined ? ui.t('visitor.problem.invalid') : problemWords(ui, problem);
		return show(c, ui, visit, { ...(end !== undefined && { end }), problem: words });
	}

	app.get(`${VISITORS_PATH}/:visitId`, requirePermission({ inParts: 'visitors:read' }), (c) => {
		const ui = createUi(c);
		return show(c, ui, found(c, c.req.param('visitId')));
	});
	app.get(`${VISITORS_PATH}/:visitId/pass`, requirePermission({ inParts: 'visitors:write' }), (c) => {
		const ui = createUi(c);
		const visit = found(c, c.req.param('visitId'));
		if (!visitorsOf(c, deps).mayWrite(visit.id))
			throw new GatewayError('FORBIDDEN', 'The pass of this visit is not yours.');
		const asked = LANGUAGES.find((language) => language === c.req.query('language'));
		return renderPage(c, ui, <PassPage ui={ui} visit={visit} language={asked ?? visit.language ?? ui.language} />);
	});
	app.post(`${VISITORS_PATH}/:visitId/extend`, requirePermission({ inParts: 'visitors:write' }), async (c) => {
		const ui = createUi(c);
		const visit = found(c, c.req.param('visitId'));
		const { to } = await readForm(c);
		const end = typeof to === 'string' ? to.slice(0, 40) : '';
		const endMs = ui.formats.parseField(end);
		if (endMs === undefined) return show(c, ui, visit, { end, problem: ui.t('form.time') });
		const by = { operatorId: requireLogin(c).operator.id };
		return answered(c, ui, visit, visitorsOf(c, deps).changeEnd(visit.id, endMs, by), end);
	});
	app.post(`${VISITORS_PATH}/:visitId/end`, requirePermission({ inParts: 'visitors:write' }), (c) => {
		const ui = createUi(c);
		const visit = found(c, c.req.param('visitId'));
		const answer = visitorsOf(c, deps).end(visit.id, { operatorId: requireLogin(c).operator.id });
		if (answer.result === 'cancelled') return c.redirect(`${VISITORS_PATH}?cancelled`, 303);
		return answered(c, ui, visit, answer);
	});
	for (const act of ['block', 'unblock'] as const) {
		app.post(`${VISITORS_PATH}/:visitId/${act}`, requirePermission({ inParts: 'visitors:write' }), (c) => {
			const ui = createUi(c);
			const visit = found(c, c.req.param('visitId'));
			const answer = visitorsOf(c, deps).block(visit.id, act === 'block', { operatorId: requireLogin(c).operator.id });
			return answered(c, ui, visit, answer);
		});
	}
}
