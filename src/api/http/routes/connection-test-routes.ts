import { z } from '@hono/zod-openapi';
import { CONNECTION_STEPS, type ConnectionTester } from '../../../gateway/services/connection-test.ts';
import { defineRoute, type Route } from '../define-route.ts';
import { type Idempotency, idempotencyHeaders } from '../idempotency.ts';
import type { Presenter } from '../present.ts';
import { noSuch } from '../problem.ts';
import { time } from '../scalar-schemas.ts';

export interface ConnectionTestRoutesDeps {
	readonly connectionTest: ConnectionTester;
	readonly presenter: Presenter;
	readonly idempotency: Idempotency;
}

const stepSchema = z.object({
	step: z.enum(CONNECTION_STEPS),
	result: z
		.enum(['waiting', 'running', 'ok', 'failed', 'skipped'])
		.openapi({ description: 'skipped: not needed, or a step before it failed' }),
	durationMs: z.int().nullable(),
	text: z.string().nullable().openapi({ description: 'What was found; of a failed step also what to do' }),
});

const testSchema = z
	.object({
		at: time.openapi({ description: 'When it began' }),
		result: z.enum(['running', 'passed', 'failed']),
		steps: z.array(stepSchema).readonly().openapi({ description: 'All of them, in order' }),
	})
	.openapi('ConnectionTest');

const PATH = '/api/v1/sync/test';

/** The connection to central, tried step by step. */
export function connectionTestRoutes(deps: ConnectionTestRoutesDeps): readonly Route[] {
	const { connectionTest, presenter, idempotency } = deps;
	return [
		defineRoute({
			method: 'get',
			path: PATH,
			permission: 'sync:read',
			tag: 'sync',
			summary: 'The test of the connection to central that runs, or the last one since the start',
			answer: testSchema,
			problems: [404],
			handle: () => presenter.present(connectionTest.last() ?? noSuch('test', 'last')),
		}),
		defineRoute({
			method: 'post',
			path: PATH,
			permission: 'sync:test',
			tag: 'sync',
			summary: 'Try what a connection to central needs, step by step; answers when it is over, within a minute',
			headers: idempotencyHeaders,
			answer: testSchema,
			problems: [409, 422],
			handle: ({ headers }, c) =>
				idempotency.run(c, { key: headers['idempotency-key'], body: null }, async () =>
					c.json(presenter.present(await connectionTest.run())),
				),
		}),
	];
}
