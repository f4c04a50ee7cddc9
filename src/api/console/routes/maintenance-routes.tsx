import type { Hono } from 'hono';
import { HTTPException } from 'hono/http-exception';
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import type { EvidenceRefusal } from '../../../gateway/core/evidence.ts';
import { GatewayError } from '../../../gateway/core/gateway-error.ts';
import { LIMITS } from '../../../gateway/core/limits.ts';
import {
	INTERVENTION_KINDS,
	INTERVENTION_PRIORITIES,
	INTERVENTION_STATUSES,
} from '../../../gateway/core/maintenance/intervention.ts';
import type { Intervention, InterventionAnswer } from '../../../gateway/services/maintenance/interventions.ts';
import { type HttpContext, type HttpEnv, operatorOf, readForm, requirePermission } from '../../http/login-context.ts';
import { bytesOf } from '../../http/routes/intervention-photo-routes.ts';
import { maintenanceOf } from '../../http/routes/intervention-routes.ts';
import { requireUpload, takeUpload } from '../../http/upload.ts';
import type { ConsoleDeps } from '../console-deps.ts';
import { InterventionPage, type InterventionProps } from '../pages/maintenance/intervention-page.tsx';
import { parseTarget } from '../pages/maintenance/intervention-words.ts';
import { type InterventionsFilter, InterventionsPage, SHOWN_STATES } from '../pages/maintenance/interventions-page.tsx';
import { INTERVENTIONS_PATH, interventionHref } from '../pages/maintenance/maintenance-paths.ts';
import { ReportPage, type TypedFields } from '../pages/maintenance/report-page.tsx';
import { renderPage } from '../render.tsx';
import type { CreateUi, Ui } from '../ui.ts';
import { seenLead } from './lead-routes.tsx';
import { textOf } from './operator-routes.tsx';
import { addRosterRoute } from './roster-routes.tsx';

const PAGE_LENGTH = 30;
const ONE = `${INTERVENTIONS_PATH}/:number`;

/** Work on the equipment, and who does it. */
export function addMaintenanceRoutes(app: Hono<HttpEnv>, deps: ConsoleDeps, createUi: CreateUi): void {
	addListRoute(app, deps, createUi);
	addReportRoutes(app, deps, createUi);
	addDetailRoutes(app, deps, createUi);
	addRecordRoutes(app, deps, createUi);
	addRosterRoute(app, deps, createUi);
}

const idsOf = (devices: ConsoleDeps['devices']) => devices().map(({ id }) => id);

function addListRoute(app: Hono<HttpEnv>, deps: ConsoleDeps, createUi: CreateUi): void {
	app.get(INTERVENTIONS_PATH, requirePermission({ inParts: 'interventions:read' }), (c) => {
		const ui = createUi(c);
		const { cursor, ...query } = c.req.query();
		const filter = filterOf(query);
		const { state, status, device, assignee, overdue } = filter;
		const known = INTERVENTION_STATUSES.find((one) => one === status);
		const { interventions, roster } = maintenanceOf(deps, c);
		const page = interventions.list({
			limit: PAGE_LENGTH,
			...(state !== 'all' && { state }),
			...(known !== undefined && { status: known }),
			...(device !== '' && { target: { kind: 'device', id: device } as const }),
			...(assignee !== '' && { person: assignee }),
			...(overdue && { overdue }),
			...(cursor !== undefined && { cursor }),
		});
		const seen = idsOf(deps.devices).filter((id) => interventions.may('interventions:read', { kind: 'device', id }));
		const props = { filter, people: roster.people(), devices: seen, isFirst: cursor === undefined };
		return renderPage(c, ui, <InterventionsPage ui={ui} {...page} {...props} />);
	});
}

function filterOf(query: Readonly<Record<string, string>>): InterventionsFilter {
	const { status = '', device = '', assignee = '' } = query;
	return {
		state: SHOWN_STATES.find((state) => state === query['state']) ?? 'unfinished',
		...{ status: status.slice(0, 20), device: device.slice(0, 64), assignee: assignee.slice(0, 64) },
		overdue: query['overdue'] === 'true',
	};
}

