import { z } from '@hono/zod-openapi';
import { LIMITS } from '../../../gateway/core/limits.ts';
import type { Permission } from '../../../gateway/core/permission.ts';
import { defineRoute, type Route } from '../../http/define-route.ts';
import { type Idempotency, idempotencyHeaders } from '../../http/idempotency.ts';
import { checkPermission, requireLogin } from '../../http/login-context.ts';
import type { Presenter } from '../../http/present.ts';
import { noSuch, problem } from '../../http/problem.ts';
import { givenId, moment, pageQuery, time, whySchema } from '../../http/scalar-schemas.ts';
import { type CommandAnswer, type Fleet, type FleetSite, LANE_COMMANDS, type LaneCommandName } from '../fleet.ts';
import { seesCodes, shownEdit, shownEvent } from '../row-sight.ts';

export interface SiteRoutesDeps {
	readonly fleet: Fleet;
	readonly presenter: Presenter;
	readonly idempotency: Idempotency;
}

const params = z.object({ site: givenId });
const flag = z.enum(['true', 'false']).transform((text) => text === 'true');
const page = <Item extends z.ZodType>(item: Item) =>
	z.object({ items: z.array(item).readonly(), nextCursor: z.string().nullable() });

const siteSchema = z
	.object({
		site: z.string(),
		online: z.boolean(),
		version: z.string().nullable(),
		gatewayEpoch: z.string().openapi({ description: 'Names the site’s history; new with its database' }),
		lastSeen: time,
		storedTo: z.int().openapi({ description: 'Events are stored without a gap up to here' }),
		ahead: z.int().openapi({ description: 'Stored behind an event that is missing' }),
		rejected: z.int().openapi({ description: 'Stored although their data does not fit' }),
		queueDepth: z.int().nullable().openapi({ description: 'Events waiting at the site; null: not told' }),
		lastEvent: z.object({ type: z.string(), time: z.string().nullable(), received: time }).nullable(),
		clock: z.enum(['synced', 'held', 'untrusted']).nullable(),
		problem: z.string().nullable(),
		streams: z
			.array(
				z.object({
					stream: z.string(),
					rev: z.int(),
					behind: z.int().nullable().openapi({ description: 'Changes to come; null: of another history' }),
					parked: z
						.int()
						.openapi({ description: 'Rows that the site can not use; what they describe is denied there' }),
				}),
			)
			.readonly(),
		unusable: z
			.array(
				z.object({
					...{ stream: z.string(), table: z.string(), key: z.string(), rev: z.int() },
					code: z.string().openapi({ description: 'unknownTable, otherStream, otherKey or invalid' }),
					problem: z.string(),
				}),
			)
			.readonly()
			.openapi({ description: 'The first rows of each stream that the site can not use' }),
	})
	.openapi('Site');

const eventSchema = z
	.object({
		gatewayEpoch: z.string(),
		seq: z.int(),
		id: z.string(),
		type: z.string(),
		time: z.string().nullable(),
		received: time,
		data: z.unknown(),
		rejected: z.string().nullable(),
	})
	.openapi('Event');

export const commandSchema = z
	.object({
		id: z.string(),
		op: z.string(),
		target: z.string(),
		by: z.string(),
		reason: z.string(),
		at: time,
		outcome: z.string().nullable().openapi({ description: 'null: under way, or never heard of again' }),
		because: z.string().nullable(),
	})
	.openapi('Command');

const editSchema = z
	.object({
		id: z.string(),
		seq: z.int(),
		time: z.string().nullable(),
		received: time,
		table: z.string().nullable(),
		key: z.string().nullable(),
		operator: z.string().nullable(),
		row: z.unknown().openapi({ description: 'null: deleted' }),
		answer: z
			.discriminatedUnion('result', [
				z.object({ result: z.literal('accepted'), stream: z.string(), rev: z.int() }),
				z.object({ result: z.literal('rejected'), code: z.string(), problem: z.string() }),
			])
			.nullable()
			.openapi({ description: 'null: not decided yet' }),
	})
	.openapi('SiteEdit');

/** What of a command a role has to include. */
export const COMMAND_PERMISSIONS: Readonly<Record<LaneCommandName, Permission>> = {
	vend: 'lanes:vend',
	hold: 'lanes:hold',
	close: 'lanes:close',
	lockdown: 'lanes:close',
	release: 'lanes:close',
};

