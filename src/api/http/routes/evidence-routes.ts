import { z } from '@hono/zod-openapi';
import type { Evidence, EvidenceFile, EvidenceItem } from '../../../gateway/services/evidence/evidence.ts';
import type { PersonalView } from '../../../gateway/services/privacy/personal-view.ts';
import { decisionSummarySchema } from '../decision-schemas.ts';
import { defineRoute, type Route } from '../define-route.ts';
import { type HttpContext, operatorOf, requireLogin } from '../login-context.ts';
import { type PersonalViewOf, requirePictureSight } from '../personal-view-of.ts';
import type { Presenter } from '../present.ts';
import { noSuch, problem } from '../problem.ts';
import { ASKED_EACH_TIME, SANDBOXED } from '../request-context.ts';
import { givenId, id, pageQuery, time } from '../scalar-schemas.ts';
import { pageOf } from '../schemas.ts';
import { laneAt, type Sight, seesReads } from '../seen-in-parts.ts';

export interface EvidenceRoutesDeps {
	readonly evidence: Evidence;
	readonly presenter: Presenter;
	readonly viewOf: PersonalViewOf;
	readonly sight: Pick<Sight, 'lanes'>;
}

export const evidenceSchema = z
	.object({
		id: id.openapi({ description: 'SHA-256 of the picture as it came, hex', example: '9f86d081…' }),
		state: z.enum(['kept', 'held', 'blurred', 'deleted']).openapi({ description: 'held: neither changed nor ended' }),
		sha256: z.string().nullable().openapi({ description: 'Of the bytes that are kept now; null: deleted' }),
		contentType: z.enum(['image/jpeg', 'image/png']),
		widthPx: z.int(),
		heightPx: z.int(),
		bytes: z.int(),
		stored: time,
		blurred: z.object({ at: time, by: id }).nullable(),
		held: z.object({ until: time, by: id.nullable(), reason: z.string().nullable() }).nullable(),
		deleted: z.object({ at: time, by: id.nullable(), reason: z.string().nullable() }).nullable(),
		reads: z
			.array(
				z.object({
					observationId: id,
					role: z.enum(['plate', 'scene', 'still']),
					deviceId: id,
					at: time,
					laneId: z.string().nullable().openapi({ description: 'null: no lane looked at the read' }),
					decision: decisionSummarySchema.nullable().openapi({ description: 'null: none, or erased' }),
				}),
			)
			.readonly()
			.openapi({ description: 'Reads it came with, the earliest first' }),
	})
	.openapi('Evidence');

export const evidenceParams = z.object({ imageId: z.string().regex(/^[0-9a-f]{64}$/) });
export const evidenceTag = 'evidence';

/** Pictures of vehicles, as far as they are kept; what people do with them stands in moderation-routes.ts. */
export function evidenceRoutes(deps: EvidenceRoutesDeps): readonly Route[] {
	return [listRoute(deps), itemRoute(deps), fileRoute(deps, 'image'), fileRoute(deps, 'thumbnail')];
}

function listRoute({ evidence, presenter, viewOf, sight }: EvidenceRoutesDeps): Route {
	return defineRoute({
		...{ method: 'get', path: '/api/v1/evidence', permission: SEEN, tag: evidenceTag },
		summary: 'Evidence images, newest first, without those that were deleted unless asked for',
		query: z.strictObject({
			lane: givenId.optional(),
			device: givenId.optional(),
			decision: givenId.optional().openapi({ description: 'Of one decision; of a passage by its decisionId' }),
			observation: givenId.optional(),
			outcome: z.enum(['granted', 'refused', 'none']).optional().openapi({ description: 'none: no decision' }),
			state: z.enum(['kept', 'held', 'blurred', 'deleted']).default('kept'),
			...pageQuery,
		}),
		answer: pageOf(evidenceSchema),
		handle({ query: { lane, device, decision, observation, outcome, state, cursor, limit } }, c) {
			const onlyLaneIds = sight.lanes(requireLogin(c).access, 'evidence:read');
			const { items, nextCursor } = evidence.list({
				...{ state, limit },
				...(onlyLaneIds !== undefined && { onlyLaneIds }),
				...(lane !== undefined && { laneId: lane }),
				...(device !== undefined && { deviceId: device }),
				...(decision !== undefined && { decisionId: decision }),
				...(observation !== undefined && { observationId: observation }),
				...(outcome !== undefined && { outcome }),
				...(cursor !== undefined && { cursor }),
			});
			return { items: items.map((item) => shownEvidence(item, viewAt(viewOf, c, item), presenter)), nextCursor };
		},
	});
}

