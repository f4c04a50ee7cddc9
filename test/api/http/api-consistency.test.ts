import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createHttpSite, type SignedIn } from '../../support/http-site.ts';
import { makeLogin } from '../../support/logins-without-passwords.ts';
import { createMemoryImports } from '../../support/memory-imports.ts';
import { createRouteSamples } from '../../support/route-samples.ts';

const site = createHttpSite({ imports: createMemoryImports('import-1') });
const { fill, requestOf } = createRouteSamples(site);
let admin: SignedIn;
let operations: readonly Operation[];
beforeAll(async () => {
	makeLogin(site.bench, { role: 'administrator' });
	await fill();
	admin = await site.signIn('administrator');
	site.services.licenceGrants.set(admin.operatorId, ['signature'], { operatorId: null });
	const document = (await (await site.request('/api/openapi.json')).json()) as Document;
	operations = operationsOf(document);
});
afterAll(() => site.close());

interface Document {
	readonly paths: Readonly<Record<string, Readonly<Record<string, Described>>>>;
	readonly components: { readonly schemas: Readonly<Record<string, Schema>> };
}
interface Schema {
	readonly $ref?: string;
	readonly type?: string | readonly string[];
	readonly properties?: Readonly<Record<string, Schema>>;
}
interface Described {
	readonly parameters?: readonly { readonly in: string; readonly name: string }[];
	readonly responses: Readonly<Record<string, Answer>>;
}
interface Answer {
	readonly headers?: Readonly<Record<string, unknown>>;
	readonly content?: Readonly<Record<string, { readonly schema?: Schema }>>;
}

interface Operation {
	readonly name: string;
	readonly method: string;
	readonly path: string;
	/** Of a success, the first. */
	readonly status: number;
	/** Headers of a success, in lower case. */
	readonly headers: readonly string[];
	/** Headers and fields of the query that it takes, in lower case. */
	readonly takes: readonly string[];
	readonly properties: Readonly<Record<string, Schema>>;
}

/** Of our own API: SCIM's is RFC 7644's. */
function operationsOf({ paths, components }: Document): readonly Operation[] {
	const resolve = (schema: Schema): Schema => components.schemas[schema.$ref?.split('/').at(-1) ?? ''] ?? schema;
	return Object.entries(paths)
		.filter(([path]) => path.startsWith('/api/v1/'))
		.flatMap(([path, described]) =>
			Object.entries(described).map(([method, { parameters = [], responses }]): Operation => {
				const [status = '', answer = {}] = Object.entries(responses).find(([code]) => /^2/.test(code)) ?? [];
				const schema = answer.content?.['application/json']?.schema;
				return {
					...{ name: `${method.toUpperCase()} ${path}`, method, path, status: Number(status) },
					headers: Object.keys(answer.headers ?? {}).map((name) => name.toLowerCase()),
					takes: parameters.map(({ name }) => name.toLowerCase()),
					properties: (schema && resolve(schema).properties) ?? {},
				};
			}),
		);
}

const find = (method: string, path: string) => operations.find((one) => one.method === method && one.path === path);
/** What stands below a path by its id: `/roles` → `GET /roles/{roleId}`. */
const oneOf = (path: string) =>
	operations.find(
		(one) =>
			one.method === 'get' && /^\{\w+\}$/.test(one.path.slice(path.length + 1)) && one.path.startsWith(`${path}/`),
	);

/** POSTs beside a GET that make nothing new of what that lists. */
const NOTHING_NEW: ReadonlySet<string> = new Set([
	...['sync/test', 'me/second-factor', 'me/picture', 'me/account/address', 'holders/{id}/login', 'bundles/{id}/apply'],
	// An amount more or less, and rights that are put into a campaign.
	...['rights/{id}/ledger', 'campaigns/{campaignId}/rights', 'parking-sessions/{stayId}/duration'],
]);
const makes = ({ method, path }: Operation) =>
	method === 'post' && find('get', path) !== undefined && !NOTHING_NEW.has(path.replace('/api/v1/', ''));

