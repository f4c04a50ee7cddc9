import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { createAssets } from '../../../src/api/http/assets.ts';
import { DIRECTORY_FACES } from '../../../src/api/http/directory-faces.ts';
import type { RouteGuard } from '../../../src/api/http/login-context.ts';
import { createHttpSite } from '../../support/http-site.ts';

const site = createHttpSite();
afterAll(() => site.close());

interface OpenApi {
	readonly openapi: string;
	readonly info: { readonly version: string };
	readonly paths: Record<
		string,
		Record<string, { operationId: string; summary: string; responses: object; security: object[] }>
	>;
	readonly components: { readonly schemas: object; readonly securitySchemes: object };
}

async function document(): Promise<OpenApi> {
	return (await site.request('/api/openapi.json')).json() as Promise<OpenApi>;
}

describe('/api/openapi.json', () => {
	test('has every route, each with its answers and who may use it', async () => {
		const { openapi, info, paths } = await document();
		expect(openapi).toBe('3.1.0');
		expect(info.version).toBe('9.9.9');
		for (const route of site.http.routes) {
			const operation = paths[route.path]?.[route.method];
			expect(operation?.summary, `${route.method} ${route.path}`).not.toBe('');
			expect(Object.keys(operation?.responses ?? {}), `${route.method} ${route.path}`).toContainEqual(
				expect.stringMatching(/^20[01]$/),
			);
			expect(operation?.security).toEqual(securityOf(route.permission));
			if (route.permission !== 'public') expect(operation?.responses).toMatchObject({ 401: {}, 403: {} });
		}
		const count = Object.values(paths).flatMap((methods) => Object.keys(methods)).length;
		expect(count).toBe(site.http.routes.length);
	});

	test('names each operation once and refers only to what it holds', async () => {
		const whole = await document();
		const ids = Object.values(whole.paths).flatMap((methods) =>
			Object.values(methods).map(({ operationId }) => operationId),
		);
		expect(new Set(ids).size).toBe(ids.length);
		const references = [...JSON.stringify(whole).matchAll(/"\$ref":"#\/components\/schemas\/(\w+)"/g)].map(
			([, name]) => name,
		);
		expect(references.length).toBeGreaterThan(5);
		for (const name of references) expect(whole.components.schemas).toHaveProperty(name ?? '');
		expect(whole.components.securitySchemes).toHaveProperty('login');
	});

	test('every path parameter is described', async () => {
		const { paths } = await document();
		for (const [url, methods] of Object.entries(paths)) {
			const named = [...url.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
			for (const operation of Object.values(methods)) {
				const described = JSON.stringify(operation);
				for (const name of named) expect(described).toContain(`"name":"${name}","in":"path"`);
			}
		}
	});
});

describe('/api/docs', () => {
	test('shows every route on one page that needs no script and nothing from elsewhere', async () => {
		const answer = await site.request('/api/docs');
		expect(answer.headers.get('content-type')).toContain('text/html');
		const html = await answer.text();
		for (const route of site.http.routes) expect(html).toContain(`<code>${route.path}</code>`);
		expect(html).not.toMatch(/<script|<style|style="|src="http|href="http|@import/);
		const style = await site.request('/api/docs.css');
		expect(style.headers.get('content-type')).toContain('text/css');
		expect(await style.text()).not.toContain('http');
	});
});

describe('assets', () => {
	const dir = mkdtempSync(path.join(tmpdir(), 'parkgate-assets-'));
	mkdirSync(path.join(dir, 'fonts'));
	writeFileSync(path.join(dir, 'console.css'), 'body { margin: 0 }');
	writeFileSync(path.join(dir, 'fonts', 'a.woff2'), 'font');
	const library = path.join(dir, '..', `${path.basename(dir)}.js`);
	writeFileSync(library, 'let x;');
	const assets = createAssets({ dirs: [dir], files: { 'library.js': library } });
	const served = createHttpSite({ assets });
	afterAll(() => {
		served.close();
		rmSync(dir, { recursive: true });
		rmSync(library);
	});

	test('are kept for good under a version that changes with their content', async () => {
		const url = assets.url('console.css');
		const answer = await served.request(url);
		expect(await answer.text()).toBe('body { margin: 0 }');
		expect(answer.headers.get('content-type')).toContain('text/css');
		expect(answer.headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
		expect(answer.headers.get('x-content-type-options')).toBe('nosniff');
		writeFileSync(path.join(dir, 'console.css'), 'body { margin: 1px }');
		const changed = createAssets({ dirs: [dir], files: { 'library.js': library } });
		expect(changed.url('console.css')).not.toBe(url);
		expect((await served.request(assets.url('fonts/a.woff2'))).headers.get('content-type')).toBe('font/woff2');
		expect((await served.request(assets.url('library.js'))).headers.get('content-type')).toContain('javascript');
	});

	test('a page from before an update still gets its files, unkept and by ETag', async () => {
		const old = await served.request('/assets/000000000000/console.css');
		expect(old.status).toBe(200);
		expect(old.headers.get('cache-control')).toBe('no-cache');
		const etag = old.headers.get('etag') ?? '';
		const again = await served.request('/assets/000000000000/console.css', { headers: { 'if-none-match': etag } });
		expect(again.status).toBe(304);
	});

	test.each([
		'/assets/',
		'/assets/nothing.css',
		'/assets/..%2f..%2fetc/passwd',
		'/assets/x/../../package.json',
		'/assets/%00',
	])('%s is nothing', async (url) => {
		expect((await served.request(url)).status).toBe(404);
	});

	test('a misspelt name fails where it is written', () => {
		expect(() => assets.url('consle.css')).toThrow(expect.objectContaining({ code: 'NOT_FOUND' }));
	});
});

test('docs/api.md names every route, and none that is not there', () => {
	const text = readFileSync(path.join(import.meta.dirname, '../../../docs/api.md'), 'utf8');
	const table = text.slice(text.indexOf('## All routes'));
	const named = [...table.matchAll(/`((?:GET|POST|PATCH|PUT|DELETE)(?: (?:GET|POST|PATCH|PUT|DELETE))*) ([^`]+)`/g)];
	const collections = DIRECTORY_FACES.map((face) => face.face.path);
	const told = named.flatMap(([, methods = '', below = '']) =>
		methods.split(' ').flatMap((method) => {
			const paths = below.includes('{collection}')
				? collections.map((name) => below.replace('{collection}', name))
				: [below];
			return paths.map((one) => `${method} ${one}`);
		}),
	);
	const there = site.http.routes
		.filter((route) => route.path.startsWith('/api/v1/'))
		.map(
			({ method, path: at }) => `${method.toUpperCase()} ${at.slice('/api/v1/'.length).replaceAll(/\{\w+\}/g, '{id}')}`,
		);
	expect(told.toSorted()).toEqual([...new Set(there)].toSorted());
});

/** Programs sign in with tokens of their own, but where a person is asked for. */
function securityOf(guard: RouteGuard) {
	if (guard === 'public') return [];
	const byPerson = typeof guard === 'object' && 'byPerson' in guard;
	return byPerson ? [{ login: [] }] : [{ login: [] }, { token: [] }];
}
