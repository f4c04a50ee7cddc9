import { z } from '@hono/zod-openapi';
import type { DeviceStatus } from '../../../gateway/core/device.ts';
import type { Site } from '../../../gateway/core/site.ts';
import type { SyncStatus } from '../../../gateway/services/sync-status.ts';
import { defineRoute, type Route } from '../define-route.ts';
import type { Presenter } from '../present.ts';
import { noSuch } from '../problem.ts';
import { givenId } from '../scalar-schemas.ts';
import { areaSchema, deviceSchema, listOf, parkSchema, syncSchema } from '../schemas.ts';

export interface SiteRoutesDeps {
	readonly devices: () => readonly DeviceStatus[];
	readonly sync: () => SyncStatus;
	readonly site: Pick<Site, 'parks' | 'areas'>;
	readonly presenter: Presenter;
}

/** Parks and areas as wired, devices, and the link to central. */
export function siteRoutes(deps: SiteRoutesDeps): readonly Route[] {
	return [...placeRoutes(deps), ...deviceRoutes(deps)];
}

function placeRoutes({ site: { parks, areas } }: SiteRoutesDeps): readonly Route[] {
	const shownParks = parks.map((park) => ({
		...{ id: park.id, name: park.name, capacity: park.capacity ?? null },
		areaIds: areas.filter(({ parkId }) => parkId === park.id).map(({ id }) => id),
	}));
	const shownAreas = areas.map((area) => ({
		...{ id: area.id, name: area.name, parkId: area.parkId, parentId: area.parentId ?? null },
		...{ capacity: area.capacity ?? null, antiPassback: area.antiPassback?.mode ?? null, spaces: area.spaces ?? [] },
	}));
	const says = { method: 'get', permission: 'occupancy:read', tag: 'site', etag: true } as const;
	return [
		defineRoute({
			...says,
			path: '/api/v1/parks',
			summary: 'The parks of the site; they are configured in gateway.yaml',
			answer: listOf(parkSchema),
			handle: () => ({ items: shownParks }),
		}),
		defineRoute({
			...says,
			path: '/api/v1/parks/{parkId}',
			summary: 'One park',
			params: z.object({ parkId: givenId }),
			answer: parkSchema,
			problems: [404],
			handle: ({ params: { parkId } }) => shownParks.find(({ id }) => id === parkId) ?? noSuch('park', parkId),
		}),
		defineRoute({
			...says,
			path: '/api/v1/areas',
			summary: 'The areas of all parks, parents before children, with the spaces that are told apart',
			query: z.strictObject({ park: givenId.optional() }),
			answer: listOf(areaSchema),
			handle: ({ query: { park } }) => ({
				items: shownAreas.filter(({ parkId }) => park === undefined || parkId === park),
			}),
		}),
		defineRoute({
			...says,
			path: '/api/v1/areas/{areaId}',
			summary: 'One area',
			params: z.object({ areaId: givenId }),
			answer: areaSchema,
			problems: [404],
			handle: ({ params: { areaId } }) => shownAreas.find(({ id }) => id === areaId) ?? noSuch('area', areaId),
		}),
	];
}

function deviceRoutes({ devices, sync, presenter }: SiteRoutesDeps): readonly Route[] {
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
