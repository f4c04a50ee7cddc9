import { z } from '@hono/zod-openapi';
import { defineRoute, type Route } from '../../http/define-route.ts';
import { requireLogin } from '../../http/login-context.ts';
import { problem } from '../../http/problem.ts';
import type { Fleet } from '../fleet.ts';

/** For process supervisors and load balancers, and for programs that ask who they are. */
export function serviceRoutes(fleet: Fleet): readonly Route[] {
	return [
		defineRoute({
			...{ method: 'get', path: '/healthz', permission: 'public', tag: 'service' },
			summary: 'Alive: the event loop answers',
			answer: z.object({ status: z.literal('alive') }),
			handle: () => ({ status: 'alive' as const }),
		}),
		defineRoute({
			...{ method: 'get', path: '/readyz', permission: 'public', tag: 'service' },
			summary: 'Connected to the broker; 503 tells why not',
			answer: z.object({ status: z.literal('ready') }),
			problems: [503],
			handle(_request, c) {
				if (fleet.status().connected) return { status: 'ready' as const };
				// Why not is for those signed in: it may name hosts.
				const detail = 'The broker is not reached.';
				return problem(c, { status: 503, code: 'NOT_READY', detail });
			},
		}),
		defineRoute({
			...{ method: 'get', path: '/api/v1/status', permission: 'lanes:read', tag: 'service' },
			summary: 'How central is',
			answer: z.object({
				connected: z.boolean(),
				leads: z.boolean().openapi({ description: 'Of several on one database this one tells sites what changed' }),
				problem: z.string().nullable(),
				refused: z.record(z.string(), z.int()).openapi({ description: 'Messages refused since the start, by reason' }),
				sites: z.int(),
				online: z.int(),
			}),
			handle: () => ({ ...fleet.status(), ...fleet.siteCounts() }),
		}),
		defineRoute({
			...{ method: 'get', path: '/api/v1/me', permission: 'signedIn', tag: 'service' },
			summary: 'Whose token this is, and what it may do',
			answer: z.object({ name: z.string(), role: z.string(), permissions: z.array(z.string()).readonly() }),
			handle(_request, c) {
				const { operator, access } = requireLogin(c);
				return { name: operator.name, role: operator.roles[0]?.id ?? '', permissions: access.everywhere() };
			},
		}),
	];
}
