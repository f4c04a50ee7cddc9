import { z } from '@hono/zod-openapi';
import { GatewayError } from '../../../gateway/core/gateway-error.ts';
import { areStrokes, SIGNATURE_BOX } from '../../../gateway/core/hand-over.ts';
import { LIMITS } from '../../../gateway/core/limits.ts';
import type { HandOver, HandOvers, SignAnswer } from '../../../gateway/services/hand-over/hand-overs.ts';
import { createListCursor } from '../../../gateway/services/list-cursor.ts';
import type { PersonalView } from '../../../gateway/services/privacy/personal-view.ts';
import { CREATED, created } from '../created.ts';
import { defineRoute, type Route } from '../define-route.ts';
import { answerLanguage, languageQuery } from '../language.ts';
import { type HttpContext, operatorOf } from '../login-context.ts';
import type { PersonalViewOf } from '../personal-view-of.ts';
import type { Presenter } from '../present.ts';
import { noSuch, problem } from '../problem.ts';
import { givenId, id, pageQuery, time } from '../scalar-schemas.ts';
import { pageOf } from '../schemas.ts';

export interface HandOverRoutesDeps {
	readonly handOvers: HandOvers;
	readonly presenter: Presenter;
	readonly viewOf: PersonalViewOf;
}

const kind = z.enum(['lane', 'device']);
const tag = 'hand-overs';
const path = '/api/v1/hand-overs';
const onePath = `${path}/{handOverId}` as const;
const params = z.object({ handOverId: givenId });
const sha256 = z.string().openapi({ description: 'SHA-256, hex', example: '9f86d081…' });

const side = (most: number) => z.int().min(0).max(most);
const strokesSchema = z
	.array(
		z
			.array(z.tuple([side(SIGNATURE_BOX.width), side(SIGNATURE_BOX.height), side(SIGNATURE_BOX.pressure)]))
			.min(1)
			.max(LIMITS.signaturePoints),
	)
	.max(LIMITS.signatureStrokes)
	.openapi({
		description: `Lines of points [x, y, pressure] in a box of ${SIGNATURE_BOX.width} × ${SIGNATURE_BOX.height}, the hardest pressure ${SIGNATURE_BOX.pressure}; at most ${LIMITS.signaturePoints} points in all. None: the typed name stands for the signature`,
	});

const handOverSchema = z
	.object({
		id,
		at: time,
		subject: z.object({ kind, id, name: z.string() }),
		facts: z.array(z.object({ name: z.string(), value: z.string() })).readonly(),
		checks: z.array(z.string()).readonly(),
		remarks: z.string(),
		operatorId: id.openapi({ description: 'Who wrote it' }),
		sha256: sha256.openapi({ description: 'Of the canonical JSON (RFC 8785) of what is signed' }),
		intact: z.boolean().openapi({ description: 'false: no longer what the journal says was written and signed' }),
		signatures: z
			.array(z.object({ name: z.string(), typed: z.boolean(), at: time, operatorId: id, sha256 }))
			.readonly(),
	})
	.openapi('HandOver');

/** Hand-over reports of lanes and devices: written, signed, printed. */
export function handOverRoutes(deps: HandOverRoutesDeps): readonly Route[] {
	return [...readRoutes(deps), ...writeRoutes(deps)];
}

const cursors = createListCursor('hand-overs');

function readRoutes({ handOvers, presenter, viewOf }: HandOverRoutesDeps): readonly Route[] {
	const common = { method: 'get', permission: 'handOvers:read', tag } as const;
	return [
		defineRoute({
			...{ ...common, path },
			summary: 'Hand-over reports, the newest first',
			query: z
				.strictObject({ kind: kind.optional(), subject: givenId.optional(), ...pageQuery })
				.refine((query) => (query.kind === undefined) === (query.subject === undefined), {
					error: 'Give `kind` and `subject` together, or none of them',
				}),
			answer: pageOf(handOverSchema),
			handle({ query: { kind: ofKind, subject, cursor, limit } }, c) {
				const place = cursor === undefined ? undefined : cursors.decode(cursor);
				const found = handOvers.page({
					...(ofKind !== undefined && subject !== undefined && { subject: { kind: ofKind, id: subject } }),
					...(place && { before: { atMs: place.position, id: place.id } }),
					limit: limit + 1,
				});
				const last = found.length > limit ? found[limit - 1] : undefined;
				return {
					items: found.slice(0, limit).map((one) => shownHandOver(one, viewOf(c), presenter)),
					nextCursor: last === undefined ? null : cursors.encode(last.content.atMs, last.content.id),
				};
			},
		}),
		defineRoute({
			...{ ...common, path: onePath, params, answer: handOverSchema, problems: [404] },
			summary: 'One report, and who signed it',
			handle({ params: { handOverId } }, c) {
				const found = handOvers.get(handOverId) ?? noSuch('hand-over', handOverId);
				return shownHandOver(found, viewOf(c), presenter);
			},
		}),
		defineRoute({
			...{ ...common, path: `${onePath}/pdf`, params, answer: 'application/pdf', problems: [404, 409, 429, 503] },
			summary: 'The same as a PDF file, with its signatures; the same bytes for the same report',
			query: z.strictObject({ ...languageQuery }),
			answerHeaders: { 'Content-Disposition': 'The name of the file' },
			async handle({ params: { handOverId }, query: { lang } }, c) {
				if (!viewOf(c).seesAll)
					throw new GatewayError('FORBIDDEN', 'Signatures are people’s: this needs personalData:read too.');
				const bytes = await handOvers.pdf(handOverId, answerLanguage(c, lang));
				c.header('Content-Disposition', `attachment; filename="hand-over-${fileName(handOverId)}.pdf"`);
				return c.body(bytes, 200, { 'Content-Type': 'application/pdf' });
			},
		}),
	];
}

