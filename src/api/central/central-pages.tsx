import { Hono } from 'hono';
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import { GatewayError, type GatewayErrorCode } from '../../gateway/core/gateway-error.ts';
import type { Log } from '../../gateway/core/log.ts';
import { localPath } from '../console/local-path.ts';
import { asksForPart, renderPage } from '../console/render.tsx';
import { addPreferenceRoutes } from '../console/routes/preference-routes.ts';
import { type HttpContext, type HttpEnv, requirePermission } from '../http/login-context.ts';
import { addEntranceRoutes } from './page-routes/entrance-routes.tsx';
import { addMailPages } from './page-routes/mail-page-routes.tsx';
import { addRowPages, type RowPagesDeps } from './page-routes/row-page-routes.tsx';
import { addSitePages } from './page-routes/site-page-routes.tsx';
import { type CreateCentralUi, createCentralUiFactory } from './pages/central-ui.ts';
import { type Trouble, TroublePage } from './pages/entrance-pages.tsx';
import type { TokenLogins } from './token-logins.ts';

export interface CentralPagesDeps extends RowPagesDeps {
	/** Whose pages these are. */
	readonly name: string;
	readonly timeZone: string;
	readonly logins: TokenLogins;
	/** To choose from where events are listed. */
	readonly eventTypes: readonly string[];
	readonly assetUrl: (name: string) => string;
	readonly nowMs: () => number;
	readonly log: Log;
}

/** Central's pages for people, in the console's frame; mounted at `/` after the API. Plain links and forms do everything. */
export function createCentralPages(deps: CentralPagesDeps): Hono<HttpEnv> {
	const app = new Hono<HttpEnv>();
	const createUi = createCentralUiFactory(deps);
	addEntranceRoutes(app, deps.logins, createUi);
	// A token speaks no language: the browser's choice stands.
	addPreferenceRoutes(app, { setLanguage: () => undefined });
	addSitePages(app, deps, createUi);
	addMailPages(app, deps.fleet, createUi);
	addRowPages(app, deps, createUi);
	app.get('*', requirePermission('public'), (c) => {
		const ui = createUi(c);
		return renderPage(c, ui, <TroublePage ui={ui} trouble="notFound" />, 404);
	});
	app.onError((error, c) => answerError(error, c, deps, createUi));
	return app;
}

const TROUBLES: Readonly<
	Partial<Record<GatewayErrorCode, { readonly trouble: Trouble; readonly status: ContentfulStatusCode }>>
> = {
	NOT_FOUND: { trouble: 'notFound', status: 404 },
	FORBIDDEN: { trouble: 'forbidden', status: 403 },
	INVALID_REQUEST: { trouble: 'invalid', status: 400 },
	CONFLICT: { trouble: 'invalid', status: 409 },
	STORE_UNAVAILABLE: { trouble: 'store', status: 503 },
};

/** Turns what handlers throw into a page, or into the way to the sign-in. */
function answerError(error: Error, c: HttpContext, { log }: CentralPagesDeps, createUi: CreateCentralUi): Response {
	const code = error instanceof GatewayError ? error.code : 'INTERNAL';
	if (code === 'UNAUTHENTICATED') return toSignIn(c);
	const known = TROUBLES[code];
	if (known === undefined) {
		const { method, path } = c.req;
		log.error({ requestId: c.get('requestId'), method, path, err: error }, 'page failed');
	}
	const { trouble, status } = known ?? { trouble: 'internal', status: 500 };
	const ui = createUi(c);
	return renderPage(c, ui, <TroublePage ui={ui} trouble={trouble} />, status);
}

/** A script that asked for a part is told to leave the whole page. */
function toSignIn(c: HttpContext): Response {
	const url = asksForPart(c) ? URL.parse(c.req.header('hx-current-url') ?? '') : new URL(c.req.url);
	const next = c.req.method === 'GET' && url !== null ? localPath(url.pathname + url.search) : '/';
	const path = next === '/' ? '/login' : `/login?next=${encodeURIComponent(next)}`;
	if (!asksForPart(c)) return c.redirect(path, 303);
	c.header('HX-Redirect', path);
	return c.body(null, 401);
}
