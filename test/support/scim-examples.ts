import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect } from 'vitest';
import { type HttpServer, startHttpServer } from '../../src/api/http/http-server.ts';
import { createHttpSite, type HttpSite } from './http-site.ts';
import { ENTERPRISE, GROUP, OPERATOR_GROUP, scimToken, USER } from './scim-client.ts';
import { wallClock } from './wall-clock.ts';

type Json = Readonly<Record<string, unknown>>;

interface Asked {
	readonly method: string;
	/** Below the base of SCIM, as people write it. */
	readonly path: string;
	readonly headers?: Readonly<Record<string, string>>;
	readonly body?: Json;
	/** Who sends more than is read may find the connection closed before the answer is. */
	readonly withoutSocket?: true;
}

/** What an answer must be: `*` stands for anything, `{ "inAnyOrder": […] }` for a list that holds these. */
interface Expected {
	readonly status: number;
	readonly headers?: Readonly<Record<string, string>>;
	/** It says at least this. */
	readonly body?: Json;
	/** It says this and nothing more. */
	readonly exactly?: Json;
	/** It says all that was sent first, but for these. */
	readonly tells?: readonly string[];
	readonly without?: readonly string[];
}

interface Step {
	readonly asks: Asked;
	/** As what it stays known: the id that is told, or one for each operation of a bulk request. */
	readonly keeps?: string | readonly string[];
	readonly gets: Expected;
}

/** One example of a document: what is there before, what is asked, and what is answered. */
export interface ScimExample extends Step {
	readonly example: string;
	/** Why the answer is not as printed. */
	readonly differs?: string;
	/** Names of `resources` that are made first. */
	readonly given?: readonly string[];
	readonly then?: readonly Step[];
}

export interface ScimExamples {
	/** Sent with each request. */
	readonly headers?: Readonly<Record<string, string>>;
	readonly examples: readonly ScimExample[];
	readonly resources?: Readonly<Record<string, Json>>;
}

export const scimExamples = (name: string) => scimFixture<ScimExamples>(name);

/** Of `test/fixtures/scim`. */
export function scimFixture<T>(name: string): T {
	const file = path.join(import.meta.dirname, `../fixtures/scim/${name}.json`);
	return JSON.parse(readFileSync(file, 'utf8')) as T;
}

const [CORE, MESSAGES] = ['urn:ietf:params:scim:schemas:core:2.0', 'urn:ietf:params:scim:api:messages:2.0'];
const NAMES: Readonly<Record<string, string>> = {
	...{
		core: CORE,
		messages: MESSAGES,
		User: USER,
		Group: GROUP,
		Enterprise: ENTERPRISE,
		OperatorGroup: OPERATOR_GROUP,
	},
	...Object.fromEntries(
		['Error', 'PatchOp', 'BulkRequest', 'BulkResponse', 'SearchRequest', 'ListResponse'].map((name) => [
			name,
			`${MESSAGES}:${name}`,
		]),
	),
	'1 MB': 'x'.repeat(1_100_000),
};

interface Answer {
	readonly status: number;
	readonly headers: Headers;
	readonly body: Json;
}

/** SCIM of a site over a socket, with a token of its administrator. */
export interface ScimPlay {
	readonly site: HttpSite;
	ask(asked: Asked): Promise<Answer>;
	/** Plays an example, and removes all users and groups that it left. */
	play(example: ScimExample, examples: ScimExamples): Promise<void>;
	close(): Promise<void>;
}

