import { defineRoute, type Route } from '../define-route.ts';
import type { EventStreams } from '../event-streams.ts';

export function eventRoutes(streams: EventStreams): readonly Route[] {
	return [
		defineRoute({
			method: 'get',
			path: '/api/v1/events',
			permission: 'signedIn',
			tag: 'events',
			summary:
				'Live: events named lane, decision, occupancy, device and activity, each only to roles that may read it; data as in the lists',
			answer: 'text/event-stream',
			problems: [429],
			handle: (_request, c) => streams.open(c),
		}),
	];
}
