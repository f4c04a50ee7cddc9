import type { Hono } from 'hono';
import { LIMITS } from '../../../gateway/core/limits.ts';
import { readSeenAs } from '../../../gateway/services/observations/recent-reads.ts';
import { personalView } from '../../../gateway/services/privacy/personal-view.ts';
import { type HttpContext, type HttpEnv, requireLogin, requirePermission } from '../../http/login-context.ts';
import { maintenanceOf } from '../../http/routes/intervention-routes.ts';
import { createSight, laneAt } from '../../http/seen-in-parts.ts';
import type { ConsoleDeps } from '../console-deps.ts';
import { DeviceList, DevicesPage } from '../pages/devices/device-list.tsx';
import { DeviceDetail, DevicePage } from '../pages/devices/device-page.tsx';
import { ErrorPage } from '../pages/error-page.tsx';
import { grantsShown } from '../pages/operators/record-grants-card.tsx';
import { renderPage, renderPart } from '../render.tsx';
import type { CreateUi, Ui } from '../ui.ts';

const ONE = '/devices/:deviceId';
const WORK_SHOWN = 5;
const READS_SHOWN = 20;

/** Devices. */
export function addEquipmentRoutes(app: Hono<HttpEnv>, deps: ConsoleDeps, createUi: CreateUi): void {
	const { keyWindows } = deps;
	const sight = createSight(deps.site);
	const devices = (ui: Ui) => deps.devices().filter(({ id }) => sight.device(ui, id));
	const find = (ui: Ui, deviceId: string) => devices(ui).find(({ id }) => id === deviceId);
	const readsOf = (ui: Ui, deviceId: string) => {
		const viewAt = (laneId: string | null) =>
			personalView(ui.may('personalData:read', laneId === null ? undefined : laneAt(laneId)));
		const { items } = deps.recentReads.list({ deviceId, limit: READS_SHOWN });
		return items.map((read) => readSeenAs(viewAt(read.laneId).text, read));
	};

	app.get('/devices', requirePermission({ inParts: 'devices:read' }), (c) => {
		const ui = createUi(c);
		return renderPage(c, ui, <DevicesPage ui={ui} devices={devices(ui)} />);
	});
	app.get('/live/devices', requirePermission({ inParts: 'devices:read' }), (c) => {
		const ui = createUi(c);
		return renderPart(c, ui, <DeviceList ui={ui} devices={devices(ui)} />);
	});
	app.get(ONE, requirePermission({ inParts: 'devices:read' }), (c) => {
		const ui = createUi(c);
		const device = find(ui, c.req.param('deviceId'));
		if (device === undefined) return noDevice(c, ui);
		const about = { kind: 'device', id: device.id } as const;
		const { items } = maintenanceOf(deps, c).interventions.list({
			state: 'unfinished',
			target: about,
			limit: WORK_SHOWN,
		});
		const grants = grantsShown(ui, deps.operators.recordGrants, `devices/${device.id}`);
		const reads = readsOf(ui, device.id);
		return renderPage(c, ui, <DevicePage {...{ ui, device, reads, work: items, grants }} />);
	});
	const isKeyTheirs = (c: HttpContext, deviceId: string) =>
		sight.device(requireLogin(c).access, deviceId, 'devices:install');
	app.post(`${ONE}/key-window`, requirePermission({ inParts: 'devices:install' }), (c) => {
		const deviceId = c.req.param('deviceId');
		const operatorId = requireLogin(c).operator.id;
		const result = isKeyTheirs(c, deviceId)
			? keyWindows.open({ deviceId, operatorId, forMs: LIMITS.keyWindowMs }).result
			: 'noDevice';
		return result === 'opened' ? c.redirect(deviceHref(deviceId), 303) : noDevice(c, createUi(c));
	});
	app.post(`${ONE}/key-window/close`, requirePermission({ inParts: 'devices:install' }), (c) => {
		const deviceId = c.req.param('deviceId');
		const isClosed =
			isKeyTheirs(c, deviceId) && keyWindows.close({ deviceId, operatorId: requireLogin(c).operator.id });
		return isClosed ? c.redirect(deviceHref(deviceId), 303) : noDevice(c, createUi(c));
	});
	app.get('/live/devices/:deviceId', requirePermission({ inParts: 'devices:read' }), (c) => {
		const ui = createUi(c);
		const device = find(ui, c.req.param('deviceId'));
		return device === undefined
			? noDevice(c, ui)
			: renderPart(c, ui, <DeviceDetail ui={ui} device={device} reads={readsOf(ui, device.id)} />);
	});
}

function deviceHref(deviceId: string): string {
	return `/devices/${encodeURIComponent(deviceId)}`;
}

function noDevice(c: HttpContext, ui: Ui): Response {
	const words = { title: ui.t('device.notFound'), hint: ui.t('device.notFoundHint') };
	return renderPage(c, ui, <ErrorPage ui={ui} kind="notFound" {...words} />, 404);
}
