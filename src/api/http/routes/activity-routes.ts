import { z } from '@hono/zod-openapi';
import { LIMITS } from '../../../gateway/core/limits.ts';
import { MODULES } from '../../../gateway/core/permission/modules.ts';
import type { ActivityExports } from '../../../gateway/services/activity/activity-exports.ts';
import { INACTIVE } from '../../../gateway/services/activity/operator-activity.ts';
import { EXPORT_FORMATS } from '../../../gateway/services/directory/export-messages.ts';
import type { Operators } from '../../../gateway/services/operators.ts';
import { answerFile } from '../answer-file.ts';
import { defineRoute, type Route } from '../define-route.ts';
import { answerLanguage, languageQuery } from '../language.ts';
import { checkGuard, operatorOf } from '../login-context.ts';
import type { Presenter } from '../present.ts';
import { pageQuery, time } from '../scalar-schemas.ts';
import { listOf, pageOf } from '../schemas.ts';
import { doneSchema } from './audit-routes.ts';

export interface ActivityRoutesDeps {
	readonly operators: Operators;
	readonly activityExports: ActivityExports;
	readonly presenter: Presenter;
}

const tag = 'activity';
const counts = z.object({
	logins: z.int(),
	refused: z.int().openapi({ description: 'Sign-ins with a wrong password or code' }),
	...{ operations: z.int(), ground: z.int(), access: z.int(), rules: z.int(), system: z.int() },
});

const liveSchema = z
	.object({
		id: z.string().openapi({ description: 'Of the login, as in /api/v1/login-sessions' }),
		...{ operatorId: z.string(), name: z.string(), remoteAddress: z.string(), createdAt: time, lastUsed: time },
		...{ idleS: z.int(), isPageOpen: z.boolean() },
		module: z.enum(MODULES).nullable().openapi({
			description: 'Part of the console that the last request was for, never what was read there; null: none yet',
		}),
		last: doneSchema.omit({ seq: true }).nullable().openapi({ description: 'The last thing they changed, and when' }),
	})
	.openapi('LiveOperator');

const reportSchema = z
	.object({
		...{ id: z.string(), name: z.string(), email: z.string(), state: z.enum(['invited', 'active', 'inactive']) },
		...{ lastLoginAt: time.nullable(), lastActive: time.nullable() },
		days: z.int().openapi({ description: 'Days of the period on which they did anything' }),
		...counts.shape,
	})
	.openapi('OperatorActivity');

const filterQuery = {
	q: z.string().max(LIMITS.searchLength).optional(),
	state: z.enum(['invited', 'active', 'inactive']).optional(),
	role: z.string().min(1).max(64).optional(),
	group: z.string().min(1).max(64).optional().openapi({ description: 'Members of this group itself' }),
	inactive: z
		.enum(INACTIVE)
		.optional()
		.openapi({ description: 'Nothing was heard of them for so many days, or never' }),
	from: z.iso.date().optional().openapi({ description: 'First day at the site; 30 days until the last unless given' }),
	to: z.iso.date().optional().openapi({ description: 'Last day; today unless given' }),
};

type Asked = { readonly [K in keyof typeof filterQuery]?: z.output<(typeof filterQuery)[K]> | undefined };

function filterOf({ q, state, role, group, inactive, from, to }: Asked) {
	return {
		...(q !== undefined && { q }),
		...(state !== undefined && { state }),
		...(role !== undefined && { roleId: role }),
		...(group !== undefined && { groupId: group }),
		...(inactive !== undefined && { inactive }),
		...(from !== undefined && { fromDay: from }),
		...(to !== undefined && { toDay: to }),
	};
}

/** Who is signed in and does what, and what each operator did by day. */
export function activityRoutes(deps: ActivityRoutesDeps): readonly Route[] {
	return [ownRoute(deps), liveRoute(deps), ...reportRoutes(deps)];
}

function ownRoute({ operators, presenter }: ActivityRoutesDeps): Route {
	return defineRoute({
		...{ method: 'get', path: '/api/v1/me/activity', permission: 'signedIn', tag },
		summary: 'What the login’s own operator did, newest first, and their days of the last month',
		query: z.strictObject(pageQuery),
		answer: pageOf(doneSchema).extend({
			days: z
				.array(counts.extend({ day: time }))
				.readonly()
				.openapi({ description: 'Those of the last 30 days, oldest first' }),
		}),
		handle({ query: { cursor, limit } }, c) {
			const operatorId = operatorOf(c);
			const page = operators.audit.ofOperator(operatorId, { limit, ...(cursor !== undefined && { cursor }) });
			const days = operators.activity.days(operatorId, OWN_DAYS);
			return {
				items: presenter.present(page.items),
				nextCursor: page.nextCursor,
				days: days.map(({ dayMs, ...day }) => ({ ...day, day: presenter.time(dayMs) })),
			};
		},
	});
}

const OWN_DAYS = 30;

function liveRoute({ operators, presenter }: ActivityRoutesDeps): Route {
	return defineRoute({
		...{ method: 'get', path: '/api/v1/activity/live', permission: 'activity:read', tag },
		summary: 'Who is signed in now, where they are in the console, and what they changed last',
		answer: listOf(liveSchema),
		handle: () => ({
			items: operators.activity.live().map(({ last, ...login }) => ({
				...presenter.present(login),
				last: last && presenter.present((({ position: _, operatorId: __, ...done }) => done)(last)),
			})),
		}),
	});
}

function reportRoutes({ operators, activityExports, presenter }: ActivityRoutesDeps): readonly Route[] {
	return [
		defineRoute({
			...{ method: 'get', path: '/api/v1/activity/export', permission: 'activity:read', tag },
			summary: 'The activity report as a file; who took it is journalled',
			query: z.strictObject({ ...filterQuery, ...languageQuery, format: z.enum(EXPORT_FORMATS).default('csv') }),
			answer: 'text/csv',
			answerHeaders: { 'Content-Disposition': 'The name of the file' },
			handle({ query: { lang, format, ...asked } }, c) {
				checkGuard('directory:export', c);
				const ask = { format, language: answerLanguage(c, lang), filter: filterOf(asked) };
				return answerFile(c, activityExports.report(ask, operatorOf(c)));
			},
		}),
		defineRoute({
			...{ method: 'get', path: '/api/v1/activity', permission: 'activity:read', tag },
			summary: 'What each operator did in a period, by name: sign-ins, active days, actions by module, last active',
			query: z.strictObject({ ...filterQuery, ...pageQuery }),
			answer: pageOf(reportSchema).extend({ from: z.string(), to: z.string() }),
			handle({ query: { cursor, limit, ...asked } }) {
				const report = operators.activity.report({
					...{ ...filterOf(asked), limit, ...(cursor !== undefined && { cursor }) },
				});
				return {
					...{ from: report.fromDay, to: report.toDay, nextCursor: report.nextCursor },
					items: report.items.map(({ lastActiveMs, ...row }) => ({
						...presenter.present(row),
						lastActive: lastActiveMs === null ? null : presenter.time(lastActiveMs),
					})),
				};
			},
		}),
	];
}
