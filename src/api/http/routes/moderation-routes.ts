import { z } from '@hono/zod-openapi';
import { LIMITS } from '../../../gateway/core/limits.ts';
import type { Evidence } from '../../../gateway/services/evidence/evidence.ts';
import type { ModerationAnswer, ModerationRefusal } from '../../../gateway/services/evidence/moderation.ts';
import { seenModeration } from '../../../gateway/services/evidence/seen-moderation.ts';
import type { FieldWork } from '../../../gateway/services/field/field-work.ts';
import { defineRoute, type Route } from '../define-route.ts';
import { type HttpContext, operatorOf, requireLogin } from '../login-context.ts';
import type { PersonalViewOf } from '../personal-view-of.ts';
import type { Presenter } from '../present.ts';
import { noSuch, problem } from '../problem.ts';
import { moment, whySchema } from '../scalar-schemas.ts';
import { evidenceParams, evidenceSchema, evidenceTag, shownEvidence, viewAt } from './evidence-routes.ts';

export interface ModerationRoutesDeps {
	readonly evidence: Pick<Evidence, 'get'>;
	readonly fieldWork: Pick<FieldWork, 'moderation'>;
	readonly presenter: Presenter;
	readonly viewOf: PersonalViewOf;
}

const share = z.number().min(0).max(1);
const area = z
	.strictObject({ x: share, y: share, width: share, height: share })
	.openapi('ImageArea', { description: 'From the upper left corner; parts of width and height, 0 to 1' });

/** Blurring, deleting and holding evidence images. */
export function moderationRoutes(deps: ModerationRoutesDeps): readonly Route[] {
	const params = evidenceParams;
	const common = {
		permission: { inParts: 'evidence:moderate' },
		tag: evidenceTag,
		params,
		answer: evidenceSchema,
	} as const;
	const of = (c: HttpContext) => {
		const { access, operator } = requireLogin(c);
		return seenModeration(deps.fieldWork.moderation(operator.id), deps, access);
	};
	return [
		defineRoute({
			...{ ...common, method: 'post', path: '/api/v1/evidence/{imageId}/blur', problems: [404, 409, 422, 503] },
			summary: 'Make parts of it unreadable, or the whole; the bytes from before are gone for good',
			body: z.strictObject({
				areas: z
					.array(area)
					.min(1)
					.max(LIMITS.evidenceAreas)
					.optional()
					.openapi({ description: 'The whole picture when left out' }),
			}),
			async handle({ params: { imageId }, body: { areas } }, c) {
				return answered(deps, c, imageId, await of(c).blur(imageId, areas ?? null, operatorOf(c)));
			},
		}),
		defineRoute({
			...{ ...common, method: 'post', path: '/api/v1/evidence/{imageId}/hold', problems: [404, 409, 422, 429] },
			summary: 'Keep it as it is until a day; said again it changes the day',
			body: z.strictObject({
				until: moment.openapi({ description: 'When the hold ends by itself; a year ahead at most' }),
				reason: whySchema,
			}),
			handle({ params: { imageId }, body: { until, reason } }, c) {
				return answered(deps, c, imageId, of(c).hold(imageId, until, reason, operatorOf(c)));
			},
		}),
		defineRoute({
			...{ ...common, method: 'post', path: '/api/v1/evidence/{imageId}/release', problems: [404, 409] },
			summary: 'End a hold: it ends with its time again',
			body: z.strictObject({}),
			handle({ params: { imageId } }, c) {
				return answered(deps, c, imageId, of(c).release(imageId, operatorOf(c)));
			},
		}),
		defineRoute({
			...{ ...common, method: 'delete', path: '/api/v1/evidence/{imageId}', problems: [404, 409] },
			summary: 'Delete the picture for good; that it was there, who deleted it and why stays for its time',
			body: z.strictObject({ reason: whySchema }),
			async handle({ params: { imageId }, body: { reason } }, c) {
				return answered(deps, c, imageId, await of(c).delete(imageId, reason, operatorOf(c)));
			},
		}),
	];
}

const REFUSED: Readonly<
	Record<Exclude<ModerationRefusal, 'notFound'>, { readonly status: 409 | 422 | 429; readonly detail: string }>
> = {
	deletedBefore: { status: 409, detail: 'The picture was deleted before.' },
	held: { status: 409, detail: 'The picture is held as it is; release it first.' },
	notHeld: { status: 409, detail: 'The picture is not held.' },
	changedMeanwhile: { status: 409, detail: 'Somebody is changing this picture; look at it again.' },
	badDay: { status: 422, detail: 'A hold ends in the future, and within a year; it can be made again.' },
	tooManyHeld: { status: 429, detail: 'Too many pictures are held; release some first.' },
	notBlurred: { status: 409, detail: 'The picture can not be coded anew; delete it instead.' },
};

function answered(deps: ModerationRoutesDeps, c: HttpContext, id: string, answer: ModerationAnswer) {
	if (answer.result === 'refused') {
		if (answer.because === 'notFound') return noSuch('evidence image', id);
		const { because } = answer;
		return problem(c, { ...REFUSED[because], code: 'MODERATION_REFUSED', because });
	}
	const item = deps.evidence.get(id) ?? noSuch('evidence image', id);
	return shownEvidence(item, viewAt(deps.viewOf, c, item), deps.presenter);
}
