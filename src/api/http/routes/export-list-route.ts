import { z } from '@hono/zod-openapi';
import { GatewayError } from '../../../gateway/core/gateway-error.ts';
import { EXPORT_FORMATS } from '../../../gateway/services/directory/export-messages.ts';
import { defineRoute, type Route } from '../define-route.ts';
import { checkGuard, type HttpContext, type RouteGuard } from '../login-context.ts';
import { listOf } from '../schemas.ts';

const exported = z
	.object({
		name: z.string().openapi({ example: 'holders' }),
		href: z
			.string()
			.openapi({ description: 'GET it with `format` and the filters of its list', example: '/api/v1/holders/export' }),
		formats: z.array(z.enum(EXPORT_FORMATS)).readonly(),
	})
	.openapi('ExportedList');

/** Every list that can be taken along as a file: those of the routes that are one, as far as the login may. */
export function exportListRoute(routes: readonly Route[]): Route {
	const exports = routes.flatMap(({ method, path, permission }) => {
		const [, list] = /^\/api\/v1\/([^{}]+)\/export$/.exec(path) ?? [];
		return method === 'get' && list !== undefined ? [{ name: list.replaceAll('/', '-'), href: path, permission }] : [];
	});
	return defineRoute({
		method: 'get',
		path: '/api/v1/exports',
		permission: 'signedIn',
		tag: 'exports',
		summary: 'Lists that can be taken along as files: CSV, Excel workbooks, JSON lines',
		answer: listOf(exported),
		handle(_, c) {
			const mine = exports.filter(({ permission }) => isAllowed(permission, c));
			return { items: mine.map(({ name, href }) => ({ name, href, formats: EXPORT_FORMATS })) };
		},
	});
}

function isAllowed(guard: RouteGuard, c: HttpContext): boolean {
	try {
		checkGuard(guard, c);
		return true;
	} catch (error) {
		if (error instanceof GatewayError) return false;
		throw error;
	}
}