function fileName(text: string): string {
	return text.replaceAll(/[^\w-]/g, '-');
}

function writeRoutes({ handOvers, presenter, viewOf }: HandOverRoutesDeps): readonly Route[] {
	return [
		defineRoute({
			...{ method: 'post', path, permission: 'handOvers:write', tag, ...CREATED, problems: [404, 409] },
			summary: 'Write a report of a lane or a device, with what the gateway knows of it now; it never changes after',
			body: z.strictObject({
				subject: z.strictObject({ kind, id: givenId }),
				checks: z
					.array(z.string().trim().min(1).max(LIMITS.handOverCheckLength))
					.max(LIMITS.handOverChecks)
					.default([]),
				remarks: z.string().trim().max(LIMITS.handOverRemarksLength).default(''),
			}),
			answer: handOverSchema,
			handle({ body }, c) {
				const made = handOvers.create(body, operatorOf(c)) ?? noSuch(body.subject.kind, body.subject.id);
				return created(c, { path: `${path}/${made.content.id}` }, shownHandOver(made, viewOf(c), presenter));
			},
		}),
		defineRoute({
			...{ method: 'post', path: `${onePath}/signatures`, permission: 'handOvers:sign', tag, params, status: 201 },
			summary: 'Sign a report, at a login with a licence of the kind Signature (403 without)',
			body: z.strictObject({
				name: z.string().trim().min(1).max(LIMITS.signerNameLength).openapi({ description: 'Of who signs' }),
				strokes: strokesSchema.default([]),
			}),
			answer: handOverSchema,
			problems: [404, 409, 422],
			handle({ params: { handOverId }, body }, c) {
				if (!areStrokes(body.strokes)) {
					const detail = `A signature has at most ${LIMITS.signaturePoints} points; thin its lines out.`;
					return problem(c, { status: 422, code: 'INVALID_REQUEST', detail });
				}
				const answer = handOvers.sign(handOverId, body, operatorOf(c));
				if (answer.result === 'refused') return refusal(c, handOverId, answer.because);
				return shownHandOver(answer.handOver, viewOf(c), presenter);
			},
		}),
		defineRoute({
			...{ method: 'delete', path: onePath, permission: 'handOvers:write', tag, params, problems: [404] },
			summary: 'Remove a report and its signatures; its hash stays in the journal',
			answer: z.object({ id }),
			handle: ({ params: { handOverId } }, c) =>
				handOvers.remove(handOverId, operatorOf(c)) ? { id: handOverId } : noSuch('hand-over', handOverId),
		}),
	];
}

function refusal(c: HttpContext, handOverId: string, because: (SignAnswer & { result: 'refused' })['because']) {
	switch (because) {
		case 'notFound':
			return noSuch('hand-over', handOverId);
		case 'full': {
			const detail = `${LIMITS.handOverSignatures} have signed it already.`;
			return problem(c, { status: 409, code: 'CONFLICT', because, detail });
		}
		case 'notIntact': {
			const detail = 'It is no longer what the journal says was written: the store was changed by hand.';
			return problem(c, { status: 409, code: 'CONFLICT', because, detail });
		}
	}
}

function shownHandOver(
	{ content, sha256: hash, signatures, isIntact }: HandOver,
	view: PersonalView,
	presenter: Presenter,
) {
	const { id: handOverId, subject, facts, checks, remarks, atMs, operatorId } = content;
	return {
		...{ id: handOverId, at: presenter.time(atMs), subject, facts, checks, remarks, operatorId },
		...{ sha256: hash, intact: isIntact },
		signatures: signatures.map((one) => ({
			...{ name: view.text(one.name), typed: one.strokes.length === 0, at: presenter.time(one.atMs) },
			...{ operatorId: one.operatorId, sha256: one.sha256 },
		})),
	};
}
