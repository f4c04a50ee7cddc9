import type { Hono } from 'hono';
import { findTargetHandler, isMiddleware } from 'hono/utils/handler';
import { GatewayError } from '../../gateway/core/gateway-error.ts';
import type { HttpEnv, RouteGuard } from './login-context.ts';

/** One method and path that answers, with what its guard says. */
export interface GuardedRoute {
	readonly method: string;
	readonly path: string;
	readonly guard: RouteGuard | undefined;
}

/** Everything that answers, as mounted: API, assets and console alike. */
export function mountedRoutes(app: Hono<HttpEnv>): readonly GuardedRoute[] {
	const found = new Map<string, GuardedRoute>();
	for (const { method, path, handler } of app.routes) {
		const target: object = findTargetHandler(handler);
		const guard = 'guard' in target ? (target.guard as RouteGuard) : undefined;
		if (method === 'ALL' && guard === undefined && isMiddleware(findTargetHandler(handler))) continue;
		const key = `${method} ${path}`;
		// A handler registered before its guard would answer first: the first entry decides.
		if (!found.has(key)) found.set(key, { method, path, guard });
	}
	return [...found.values()];
}

/** Throws INTERNAL, so that a program with an unguarded route doesn't start. */
export function assertGuarded(app: Hono<HttpEnv>): void {
	const open = mountedRoutes(app).filter(({ guard }) => guard === undefined);
	if (open.length === 0) return;
	const names = open.map(({ method, path }) => `${method} ${path}`).join(', ');
	throw new GatewayError('INTERNAL', `These routes say nothing about who may use them (requirePermission): ${names}.`);
}
