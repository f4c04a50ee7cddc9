import { Hono } from 'hono';
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import { GatewayError, type GatewayErrorCode } from '../../gateway/core/gateway-error.ts';
import { type HttpContext, type HttpEnv, requirePermission } from '../http/login-context.ts';
import type { ConsoleDeps } from './console-deps.ts';
import { localPath } from './local-path.ts';
import { type ErrorKind, ErrorPage } from './pages/error-page.tsx';
import { asksForPart, renderPage } from './render.tsx';
import { addAccountRoutes } from './routes/account-routes.tsx';
import { addActivityRoutes } from './routes/activity-routes.tsx';
import { addAnalyticsRoutes } from './routes/analytics-routes.tsx';
import { addBookingRoutes } from './routes/booking-routes.tsx';
import { addBundleRoutes } from './routes/bundle-routes.tsx';
import { addConfigurationRoutes } from './routes/configuration-routes.tsx';
import { addConnectorRoutes } from './routes/connector-routes.tsx';
import { addDirectoryRoutes } from './routes/directory-routes.tsx';
import { addEnrolmentRoutes } from './routes/enrolment-routes.tsx';
import { addEntranceRoutes } from './routes/entrance-routes.tsx';
import { addEquipmentRoutes } from './routes/equipment-routes.tsx';
import { addExplainRoutes } from './routes/explain-routes.tsx';
import { addFieldRoutes } from './routes/field-routes.tsx';
import { addHandOverRoutes } from './routes/hand-over-routes.tsx';
import { addHelpRoutes } from './routes/help-routes.tsx';
import { addHomeRoutes } from './routes/home-routes.tsx';
import { addImportRoutes } from './routes/import-routes.tsx';
import { addLaneModeRoutes } from './routes/lane-mode-routes.tsx';
import { addLicenceRoutes } from './routes/licence-routes.tsx';
import { addLiveRoutes } from './routes/live-routes.tsx';
import { addLogRoutes } from './routes/log-routes.tsx';
import { addLoginSessionRoutes } from './routes/login-session-routes.tsx';
import { addMaintenanceRoutes } from './routes/maintenance-routes.tsx';
import { addMarketingRoutes } from './routes/marketing-routes.tsx';
import { addMyAccessRoutes } from './routes/my-access-routes.tsx';
import { addOccupancyRoutes } from './routes/occupancy-routes.tsx';
import { addOffboardingRoutes } from './routes/offboarding-routes.tsx';
import { addOperatorBulkRoutes } from './routes/operator-bulk-routes.tsx';
import { addOperatorGroupRoutes } from './routes/operator-group-routes.tsx';
import { addOperatorImportRoutes } from './routes/operator-import-routes.tsx';
import { addOperatorMenuRoutes } from './routes/operator-menu-routes.tsx';
import { addOperatorRoutes } from './routes/operator-routes.tsx';
import { addPasskeyLoginRoute } from './routes/passkey-login-route.tsx';
import { addPaymentRoutes } from './routes/payment-routes.tsx';
import { addPersonLoginRoutes } from './routes/person-login-routes.tsx';
import { addPreferenceRoutes } from './routes/preference-routes.ts';
import { addPrivacyRoutes } from './routes/privacy-routes.tsx';
import { addRecordGrantRoutes } from './routes/record-grant-routes.tsx';
import { addRoleRoutes } from './routes/role-routes.tsx';
import { addSeatSwapRoute } from './routes/seat-swap-routes.tsx';
import { addSitePartRoutes } from './routes/site-part-routes.tsx';
import { addStartRoutes } from './routes/start-routes.tsx';
import { addSyncRoutes } from './routes/sync-routes.tsx';
import { addViewAsRoutes } from './routes/view-as-routes.tsx';
import { addVisitorRoutes } from './routes/visitor-routes.tsx';
import { type CreateUi, createUiFactory } from './ui.ts';

