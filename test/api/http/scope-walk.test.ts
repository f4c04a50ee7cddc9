import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type GuardedRoute, mountedRoutes } from '../../../src/api/http/guarded.ts';
import type { Site } from '../../../src/gateway/core/site.ts';
import { aLane } from '../../support/access-facts.ts';
import { createWalkedConsole } from '../../support/console-walked.ts';
import { createHttpSite, DEVICE, LANE, SITE } from '../../support/http-site.ts';
import { type MadeLogin, makeLogin } from '../../support/logins-without-passwords.ts';
import { createMemoryImports } from '../../support/memory-imports.ts';
import { ROUTE_BODIES, ROUTE_QUERIES } from '../../support/route-bodies.ts';
import {
	fillPart,
	type IdsByKind,
	kindOfParameter,
	NO_IDS,
	scopesOf,
	unknownOf,
} from '../../support/scoped-samples.ts';

const NORTH = { parkId: 'P1', areaId: 'A1', spaceId: 'S1', laneId: 'L1', deviceId: 'reader-1' };
const SOUTH = { parkId: 'P2', areaId: 'B1', spaceId: 'S2', laneId: 'M1', deviceId: 'reader-2' };
const TWO_PARKS: Site = {
	...SITE,
	parks: [...SITE.parks, { id: 'P2', name: 'South' }],
	areas: [
		...SITE.areas,
		{ id: 'B1', name: 'South deck', parkId: 'P2', capacity: 20, spaces: [{ id: 'S2', name: 'Space 2' }] },
	],
	lanes: [...SITE.lanes, aLane({ id: 'M1', name: 'South entry', to: 'B1', readers: ['reader-2'], cameras: ['cam-2'] })],
};
const DEVICES = ['reader-1', 'reader-2'].map((id) => ({ ...DEVICE, id, address: `sim:${id}` }));

const site = createHttpSite(
	{ devices: () => DEVICES, imports: createMemoryImports('import-1') },
	(deps) => createWalkedConsole(deps, { site: TWO_PARKS }),
	TWO_PARKS,
);
afterAll(() => site.close());

const mounted = mountedRoutes(site.http.app).filter(({ method }) => method !== 'ALL');
/** Routes whose path names something. */
const naming = mounted.filter(({ path }) => idsIn(path).length > 0);

let north: IdsByKind;
let south: IdsByKind;
let admin: MadeLogin;
let stranger: MadeLogin;

beforeAll(async () => {
	admin = makeLogin(site.bench, { role: 'administrator' });
	north = withoutGaps(await fillPart(site, 'zqnorth', NORTH));
	south = withoutGaps(await fillPart(site, 'zqsouth', SOUTH));
	Object.assign(site.lanes, { get: (id: string) => (['L1', 'M1'].includes(id) ? { ...LANE, id } : undefined) });
	stranger = makeLogin(site.bench, { role: 'administrator' });
	const roles = scopesOf('zqsouth', SOUTH).map((scope) => ({ roleId: 'administrator', scope }));
	site.bench.store.operators.setRoles(stranger.operatorId, roles);
	site.services.offboarding.link(stranger.operatorId, 'zqsouth-person', { operatorId: null, access: null });
});

function withoutGaps(ids: Readonly<Record<string, string | undefined>>): IdsByKind {
	return Object.fromEntries(Object.entries(ids).filter((entry): entry is [string, string] => Boolean(entry[1])));
}

function parametersOf(path: string): readonly string[] {
	return [...path.matchAll(/:(\w+)/g)].map(([, name = '']) => name);
}

function idsIn(path: string): readonly string[] {
	return parametersOf(path).filter((name) => NO_IDS[name] === undefined);
}

/** @param ids what each kind is called in the path. */
function urlOf(path: string, idOf: (kind: string, name: string) => string): string {
	return path.replaceAll(/:(\w+)(\{[^}]*\})?/g, (_all, name: string) =>
		encodeURIComponent(NO_IDS[name] ?? idOf(kindOfParameter(path, name), name)),
	);
}

const idOf = (ids: IdsByKind) => (kind: string) => ids[kind] ?? 'missing';

interface Told {
	readonly status: number;
	readonly text: string;
}

