import { z } from '@hono/zod-openapi';
import type { ReviewRefusal } from '../../../gateway/services/field/review-queue.ts';
import { seenReviews } from '../../../gateway/services/field/seen-reviews.ts';
import { decisionSummarySchema } from '../decision-schemas.ts';
import { defineRoute, type Route } from '../define-route.ts';
import { type HttpContext, operatorOf, requireLogin } from '../login-context.ts';
import { requireSight } from '../personal-view-of.ts';
import { noSuch, problem } from '../problem.ts';
import { givenId, id, pageQuery, reasonSchema, time } from '../scalar-schemas.ts';
import { listOf, pageOf, plateHintSchema } from '../schemas.ts';
import type { FieldRoutesDeps } from './field-routes.ts';

const reviewItemSchema = z
	.object({
		id: id.openapi({ description: 'Of the decision' }),
		decision: decisionSummarySchema,
		why: reasonSchema.openapi({ description: 'What is in doubt; of a grant that tag and plate were two people’s' }),
		reads: z
			.array(
				z.object({
					kind: z.enum(['tag', 'plate', 'pin']),
					value: z.string(),
					country: z.string().optional(),
					confidence: z.number(),
					deviceId: z.string(),
					holderId: z.string().nullable().openapi({ description: 'Whose it is taken for' }),
					holderName: z.string().nullable(),
				}),
			)
			.readonly(),
		hints: z.array(plateHintSchema).readonly(),
	})
	.openapi('ReviewItem');

export function reviewRoutes(deps: FieldRoutesDeps): readonly Route[] {
	const { fieldWork, presenter, viewOf } = deps;
	const params = z.object({ decisionId: givenId });
	const queueOf = (c: HttpContext) => {
		const { access, operator } = requireLogin(c);
		return seenReviews(fieldWork.review(operator.id), { ...deps, viewAt: (place) => viewOf(c, place) }, access);
	};
	return [
		defineRoute({
			...{ method: 'get', path: '/api/v1/review-queue', permission: { inParts: 'review:read' }, tag: 'field work' },
			summary: 'Reads of the last days that were in doubt and that nobody looked at yet, newest first',
			query: z.strictObject(pageQuery),
			answer: pageOf(reviewItemSchema),
			async handle({ query: { cursor, limit } }, c) {
				const page = await queueOf(c).list({ limit, ...(cursor !== undefined && { cursor }) });
				const items = page.items.map((item) => ({ id: item.decision.id, ...item }));
				return presenter.present({ items, nextCursor: page.nextCursor });
			},
		}),
		defineRoute({
			...{
				method: 'get',
				path: '/api/v1/review-queue/cameras',
				permission: { inParts: 'review:read' },
				tag: 'field work',
			},
			summary: 'How many reads of each camera were looked at, and how many were of another plate than it said',
			answer: listOf(z.object({ deviceId: id, reviewed: z.int(), misread: z.int() })),
			handle: (_, c) => presenter.present({ items: queueOf(c).cameras() }),
		}),
		defineRoute({
			...{
				method: 'post',
				path: '/api/v1/review-queue/{decisionId}',
				permission: { inParts: 'review:write' },
				tag: 'field work',
			},
			summary: 'Say what the read was; no decision and no row of the directory changes',
			params,
			body: z.strictObject({
				verdict: z.enum(['confirmed', 'corrected', 'dismissed']),
				plate: z.string().min(1).max(64).optional().openapi({ description: 'A known plate; of a correction only' }),
			}),
			answer: reviewSchema,
			problems: [404, 409, 422],
			handle({ params: { decisionId }, body: { verdict, plate } }, c) {
				// Which plates are known could be found by trying.
				if (plate !== undefined && !requireLogin(c).access.mayInParts('personalData:read')) requireSight(viewOf(c));
				const operatorId = operatorOf(c);
				const said = { decisionId, verdict, operatorId, ...(plate !== undefined && { plate }) };
				const answer = queueOf(c).review(said);
				if (answer.result === 'refused') return reviewProblem(c, answer.because);
				return presenter.present(answer.review);
			},
		}),
		defineRoute({
			...{ method: 'post', path: '/api/v1/review-queue/{decisionId}/reopen', permission: { inParts: 'review:write' } },
			...{ tag: 'field work', params, body: z.strictObject({}), answer: z.object({ id }), problems: [404] },
			summary: 'Back into the queue',
			handle({ params: { decisionId } }, c) {
				const isOpen = queueOf(c).reopen(decisionId, operatorOf(c));
				return isOpen ? { id: decisionId } : noSuch('review', decisionId);
			},
		}),
	];
}

const reviewSchema = z
	.object({
		decisionId: id,
		verdict: z.enum(['confirmed', 'corrected', 'dismissed']),
		credentialId: z.string().nullable(),
		deviceId: z.string().nullable(),
		at: time,
		operatorId: id,
	})
	.openapi('ReadReview');

const REVIEW_PROBLEMS: Readonly<
	Record<ReviewRefusal, { readonly status: 404 | 409 | 422; readonly code: string; readonly detail: string }>
> = {
	notFound: { status: 404, code: 'NOT_FOUND', detail: 'There is no such read in the queue.' },
	reviewedBefore: {
		status: 409,
		code: 'REVIEWED_BEFORE',
		detail: 'Somebody said what it was already; reopen it first.',
	},
	noPlate: { status: 422, code: 'INVALID_REQUEST', detail: 'A correction names the plate that it was.' },
	unknownPlate: {
		status: 422,
		code: 'INVALID_REQUEST',
		detail: 'Nobody here has this plate; confirm or dismiss the read, or add the plate to a holder first.',
	},
};

function reviewProblem(c: HttpContext, because: ReviewRefusal): Response {
	return problem(c, REVIEW_PROBLEMS[because]);
}