/** The pages for people; mounted at `/` after the API. Plain links and forms do everything, scripts make it live. */
export function createConsole(deps: ConsoleDeps): Hono<HttpEnv> {
	const app = new Hono<HttpEnv>();
	const createUi = createUiFactory(deps);
	addEntranceRoutes(app, deps, createUi);
	addPasskeyLoginRoute(app, deps, createUi);
	addPreferenceRoutes(app, deps.operators);
	addHomeRoutes(app, deps, createUi);
	addLiveRoutes(app, deps, createUi);
	addLaneModeRoutes(app, deps, createUi);
	addSitePartRoutes(app, deps, createUi);
	addLogRoutes(app, deps, createUi);
	addExplainRoutes(app, deps, createUi);
	addOccupancyRoutes(app, deps, createUi);
	addVisitorRoutes(app, deps, createUi);
	addBookingRoutes(app, deps, createUi);
	addStartRoutes(app, deps, createUi);
	addBundleRoutes(app, deps, createUi);
	addEnrolmentRoutes(app, deps, createUi);
	addFieldRoutes(app, deps, createUi);
	addMaintenanceRoutes(app, deps, createUi);
	addOperatorImportRoutes(app, deps, createUi);
	addImportRoutes(app, deps, createUi);
	addConnectorRoutes(app, deps, createUi);
	addHandOverRoutes(app, deps, createUi);
	addMarketingRoutes(app, deps, createUi);
	addAnalyticsRoutes(app, deps, createUi);
	addPaymentRoutes(app, deps, createUi);
	addMyAccessRoutes(app, deps, createUi);
	addPersonLoginRoutes(app, deps, createUi);
	addDirectoryRoutes(app, deps, createUi);
	addEquipmentRoutes(app, deps, createUi);
	addActivityRoutes(app, deps, createUi);
	addSyncRoutes(app, deps, createUi);
	addLicenceRoutes(app, deps, createUi);
	addOperatorBulkRoutes(app, deps, createUi);
	addOperatorMenuRoutes(app, deps, createUi);
	addSeatSwapRoute(app, deps, createUi);
	addOffboardingRoutes(app, deps, createUi);
	addViewAsRoutes(app, deps, createUi);
	addOperatorRoutes(app, deps, createUi);
	addOperatorGroupRoutes(app, deps, createUi);
	addRecordGrantRoutes(app, deps, createUi);
	addRoleRoutes(app, deps, createUi);
	addLoginSessionRoutes(app, deps, createUi);
	addAccountRoutes(app, deps, createUi);
	addPrivacyRoutes(app, deps, createUi);
	addConfigurationRoutes(app, deps, createUi);
	addHelpRoutes(app, createUi);
	app.get('*', requirePermission('public'), (c) => {
		const ui = createUi(c);
		return renderPage(c, ui, <ErrorPage ui={ui} kind="notFound" />, 404);
	});
	app.onError((error, c) => answerError(error, c, deps, createUi));
	return app;
}

const KINDS: Readonly<
	Partial<Record<GatewayErrorCode, { readonly kind: ErrorKind; readonly status: ContentfulStatusCode }>>
> = {
	NOT_FOUND: { kind: 'notFound', status: 404 },
	FORBIDDEN: { kind: 'forbidden', status: 403 },
	INVALID_REQUEST: { kind: 'invalid', status: 400 },
	CONFLICT: { kind: 'invalid', status: 409 },
	TOO_MANY: { kind: 'tooMany', status: 429 },
	STORE_FULL: { kind: 'store', status: 503 },
	STORE_READ_ONLY: { kind: 'store', status: 503 },
	STORE_UNAVAILABLE: { kind: 'store', status: 503 },
};

/** Turns what handlers throw into a page, or into the way to the sign-in. */
function answerError(error: Error, c: HttpContext, deps: ConsoleDeps, createUi: CreateUi): Response {
	const code = error instanceof GatewayError ? error.code : 'INTERNAL';
	if (code === 'UNAUTHENTICATED') return toSignIn(c, deps);
	const known = KINDS[code];
	if (known === undefined) {
		deps.log.error(
			{ requestId: c.get('requestId'), method: c.req.method, path: c.req.path, err: error },
			'page failed',
		);
	}
	const { kind, status } = known ?? { kind: 'internal', status: 500 };
	const ui = createUi(c);
	return renderPage(c, ui, <ErrorPage ui={ui} kind={kind} />, status);
}

/** A script that asked for a part is told to leave the whole page. */
function toSignIn(c: HttpContext, { operators }: ConsoleDeps): Response {
	if (operators.unclaimed()) return leaveFor(c, '/claim');
	const url = asksForPart(c) ? URL.parse(c.req.header('hx-current-url') ?? '') : new URL(c.req.url);
	const next = c.req.method === 'GET' && url !== null ? localPath(url.pathname + url.search) : '/';
	return leaveFor(c, next === '/' ? '/login' : `/login?next=${encodeURIComponent(next)}`);
}

function leaveFor(c: HttpContext, path: string): Response {
	if (!asksForPart(c)) return c.redirect(path, 303);
	c.header('HX-Redirect', path);
	return c.body(null, 401);
}