export async function createScimPlay(): Promise<ScimPlay> {
	const site = createHttpSite();
	const admin = await site.signIn('administrator');
	const secret = await scimToken(admin);
	const { http, bench } = site;
	const listen = { host: '127.0.0.1', port: 0, tls: { mode: 'plain' } } as const;
	const server: HttpServer = await startHttpServer({ http, listen, dir: bench.dir, clock: wallClock, log: bench.log });
	const base = `${server.url}/scim/v2`;

	async function ask(asked: Asked): Promise<Answer> {
		const sent = new Headers({ authorization: `Bearer ${secret}`, 'content-type': 'application/scim+json' });
		for (const [name, value] of Object.entries(asked.headers ?? {})) sent.set(name, value);
		const body = asked.body === undefined ? {} : { body: JSON.stringify(asked.body) };
		const init = { method: asked.method, headers: sent, ...body };
		const answer = asked.withoutSocket
			? await site.request(`/scim/v2${asked.path}`, init)
			: await fetch(`${base}${encodeURI(asked.path)}`, init);
		const text = await answer.text();
		return {
			...{ status: answer.status, headers: answer.headers },
			body: text === '' ? {} : (JSON.parse(text) as Json),
		};
	}

	async function play(example: ScimExample, { resources = {}, headers = {} }: ScimExamples): Promise<void> {
		const names = new Map(Object.entries({ ...NAMES, base, admin: admin.operatorId }));
		for (const name of example.given ?? []) {
			const body = named(resources[name] ?? {}, names);
			const isGroup = JSON.stringify(body).includes(GROUP);
			const made = await ask({ method: 'POST', path: isGroup ? '/Groups' : '/Users', body });
			expect(made.status, name).toBe(201);
			keep(names, name, made);
		}
		// What is made before changes as groups are filled: versions are read when all is there.
		for (const name of example.given ?? []) {
			const isUser = JSON.stringify(resources[name]).includes('{{User}}');
			keep(names, name, await ask({ method: 'GET', path: `/${isUser ? 'Users' : 'Groups'}/${names.get(name)}` }));
		}
		const sent = named(example.asks, names).body ?? {};
		for (const step of [example, ...(example.then ?? [])]) {
			const asked = named(step.asks, names);
			const answer = await ask({ ...asked, headers: { ...headers, ...asked.headers } });
			keepAll(names, step.keeps, answer);
			check(answer, named(step.gets, names), sent, `${example.example}: ${asked.method} ${asked.path}`);
		}
	}

	async function clear(): Promise<void> {
		for (const place of ['/Groups', '/Users']) {
			const { body } = await ask({ method: 'GET', path: `${place}?attributes=id&count=200` });
			const ids = (body['Resources'] as readonly Json[]).map(({ id }) => String(id));
			for (const id of ids.filter((one) => one !== admin.operatorId))
				await ask({ method: 'DELETE', path: `${place}/${id}` });
		}
	}

	return {
		...{ site, ask },
		async play(example, examples) {
			try {
				await play(example, examples);
			} finally {
				await clear();
			}
		},
		async close() {
			await server.stop();
			site.close();
		},
	};
}

function keepAll(names: Map<string, string>, keeps: Step['keeps'], answer: Answer): void {
	if (typeof keeps === 'string') keep(names, keeps, answer);
	else {
		const operations = (answer.body['Operations'] ?? []) as readonly Json[];
		for (const [at, name] of (keeps ?? []).entries())
			names.set(name, String(operations[at]?.['location']).split('/').at(-1) ?? '');
	}
}

function keep(names: Map<string, string>, name: string, { body, headers }: Answer): void {
	if (typeof body['id'] === 'string') names.set(name, body['id']);
	names.set(`${name}.version`, headers.get('etag') ?? '');
}

/** With values in the place of names, also in the keys. */
function named<T>(value: T, names: ReadonlyMap<string, string>): T {
	const text = JSON.stringify(value).replaceAll(/\{\{([^}]+)\}\}/g, (_all, name: string) => {
		const known = names.get(name);
		if (known === undefined) throw new Error(`nothing is called ${name}`);
		return JSON.stringify(known).slice(1, -1);
	});
	return JSON.parse(text) as T;
}

function check({ status, headers, body }: Answer, gets: Expected, sent: Json, what: string): void {
	expect([status, body['detail'] ?? ''], what).toEqual([gets.status, status < 400 ? '' : expect.any(String)]);
	for (const [name, value] of Object.entries(gets.headers ?? {}))
		expect(headers.get(name), `${what}: ${name}`).toEqual(matcher(value));
	if (gets.body !== undefined) expect(body, what).toMatchObject(matcher(gets.body) as Json);
	if (gets.exactly !== undefined) expect(body, what).toEqual(matcher(gets.exactly));
	if (gets.tells !== undefined) {
		const { tells } = gets;
		expect(body, what).toMatchObject(
			Object.fromEntries(Object.entries(sent).filter(([name]) => !tells.includes(name))),
		);
	}
	for (const name of gets.without ?? [])
		expect(body, what).not.toHaveProperty(name.startsWith('urn:') ? [name] : name.split('.'));
}

/** `part`: what stands in a list that is compared in any order says at least what is expected of it. */
function matcher(value: unknown, part = false): unknown {
	if (value === '*') return expect.anything();
	if (Array.isArray(value)) return value.map((one) => matcher(one, part));
	if (typeof value !== 'object' || value === null) return value;
	const { inAnyOrder } = value as { inAnyOrder?: unknown };
	if (Array.isArray(inAnyOrder)) return expect.arrayContaining(inAnyOrder.map((one) => matcher(one, true)));
	const fields = Object.fromEntries(Object.entries(value).map(([name, one]) => [name, matcher(one, part)]));
	return part ? expect.objectContaining(fields) : fields;
}