async function ask(
	{ method, path }: GuardedRoute,
	url: string,
	login: MadeLogin,
	body: object,
	query: Readonly<Record<string, string>> = {},
): Promise<Told> {
	const isForm = !/^\/(api|scim)\//.test(path);
	const headers = { cookie: login.cookie, 'x-csrf-token': login.csrf };
	const sent = isForm
		? { body: new URLSearchParams(body as Record<string, string>), headers }
		: { body: JSON.stringify(body), headers: { ...headers, 'content-type': 'application/json' } };
	const search = new URLSearchParams({ ...Object.fromEntries(new URLSearchParams(ROUTE_QUERIES[path])), ...query });
	const answer = await site.request(`${url}?${search}`, { ...(method === 'GET' ? { headers } : sent), method });
	const requestId = answer.headers.get('x-request-id') ?? '-';
	const seen = [...answer.headers].filter(([name]) => name !== 'x-request-id').map((pair) => pair.join(': '));
	const isStream = answer.headers.get('content-type')?.startsWith('text/event-stream') === true;
	if (isStream) await answer.body?.cancel();
	const text = [answer.status, ...seen, isStream ? '' : await answer.text()]
		.join('\n')
		.replaceAll(requestId, 'REQUEST');
	return { status: answer.status, text: text.replaceAll(/value="[\w-]{43}"/g, 'value="PROOF"') };
}

/** Without what tells the two ways of asking apart. */
function alike({ text }: Told, ...ids: readonly string[]): string {
	// A plate is told as plates are kept.
	const spelt = ids.flatMap((id) => [id, id.replaceAll('-', '')]);
	return spelt.reduce((told, id) => told.replaceAll(new RegExp(`(?<![\\w-])${id}(?![\\w-])`, 'gi'), 'ID'), text);
}

/** A reason alone, and what the route takes. */
function bodiesOf({ method, path }: GuardedRoute): readonly object[] {
	if (method === 'GET') return [{}];
	const taken = ROUTE_BODIES[path];
	if (!path.startsWith('/api') && !path.startsWith('/scim')) return [{ reason: 'walk' }, FORM];
	return taken === undefined ? [{ reason: 'walk' }, {}] : [{ reason: 'walk' }, taken];
}

/** Fields of all forms. */
const FORM = {
	...{ reason: 'walk', name: 'Walker', email: 'walker@example.org', note: 'walk', text: 'walk', amount: '1' },
	...{ occupied: '3', validTo: '2026-12-01T00:00', until: '2026-12-01T00:00', confirm: 'erase', mode: 'hold' },
	...{ areaId: 'A1', start: '2026-12-01T08:00', end: '2026-12-01T09:00', verdict: 'dismissed', status: 'inProgress' },
};

async function offenders(
	routes: readonly GuardedRoute[],
	check: (route: GuardedRoute) => Promise<readonly string[]>,
): Promise<readonly string[]> {
	const found: string[] = [];
	for (const route of routes) {
		for (const what of await check(route)) found.push(`${route.method} ${route.path}: ${what}`);
	}
	return found;
}