function addReportRoutes(app: Hono<HttpEnv>, deps: ConsoleDeps, createUi: CreateUi): void {
	const show = (c: HttpContext, ui: Ui, typed: TypedFields, wrong: { error?: string; problem?: string } = {}) => {
		const errors = wrong.error === undefined ? undefined : { title: wrong.error };
		const props = { ui, typed, errors, problem: wrong.problem, devices: idsOf(deps.devices) };
		return renderPage(c, ui, <ReportPage {...props} />, Object.keys(wrong).length > 0 ? 422 : 200);
	};

	app.get(`${INTERVENTIONS_PATH}/new`, requirePermission({ inParts: 'interventions:report' }), (c) => {
		const { device = '', lane = '', title = '' } = c.req.query();
		const target = device !== '' ? `device:${device}` : lane !== '' ? `lane:${lane}` : 'site';
		const typed = { title: title.slice(0, LIMITS.interventionTitleLength), description: '', target };
		return show(c, createUi(c), { ...typed, kind: 'repair', priority: 'normal' });
	});
	app.post(INTERVENTIONS_PATH, requirePermission({ inParts: 'interventions:report' }), async (c) => {
		const ui = createUi(c);
		const typed = describedBy(await readForm(c));
		const said = parsedOf(typed);
		if (said === undefined) return show(c, ui, typed, { error: ui.t('maintenance.titleMissing') });
		const { interventions } = maintenanceOf(deps, c);
		const answer = interventions.report({ ...said, plan: null, people: [] }, operatorOf(c));
		if (answer.result === 'done') {
			const { number, target } = answer.intervention;
			return c.redirect(
				interventions.may('interventions:read', target) ? `${interventionHref(number)}?done=reported` : '/',
				303,
			);
		}
		return show(c, ui, typed, { problem: ui.t(`maintenance.refused.${answer.because}`) });
	});
}

type Form = Readonly<Record<string, unknown>>;

function describedBy(form: Form): TypedFields {
	const { title, description, kind, priority, target } = form;
	return {
		title: textOf(title).slice(0, LIMITS.interventionTitleLength),
		description: textOf(description).slice(0, LIMITS.interventionTextLength),
		...{ kind: textOf(kind), priority: textOf(priority), target: textOf(target) },
	};
}

/** undefined: it has no title. */
function parsedOf({ title, description, kind, priority, target }: TypedFields) {
	if (title === '') return undefined;
	return {
		...{ title, description },
		kind: INTERVENTION_KINDS.find((one) => one === kind) ?? 'other',
		priority: INTERVENTION_PRIORITIES.find((one) => one === priority) ?? 'normal',
		// One that the site does not have is refused as such.
		target: parseTarget(target) ?? { kind: 'device' as const, id: '' },
	};
}

const CHANGED_BY = ['interventions:read', 'interventions:write', 'interventions:work'] as const;

type Shown = Pick<InterventionProps, 'answer' | 'typed'>;

