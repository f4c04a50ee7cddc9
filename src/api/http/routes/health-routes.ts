import { z } from '@hono/zod-openapi';
import type { DeviceStatus } from '../../../gateway/core/device.ts';
import type { Evidence } from '../../../gateway/services/evidence/evidence.ts';
import type { Lanes } from '../../../gateway/services/lanes/lane-view.ts';
import type { CameraPushes, Metrics } from '../../../gateway/services/metrics.ts';
import type { Occupancy } from '../../../gateway/services/occupancy.ts';
import type { SyncStatus } from '../../../gateway/services/sync-status.ts';
import { defineRoute, type Route } from '../define-route.ts';
import { problem } from '../problem.ts';

export interface HealthRoutesDeps {
	/** Why the gateway can't do its work now; empty: ready. A lost device or broker is no cause. */
	readonly unreadiness: () => readonly Unready[];
	readonly metrics: Metrics;
	readonly lanes: Lanes;
	readonly devices: () => readonly DeviceStatus[];
	readonly occupancy: Occupancy;
	readonly evidence: Evidence;
	readonly sync: () => SyncStatus;
	/** Absent: there is no cameras' listener. */
	readonly cameraPushes?: (() => CameraPushes) | undefined;
}

/** `part` such as `store`; `problem` in words anyone may read: no paths, no names of people. */
export interface Unready {
	readonly part: string;
	readonly problem: string;
}

/** For process supervisors, load balancers and Prometheus. */
export function healthRoutes(deps: HealthRoutesDeps): readonly Route[] {
	return [
		defineRoute({
			method: 'get',
			path: '/healthz',
			permission: 'public',
			tag: 'health',
			summary: 'Alive: the event loop answers',
			answer: z.object({ status: z.literal('alive') }),
			handle: () => ({ status: 'alive' as const }),
		}),
		defineRoute({
			method: 'get',
			path: '/readyz',
			permission: 'public',
			tag: 'health',
			summary: 'Ready to decide and record; 503 tells the causes',
			answer: z.object({ status: z.literal('ready') }),
			problems: [503],
			handle: (_request, c) => {
				const causes = deps.unreadiness();
				if (causes.length === 0) return { status: 'ready' as const };
				const detail = causes.map((cause) => `${cause.part}: ${cause.problem}`).join(' ');
				return problem(c, { status: 503, code: 'NOT_READY', detail, causes });
			},
		}),
		defineRoute({
			method: 'get',
			path: '/metrics',
			permission: { loopbackOr: 'metrics:read' },
			tag: 'health',
			summary: 'Prometheus metrics',
			answer: 'text/plain',
			handle: async (_request, c) => {
				const { contentType, text } = await deps.metrics.render({
					lanes: deps.lanes.list(),
					devices: deps.devices(),
					occupancy: deps.occupancy.list(),
					sync: deps.sync(),
					evidence: deps.evidence.status(),
					cameraPushes: deps.cameraPushes?.(),
				});
				return c.body(text, 200, { 'Content-Type': contentType });
			},
		}),
	];
}
