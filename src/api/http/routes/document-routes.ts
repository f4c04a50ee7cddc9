import { z } from '@hono/zod-openapi';
import { defineRoute, type Route } from '../define-route.ts';
import { DOCS_STYLE, docsPage } from '../docs-page.tsx';

/** The API's own description. `openApi` is asked per request: the document is complete only when every route is mounted. */
export function documentRoutes(openApi: () => object): readonly Route[] {
	// Each made once: anybody may ask, and it takes tens of ms.
	let page: string | undefined;
	let text: string | undefined;
	return [
		defineRoute({
			method: 'get',
			path: '/api/openapi.json',
			permission: 'public',
			tag: 'documents',
			summary: 'This API as OpenAPI 3.1',
			answer: z.looseObject({ openapi: z.string() }),
			etag: true,
			handle(_request, c) {
				text ??= JSON.stringify(openApi());
				return c.body(text, 200, { 'Content-Type': 'application/json' });
			},
		}),
		defineRoute({
			method: 'get',
			path: '/api/docs',
			permission: 'public',
			tag: 'documents',
			summary: 'This API as a page to read',
			answer: 'text/html',
			handle: async (_request, c) => {
				page ??= String(await docsPage(openApi()));
				return c.html(page);
			},
		}),
		defineRoute({
			method: 'get',
			path: '/api/docs.css',
			permission: 'public',
			tag: 'documents',
			summary: 'Style of that page',
			answer: 'text/css',
			handle: (_request, c) => c.body(DOCS_STYLE, 200, { 'Content-Type': 'text/css; charset=utf-8' }),
		}),
	];
}
