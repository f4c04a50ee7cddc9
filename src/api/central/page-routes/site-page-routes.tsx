import type { Hono } from 'hono';
import { GatewayError } from '../../../gateway/core/gateway-error.ts';
import { LIMITS } from '../../../gateway/core/limits.ts';
import { renderPage, renderPart } from '../../console/render.tsx';
import {
	checkPermission,
	type HttpContext,
	type HttpEnv,
	readForm,
	requireLogin,
	requirePermission,
} from '../../http/login-context.ts';
import { type CommandAnswer, type Fleet, LANE_COMMANDS, type ListPage } from '../fleet.ts';
import type { CentralUi, CreateCentralUi } from '../pages/central-ui.ts';
import { type CommandForm, CommandPage } from '../pages/command-page.tsx';
import { EditListPage } from '../pages/edit-list-page.tsx';
import { EventListPage } from '../pages/event-list-page.tsx';
import { SiteListPage, SiteRows } from '../pages/site-list-page.tsx';
import { SiteDetail, SitePage } from '../pages/site-page.tsx';
import { COMMAND_PERMISSIONS } from '../routes/site-routes.ts';
import { seesCodes, shownEdit, shownEvent } from '../row-sight.ts';
import { addGatewayPages } from './gateway-page-routes.tsx';
import { heldSite } from './held-site.ts';

const SITES_SHOWN = 100;
const ROWS_SHOWN = 50;

/** Pages of all sites and of one. `eventTypes`: to choose from. */
export function addSitePages(
	app: Hono<HttpEnv>,
	{ fleet, eventTypes }: { readonly fleet: Fleet; readonly eventTypes: readonly string[] },
	createUi: CreateCentralUi,
): void {
	for (const path of ['/', '/live/sites']) {
		app.get(path, requirePermission('lanes:read'), (c) => {
			const ui = createUi(c);
			const q = (c.req.query('q') ?? '').trim().slice(0, 64);
			const asked = c.req.query('online');
			const online = asked === 'true' || asked === 'false' ? asked : '';
			const cursor = c.req.query('cursor');
			const wanted = online === '' ? undefined : online === 'true';
			const { found, isBadCursor } = pageOf(cursor, (at) =>
				fleet.sites({ q, online: wanted, cursor: at, limit: SITES_SHOWN }),
			);
			const props = { ui, fleet, filter: { q, online } as const, cursor: isBadCursor ? undefined : cursor, found };
			if (path === '/') return renderPage(c, ui, <SiteListPage {...props} />);
			return renderPart(c, ui, <SiteRows {...props} />);
		});
	}
	app.get('/sites/:site', requirePermission('lanes:read'), (c) => {
		const ui = createUi(c);
		return renderPage(c, ui, <SitePage ui={ui} fleet={fleet} site={heldSite(fleet, c)} />);
	});
	app.get('/live/sites/:site', requirePermission('lanes:read'), (c) => {
		const ui = createUi(c);
		return renderPart(c, ui, <SiteDetail ui={ui} fleet={fleet} site={heldSite(fleet, c)} />);
	});
	app.get('/sites/:site/events', requirePermission('decisions:read'), (c) => {
		const ui = createUi(c);
		const site = heldSite(fleet, c);
		const q = (c.req.query('q') ?? '').trim().slice(0, LIMITS.searchLength);
		const type = eventTypes.find((known) => known === c.req.query('type')) ?? '';
		const rejected = c.req.query('rejected') === 'true' ? 'true' : '';
		const { found, cursor, isBadCursor } = pageOf(c.req.query('cursor'), (at) =>
			fleet.events(site.site, {
				...{ cursor: at, limit: ROWS_SHOWN },
				...(q !== '' && { q }),
				...(type !== '' && { type }),
				...(rejected !== '' && { rejected: true }),
			}),
		);
		const codes = seesCodes(c);
		const shown = { ...found, items: found.items.map((event) => shownEvent(event, codes)) };
		const filter = { q, type, rejected } as const;
		return renderPage(
			c,
			ui,
			<EventListPage {...{ ui, site, filter, types: eventTypes, cursor, found: shown, isBadCursor }} />,
		);
	});
	app.get('/sites/:site/edits', requirePermission('personalData:read'), (c) => {
		const ui = createUi(c);
		const site = heldSite(fleet, c);
		const { found, cursor, isBadCursor } = pageOf(c.req.query('cursor'), (at) =>
			fleet.edits(site.site, { cursor: at, limit: ROWS_SHOWN }),
		);
		const codes = seesCodes(c);
		const items = found.items.map((edit) => shownEdit(edit, codes));
		return renderPage(c, ui, <EditListPage {...{ ui, site, cursor, found: { ...found, items }, isBadCursor }} />);
	});
	addCommandPages(app, fleet, createUi);
	addGatewayPages(app, fleet, createUi);
}