describe('A9 Z7 a walk over every route that names something, by who has another part of the site', () => {
	test('knows something of each kind that is named, in both parts', () => {
		const kinds = new Set(naming.flatMap(({ path }) => idsIn(path).map((name) => kindOfParameter(path, name))));
		expect(naming.length).toBeGreaterThan(300);
		expect([...kinds].filter((kind) => north[kind] === undefined)).toEqual([]);
		expect([...kinds].filter((kind) => south[kind] === undefined)).toEqual([]);
	});

	test('what is elsewhere is answered as what is nowhere: status, headers and words', async () => {
		const found = await offenders(naming, async (route) => {
			const told: string[] = [];
			const names = idsIn(route.path);
			// Of several, also the last alone: somebody else's part of one's own.
			const own = names.slice(0, -1).map((name) => kindOfParameter(route.path, name));
			for (const inOwn of names.length > 1 ? [false, true] : [false]) {
				const [there, nowhere] = [(kind: string) => idOf(north)(kind), unknownOf].map((of) =>
					urlOf(route.path, (kind) => (inOwn && own.includes(kind) ? idOf(south)(kind) : of(kind))),
				);
				for (const body of bodiesOf(route)) {
					const ids = names.flatMap((name) => {
						const kind = kindOfParameter(route.path, name);
						return [idOf(north)(kind), unknownOf(kind)];
					});
					const [present, unknown] = [
						await ask(route, there ?? '', stranger, body),
						await ask(route, nowhere ?? '', stranger, body),
					];
					if (alike(present, ...ids) !== alike(unknown, ...ids)) {
						told.push(`${JSON.stringify(body)}\n${alike(present, ...ids)}\n--- but\n${alike(unknown, ...ids)}`);
					}
				}
			}
			return told;
		});
		expect(found).toEqual([]);
	});

	test('all of it is there: the administrator of the site reads it', async () => {
		const seen = new Set<string>();
		for (const route of naming.filter(({ method }) => method === 'GET')) {
			const { status } = await ask(route, urlOf(route.path, idOf(north)), admin, {});
			expect(status, route.path).toBeLessThan(500);
			if (status < 300) for (const name of idsIn(route.path)) seen.add(kindOfParameter(route.path, name));
		}
		const named = new Set(naming.flatMap(({ path }) => idsIn(path).map((name) => kindOfParameter(path, name))));
		expect([...named].filter((kind) => !seen.has(kind)).sort()).toEqual(WRITTEN_ALONE);
	});

	test('lists, pages and files name nothing of elsewhere', async () => {
		const names = new Set(['zqnorth', ...NAMED_ALONE.map((kind) => idOf(north)(kind))]);
		const reads = mounted.filter(
			({ method, guard, path }) => method === 'GET' && guard !== 'public' && !THREADED.test(path),
		);
		const found = await offenders(reads, async (route) => {
			const { text } = await ask(route, urlOf(route.path, idOf(south)), stranger, {});
			return [...names].filter((name) => text.includes(name));
		});
		expect(found).toEqual([]);
	});

	test('what is asked for by a name that is elsewhere is answered as what is nowhere', async () => {
		const { paths } = await (await site.request('/api/openapi.json')).json();
		const asked = queriesOf(paths);
		const names = new Set(asked.map(({ name }) => name));
		expect([...names].filter((name) => QUERY_KINDS[name] === undefined && !PLAIN.has(name))).toEqual([]);
		const found: string[] = [];
		for (const { path, name } of asked.filter(({ method, path }) => method === 'get' && !EXPORT.test(path))) {
			const kind = QUERY_KINDS[name];
			if (kind === undefined || path === '/api/v1/me/access/check') continue;
			const route = { method: 'GET', path: path.replaceAll(/\{(\w+)\}/g, ':$1'), guard: undefined };
			const url = urlOf(route.path, idOf(south));
			const wrap = (id: string) => (name === 'record' ? `holders/${id}` : id);
			const [there, nowhere] = [
				await ask(route, url, stranger, {}, { [name]: wrap(idOf(north)(kind)) }),
				await ask(route, url, stranger, {}, { [name]: wrap(unknownOf(kind)) }),
			];
			const ids = [idOf(north)(kind), unknownOf(kind)];
			if (alike(there, ...ids) !== alike(nowhere, ...ids))
				found.push(`${path} ${name}: ${there.text} | ${nowhere.text}`);
		}
		expect(found).toEqual([]);
	});

	test('what is named by what is sent is answered as what is nowhere, where it is elsewhere', async () => {
		const { paths, components } = await (await site.request('/api/openapi.json')).json();
		const found: string[] = [];
		for (const { method, path, name, isMany } of fieldsOf(paths, components)) {
			const kind = QUERY_KINDS[name];
			if (kind === undefined || kind === 'tag') continue;
			const route = { method, path: path.replaceAll(/\{(\w+)\}/g, ':$1'), guard: undefined };
			const url = urlOf(route.path, idOf(south));
			const ids = [idOf(north)(kind), unknownOf(kind)];
			const [there, nowhere] = await Promise.all(
				ids.map((id) => {
					const named = name === 'record' ? `holders/${id}` : id;
					return ask(route, url, stranger, { ...ROUTE_BODIES[route.path], [name]: isMany ? [named] : named });
				}),
			);
			// The areas are the site's layout, which all may be told: what is there is refused, too.
			const isSame = kind === 'areaId' || alike(there as Told, ...ids) === alike(nowhere as Told, ...ids);
			const isRefused = [there, nowhere].every((told) => told !== undefined && told.status >= 400);
			if (!isSame || (kind === 'areaId' && !isRefused))
				found.push(`${method} ${path} ${name}: ${there?.text} | ${nowhere?.text}`);
		}
		expect(found).toEqual([]);
	});

	test('and who has the other part reads that', async () => {
		const inParts = naming.filter(({ method, guard }) => method === 'GET' && isOfParts(guard));
		const found = await offenders(inParts, async (route) => {
			const { status } = await ask(route, urlOf(route.path, idOf(south)), stranger, {});
			return status < 300 ? [] : [String(status)];
		});
		expect(found).toEqual([]);
	});
});

