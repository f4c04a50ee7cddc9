import { z } from '@hono/zod-openapi';
import { LEAD_SOURCES, LEAD_STATES, type Lead } from '../../../gateway/core/lead.ts';
import { LIMITS } from '../../../gateway/core/limits.ts';
import { EXPORT_FORMATS } from '../../../gateway/services/directory/export-messages.ts';
import { createListCursor } from '../../../gateway/services/list-cursor.ts';
import type { LeadAnswer, LeadRefusal, Leads } from '../../../gateway/services/marketing/leads.ts';
import type { MarketingExports } from '../../../gateway/services/marketing/marketing-exports.ts';
import type { PersonalView } from '../../../gateway/services/privacy/personal-view.ts';
import { answerFile } from '../answer-file.ts';
import { CREATED_VERSIONED } from '../created.ts';
import { defineRoute, type Route } from '../define-route.ts';
import { answerLanguage, languageQuery } from '../language.ts';
import { type HttpContext, operatorOf } from '../login-context.ts';
import { type PersonalViewOf, requireSight } from '../personal-view-of.ts';
import type { Presenter } from '../present.ts';
import { noSuch, problem } from '../problem.ts';
import { givenId, id, moment, pageQuery, time } from '../scalar-schemas.ts';
import { pageOf } from '../schemas.ts';
import { ifMatchHeader, versionOf, versionTag } from '../version-tag.ts';

export interface LeadRoutesDeps {
	readonly leads: Leads;
	readonly marketingExports: MarketingExports;
	readonly presenter: Presenter;
	readonly viewOf: PersonalViewOf;
}

const path = '/api/v1/leads';
const onePath = `${path}/{leadId}` as const;
const tag = 'leads';
const params = z.object({ leadId: givenId });
const state = z.enum(LEAD_STATES);
const source = z.enum(LEAD_SOURCES).openapi({ description: 'operations: a visitor; maintenance: a customer' });
const text = z.string().trim().max(LIMITS.leadTextLength);
const orNone = text.min(1).nullable();

const leadSchema = z
	.object({
		...{ id, source, state, name: z.string(), message: z.string() },
		sourceId: z.string().nullable().openapi({ description: 'The visit or the intervention it came from' }),
		campaignId: z.string().nullable(),
		...{ email: z.string().nullable(), phone: z.string().nullable(), company: z.string().nullable() },
		hasAgreed: z.boolean().openapi({ description: 'To be kept, and contacted, for longer than this request takes' }),
		expiresAt: time.openapi({ description: 'Erased then' }),
		...{ createdAt: time, operatorId: id.openapi({ description: 'Who wrote it down' }) },
	})
	.openapi('Lead');

const said = {
	...{ name: text.min(1), email: orNone, phone: orNone, company: orNone },
	message: z.string().trim().max(LIMITS.leadMessageLength),
	...{ hasAgreed: z.boolean(), campaignId: givenId.nullable() },
	expiresAt: moment.openapi({
		description: `At most ${LIMITS.leadKeptMs / 86_400_000} days ahead, with their agreement ${LIMITS.leadKeptAgreedMs / 86_400_000}`,
	}),
};
const filterQuery = {
	q: z.string().trim().max(LIMITS.searchLength).optional().openapi({ description: 'Of name, company and contacts' }),
	...{ state: state.optional(), source: source.optional(), campaign: givenId.optional() },
};
const answerHeaders = { ETag: 'Of the lead: send it as If-Match with a change' };

export function leadRoutes(deps: LeadRoutesDeps): readonly Route[] {
	return [...readRoutes(deps), ...writeRoutes(deps)];
}

type GivenFilter = z.output<z.ZodObject<typeof filterQuery>>;

function filterOf(c: HttpContext, viewOf: PersonalViewOf, { q = '', campaign, ...given }: GivenFilter) {
	if (q !== '') requireSight(viewOf(c));
	return {
		q,
		...(given.state !== undefined && { state: given.state }),
		...(given.source !== undefined && { source: given.source }),
		...(campaign !== undefined && { campaignId: campaign }),
	};
}

const cursors = createListCursor('leads');

function readRoutes({ leads, marketingExports, presenter, viewOf }: LeadRoutesDeps): readonly Route[] {
	const common = { method: 'get', permission: 'leads:read', tag } as const;
	return [
		defineRoute({
			...{ ...common, path, answer: pageOf(leadSchema) },
			summary: 'People who asked to be contacted, the newest first',
			query: z.strictObject({ ...pageQuery, ...filterQuery }),
			handle({ query: { cursor, limit, ...given } }, c) {
				const place = cursor === undefined ? undefined : cursors.decode(cursor);
				const found = leads.page({
					...{ ...filterOf(c, viewOf, given), limit: limit + 1 },
					...(place && { before: { atMs: place.position, id: place.id } }),
				});
				const last = found.length > limit ? found[limit - 1] : undefined;
				return {
					items: found.slice(0, limit).map((lead) => shownLead(lead, viewOf(c), presenter)),
					nextCursor: last === undefined ? null : cursors.encode(last.createdAtMs, last.id),
				};
			},
		}),
		defineRoute({
			...{ ...common, path: `${path}/export`, answer: 'text/csv', problems: [503] },
			summary: 'The same as a file: CSV, an Excel workbook or JSON lines; who took it is journalled',
			query: z.strictObject({ ...languageQuery, ...filterQuery, format: z.enum(EXPORT_FORMATS).default('csv') }),
			answerHeaders: { 'Content-Disposition': 'The name of the file' },
			handle({ query: { lang, format, ...given } }, c) {
				const filter = filterOf(c, viewOf, given);
				const ask = { format, filter, language: answerLanguage(c, lang), seesAll: viewOf(c).seesAll };
				return answerFile(c, marketingExports.leads(ask, operatorOf(c)));
			},
		}),
		defineRoute({
			...{ ...common, path: onePath, params, answer: leadSchema, answerHeaders, problems: [404] },
			summary: 'One lead',
			handle({ params: { leadId } }, c) {
				const lead = leads.get(leadId) ?? noSuch('lead', leadId);
				c.header('ETag', versionTag(lead.version));
				return shownLead(lead, viewOf(c), presenter);
			},
		}),
	];
}

