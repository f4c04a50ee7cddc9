import { z } from '@hono/zod-openapi';
import type { DeviceStatus } from '../../../gateway/core/device.ts';
import type { Site } from '../../../gateway/core/site.ts';
import type { SyncStatus } from '../../../gateway/services/sync-status.ts';
import { defineRoute, type Route } from '../define-route.ts';
import { requireLogin } from '../login-context.ts';
import type { Presenter } from '../present.ts';
import { noSuch } from '../problem.ts';
import { givenId } from '../scalar-schemas.ts';
import { areaSchema, deviceSchema, listOf, parkSchema, syncSchema } from '../schemas.ts';
import { areaAt, type Sight } from '../seen-in-parts.ts';

export interface SiteRoutesDeps {
	readonly devices: () => readonly DeviceStatus[];
	readonly sync: () => SyncStatus;
	readonly site: Pick<Site, 'parks' | 'areas'>;
	readonly presenter: Presenter;
	readonly sight: Pick<Sight, 'device'>;
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
	const says = { method: 'get', tag: 'site', etag: true } as const;
	const inParts = { inParts: 'occupancy:read' } as const;
	return [
		defineRoute({
			...{ ...says, permission: inParts },
			path: '/api/v1/parks',
			summary: 'The parks of the site that one may see; they are configured in gateway.yaml',
			answer: listOf(parkSchema),
			handle: (_request, c) => {
				const { access } = requireLogin(c);
				return { items: shownParks.filter(({ id }) => access.may('occupancy:read', { kind: 'park', id })) };
			},
		}),
		defineRoute({
			...{ ...says, permission: { permission: 'occupancy:read', at: 'park' } },
			path: '/api/v1/parks/{parkId}',
			summary: 'One park',
			params: z.object({ parkId: givenId }),
			answer: parkSchema,
			problems: [404],
			handle: ({ params: { parkId } }) => shownParks.find(({ id }) => id === parkId) ?? noSuch('park', parkId),
		}),
		defineRoute({
			...{ ...says, permission: inParts },
			path: '/api/v1/areas',
			summary: 'The areas of all parks that one may see, parents before children, with the spaces that are told apart',
			query: z.strictObject({ park: givenId.optional() }),
			answer: listOf(areaSchema),
			handle: ({ query: { park } }, c) => {
				const { access } = requireLogin(c);
				const isShown = ({ id, parkId }: (typeof shownAreas)[number]) =>
					(park === undefined || parkId === park) && access.may('occupancy:read', areaAt(id));
				return { items: shownAreas.filter(isShown) };
			},
		}),
		defineRoute({
			...{ ...says, permission: { permission: 'occupancy:read', at: 'area' } },
			path: '/api/v1/areas/{areaId}',
			summary: 'One area',
			params: z.object({ areaId: givenId }),
			answer: areaSchema,
			problems: [404],
			handle: ({ params: { areaId } }) => shownAreas.find(({ id }) => id === areaId) ?? noSuch('area', areaId),
		}),
	];
}

function deviceRoutes({ devices, sync, presenter, sight }: SiteRoutesDeps): readonly Route[] {
	return [
		defineRoute({
			method: 'get',
			path: '/api/v1/devices',
			permission: { inParts: 'devices:read' },
			tag: 'devices',
			summary: 'Every device of the lanes that one may see: state, identity, counters, inputs',
			answer: listOf(deviceSchema),
			handle: (_request, c) => {
				const { access } = requireLogin(c);
				return { items: presenter.present(devices().filter(({ id }) => sight.device(access, id))) };
			},
		}),
		defineRoute({
			method: 'get',
			path: '/api/v1/devices/{deviceId}',
			permission: { inParts: 'devices:read' },
			tag: 'devices',
			summary: 'One device',
			params: z.object({ deviceId: z.string().max(64) }),
			answer: deviceSchema,
			problems: [404],
			etag: true,
			handle: ({ params: { deviceId } }, c) => {
				const found = devices().find(({ id }) => id === deviceId);
				const isSeen = sight.device(requireLogin(c).access, deviceId);
				return presenter.present(isSeen && found ? found : noSuch('device', deviceId));
			},
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