/** Files of the same rows as the list beside them, each with a thread of its own: a few stand for all. */
const EXPORT = /\/export$/;
const THREADED = /^\/api\/v1\/(vehicles|groups|right-specifications|pools|bundles|planned-uses|schedules)\/export$/;

/** Kinds that no path only reads. */
const WRITTEN_ALONE = [
	...['batchId', 'cameraId', 'doubtId', 'holdId', 'loginId', 'moveId', 'partId', 'passkeyId', 'passkeys'],
	...['sessionId', 'tokenId'],
];

/** Kinds whose ids are made by the gateway. */
const NAMED_ALONE = ['visitId', 'handOverId', 'imageId', 'moveId', 'batchId'];

/** What names something in a query. */
const QUERY_KINDS: Readonly<Record<string, string>> = {
	...{ right: 'rights', vehicle: 'vehicles', booking: 'planned-uses' },
	...{ lane: 'laneId', area: 'areaId', park: 'parkId', device: 'deviceId', record: 'holders', holder: 'holders' },
	...{ credential: 'credentials', decision: 'decisionId', subject: 'laneId', campaign: 'campaignId', group: 'groupId' },
	...{ operator: 'operatorId', assignee: 'operatorId', target: 'holders', organisationId: 'holders', role: 'roleId' },
	...{ groupIds: 'groups', sharingGroupId: 'groups', hostId: 'holders', holderId: 'holders', areaIds: 'areaId' },
	...{ scheduleId: 'schedules', guaranteedScheduleId: 'schedules', specificationId: 'right-specifications' },
	...{ poolId: 'pools', bundleId: 'bundles', areaId: 'areaId', specificationIds: 'right-specifications' },
	...{ rightId: 'rights', vehicleId: 'vehicles', parentId: 'groups', mapping: 'mappingId', tags: 'tag', tag: 'tag' },
	...{ q: 'tag', text: 'tag', observation: 'observation' },
};

/** What names nothing. */
const PLAIN: ReadonlySet<string> = new Set([
	...['limit', 'state', 'cursor', 'permission', 'kind', 'fileName', 'attributes', 'excludedAttributes', 'filter'],
	...['sortBy', 'sortOrder', 'startIndex', 'count', 'outcome', 'reason', 'from', 'to', 'lang', 'format', 'only'],
	...['when', 'after', 'status', 'overdue', 'source', 'inactive', 'action', 'span', 'sort', 'preview', 'alone'],
	...['codes', 'strategy', 'sheet', 'delimiter', 'encoding', 'emptyCells', 'unusedDays'],
]);

interface Schema {
	readonly $ref?: string;
	readonly type?: string | readonly string[];
	readonly anyOf?: readonly Schema[];
	readonly properties?: Readonly<Record<string, Schema>>;
}

/** Of bodies, where they name anything. */
function fieldsOf(paths: Documented, { schemas }: { readonly schemas: Readonly<Record<string, Schema>> }) {
	const resolve = (schema: Schema): Schema => schemas[schema.$ref?.split('/').at(-1) ?? ''] ?? schema;
	return Object.entries(paths).flatMap(([path, operations]) =>
		Object.entries(operations).flatMap(([method, { requestBody }]) => {
			const schema = requestBody?.content['application/json']?.schema;
			return Object.entries((schema && resolve(schema).properties) ?? {}).map(([name, field]) => {
				const isMany = [field, ...(field.anyOf ?? [])].some(({ type }) => [type].flat().includes('array'));
				return { method: method.toUpperCase(), path, name, isMany };
			});
		}),
	);
}

type Documented = Readonly<Record<string, Readonly<Record<string, Operation>>>>;
interface Operation {
	readonly parameters?: readonly Parameter[];
	readonly requestBody?: { readonly content: Readonly<Record<string, { readonly schema?: Schema }>> };
}
interface Parameter {
	readonly in: string;
	readonly name: string;
}

function queriesOf(paths: Documented) {
	return Object.entries(paths).flatMap(([path, operations]) =>
		Object.entries(operations).flatMap(([method, { parameters = [] }]) =>
			parameters.filter((one) => one.in === 'query').map(({ name }) => ({ method, path, name })),
		),
	);
}

function isOfParts(guard: GuardedRoute['guard']): boolean {
	return typeof guard === 'object' && ('inParts' in guard || 'at' in guard);
}
