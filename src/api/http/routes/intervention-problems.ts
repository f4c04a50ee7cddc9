import type { EvidenceRefusal } from '../../../gateway/core/evidence.ts';
import { LIMITS } from '../../../gateway/core/limits.ts';
import type { PhotoAnswer } from '../../../gateway/services/maintenance/intervention-photos.ts';
import type { InterventionRefusal } from '../../../gateway/services/maintenance/interventions.ts';
import type { HttpContext } from '../login-context.ts';
import { problem } from '../problem.ts';

const SAYS: Readonly<Record<InterventionRefusal, readonly [404 | 409 | 412 | 422, string]>> = {
	notFound: [404, 'There is no such intervention; see GET /api/v1/interventions.'],
	changedMeanwhile: [412, 'It was changed since it was read. Read it again, and send the change with the new ETag.'],
	closed: [409, 'It is done or cancelled; open it again first, by its status.'],
	unknownTarget: [422, 'The site has no such device or lane; see GET /api/v1/devices and /api/v1/lanes.'],
	unknownPerson: [422, 'Work can not be given to one of these operators; see GET /api/v1/roster/people.'],
	badPlan: [422, 'The planned time ends before it begins, is longer than a month, or is more than five years away.'],
	sameStatus: [409, 'It has this status already.'],
	notFromHere: [409, 'It can not go there from its status; `next` of the intervention says where it can.'],
	noPlan: [409, 'Nothing is planned before it has a planned time; set `plan` first.'],
	tooMany: [409, 'There are as many of these as are kept.'],
	notIncluded: [409, 'The product licence does not include maintenance: nothing new is begun. Ask the vendor.'],
	noSuchPart: [404, 'This intervention has no such part or photo.'],
};

const CODES = { 404: 'NOT_FOUND', 409: 'INTERVENTION_REFUSED', 412: 'CHANGED', 422: 'INVALID_REQUEST' } as const;

/** Why nothing was changed. */
export function interventionRefused(c: HttpContext, because: InterventionRefusal): Response {
	const [status, detail] = SAYS[because];
	return problem(c, { status, code: CODES[status], because, detail });
}

const MEGABYTES = LIMITS.photoBytes / 1_048_576;

/** Why a photo is not kept. */
export function photoRefused(c: HttpContext, answer: Extract<PhotoAnswer, { readonly result: 'refused' }>): Response {
	return answer.because === 'picture' ? pictureRefused(c, answer.picture) : interventionRefused(c, answer.because);
}

/** Why a picture that somebody sent is not kept. */
export function pictureRefused(c: HttpContext, because: EvidenceRefusal): Response {
	switch (because) {
		case 'busy':
			return problem(c, {
				status: 429,
				code: 'TOO_MANY',
				detail: 'Other photos are on their way; try again.',
				retryAfterS: 2,
			});
		case 'noRoom':
		case 'disk':
			return problem(c, {
				status: 503,
				code: 'STORE_FULL',
				because,
				detail: 'There is no room for photos on this gateway.',
			});
		case 'tooLarge':
			return problem(c, {
				status: 413,
				code: 'INVALID_REQUEST',
				because,
				detail: `A photo has ${MEGABYTES} MB at most.`,
			});
		default: {
			const detail = 'This is no JPEG or PNG that can be read, or it has too many pixels; take it again with fewer.';
			return problem(c, { status: 422, code: 'INVALID_REQUEST', because, detail });
		}
	}
}