/** Sites, what they told, what was asked of them. */
export function siteRoutes(deps: SiteRoutesDeps): readonly Route[] {
	const { fleet, presenter } = deps;
	const { time: shown } = presenter;
	const held = (site: string) => fleet.site(site) ?? noSuch('site', site);
	return [
		defineRoute({
			...{ method: 'get', path: '/api/v1/sites', permission: 'lanes:read', tag: 'sites' },
			summary: 'Sites by id',
			query: z.object({ ...pageQuery, q: z.string().max(64).optional(), online: flag.optional() }),
			answer: page(siteSchema),
			handle({ query }) {
				const { items, nextCursor } = fleet.sites(query);
				return { items: items.map((site) => presentSite(deps, site)), nextCursor };
			},
		}),
		defineRoute({
			...{ method: 'get', path: '/api/v1/sites/{site}', permission: 'lanes:read', tag: 'sites' },
			summary: 'One site',
			params,
			answer: siteSchema,
			problems: [404],
			handle: ({ params: { site } }) => presentSite(deps, held(site)),
		}),
		defineRoute({
			...{ method: 'get', path: '/api/v1/sites/{site}/events', permission: 'decisions:read', tag: 'sites' },
			summary: 'Events of a site, newest first; a page of a search may be short, or empty with a cursor',
			params,
			query: z.object({
				...pageQuery,
				type: z.string().max(64).optional(),
				q: z.string().max(LIMITS.searchLength).optional(),
				rejected: flag.optional(),
			}),
			answer: page(eventSchema),
			problems: [404],
			handle({ params: { site }, query }, c) {
				const { items, nextCursor } = fleet.events(held(site).site, query);
				const codes = seesCodes(c);
				return {
					items: items.map((item) => {
						const { receivedAtMs, ...event } = shownEvent(item, codes);
						return { ...event, received: shown(receivedAtMs) };
					}),
					nextCursor,
				};
			},
		}),
		defineRoute({
			...{ method: 'get', path: '/api/v1/sites/{site}/edits', permission: 'personalData:read', tag: 'sites' },
			summary: 'Edits made at a site, newest first, with central’s word on each',
			params,
			query: z.object(pageQuery),
			answer: page(editSchema),
			problems: [404],
			handle({ params: { site }, query }, c) {
				const { items, nextCursor } = fleet.edits(held(site).site, query);
				const codes = seesCodes(c);
				return {
					items: items.map((item) => {
						const { receivedAtMs, ...edit } = shownEdit(item, codes);
						return { ...edit, received: shown(receivedAtMs) };
					}),
					nextCursor,
				};
			},
		}),
		...commandRoutes(deps, held),
	];
}

function commandRoutes({ fleet, presenter, idempotency }: SiteRoutesDeps, held: (site: string) => FleetSite) {
	return [
		defineRoute({
			...{ method: 'get', path: '/api/v1/sites/{site}/commands', permission: 'lanes:read', tag: 'sites' },
			summary: 'Commands to a site, newest first, and what became of them',
			params,
			query: z.object(pageQuery),
			answer: page(commandSchema),
			problems: [404],
			handle({ params: { site }, query }) {
				const { items, nextCursor } = fleet.commands(held(site).site, query);
				return { items: items.map(({ atMs, ...command }) => ({ ...command, at: presenter.time(atMs) })), nextCursor };
			},
		}),
		defineRoute({
			...{ method: 'post', path: '/api/v1/sites/{site}/commands', tag: 'sites' },
			permission: { anyOf: [...new Set(Object.values(COMMAND_PERMISSIONS))] },
			summary: 'Ask a site to act on a lane now; answers when it did, at the latest after 20 s',
			params,
			headers: idempotencyHeaders,
			body: z.strictObject({
				op: z.enum(LANE_COMMANDS),
				target: givenId.openapi({ description: 'The lane' }),
				reason: whySchema,
				until: moment.optional().openapi({ description: 'Of a hold, closing or lockdown' }),
			}),
			answer: z.object({ commandId: z.string(), outcome: z.literal('done') }),
			problems: [404, 409, 422, 502, 504],
			handle: ({ params: { site }, headers, body }, c) =>
				idempotency.run(c, { key: headers['idempotency-key'], body }, async () => {
					const login = requireLogin(c);
					checkPermission(login, COMMAND_PERMISSIONS[body.op]);
					const { until, ...asked } = body;
					const { answered } = fleet.ask(held(site).site, {
						...asked,
						by: login.operator.name,
						...(until !== undefined && { untilMs: until }),
					});
					const answer = await answered;
					if (answer.outcome !== 'done') {
						const { status, code } = NOT_DONE[answer.outcome];
						return problem(c, { status, code, detail: answer.because ?? code });
					}
					return c.json({ commandId: answer.commandId, outcome: answer.outcome });
				}),
		}),
	];
}

const NOT_DONE = {
	refused: { status: 409, code: 'COMMAND_REFUSED' },
	failed: { status: 502, code: 'COMMAND_FAILED' },
	expired: { status: 504, code: 'COMMAND_EXPIRED' },
	unknown: { status: 504, code: 'COMMAND_UNKNOWN' },
} as const satisfies Record<Exclude<CommandAnswer['outcome'], 'done'>, { status: number; code: string }>;

function presentSite({ fleet, presenter }: SiteRoutesDeps, site: FleetSite): z.input<typeof siteSchema> {
	const { seenAtMs, lastEvent, ...rest } = site;
	return {
		...rest,
		lastSeen: presenter.time(seenAtMs),
		lastEvent: lastEvent && {
			...{ type: lastEvent.type, time: lastEvent.time },
			received: presenter.time(lastEvent.receivedAtMs),
		},
		streams: site.streams.map(({ stream, rev, centralEpoch, parked }) => ({
			...{ stream, rev, parked },
			behind: behind(fleet, { stream, rev, centralEpoch }),
		})),
	};
}

/** Changes that a site has yet to get; null: it stands in another history, and needs all of it. */
export function behind(
	fleet: Pick<Fleet, 'heads'>,
	at: { readonly stream: string; readonly rev: number; readonly centralEpoch: string | null },
): number | null {
	const head = fleet.heads().find(({ stream }) => stream === at.stream);
	return head === undefined || head.centralEpoch !== at.centralEpoch ? null : Math.max(0, head.rev - at.rev);
}
