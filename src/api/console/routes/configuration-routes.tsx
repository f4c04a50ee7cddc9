import type { Hono } from 'hono';
import type { AskedBy } from '../../../gateway/core/configuration/configuration-state.ts';
import { GatewayError } from '../../../gateway/core/gateway-error.ts';
import { LIMITS } from '../../../gateway/core/limits.ts';
import { lineDiff } from '../../../gateway/core/line-diff.ts';
import type { KeepAnswer } from '../../../gateway/services/configuration/configuration-view.ts';
import { type HttpContext, type HttpEnv, readForm, requireLogin, requirePermission } from '../../http/login-context.ts';
import { requireUpload, takeUpload, type Upload } from '../../http/upload.ts';
import type { ConsoleDeps } from '../console-deps.ts';
import {
	ConfigurationPage,
	type ConfigurationProps,
	EMPTY_PROPOSAL,
} from '../pages/configuration/configuration-page.tsx';
import { CONFIGURATION_PATH, parseVersion, versionHref } from '../pages/configuration/configuration-paths.ts';
import {
	type ApplyFormState,
	EMPTY_APPLY,
	StartingPage,
	TRIAL_MINUTES,
	VersionPage,
} from '../pages/configuration/version-page.tsx';
import { renderPage } from '../render.tsx';
import type { CreateUi } from '../ui.ts';

const ONE = `${CONFIGURATION_PATH}/:version`;
/** Long enough for a gateway to stop and to start. */
const START_S = 5;

export function addConfigurationRoutes(app: Hono<HttpEnv>, deps: ConsoleDeps, createUi: CreateUi): void {
	addVersionsRoutes(app, deps, createUi);
	addVersionRoutes(app, deps, createUi);
	addTrialRoutes(app, deps, createUi);
}

function addVersionsRoutes(app: Hono<HttpEnv>, { configuration }: ConsoleDeps, createUi: CreateUi): void {
	function show(c: HttpContext, change: Partial<ConfigurationProps> = {}, status: 200 | 413 | 422 = 200) {
		const ui = createUi(c);
		const props = { ui, view: configuration.view(), form: EMPTY_PROPOSAL, ...change };
		return renderPage(c, ui, <ConfigurationPage {...props} />, status);
	}

	app.get(CONFIGURATION_PATH, requirePermission('configuration:read'), (c) => {
		const noted = c.req.query('noted') !== undefined && configuration.view().trial !== null;
		return show(c, noted ? { answer: { tone: 'good', title: createUi(c).t('config.noted') } } : {});
	});
	app.post(CONFIGURATION_PATH, requireUpload('configuration:write'), async (c) => {
		const { t } = createUi(c);
		const upload = takeUpload(c);
		const reason = upload.fields['reason']?.trim() ?? '';
		const text = await textOf(upload);
		if (text === undefined)
			return show(c, { form: { reason, errors: { file: t('config.tooLarge') }, problems: [] } }, 413);
		const errors = {
			...(text === '' && { file: t('config.noText') }),
			...((reason === '' || reason.length > LIMITS.reasonLength) && { reason: t('config.reasonMissing') }),
		};
		if (Object.keys(errors).length > 0) return show(c, { form: { reason, errors, problems: [] } }, 422);
		await configuration.prepare({ text });
		const answer = configuration.propose({ text, asked: askedBy(c, reason) });
		if (answer.result === 'valid') return c.redirect(versionHref(answer.version), 303);
		return show(c, { form: { reason, errors: {}, problems: answer.problems } }, 422);
	});
}

/** undefined: it is longer than any proposal may be. */
async function textOf({ chunks }: Upload): Promise<string | undefined> {
	const parts: Uint8Array[] = [];
	let bytes = 0;
	for await (const chunk of chunks) {
		bytes += chunk.length;
		if (bytes > LIMITS.proposedConfigLength) return undefined;
		parts.push(chunk);
	}
	return new TextDecoder().decode(Buffer.concat(parts));
}

