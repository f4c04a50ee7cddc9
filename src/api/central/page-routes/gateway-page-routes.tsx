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
import { type Fleet, type FleetCommandDetail, GATEWAY_COMMANDS, type GatewayCommand } from '../fleet.ts';
import { type CentralUi, type CreateCentralUi, commandHref } from '../pages/central-ui.ts';
import { CommandDetail, CommandDetailPage, TRIAL_MINUTES } from '../pages/command-detail-page.tsx';
import { type GatewayForm, GatewayPage, NO_GATEWAY_FORM } from '../pages/gateway-page.tsx';
import { heldSite } from './held-site.ts';

/** Pages of a site's gateway itself. Whoever asks for something is led to what became of it. */
export function addGatewayPages(app: Hono<HttpEnv>, fleet: Fleet, createUi: CreateCentralUi): void {
	const page = (c: HttpContext, form: GatewayForm, status: 200 | 422) => {
		const ui = createUi(c);
		const site = heldSite(fleet, c);
		const proposals = fleet.proposals(site.site, LIMITS.configurationVersions);
		const runs = fleet.configuration(site.site);
		return renderPage(c, ui, <GatewayPage {...{ ui, site, runs, proposals, form }} />, status);
	};
	app.get('/sites/:site/gateway', requirePermission('configuration:read'), (c) => page(c, NO_GATEWAY_FORM, 200));
	app.post('/sites/:site/gateway', requirePermission('configuration:read'), async (c) => {
		const ui = createUi(c);
		const { site } = heldSite(fleet, c);
		const { form, command } = parseGatewayForm(ui, await readForm(c));
		if (command === undefined) return page(c, form, 422);
		const login = requireLogin(c);
		if (command.op !== 'diagnostics') checkPermission(login, 'configuration:write');
		const { commandId } = fleet.ask(site, { ...command, by: login.operator.name });
		return c.redirect(commandHref(site, commandId), 303);
	});
	app.get('/sites/:site/commands/:command', requirePermission('configuration:read'), (c) => {
		const ui = createUi(c);
		const site = heldSite(fleet, c);
		return renderPage(c, ui, <CommandDetailPage {...{ ui, site, command: heldCommand(fleet, c) }} />);
	});
	app.get('/live/sites/:site/commands/:command', requirePermission('configuration:read'), (c) => {
		const ui = createUi(c);
		return renderPart(c, ui, <CommandDetail {...{ ui, site: heldSite(fleet, c), command: heldCommand(fleet, c) }} />);
	});
}

function heldCommand(fleet: Fleet, c: HttpContext): FleetCommandDetail {
	const found = fleet.command(c.req.param('site') ?? '', c.req.param('command') ?? '');
	if (found === undefined) throw new GatewayError('NOT_FOUND', 'there is no such command');
	return found;
}

type Asked = GatewayCommand extends infer Command
	? Command extends GatewayCommand
		? Omit<Command, 'by'>
		: never
	: never;

function parseGatewayForm(
	ui: CentralUi,
	fields: Readonly<Record<string, unknown>>,
): { readonly form: GatewayForm; readonly command?: Asked } {
	const field = (name: string) => (typeof fields[name] === 'string' ? fields[name] : '');
	const op = GATEWAY_COMMANDS.find((known) => known === fields['op']);
	const reason = field('reason').trim();
	// Browsers send line breaks of forms as CR LF.
	const text = field('text').replaceAll('\r\n', '\n');
	const required = ui.t('form.required');
	const errors = {
		...((reason === '' || reason.length > LIMITS.reasonLength) && { reason: required }),
		...(op === 'configPropose' && text.trim() === '' && { text: required }),
		...(text.length > LIMITS.proposedConfigLength && { text: ui.t('config.tooLarge') }),
	};
	const form: GatewayForm = { form: op === 'configPropose' ? 'propose' : 'act', reason, text, errors };
	if (op === undefined || Object.keys(errors).length > 0) return { form };
	return { form, command: commandOf(op, { reason, text, field }) };
}

function commandOf(
	op: GatewayCommand['op'],
	{ reason, text, field }: { readonly reason: string; readonly text: string; readonly field: (name: string) => string },
): Asked {
	const force = field('force') === 'yes';
	const target = field('target');
	switch (op) {
		case 'configPropose':
			return { op, reason, text };
		case 'configApply': {
			const minutes = TRIAL_MINUTES.find((count) => String(count) === field('minutes')) ?? 5;
			const keep = field('byHand') === 'yes' ? 'byHand' : 'byItself';
			return { op, reason, target: targetOf(target), withinS: minutes * 60, force, keep };
		}
		case 'configKeep':
		case 'configRevert':
			return { op, reason, target: targetOf(target) };
		case 'restart':
			return { op, reason, force };
		case 'diagnostics':
			return { op, reason };
	}
}

/** Ends with a page that says so where a form was tampered with. */
function targetOf(target: string): string {
	if (!/^(?:[0-9a-f]{64}|file)$/.test(target)) throw new GatewayError('INVALID_REQUEST', 'that is no version');
	return target;
}
