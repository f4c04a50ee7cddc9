import type { Hono } from 'hono';
import { GatewayError } from '../../../gateway/core/gateway-error.ts';
import { LIMITS } from '../../../gateway/core/limits.ts';
import { createListCursor } from '../../../gateway/services/list-cursor.ts';
import type { Campaign } from '../../../gateway/services/marketing/campaigns.ts';
import { type HttpContext, type HttpEnv, operatorOf, requirePermission } from '../../http/login-context.ts';
import type { ConsoleDeps } from '../console-deps.ts';
import { namesOf } from '../pages/directory/row-names.ts';
import { CampaignPage } from '../pages/marketing/campaign-page.tsx';
import {
	type CampaignFormState,
	CampaignsPage,
	EMPTY_CAMPAIGN,
	parseCampaignForm,
} from '../pages/marketing/campaigns-page.tsx';
import { CAMPAIGNS_PATH, campaignHref } from '../pages/marketing/marketing-paths.ts';
import { renderPage } from '../render.tsx';
import type { CreateUi, Ui } from '../ui.ts';

const SHOWN = 30;
/** Rights of a campaign, and hits of a search, on one page. */
const RIGHTS_SHOWN = 100;
const HITS_SHOWN = 30;
const cursors = createListCursor('campaigns');

export function addCampaignRoutes(app: Hono<HttpEnv>, deps: ConsoleDeps, createUi: CreateUi): void {
	const { campaigns } = deps;
	function list(c: HttpContext, ui: Ui, form: CampaignFormState) {
		const { cursor, removed } = c.req.query();
		const place = cursor === undefined ? null : placeOf(cursor);
		const found = campaigns.page(place, SHOWN + 1);
		const last = found.length > SHOWN ? found[SHOWN - 1] : undefined;
		const seen = {
			...{ ui, form, found: found.slice(0, SHOWN), cursor: place === null ? undefined : cursor },
			next: last === undefined ? null : cursors.encode(last.createdAtMs, last.id),
			wasRemoved: removed !== undefined,
		};
		return renderPage(c, ui, <CampaignsPage {...seen} />, form === EMPTY_CAMPAIGN ? 200 : 422);
	}

	app.get(CAMPAIGNS_PATH, requirePermission('campaigns:read'), (c) => list(c, createUi(c), EMPTY_CAMPAIGN));
	app.post(CAMPAIGNS_PATH, requirePermission('campaigns:write'), async (c) => {
		const ui = createUi(c);
		const asked = parseCampaignForm(await c.req.parseBody(), ui);
		if ('form' in asked) return list(c, ui, asked.form);
		const answer = campaigns.create(asked, operatorOf(c));
		if (answer.result !== 'done') return list(c, ui, { ...EMPTY_CAMPAIGN, errors: { all: ui.t('form.order') } });
		return c.redirect(campaignHref(answer.campaign.id), 303);
	});
	addCampaignPage(app, deps, createUi);
}

function addCampaignPage(app: Hono<HttpEnv>, deps: ConsoleDeps, createUi: CreateUi): void {
	const { campaigns, directoryLists } = deps;
	const one = `${CAMPAIGNS_PATH}/:campaignId`;
	const idOf = (c: HttpContext) => c.req.param('campaignId') ?? '';

	async function named(ui: Ui, ids: readonly string[]) {
		const names = await namesOf(deps, ui, new Map([['assignedRights', new Set(ids)]]));
		return ids.map((id) => ({ id, name: names.of('assignedRights', id) }));
	}

	async function hitsOf(ui: Ui, q: string, present: readonly string[]) {
		if (q === '' || !ui.may('assignedRights:read') || !ui.may('personalData:read')) return null;
		const { items } = await directoryLists.page({ table: 'assignedRights', q }, { limit: HITS_SHOWN });
		return named(
			ui,
			items.map((row) => String(row['id'])).filter((id) => !present.includes(id)),
		);
	}

	async function show(c: HttpContext, ui: Ui, form?: CampaignFormState, problem?: string) {
		const campaign = await campaigns.counted(idOf(c));
		if (campaign === undefined) throw new GatewayError('NOT_FOUND', 'There is no such campaign.');
		const q = (c.req.query('q') ?? '').trim().slice(0, LIMITS.searchLength);
		const present = campaigns.rightsOf(campaign.id);
		const seen = {
			...{ ui, campaign, q, problem, rights: await named(ui, present.slice(0, RIGHTS_SHOWN)) },
			...{ hits: await hitsOf(ui, q, present), form: form ?? formOf(ui, campaign) },
		};
		const isRight = form === undefined && problem === undefined;
		return renderPage(c, ui, <CampaignPage {...seen} />, isRight ? 200 : 422);
	}

	app.get(one, requirePermission('campaigns:read'), (c) => show(c, createUi(c)));
	app.post(one, requirePermission('campaigns:write'), async (c) => {
		const ui = createUi(c);
		const asked = parseCampaignForm(await c.req.parseBody(), ui);
		if ('form' in asked) return show(c, ui, asked.form);
		const answer = campaigns.change(idOf(c), asked, { operatorId: operatorOf(c) });
		if (answer.result === 'refused') return show(c, ui, undefined, ui.t(`campaign.refused.${answer.because}`));
		return c.redirect(campaignHref(idOf(c)), 303);
	});
	app.post(`${one}/rights`, requirePermission('campaigns:write'), async (c) => {
		const ui = createUi(c);
		const fields = await c.req.parseBody({ all: true });
		const listed = (name: string) =>
			[fields[name] ?? []].flat().flatMap((value) => (typeof value === 'string' ? value.slice(0, 64) : []));
		const change = { add: listed('add').slice(0, HITS_SHOWN), remove: listed('remove').slice(0, HITS_SHOWN) };
		const answer = campaigns.changeRights(idOf(c), change, operatorOf(c));
		if (answer.result === 'refused') return show(c, ui, undefined, ui.t(`campaign.refused.${answer.because}`));
		return c.redirect(campaignHref(idOf(c)), 303);
	});
	app.post(`${one}/remove`, requirePermission('campaigns:write'), (c) => {
		if (!campaigns.remove(idOf(c), operatorOf(c))) throw new GatewayError('NOT_FOUND', 'There is no such campaign.');
		return c.redirect(`${CAMPAIGNS_PATH}?removed`, 303);
	});
}

function formOf({ formats }: Ui, { name, fromMs, toMs }: Campaign): CampaignFormState {
	return { name, from: formats.field(fromMs), to: formats.field(toMs), errors: {} };
}

/** null: not ours. */
function placeOf(cursor: string) {
	try {
		const { position, id } = cursors.decode(cursor);
		return { createdAtMs: position, id };
	} catch (error) {
		if (error instanceof GatewayError) return null;
		throw error;
	}
}
