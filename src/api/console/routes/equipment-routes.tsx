import type { Hono } from 'hono';
import { type HttpContext, type HttpEnv, requirePermission } from '../../http/login-context.ts';
import type { ConsoleDeps } from '../console-deps.ts';
import { DeviceList, DevicesPage } from '../pages/devices/device-list.tsx';
import { DeviceDetail, DevicePage } from '../pages/devices/device-page.tsx';
import { ErrorPage } from '../pages/error-page.tsx';
import { renderPage, renderPart } from '../render.tsx';
import type { CreateUi, Ui } from '../ui.ts';

/** Devices. */
export function addEquipmentRoutes(app: Hono<HttpEnv>, { devices }: ConsoleDeps, createUi: CreateUi): void {
	const find = (deviceId: string) => devices().find(({ id }) => id === deviceId);

	app.get('/devices', requirePermission('devices:read'), (c) => {
		const ui = createUi(c);
		return renderPage(c, ui, <DevicesPage ui={ui} devices={devices()} />);
	});
	app.get('/live/devices', requirePermission('devices:read'), (c) => {
		const ui = createUi(c);
		return renderPart(c, ui, <DeviceList ui={ui} devices={devices()} />);
	});
	app.get('/devices/:deviceId', requirePermission('devices:read'), (c) => {
		const ui = createUi(c);
		const device = find(c.req.param('deviceId'));
		return device === undefined ? noDevice(c, ui) : renderPage(c, ui, <DevicePage ui={ui} device={device} />);
	});
	app.get('/live/devices/:deviceId', requirePermission('devices:read'), (c) => {
		const ui = createUi(c);
		const device = find(c.req.param('deviceId'));
		return device === undefined ? noDevice(c, ui) : renderPart(c, ui, <DeviceDetail ui={ui} device={device} />);
	});
}

function noDevice(c: HttpContext, ui: Ui): Response {
	const words = { title: ui.t('device.notFound'), hint: ui.t('device.notFoundHint') };
	return renderPage(c, ui, <ErrorPage ui={ui} kind="notFound" {...words} />, 404);
}