function itemRoute({ evidence, presenter, viewOf }: EvidenceRoutesDeps): Route {
	return defineRoute({
		...{ method: 'get', path: '/api/v1/evidence/{imageId}', permission: SEEN, tag: evidenceTag },
		summary: 'What is known of one evidence image, also of one that was deleted',
		params: evidenceParams,
		answer: evidenceSchema,
		problems: [404],
		handle({ params: { imageId } }, c) {
			const item = itemSeen(evidence, c, imageId);
			return shownEvidence(item, viewAt(viewOf, c, item), presenter);
		},
	});
}

function fileRoute({ evidence, viewOf }: EvidenceRoutesDeps, form: 'image' | 'thumbnail'): Route {
	const summary = {
		image: 'The picture; that somebody looked at it is written down, once an hour',
		thumbnail: 'A small JPEG of it',
	};
	return defineRoute({
		...{ method: 'get', path: `/api/v1/evidence/{imageId}/${form}`, permission: SEEN, tag: evidenceTag },
		summary: summary[form],
		params: evidenceParams,
		answer: 'image/jpeg',
		problems: [404, 410, 503],
		etag: true,
		async handle({ params }, c) {
			const item = itemSeen(evidence, c, params.imageId);
			requirePictureSight(viewAt(viewOf, c, item));
			const file =
				form === 'image'
					? await evidence.image(params.imageId, operatorOf(c))
					: await evidence.thumbnail(params.imageId);
			if (file !== undefined) return answerPicture(c, file);
			const detail = 'The picture was deleted; what is known of it is still told.';
			return problem(c, { status: 410, code: 'EVIDENCE_DELETED', detail });
		},
	});
}

/** Who may see a picture sees all lanes that it was read at; one that they may not see is to them what is not there. */
const SEEN = { inParts: 'evidence:read' } as const;

function itemSeen(evidence: Pick<Evidence, 'get'>, c: HttpContext, imageId: string): EvidenceItem {
	const item = evidence.get(imageId);
	const { access } = requireLogin(c);
	return item && seesReads(access, 'evidence:read', item.reads) ? item : noSuch('evidence image', imageId);
}

/** Plates and people unmasked where that is theirs to see at all lanes of the picture. */
export function viewAt(viewOf: PersonalViewOf, c: HttpContext, { reads }: EvidenceItem): PersonalView {
	const views = reads.map(({ laneId }) => viewOf(c, laneId === null ? undefined : laneAt(laneId)));
	return views.find(({ seesAll }) => !seesAll) ?? views[0] ?? viewOf(c);
}

/** Whatever the bytes are taken for, nothing in them runs and no other site shows them. */
export function answerPicture(c: HttpContext, { bytes, contentType, version }: EvidenceFile): Response {
	return c.body(bytes, 200, {
		'Content-Type': contentType,
		'Content-Disposition': 'inline',
		'Content-Security-Policy': SANDBOXED,
		'X-Content-Type-Options': 'nosniff',
		'Cache-Control': ASKED_EACH_TIME,
		ETag: `"${version}"`,
	});
}

/** As a reader may see it. */
export function shownEvidence({ image, isHeld, reads }: EvidenceItem, view: PersonalView, presenter: Presenter) {
	const { id: evidenceId, sha256, contentType, widthPx, heightPx, bytes, storedAtMs } = image;
	const { blurredAtMs, blurredBy, heldUntilMs, heldBy, heldReason, deletedAtMs, deletedBy, deletedReason } = image;
	const at = presenter.time;
	const words = (text: string | null) => (text === null ? null : view.text(text));
	return {
		...{ id: evidenceId, sha256, contentType, widthPx, heightPx, bytes },
		state: stateOf({ image, isHeld }),
		stored: at(storedAtMs),
		blurred: blurredAtMs === null ? null : { at: at(blurredAtMs), by: blurredBy ?? '' },
		held: isHeld ? { until: at(heldUntilMs ?? 0), by: heldBy, reason: words(heldReason) } : null,
		deleted: deletedAtMs === null ? null : { at: at(deletedAtMs), by: deletedBy, reason: words(deletedReason) },
		reads: reads.map(({ decision, ...read }) =>
			presenter.present({ ...read, decision: decision && view.summary(decision) }),
		),
	};
}

export function stateOf({
	image,
	isHeld,
}: Pick<EvidenceItem, 'image' | 'isHeld'>): 'kept' | 'held' | 'blurred' | 'deleted' {
	if (image.sha256 === null) return 'deleted';
	if (isHeld) return 'held';
	return image.blurredAtMs === null ? 'kept' : 'blurred';
}
