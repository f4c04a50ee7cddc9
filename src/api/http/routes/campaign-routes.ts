import { z } from '@hono/zod-openapi';
import { LIMITS } from '../../../gateway/core/limits.ts';
import { EXPORT_FORMATS } from '../../../gateway/services/directory/export-messages.ts';
import { createListCursor } from '../../../gateway/services/list-cursor.ts';
import type {
	Campaign,
	CampaignAnswer,
	CampaignRefusal,
	Campaigns,
} from '../../../gateway/services/marketing/campaigns.ts';
import type { MarketingExports } from '../../../gateway/services/marketing/marketing-exports.ts';
import { answerFile } from '../answer-file.ts';
import { CREATED_VERSIONED } from '../created.ts';
import { defineRoute, type Route } from '../define-route.ts';
import { answerLanguage, languageQuery } from '../language.ts';
import { type HttpContext, operatorOf } from '../login-context.ts';
import type { Presenter } from '../present.ts';
import { noSuch, problem } from '../problem.ts';
import { givenId, id, moment, pageQuery, time } from '../scalar-schemas.ts';
import { pageOf } from '../schemas.ts';
import { ifMatchHeader, versionOf, versionTag } from '../version-tag.ts';

export interface CampaignRoutesDeps {
	readonly campaigns: Campaigns;
	readonly marketingExports: MarketingExports;
	readonly presenter: Presenter;
}

const path = '/api/v1/campaigns';
const onePath = `${path}/{campaignId}` as const;
const tag = 'campaigns';
const params = z.object({ campaignId: givenId });
const name = z.string().trim().min(1).max(LIMITS.campaignNameLength);

const campaignSchema = z
	.object({
		...{ id, name: z.string(), from: time, to: time.openapi({ description: 'Before this time' }) },
		...{ createdAt: time, operatorId: id.openapi({ description: 'Who made it' }) },
		rights: z.int().openapi({ description: 'How many rights it has' }),
		visits: z.int().nullable().openapi({ description: 'Stays by them that began in it; null: not counted yet' }),
		came: z.int().nullable().openapi({ description: 'Rights among them that somebody came by' }),
		countedAt: time.nullable(),
	})
	.openapi('Campaign');
const answerHeaders = { ETag: 'Of the campaign: send it as If-Match with a change' };

export function campaignRoutes(deps: CampaignRoutesDeps): readonly Route[] {
	return [...readRoutes(deps), ...writeRoutes(deps), rightsRoute(deps)];
}

const cursors = createListCursor('campaigns');

function readRoutes({ campaigns, marketingExports, presenter }: CampaignRoutesDeps): readonly Route[] {
	const common = { method: 'get', permission: 'campaigns:read', tag } as const;
	return [
		defineRoute({
			...{ ...common, path },
			summary: 'Campaigns, the newest first, with their last counts',
			query: z.strictObject(pageQuery),
			answer: pageOf(campaignSchema),
			handle({ query: { cursor, limit } }) {
				const place = cursor === undefined ? null : cursors.decode(cursor);
				const found = campaigns.page(place && { createdAtMs: place.position, id: place.id }, limit + 1);
				const last = found.length > limit ? found[limit - 1] : undefined;
				return {
					items: found.slice(0, limit).map((one) => shownCampaign(one, presenter)),
					nextCursor: last === undefined ? null : cursors.encode(last.createdAtMs, last.id),
				};
			},
		}),
		defineRoute({
			...{ ...common, path: `${path}/export`, answer: 'text/csv', problems: [503] },
			summary: 'Campaigns as a file: CSV, an Excel workbook or JSON lines; who took it is journalled',
			query: z.strictObject({ ...languageQuery, format: z.enum(EXPORT_FORMATS).default('csv') }),
			answerHeaders: { 'Content-Disposition': 'The name of the file' },
			handle: ({ query: { lang, format } }, c) =>
				answerFile(c, marketingExports.campaigns({ format, language: answerLanguage(c, lang) }, operatorOf(c))),
		}),
		defineRoute({
			...{ ...common, path: onePath, params, answer: campaignSchema, answerHeaders, problems: [404] },
			summary: 'One campaign, counted anew while its period goes on',
			async handle({ params: { campaignId } }, c) {
				const campaign = (await campaigns.counted(campaignId)) ?? noSuch('campaign', campaignId);
				return shownWithTag(c, campaign, presenter);
			},
		}),
		defineRoute({
			...{ ...common, path: `${onePath}/rights`, params, problems: [404] },
			summary: 'The rights of a campaign',
			answer: z.object({ items: z.array(z.object({ rightId: id })).readonly() }),
			handle({ params: { campaignId } }) {
				if (campaigns.get(campaignId) === undefined) return noSuch('campaign', campaignId);
				return { items: campaigns.rightsOf(campaignId).map((rightId) => ({ rightId })) };
			},
		}),
	];
}