function createDetail(deps: ConsoleDeps) {
	const { devices, leads } = deps;
	const { interventions, roster } = deps.maintenance;
	/** What is to be changed may be there for who does not read it. */
	const heldBy = (c: HttpContext): Intervention => {
		const number = Number(c.req.param('number'));
		const asked = c.req.method === 'GET' ? (['interventions:read'] as const) : CHANGED_BY;
		const { get } = maintenanceOf(deps, c).interventions;
		const found = Number.isSafeInteger(number) ? asked.map((one) => get(number, one)).find(Boolean) : undefined;
		if (found === undefined) throw new GatewayError('NOT_FOUND', 'There is no such intervention.');
		return found;
	};

	/** Who is on it stays among the choices. */
	function choices(item: Intervention) {
		const people = roster.people();
		const others = item.people.filter((id) => !people.some((one) => one.id === id));
		return (ui: Ui) => [...people, ...others.map((id) => ({ id, name: ui.operatorName(id), role: 'former' as const }))];
	}

	function show(c: HttpContext, ui: Ui, shown: Shown = {}, status: ContentfulStatusCode = 200): Response {
		const item = heldBy(c);
		const cursor = c.req.method === 'GET' ? c.req.query('cursor') : undefined;
		const page = maintenanceOf(deps, c).interventions.entries(item.number, {
			limit: PAGE_LENGTH,
			...(cursor !== undefined && { cursor }),
		});
		const props = {
			...{ ui, item, parts: interventions.parts(item.number), photos: interventions.photos(item.number) },
			...{ entries: page.items, nextCursor: page.nextCursor, isNewest: cursor === undefined },
			...{ devices: idsOf(devices), people: choices(item)(ui) },
			leads: ui.may('leads:read') ? leads.ofIntervention(item.number).map((lead) => seenLead(ui, lead)) : [],
		};
		return renderPage(c, ui, <InterventionPage {...props} {...shown} />, status);
	}

	/** After a change: the page again, or what is wrong with it. */
	function settle(c: HttpContext, ui: Ui, answer: InterventionAnswer, typed?: Shown['typed']): Response {
		if (answer.result === 'done') return c.redirect(`${interventionHref(answer.intervention.number)}?done=saved`, 303);
		const title = ui.t(`maintenance.refused.${answer.because}`);
		// What somebody else changed is shown as it is.
		const kept = answer.because === 'changedMeanwhile' ? undefined : typed;
		return show(c, ui, { answer: { tone: 'bad', title }, typed: kept }, 422);
	}

	const refuse = (c: HttpContext, ui: Ui, title: string, typed?: Shown['typed']) =>
		show(c, ui, { answer: { tone: 'bad', title }, typed }, 422);
	return { heldBy, show, settle, refuse };
}

function addDetailRoutes(app: Hono<HttpEnv>, deps: ConsoleDeps, createUi: CreateUi): void {
	const of = (c: HttpContext) => maintenanceOf(deps, c).interventions;
	const { heldBy, show, settle, refuse } = createDetail(deps);

	app.get(ONE, requirePermission({ inParts: 'interventions:read' }), (c) => {
		const ui = createUi(c);
		const done = (['reported', 'saved'] as const).find((word) => word === c.req.query('done'));
		const answer = done && { tone: 'good' as const, title: ui.t(`maintenance.done.${done}`) };
		return show(c, ui, { answer });
	});
	app.post(ONE, requirePermission({ inParts: 'interventions:write' }), async (c) => {
		const ui = createUi(c);
		const form = await readForm(c);
		const people = [form['people[]'] ?? []].flat().map(textOf);
		const times = { planStart: textOf(form['planStart']), planEnd: textOf(form['planEnd']) };
		const typed = { ...describedBy(form), ...times, people };
		const said = parsedOf(typed);
		if (said === undefined) return refuse(c, ui, ui.t('maintenance.titleMissing'), typed);
		const [startMs, endMs] = [times.planStart, times.planEnd].map(ui.formats.parseField);
		const hasTime = times.planStart !== '' || times.planEnd !== '';
		if (hasTime && (startMs === undefined || endMs === undefined)) {
			return refuse(c, ui, ui.t('maintenance.timeMissing'), typed);
		}
		const plan = startMs === undefined || endMs === undefined ? null : { startMs, endMs };
		const patch = { ...said, plan, people: people.slice(0, LIMITS.interventionPeople) };
		return settle(c, ui, of(c).change(heldBy(c).number, patch, operatorOf(c), versionIn(form)), typed);
	});
	app.post(`${ONE}/status`, requirePermission({ inParts: 'interventions:work' }), async (c) => {
		const ui = createUi(c);
		const form = await readForm(c);
		const status = INTERVENTION_STATUSES.find((one) => one === form['status']);
		if (status === undefined) return refuse(c, ui, ui.t('maintenance.refused.notFromHere'));
		const comment = textOf(form['comment']).slice(0, LIMITS.interventionTextLength);
		const { number } = heldBy(c);
		return settle(c, ui, of(c).setStatus(number, { status, comment }, operatorOf(c), versionIn(form)));
	});
}

