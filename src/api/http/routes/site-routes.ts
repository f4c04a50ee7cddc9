import { z } from '@hono/zod-openapi';
import type { DeviceStatus } from '../../../gateway/core/device.ts';
import type { SyncStatus } from '../../../gateway/services/sync-status.ts';
import { defineRoute, type Route } from '../define-route.ts';
import type { Presenter } from '../present.ts';
import { noSuch } from '../problem.ts';
import { deviceSchema, listOf, syncSchema } from '../schemas.ts';

export interface SiteRoutesDeps {
	readonly devices: () => readonly DeviceStatus[];
	readonly sync: () => SyncStatus;
	readonly presenter: Presenter;
}

/** Devices and the link to central. */
export function siteRoutes({ devices, sync, presenter }: SiteRoutesDeps): readonly Route[] {
	return [
		defineRoute({
			method: 'get',
			path: '/api/v1/devices',
			permission: 'devices:read',
			tag: 'devices',
			summary: 'Every device: state, identity, counters, inputs',
			answer: listOf(deviceSchema),
			handle: () => ({ items: presenter.present(devices()) }),
		}),
		defineRoute({
			method: 'get',
			path: '/api/v1/devices/{deviceId}',
			permission: 'devices:read',
			tag: 'devices',
			summary: 'One device',
			params: z.object({ deviceId: z.string().max(64) }),
			answer: deviceSchema,
			problems: [404],
			etag: true,
			handle: ({ params: { deviceId } }) =>
				presenter.present(devices().find(({ id }) => id === deviceId) ?? noSuch('device', deviceId)),
		}),
		defineRoute({
			method: 'get',
			path: '/api/v1/sync',
			permission: 'sync:read',
			tag: 'sync',
			summary: 'How the site stands with central',
			answer: syncSchema,
			handle: () => presenter.present(sync()),
		}),
	];
}