function writeRoutes({ campaigns, presenter }: CampaignRoutesDeps): readonly Route[] {
	const common = { permission: 'campaigns:write', tag } as const;
	return [
		defineRoute({
			...{ ...common, method: 'post', path, answer: campaignSchema, ...CREATED_VERSIONED, problems: [409, 422] },
			summary: 'Make a campaign; 403 where the product licence has no reports',
			body: z.strictObject({ name, from: moment, to: moment }),
			handle: ({ body: { name: given, from, to } }, c) =>
				answerOf(c, campaigns.create({ name: given, fromMs: from, toMs: to }, operatorOf(c)), presenter),
		}),
		defineRoute({
			...{ ...common, method: 'patch', path: onePath, params, answer: campaignSchema, answerHeaders },
			summary: 'Give it another name or period',
			headers: ifMatchHeader,
			body: z.strictObject({ name: name.optional(), from: moment.optional(), to: moment.optional() }),
			problems: [404, 412, 422],
			handle({ params: { campaignId }, headers, body }, c) {
				const version = versionOf(headers['if-match']);
				const fields = {
					...(body.name !== undefined && { name: body.name }),
					...(body.from !== undefined && { fromMs: body.from }),
					...(body.to !== undefined && { toMs: body.to }),
				};
				const by = { operatorId: operatorOf(c), ...(version !== undefined && { version }) };
				return answerOf(c, campaigns.change(campaignId, fields, by), presenter);
			},
		}),
		defineRoute({
			...{ ...common, method: 'delete', path: onePath, params, answer: z.object({ id }), problems: [404] },
			summary: 'Remove a campaign; its leads stay',
			handle: ({ params: { campaignId } }, c) =>
				campaigns.remove(campaignId, operatorOf(c)) ? { id: campaignId } : noSuch('campaign', campaignId),
		}),
	];
}

function rightsRoute({ campaigns, presenter }: CampaignRoutesDeps): Route {
	const rightIds = z.array(givenId).max(LIMITS.changesAsked).default([]);
	return defineRoute({
		...{ method: 'post', path: `${onePath}/rights`, permission: 'campaigns:write', tag, params, answerHeaders },
		summary: 'Add rights (visits are rights, too) to a campaign, and take others out; all or nothing',
		body: z.strictObject({ add: rightIds, remove: rightIds }),
		answer: campaignSchema,
		problems: [404, 409, 422],
		handle: ({ params: { campaignId }, body }, c) =>
			answerOf(c, campaigns.changeRights(campaignId, body, operatorOf(c)), presenter),
	});
}

function answerOf(c: HttpContext, answer: CampaignAnswer, presenter: Presenter) {
	if (answer.result === 'done') {
		const status = c.req.method === 'POST' && !c.req.path.endsWith('/rights') ? 201 : 200;
		if (status === 201) c.header('Location', `${path}/${answer.campaign.id}`);
		c.header('ETag', versionTag(answer.campaign.version));
		return c.json(shownCampaign(answer.campaign, presenter), status);
	}
	if (answer.result === 'changedMeanwhile') {
		c.header('ETag', versionTag(answer.campaign.version));
		const detail = 'It was changed since it was read. Read it again, and send the change with the new ETag.';
		return problem(c, { status: 412, code: 'CHANGED', detail });
	}
	return problem(c, PROBLEMS[answer.because]);
}

const PROBLEMS: Readonly<
	Record<CampaignRefusal, { readonly status: 404 | 409 | 422; readonly code: string; readonly detail: string }>
> = {
	notFound: { status: 404, code: 'NOT_FOUND', detail: 'There is no such campaign.' },
	noPeriod: { status: 422, code: 'INVALID_REQUEST', detail: 'Send a `to` after `from`.' },
	noSuchRight: { status: 422, code: 'INVALID_REQUEST', detail: 'One of these rights is not in the directory.' },
	tooManyRights: {
		...{ status: 409, code: 'CONFLICT' },
		detail: `A campaign has at most ${LIMITS.campaignRights} rights; make another one.`,
	},
};

function shownWithTag(c: HttpContext, campaign: Campaign, presenter: Presenter): Response {
	c.header('ETag', versionTag(campaign.version));
	return c.json(shownCampaign(campaign, presenter));
}

function shownCampaign(
	{ version: _, fromMs, toMs, createdAtMs, countedAtMs, ...campaign }: Campaign,
	{ time: at }: Presenter,
) {
	return {
		...campaign,
		...{ from: at(fromMs), to: at(toMs), createdAt: at(createdAtMs) },
		countedAt: countedAtMs === null ? null : at(countedAtMs),
	};
}