function versionIn({ version }: Form): number {
	return Number(textOf(version));
}

function addRecordRoutes(app: Hono<HttpEnv>, deps: ConsoleDeps, createUi: CreateUi): void {
	const of = (c: HttpContext) => maintenanceOf(deps, c);
	const { heldBy, settle, refuse } = createDetail(deps);
	const guard = requirePermission({ inParts: 'interventions:work' });

	app.post(`${ONE}/comments`, guard, async (c) => {
		const ui = createUi(c);
		const text = textOf((await readForm(c))['text']).slice(0, LIMITS.interventionTextLength);
		if (text === '') return refuse(c, ui, ui.t('maintenance.textMissing'));
		return settle(c, ui, of(c).interventions.comment(heldBy(c).number, text, operatorOf(c)));
	});
	app.post(`${ONE}/parts`, guard, async (c) => {
		const ui = createUi(c);
		const form = await readForm(c);
		const [name, reference] = [form['name'], form['reference']].map((text) =>
			textOf(text).slice(0, LIMITS.interventionTitleLength),
		);
		const quantity = Number(textOf(form['quantity']));
		if (!name) return refuse(c, ui, ui.t('maintenance.titleMissing'));
		if (!Number.isInteger(quantity) || quantity < 1 || quantity > LIMITS.partQuantity) {
			return refuse(c, ui, ui.t('maintenance.quantityWrong'));
		}
		const part = { name, reference: reference ?? '', quantity };
		return settle(c, ui, of(c).interventions.addPart(heldBy(c).number, part, operatorOf(c)));
	});
	app.post(`${ONE}/parts/:partId/remove`, guard, (c) => {
		const answer = of(c).interventions.removePart(heldBy(c).number, c.req.param('partId'), operatorOf(c));
		return settle(c, createUi(c), answer);
	});
	app.post(`${ONE}/photos`, requireUpload({ inParts: 'interventions:work' }), async (c) => {
		const ui = createUi(c);
		const { number } = heldBy(c);
		const bytes = await photoIn(c);
		if (bytes === undefined) return refuse(c, ui, ui.t('maintenance.picture.tooLarge'));
		const answer = await of(c).photos.add(number, bytes, operatorOf(c));
		if (answer.result === 'done') return c.redirect(`${interventionHref(number)}?done=saved`, 303);
		if (answer.because !== 'picture') return refuse(c, ui, ui.t(`maintenance.refused.${answer.because}`));
		return refuse(c, ui, pictureWords(ui, answer.picture));
	});
	app.post(`${ONE}/photos/:photoId/remove`, guard, async (c) => {
		const ui = createUi(c);
		const { number } = heldBy(c);
		const answer = await of(c).photos.remove(number, c.req.param('photoId'), operatorOf(c));
		if (answer.result === 'done') return c.redirect(`${interventionHref(number)}?done=saved`, 303);
		return refuse(c, ui, ui.t('maintenance.refused.noSuchPart'));
	});
}

/** What people are told of a picture that is not kept. */
export function pictureWords({ t }: Ui, because: EvidenceRefusal): string {
	if (because === 'timeout' || because === 'crashed') return t('maintenance.picture.broken');
	return t(`maintenance.picture.${because === 'disk' ? 'noRoom' : because}`);
}

/** undefined: larger than a photo may be. */
async function photoIn(c: HttpContext): Promise<Uint8Array | undefined> {
	try {
		return await bytesOf(takeUpload(c).chunks, LIMITS.photoBytes);
	} catch (error) {
		if (error instanceof HTTPException && error.status === 413) return undefined;
		throw error;
	}
}