function writeRoutes(deps: LeadRoutesDeps): readonly Route[] {
	const { leads } = deps;
	const common = { permission: 'leads:write', tag, answer: leadSchema, answerHeaders } as const;
	return [
		defineRoute({
			...{ ...common, method: 'post', path, ...CREATED_VERSIONED, problems: [409, 422] },
			summary: 'Write down who asked to be contacted; 403 where the product licence has no reports',
			body: z.strictObject({
				...{ source, sourceId: givenId.nullable().optional() },
				...z.object(said).partial().shape,
			}),
			handle({ body: { expiresAt, sourceId = null, ...given } }, c) {
				// What is left out is taken from the visit, which not everybody may see.
				if (sourceId !== null && given.source === 'operations') requireSight(deps.viewOf(c));
				const asked = { ...given, sourceId, ...(expiresAt !== undefined && { expiresAtMs: expiresAt }) };
				return answerOf(c, leads.create(withoutUndefined(asked), operatorOf(c)), deps, 201);
			},
		}),
		defineRoute({
			...{ ...common, method: 'patch', path: onePath, params, headers: ifMatchHeader, problems: [404, 412, 422] },
			summary: 'Say what became of a lead, or mend it',
			body: z.strictObject({ state, ...said }).partial(),
			handle({ params: { leadId }, headers, body: { expiresAt, ...given } }, c) {
				const version = versionOf(headers['if-match']);
				const fields = withoutUndefined({ ...given, ...(expiresAt !== undefined && { expiresAtMs: expiresAt }) });
				const by = { operatorId: operatorOf(c), ...(version !== undefined && { version }) };
				return answerOf(c, leads.change(leadId, fields, by), deps, 200);
			},
		}),
		defineRoute({
			...{ method: 'delete', path: onePath, permission: 'leads:write', tag, params, problems: [404] },
			summary: 'Erase a lead',
			answer: z.object({ id }),
			handle: ({ params: { leadId } }, c) =>
				leads.remove(leadId, operatorOf(c)) ? { id: leadId } : noSuch('lead', leadId),
		}),
	];
}

type WithoutUndefined<T> = { [K in keyof T]: Exclude<T[K], undefined> };

function withoutUndefined<T extends object>(fields: T): WithoutUndefined<T> {
	const given = Object.entries(fields).filter(([, value]) => value !== undefined);
	// Entries forget the names and types of what they came from.
	return Object.fromEntries(given) as WithoutUndefined<T>;
}

function answerOf(c: HttpContext, answer: LeadAnswer, { presenter, viewOf }: LeadRoutesDeps, status: 200 | 201) {
	if (answer.result === 'refused') return problem(c, PROBLEMS[answer.because]);
	c.header('ETag', versionTag(answer.lead.version));
	if (status === 201) c.header('Location', `${path}/${answer.lead.id}`);
	if (answer.result === 'done') return c.json(shownLead(answer.lead, viewOf(c), presenter), status);
	const detail = 'It was changed since it was read. Read it again, and send the change with the new ETag.';
	return problem(c, { status: 412, code: 'CHANGED', detail });
}

const unfit = (detail: string) => ({ status: 422, code: 'INVALID_REQUEST', detail }) as const;
const PROBLEMS: Readonly<
	Record<LeadRefusal, { readonly status: 404 | 422; readonly code: string; readonly detail: string }>
> = {
	notFound: { status: 404, code: 'NOT_FOUND', detail: 'There is no such lead.' },
	noSuchVisit: unfit('There is no such visit; leave `sourceId` out.'),
	noSuchCampaign: unfit('There is no such campaign.'),
	noName: unfit('Send a `name`, or a visit that has one.'),
	noContact: unfit('Send an `email` or a `phone`.'),
	keptTooLong: unfit('Send an earlier `expiresAt`, or `hasAgreed` where they agreed to be kept for longer.'),
};

function shownLead({ version: _, expiresAtMs, createdAtMs, ...lead }: Lead, view: PersonalView, presenter: Presenter) {
	const seen = (value: string | null) => value && view.text(value);
	return {
		...lead,
		...{ name: view.text(lead.name), message: view.text(lead.message), company: seen(lead.company) },
		...{ email: seen(lead.email), phone: seen(lead.phone) },
		...{ createdAt: presenter.time(createdAtMs), expiresAt: presenter.time(expiresAtMs) },
	};
}
