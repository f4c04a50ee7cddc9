import { z } from '@hono/zod-openapi';
import type { BundleApplication } from '../../../gateway/services/directory/apply-bundle.ts';
import { defineRoute, type Route } from '../define-route.ts';
import { collectionOf } from '../directory-faces.ts';
import { type Idempotency, idempotencyHeaders } from '../idempotency.ts';
import { operatorOf } from '../login-context.ts';
import type { PersonalViewOf } from '../personal-view-of.ts';
import { problem } from '../problem.ts';
import { givenId } from '../scalar-schemas.ts';

export interface BundleRoutesDeps {
	readonly bundleApplication: BundleApplication;
	readonly viewOf: PersonalViewOf;
	readonly idempotency: Idempotency;
}

const params = z.object({ id: givenId });
const path = '/api/v1/bundles/{id}/apply';
const ids = z.array(z.string()).readonly();

/** A bundle that was changed and is to reach back to who has it already. */
export function bundleRoutes(deps: BundleRoutesDeps): readonly Route[] {
	return [previewRoute(deps), applyRoute(deps)];
}

function previewRoute({ bundleApplication, viewOf }: BundleRoutesDeps): Route {
	return defineRoute({
		method: 'get',
		path,
		permission: 'assignedRights:write',
		tag: 'bundles',
		summary: 'Who would gain and lose what if the bundle, as it is now, reached back',
		params,
		answer: z
			.object({
				holders: z.int().openapi({ description: 'Who gain or lose something' }),
				gains: z.int(),
				loses: z.int(),
				changes: z
					.array(
						z.object({
							holderId: z.string(),
							holderName: z.string(),
							gains: ids.openapi({ description: 'Ids of /api/v1/right-specifications' }),
							loses: ids,
						}),
					)
					.readonly()
					.openapi({ description: 'The first of them' }),
			})
			.openapi('BundlePreview'),
		problems: [404],
		async handle({ params: { id } }, c) {
			const { changes, ...counts } = await bundleApplication.preview(id);
			const { text } = viewOf(c);
			return { ...counts, changes: changes.map((one) => ({ ...one, holderName: text(one.holderName) })) };
		},
	});
}

function applyRoute({ bundleApplication, idempotency }: BundleRoutesDeps): Route {
	return defineRoute({
		method: 'post',
		path,
		permission: 'assignedRights:write',
		tag: 'bundles',
		summary: 'Let it reach back; in batches, so that lanes decide in between',
		params,
		headers: idempotencyHeaders,
		body: z.strictObject({}),
		answer: z
			.object({
				holders: z.int(),
				batchIds: ids.openapi({ description: 'For POST /api/v1/edits/{batchId}/undo, the last first' }),
			})
			.openapi('AppliedBundle'),
		problems: [404, 409, 503],
		handle: ({ params: { id }, headers, body }, c) =>
			idempotency.run(c, { key: headers['idempotency-key'], body }, async () => {
				const answer = await bundleApplication.apply(id, { operatorId: operatorOf(c) });
				if (answer.result === 'done') return c.json({ holders: answer.holders, batchIds: answer.batchIds });
				const errors = answer.problems.slice(0, 20).map(({ table, key, code, problem: words }) => ({
					...{ path: 'path.id', code, problem: `${collectionOf(table)}/${key ?? ''}: ${words}` },
					mend: 'Change that row, then send this again: it goes on where it stopped.',
				}));
				const detail = `It stopped before all had it. ${errors[0]?.problem ?? ''}. ${errors[0]?.mend ?? ''}`;
				return problem(c, { status: 409, code: 'CONFLICT', detail, errors });
			}),
	});
}
