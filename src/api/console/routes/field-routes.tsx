import type { Hono } from 'hono';
import { GatewayError } from '../../../gateway/core/gateway-error.ts';
import { LIMITS } from '../../../gateway/core/limits.ts';
import type { Place } from '../../../gateway/core/permission/scope.ts';
import type { Scan } from '../../../gateway/services/field/scan.ts';
import { placeOfScanned, seenScan } from '../../../gateway/services/field/seen-scan.ts';
import { personalView } from '../../../gateway/services/privacy/personal-view.ts';
import {
	type HttpContext,
	type HttpEnv,
	operatorOf,
	requireLogin,
	requirePermission,
} from '../../http/login-context.ts';
import { shownScan } from '../../http/routes/scan-routes.ts';
import type { ConsoleDeps } from '../console-deps.ts';
import { PRESENTED_PATH, SCAN_PATH, scanReadHref } from '../pages/field/field-paths.ts';
import { Presenting, PresentPage, type ScanDevice, ScanPage } from '../pages/field/scan-page.tsx';
import { renderPage, renderPart } from '../render.tsx';
import type { CreateUi, Ui } from '../ui.ts';
import { addLogisticRoutes } from './logistic-routes.tsx';
import { addModerationRoutes } from './moderation-routes.tsx';
import { addReviewRoutes } from './review-routes.tsx';

/** The pages for phones on the ground: scan, moved vehicles, reads in doubt, pictures. */
export function addFieldRoutes(app: Hono<HttpEnv>, deps: ConsoleDeps, createUi: CreateUi): void {
	addScanRoutes(app, deps, createUi);
	addLogisticRoutes(app, deps, createUi);
	addReviewRoutes(app, deps, createUi);
	addModerationRoutes(app, deps, createUi);
}

function addScanRoutes(app: Hono<HttpEnv>, deps: ConsoleDeps, createUi: CreateUi): void {
	const { fieldWork, personalViews } = deps;

	/** Who sees first letters could find the rest by presenting what comes by. */
	function lookAt(c: HttpContext, ui: Ui, deviceId: string | undefined, afterMs: number) {
		if (!ui.mayInParts('personalData:read')) throw new GatewayError('FORBIDDEN', 'This needs personalData:read.');
		return scanOf(c, ui).lastAt(deviceId ?? '', afterMs);
	}
	function scanOf(c: HttpContext, ui: Ui): Scan {
		const { access, operator } = requireLogin(c);
		return seenScan(fieldWork.scan(operator.id), { ...deps, viewAt: (place) => viewAt(ui, place) }, access);
	}
	const waitingOf = (query: Readonly<Record<string, string>>, ui: Ui) => ({
		ui,
		deviceId: (query['device'] ?? '').slice(0, 64),
		afterMs: Number.isSafeInteger(Number(query['after'])) ? Number(query['after']) : ui.nowMs,
	});

	app.get(SCAN_PATH, requirePermission({ inParts: 'scan:read' }), async (c) => {
		const ui = createUi(c);
		const operatorId = operatorOf(c);
		const q = (c.req.query('q') ?? '').trim().slice(0, LIMITS.scanLength);
		const scan = scanOf(c, ui);
		const { credential = '' } = c.req.query();
		const answer = credential !== '' ? scan.lookAt(credential) : q === '' ? undefined : await scan.look(q);
		if (answer?.result === 'known' && answer.holder !== null) {
			personalViews.viewed(operatorId, answer.holder.id, 'holder');
		}
		const shown = answer && shownScan(viewAt(ui, placeOfScanned(answer, deps.rowLook())), answer);
		return renderPage(c, ui, <ScanPage ui={ui} q={q} answer={shown} devices={devicesOf(ui, deps)} />);
	});
	app.get(`${SCAN_PATH}/present`, requirePermission({ inParts: 'scan:read' }), (c) => {
		const ui = createUi(c);
		const waiting = waitingOf(c.req.query(), ui);
		const read = lookAt(c, ui, waiting.deviceId, waiting.afterMs);
		return read === undefined ? renderPage(c, ui, <PresentPage {...waiting} />) : c.redirect(scanReadHref(read), 303);
	});
	app.get(PRESENTED_PATH, requirePermission({ inParts: 'scan:read' }), (c) => {
		const ui = createUi(c);
		const waiting = waitingOf(c.req.query(), ui);
		const read = lookAt(c, ui, waiting.deviceId, waiting.afterMs);
		if (read !== undefined) {
			c.header('HX-Redirect', scanReadHref(read));
			return c.body(null, 204);
		}
		return renderPart(c, ui, <Presenting {...waiting} />);
	});
}

/** What can read something now. */
function devicesOf(ui: Ui, { devices, site }: ConsoleDeps): readonly ScanDevice[] {
	const readers = new Set(site.lanes.flatMap((lane) => [lane, lane.back].flatMap((o) => [...o.readers, ...o.cameras])));
	return devices()
		.filter(({ id, state }) => readers.has(id) && state === 'online')
		.map(({ id: deviceId }) => ({
			deviceId,
			served: site.lanes.filter((lane) =>
				[lane, lane.back].some((o) => o.readers.includes(deviceId) || o.cameras.includes(deviceId)),
			),
		}))
		.filter(({ served }) => served.every(({ id }) => ui.may('scan:read', { kind: 'lane', id })))
		.map(({ deviceId, served }) => ({ deviceId, lanes: served.map(({ name }) => name) }));
}

function viewAt(ui: Ui, place: Place) {
	return personalView(ui.may('personalData:read', place));
}
