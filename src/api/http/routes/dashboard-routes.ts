import { z } from '@hono/zod-openapi';
import { WIDGETS } from '../../../gateway/core/dashboard.ts';
import { createDashboards, type Dashboard, type DashboardData, type DashboardDeps } from '../dashboard-data.ts';
import { defineRoute, type Route } from '../define-route.ts';
import { type HttpContext, requireLogin } from '../login-context.ts';
import { operatorRefused } from '../operator-problems.ts';
import { type OwnTask, TASK_KINDS } from '../own-tasks.ts';
import type { Presenter } from '../present.ts';
import { id, reasonSchema, time } from '../scalar-schemas.ts';
import { listOf } from '../schemas.ts';
import { ifMatchHeader, versionOf, versionTag } from '../version-tag.ts';
import { doneSchema } from './audit-routes.ts';

export interface DashboardRoutesDeps extends DashboardDeps {
	readonly presenter: Presenter;
}

const tag = 'dashboard';
const isMore = z.boolean().openapi({ description: 'There are more than were counted' });
const counted = z.object({ count: z.int(), isMore });
const used = z.object({ used: z.int(), available: z.int() });

const taskSchema = z
	.object({
		kind: z.enum(TASK_KINDS),
		...counted.shape,
		oldest: time.nullable().openapi({ description: 'What waits longest, of those counted; null: it has no age' }),
		href: z.string().openapi({ description: 'The console’s page where it is done', example: '/review' }),
	})
	.openapi('OwnTask');

const dataSchema = z
	.object({
		tasks: z.array(taskSchema).readonly(),
		lanes: z
			.array(
				z.object({ id, name: z.string(), kind: z.string(), phase: z.string(), phaseSince: time, problems: z.int() }),
			)
			.readonly(),
		refused: counted
			.extend({ reasons: z.array(z.object({ reason: reasonSchema, count: z.int() })).readonly() })
			.openapi({ description: 'Of today' }),
		occupancy: z.array(z.object({ areaId: id, level: z.string(), occupied: z.int(), capacity: z.int().nullable() })),
		visitors: counted.openapi({ description: 'Valid at some time of today' }),
		bookings: counted.openapi({ description: 'From now until the day ends' }),
		devices: z.object({
			total: z.int(),
			troubled: z.array(z.object({ id, state: z.string(), since: time })).readonly(),
		}),
		sync: z.object({
			...{ configured: z.boolean(), connected: z.boolean(), outboxDepth: z.int(), lastAckAt: time.nullable() },
			deadLetters: z.int(),
		}),
		licences: z.object({ phase: z.string(), endsAt: time.nullable(), operators: used, cameras: used }),
		signedIn: z.int(),
		ownActivity: z.object({ done: z.array(doneSchema).readonly(), days: z.int() }),
	})
	.partial();

const dashboardSchema = z
	.object({
		widgets: z.array(z.enum(WIDGETS)).readonly().openapi({ description: 'In the order in which they are shown' }),
		available: z.array(z.enum(WIDGETS)).readonly(),
		version: z.int(),
		data: dataSchema.openapi({ description: 'Of each widget that is shown, as far as the login may see it' }),
	})
	.openapi('Dashboard');

/** What the login's own operator begins with: what waits for them, and what they chose to see. */
export function dashboardRoutes(deps: DashboardRoutesDeps): readonly Route[] {
	const { presenter, operators } = deps;
	const dashboards = createDashboards(deps);
	const shownTask = ({ oldestMs, ...task }: OwnTask) => ({
		...{ ...task, oldest: oldestMs === null ? null : presenter.time(oldestMs) },
	});

	function shownData({ tasks, lanes, occupancy, ownActivity, ...data }: DashboardData) {
		return {
			...presenter.present(data),
			...(tasks && { tasks: tasks.map(shownTask) }),
			...(lanes && { lanes: presenter.present(lanes.map((lane) => ({ ...lane, problems: lane.problems.length }))) }),
			...(occupancy && {
				occupancy: occupancy.map(({ areaId, level, occupied, capacity }) => ({ areaId, level, occupied, capacity })),
			}),
			...(ownActivity && {
				ownActivity: { done: presenter.present(ownActivity.done), days: ownActivity.days.length },
			}),
		};
	}

	function shown(c: HttpContext, { data, ...dashboard }: Dashboard): Response {
		c.header('ETag', versionTag(dashboard.version));
		return c.json({ ...dashboard, data: shownData(data) } satisfies z.input<typeof dashboardSchema>);
	}

	return [
		defineRoute({
			...{ method: 'get', path: '/api/v1/me/tasks', permission: 'signedIn', tag },
			summary: 'What waits for the login’s own operator, each kind only where they may do it; the oldest first',
			answer: listOf(taskSchema),
			handle: async (_, c) => ({ items: (await dashboards.tasks(requireLogin(c))).map(shownTask) }),
		}),
		defineRoute({
			...{ method: 'get', path: '/api/v1/me/dashboard', permission: 'signedIn', tag },
			summary: 'The login’s own dashboard: its widgets in their order, and what they show',
			answer: dashboardSchema,
			handle: async (_, c) => shown(c, await dashboards.of(requireLogin(c))),
		}),
		defineRoute({
			...{ method: 'put', path: '/api/v1/me/dashboard', permission: 'signedIn', tag },
			summary: 'Choose widgets and their order; kept with the operator',
			headers: ifMatchHeader,
			body: z.strictObject({ widgets: z.array(z.enum(WIDGETS)).max(WIDGETS.length) }),
			answer: dashboardSchema,
			problems: [412],
			async handle({ headers, body }, c) {
				const login = requireLogin(c);
				const answer = operators.dashboards.choose(login.operator.id, body.widgets, versionOf(headers['if-match']));
				return answer.result === 'done' ? shown(c, await dashboards.of(login)) : operatorRefused(c, answer);
			},
		}),
	];
}