const NO_FORM: CommandForm = { op: 'vend', target: '', reason: '', until: '', errors: {} };

function addCommandPages(app: Hono<HttpEnv>, fleet: Fleet, createUi: CreateCentralUi): void {
	const page = (
		c: HttpContext,
		ui: CentralUi,
		form: CommandForm,
		answer: CommandAnswer | undefined,
		status: 200 | 422,
	) => {
		const site = heldSite(fleet, c);
		const { found, cursor } = pageOf(c.req.query('cursor'), (at) =>
			fleet.commands(site.site, { cursor: at, limit: ROWS_SHOWN }),
		);
		return renderPage(c, ui, <CommandPage {...{ ui, site, form, answer, cursor, found }} />, status);
	};
	app.get('/sites/:site/commands', requirePermission('lanes:read'), (c) =>
		page(c, createUi(c), NO_FORM, undefined, 200),
	);
	app.post('/sites/:site/commands', requirePermission('lanes:read'), async (c) => {
		const ui = createUi(c);
		const { site } = heldSite(fleet, c);
		const { form, command } = parseCommand(ui, await readForm(c));
		if (command === undefined) return page(c, ui, form, undefined, 422);
		const login = requireLogin(c);
		checkPermission(login, COMMAND_PERMISSIONS[command.op]);
		const answer = await fleet.ask(site, { ...command, by: login.operator.name }).answered;
		return page(c, ui, answer.outcome === 'done' ? NO_FORM : form, answer, 200);
	});
}

function parseCommand(ui: CentralUi, fields: Readonly<Record<string, unknown>>) {
	const text = (name: string, length: number) => {
		const field = fields[name];
		return typeof field === 'string' ? field.trim().slice(0, length) : '';
	};
	const required = ui.t('form.required');
	const op = LANE_COMMANDS.find((known) => known === fields['op']);
	const target = text('target', 64);
	const reason = text('reason', LIMITS.reasonLength);
	const until = text('until', 20);
	const untilMs = until === '' ? undefined : ui.formats.parseField(until);
	const errors = {
		...(op === undefined && { op: required }),
		...(target === '' && { target: required }),
		...(reason === '' && { reason: required }),
		...(until !== '' && untilMs === undefined && { until: ui.t('form.time') }),
	};
	const form: CommandForm = { op: op ?? '', target, reason, until, errors };
	if (op === undefined || Object.keys(errors).length > 0) return { form, command: undefined };
	return { form, command: { op, target, reason, ...(untilMs !== undefined && { untilMs }) } };
}

/** The page of a list that was asked for; its beginning where the cursor is none of this list. */
export function pageOf<Item>(
	cursor: string | undefined,
	read: (cursor: string | undefined) => ListPage<Item>,
): { readonly found: ListPage<Item>; readonly cursor: string | undefined; readonly isBadCursor: boolean } {
	try {
		return { found: read(cursor), cursor, isBadCursor: false };
	} catch (error) {
		if (cursor === undefined || !(error instanceof GatewayError) || error.code !== 'INVALID_REQUEST') throw error;
		return { found: read(undefined), cursor: undefined, isBadCursor: true };
	}
}