function addVersionRoutes(app: Hono<HttpEnv>, { configuration }: ConsoleDeps, createUi: CreateUi): void {
	async function show(c: HttpContext, form: ApplyFormState, status: 200 | 409 | 422 = 200) {
		const ui = createUi(c);
		const version = versionAsked(c);
		await configuration.prepare({ version });
		const { runs, trial } = configuration.view();
		const diff = lineDiff(configuration.shownText(runs), configuration.shownText(version));
		const checked = configuration.check(version);
		const props = { ui, version, checked, diff, form, canApply: version !== runs && trial === null };
		return renderPage(c, ui, <VersionPage {...props} />, status);
	}

	app.get(ONE, requirePermission('configuration:read'), (c) => show(c, EMPTY_APPLY));
	app.get(`${ONE}/gateway.yaml`, requirePermission('configuration:read'), (c) => {
		const text = configuration.shownText(versionAsked(c));
		c.header('Content-Type', 'application/yaml; charset=utf-8');
		c.header('Content-Disposition', 'attachment; filename="gateway.yaml"');
		return c.body(text);
	});
	app.post(`${ONE}/apply`, requirePermission('configuration:write'), async (c) => {
		const ui = createUi(c);
		const form = parseApplyForm(await readForm(c));
		if (form.reason === '' || form.reason.length > LIMITS.reasonLength)
			return show(c, { ...form, errors: { reason: ui.t('config.reasonMissing') } }, 422);
		const { reason, minutes, force } = form;
		const asked = askedBy(c, reason);
		await configuration.prepare({ version: versionAsked(c) });
		const answer = configuration.apply({ version: versionAsked(c), withinMs: minutes * 60_000, force, asked });
		if (answer.result === 'refused') return show(c, { ...form, errors: { all: answer.problem } }, 409);
		return starting(c, createUi);
	});
}

function parseApplyForm(fields: Readonly<Record<string, unknown>>): ApplyFormState {
	const reason = typeof fields['reason'] === 'string' ? fields['reason'].trim() : '';
	const minutes = TRIAL_MINUTES.find((count) => String(count) === fields['minutes']) ?? EMPTY_APPLY.minutes;
	return { reason, minutes, force: fields['force'] === 'yes', errors: {} };
}

function addTrialRoutes(app: Hono<HttpEnv>, { configuration }: ConsoleDeps, createUi: CreateUi): void {
	function refused(c: HttpContext, { problem }: KeepAnswer & { readonly result: 'refused' }) {
		const ui = createUi(c);
		const answer = { tone: 'bad', title: ui.t('config.notDone', { problem }) } as const;
		const props = { ui, view: configuration.view(), form: EMPTY_PROPOSAL, answer };
		return renderPage(c, ui, <ConfigurationPage {...props} />, 409);
	}

	app.post(`${ONE}/keep`, requirePermission('configuration:write'), (c) => {
		const answer = configuration.keep(versionAsked(c));
		return answer.result === 'refused' ? refused(c, answer) : c.redirect(`${CONFIGURATION_PATH}?noted`, 303);
	});
	app.post(`${ONE}/revert`, requirePermission('configuration:write'), (c) => {
		const answer = configuration.giveUp(versionAsked(c), requireLogin(c).operator.name);
		return answer.result === 'refused' ? refused(c, answer) : starting(c, createUi);
	});
}

/** The browser asks again by itself, when the gateway answers again. */
function starting(c: HttpContext, createUi: CreateUi): Response {
	const ui = createUi(c);
	c.header('Refresh', `${START_S}; url=${CONFIGURATION_PATH}`);
	return renderPage(c, ui, <StartingPage ui={ui} />);
}

function versionAsked(c: HttpContext): string | null {
	const version = parseVersion(c.req.param('version') ?? '');
	if (version === undefined) throw new GatewayError('NOT_FOUND', 'There is no such version.');
	return version;
}

function askedBy(c: HttpContext, reason: string): AskedBy {
	const { id, name } = requireLogin(c).operator;
	return { source: 'console', by: name, operatorId: id, reason, commandId: null };
}
