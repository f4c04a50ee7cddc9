import { z } from '@hono/zod-openapi';
import { GatewayError } from '../../../gateway/core/gateway-error.ts';
import { LIMITS } from '../../../gateway/core/limits.ts';
import type { ScanAnswer } from '../../../gateway/services/field/scan.ts';
import { placeOfScanned, seenScan } from '../../../gateway/services/field/seen-scan.ts';
import type { PersonalView } from '../../../gateway/services/privacy/personal-view.ts';
import { decisionSummarySchema } from '../decision-schemas.ts';
import { defineRoute, type Route } from '../define-route.ts';
import { type HttpContext, operatorOf, requireLogin } from '../login-context.ts';
import { requireSight } from '../personal-view-of.ts';
import { noSuch } from '../problem.ts';
import { givenId, id, moment, reasonSchema, time } from '../scalar-schemas.ts';
import { parkingSessionSchema, plateHintSchema } from '../schemas.ts';
import type { FieldRoutesDeps } from './field-routes.ts';

const scanSchema = z
	.discriminatedUnion('result', [
		z.object({
			result: z.literal('known'),
			credential: z.object({
				id,
				kind: z.enum(['tag', 'plate', 'qr', 'pin']),
				label: z.string().nullable(),
				state: z.string(),
				validFrom: time.nullable(),
				validTo: time.nullable(),
			}),
			holder: z.object({ id, name: z.string(), kind: z.string(), status: z.string() }).nullable(),
			rights: z
				.array(
					z.object({
						id,
						name: z.string().nullable(),
						areaIds: z.array(z.string()).readonly(),
						time: z.enum(['now', 'notStarted', 'expired', 'suspended']),
						validFrom: time.nullable(),
						validTo: time.nullable(),
					}),
				)
				.readonly(),
			lanes: z
				.array(
					z.object({
						laneId: id,
						laneName: z.string(),
						direction: z.enum(['entry', 'exit']),
						outcome: z.enum(['granted', 'refused']),
						headline: reasonSchema.nullable(),
					}),
				)
				.readonly()
				.openapi({ description: 'What each lane would answer now' }),
			stays: z.array(parkingSessionSchema).readonly().openapi({ description: 'Where the vehicle is now' }),
			decisions: z.array(decisionSummarySchema).readonly(),
		}),
		z.object({
			result: z.literal('unknown'),
			read: z.object({ kind: z.enum(['tag', 'plate']), value: z.string() }).nullable(),
			hints: z.array(plateHintSchema).readonly(),
		}),
	])
	.openapi('Scan');

export function scanRoutes(deps: FieldRoutesDeps): readonly Route[] {
	const { fieldWork, personalViews, presenter, viewOf, rowLook } = deps;
	const scanOf = (c: HttpContext) => {
		const { access, operator } = requireLogin(c);
		return seenScan(fieldWork.scan(operator.id), { ...deps, viewAt: (place) => viewOf(c, place) }, access);
	};
	return [
		defineRoute({
			...{ method: 'get', path: '/api/v1/scan', permission: { inParts: 'scan:read' }, tag: 'field work' },
			summary: 'Whose a tag, plate or QR code is, what it opens now, and where the vehicle stands; opens nothing',
			query: z.strictObject({
				text: z.string().min(1).max(LIMITS.scanLength).optional(),
				credential: givenId.optional().openapi({ description: 'Instead of the text: one that is known' }),
			}),
			answer: scanSchema,
			problems: [404],
			async handle({ query: { text, credential } }, c) {
				const operatorId = operatorOf(c);
				const scan = scanOf(c);
				if ((text === undefined) === (credential === undefined)) {
					throw new GatewayError('INVALID_REQUEST', 'Send either `text` or `credential`.');
				}
				const answer =
					credential === undefined
						? await scan.look(text ?? '')
						: (scan.lookAt(credential) ?? noSuch('credential', credential));
				if (answer.result === 'known' && answer.holder !== null) {
					personalViews.viewed(operatorId, answer.holder.id, 'holder');
				}
				return presenter.present(shownScan(viewOf(c, placeOfScanned(answer, rowLook())), answer));
			},
		}),
		defineRoute({
			...{ method: 'get', path: '/api/v1/scan/presented', permission: { inParts: 'scan:read' }, tag: 'field work' },
			summary: 'What a reader or camera read last, within a minute: lanes get it all the same',
			query: z.strictObject({ device: givenId, after: moment.optional() }),
			answer: z.object({
				read: z
					.object({
						deviceId: id,
						kind: z.enum(['tag', 'plate']),
						value: z.string().openapi({ description: 'Of a QR code its name: what it says opens' }),
						credentialId: id.nullable().openapi({ description: 'Of a QR code that is known; for `scan?credential=`' }),
						at: time,
					})
					.nullable(),
			}),
			handle({ query: { device, after = 0 } }, c) {
				if (!requireLogin(c).access.mayInParts('personalData:read')) requireSight(viewOf(c));
				return presenter.present({ read: scanOf(c).lastAt(device, after) ?? null });
			},
		}),
	];
}

/** Values of credentials open barriers: only labels are shown. */
export function shownScan(view: PersonalView, answer: ScanAnswer) {
	if (answer.result === 'unknown') return answer;
	const { credential, holder, stays, decisions } = answer;
	const { value, label, kind, ...rest } = credential;
	const words = label ?? (kind === 'plate' || kind === 'tag' ? value : null);
	return {
		...answer,
		credential: { ...rest, kind, label: words === null ? null : view.text(words) },
		holder: holder && { ...holder, name: view.text(holder.name) },
		stays: stays.map(view.stay),
		decisions: decisions.map(view.summary),
	};
}