/** The same for all who ask, or shown beside what it changes. */
const UNVERSIONED: Readonly<Record<string, string>> = {
	'/api/v1/settings': 'each setting by itself, the last word counts',
	'/api/v1/settings/own-access': 'each setting by itself, the last word counts',
};

/** Makes one, and reads it where it is said to be. */
async function make({ path, headers }: Operation): Promise<readonly string[]> {
	const { url, body } = requestOf('POST', path.replaceAll(/\{(\w+)\}/g, ':$1'), admin.operatorId);
	const answer = await admin.post(url, body);
	if (answer.status !== 201) return [`${answer.status} ${(await answer.text()).slice(0, 200)}`];
	if (!headers.includes('location')) return [];
	const location = answer.headers.get('location') ?? '';
	// Those that are played here know of one that was there before.
	const isPlayed = path === '/api/v1/imports' || path === '/api/v1/import-mappings';
	const read = await admin.get(location);
	const isSame = !headers.includes('etag') || read.headers.get('etag') === answer.headers.get('etag');
	return [
		...(location.startsWith(`${path}/`) ? [] : [`at ${location}`]),
		...(isPlayed || read.status === 200 ? [] : [`nothing at ${location}`]),
		...(isPlayed || isSame ? [] : ['another ETag']),
	];
}

describe('one way of answering, whatever is asked for', () => {
	test('a POST that makes something answers 201, with where it is and its ETag as a GET of it has them', () => {
		const making = operations.filter(makes);
		expect(making.length).toBeGreaterThan(20);
		const wrong = making.flatMap(({ name, path, status, headers }) => {
			const one = oneOf(path);
			const isVersioned = one !== undefined && 'version' in one.properties;
			return [
				...(status === 201 ? [] : [`${name}: ${status}`]),
				...(one === undefined || headers.includes('location') ? [] : [`${name}: says not where`]),
				...(!isVersioned || headers.includes('etag') ? [] : [`${name}: without ETag`]),
			];
		});
		expect(wrong).toEqual([]);
	});

	test('and does so', async () => {
		const wrong: string[] = [];
		for (const operation of operations.filter((one) => makes(one) && !one.path.startsWith('/api/v1/me/'))) {
			for (const what of await make(operation)) wrong.push(`${operation.name}: ${what}`);
		}
		expect(wrong).toEqual([]);
	});

	test('what counts its changes is changed with If-Match, and answers 412 where it changed since', () => {
		const wrong = operations
			.filter(({ method }) => method === 'put' || method === 'patch')
			.filter(({ path }) => 'version' in (find('get', path)?.properties ?? {}) && UNVERSIONED[path] === undefined)
			.filter(({ takes }) => !takes.includes('if-match'));
		expect(wrong.map(({ name }) => name)).toEqual([]);
	});

	test('a list is `items`, and one with a cursor has `nextCursor` and a limit', () => {
		const lists = operations.filter(({ method, properties }) => method === 'get' && 'items' in properties);
		expect(lists.length).toBeGreaterThan(60);
		const wrong = lists.flatMap(({ name, takes, properties }) => {
			const isPaged = takes.includes('cursor');
			return [
				...(isPaged === 'nextCursor' in properties
					? []
					: [`${name}: cursor without nextCursor, or the other way round`]),
				...(!isPaged || takes.includes('limit') ? [] : [`${name}: a cursor without limit`]),
				...(takes.includes('count') === 'count' in properties ? [] : [`${name}: count`]),
			];
		});
		expect(wrong).toEqual([]);
		const bare = operations.filter(({ method, path }) => method === 'get' && oneOf(path) !== undefined);
		expect(bare.filter(({ properties }) => !('items' in properties)).map(({ name }) => name)).toEqual([]);
	});
});
