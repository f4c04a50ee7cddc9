import { z } from '@hono/zod-openapi';
import { GatewayError } from '../../../gateway/core/gateway-error.ts';
import type { DocumentRefusal } from '../../../gateway/core/licence/judge-document.ts';
import { LIMITS } from '../../../gateway/core/limits.ts';
import type { LicenceOverview } from '../../../gateway/services/licensing/licence-overview.ts';
import type { CameraLicence, Installed, ParkState } from '../../../gateway/services/licensing/licence-standing.ts';
import type { Licensing } from '../../../gateway/services/licensing/licensing.ts';
import { defineRoute, type Route } from '../define-route.ts';
import { type Idempotency, idempotencyHeaders } from '../idempotency.ts';
import { type HttpContext, requireLogin } from '../login-context.ts';
import type { Presenter } from '../present.ts';
import { noSuch, problem } from '../problem.ts';
import { givenId, id, time } from '../scalar-schemas.ts';
import { type LicenceGrantRoutesDeps, licenceGrantRoutes } from './licence-grant-routes.ts';
import { type LicenceRecordRoutesDeps, licenceRecordRoutes } from './licence-record-routes.ts';

export interface LicenceRoutesDeps extends LicenceGrantRoutesDeps, LicenceRecordRoutesDeps {
	readonly licensing: Pick<
		Licensing,
		'cameras' | 'parks' | 'managesParks' | 'standing' | 'setCamera' | 'installLicence' | 'installStatement' | 'history'
	>;
	readonly licenceOverview: { overview(): LicenceOverview; request(): Promise<string> };
	readonly presenter: Presenter;
	readonly idempotency: Idempotency;
}

const contact = z.object({
	name: z.string(),
	email: z.string().optional(),
	phone: z.string().optional(),
	url: z.string().optional(),
});
const pool = z.object({ used: z.int(), available: z.int() });
const stops = z.enum(['activations', 'statistics', 'visitors', 'cameras', 'entries']);

const overviewSchema = z
	.object({
		phase: z.enum(['commissioning', 'valid', 'grace', 'ended']),
		phaseEndsAt: time.nullable().openapi({ description: 'null: it does not end' }),
		stopped: z.array(stops).readonly().openapi({ description: 'What has stopped for want of a licence' }),
		next: z.object({ stops, at: time }).nullable().openapi({ description: 'What stops next if nothing is done' }),
		problem: z.string().nullable().openapi({ description: 'Why the installed licence does not count' }),
		clockBehindS: z.int().nullable().openapi({ description: 'The clock was set back by over a day' }),
		refused: z
			.array(z.object({ id, refusal: z.string(), detail: z.string(), at: time }))
			.readonly()
			.openapi({ description: 'Documents that central sent and that do not count' }),
		operators: pool,
		cameras: pool,
		licence: z
			.object({
				serial: z.string(),
				instance: z.string(),
				variant: z.string(),
				capabilities: z.array(z.string()).readonly(),
				seats: z.record(z.string(), z.int()),
				customer: z.object({ id, name: z.string(), contact: contact.optional() }),
				vendor: contact,
				support: contact.optional(),
				issuedAt: time,
				validFrom: time,
				validTo: time,
			})
			.nullable(),
		gateway: z.object({
			site: z.string(),
			version: z.string(),
			addresses: z.array(z.string()).readonly(),
			key: z.string().openapi({ description: 'RFC 7638 thumbprint of the gateway’s own key' }),
		}),
	})
	.openapi('LicenceOverview');

const cameraSchema = z.object({ cameraId: id, active: z.boolean(), since: time.nullable() }).openapi('CameraLicence');
const parkSchema = z
	.object({
		parkId: id,
		name: z.string(),
		active: z.boolean(),
		statement: z
			.object({ serial: z.string(), issuedAt: time, reason: z.string().optional(), support: contact.optional() })
			.nullable()
			.openapi({ description: 'Support’s latest word on it: nothing else makes a park active or inactive' }),
	})
	.openapi('ParkLicence');
const installedSchema = z.object({ result: z.enum(['installed', 'same']), serial: z.string() });
const documentBody = z.strictObject({
	document: z
		.string()
		.min(1)
		.max(4 * LIMITS.licenceDocumentBytes)
		.openapi({ description: 'The signed file as it came: a JWS in compact form' }),
});

/** The product licence, park statements, licensed cameras and operators. */
export function licenceRoutes(deps: LicenceRoutesDeps): readonly Route[] {
	return [
		...overviewRoutes(deps),
		...documentRoutes(deps),
		...equipmentRoutes(deps),
		...licenceGrantRoutes(deps),
		...licenceRecordRoutes(deps),
	];
}

function overviewRoutes({ licenceOverview, presenter }: LicenceRoutesDeps): readonly Route[] {
	return [
		defineRoute({
			method: 'get',
			path: '/api/v1/licences/overview',
			permission: 'licences:read',
			tag: 'licences',
			summary: 'What this gateway is licensed for, until when, and how much of it is used',
			answer: overviewSchema,
			handle: () => shownOverview(licenceOverview.overview(), presenter),
		}),
		defineRoute({
			method: 'get',
			path: '/api/v1/licences/request',
			permission: 'licences:read',
			tag: 'licences',
			summary: 'The file to send to the vendor: who asks, signed by the gateway’s own key',
			answer: 'application/jose',
			handle: async (_, c) =>
				c.body(await licenceOverview.request(), 200, {
					'Content-Type': 'application/jose',
					'Content-Disposition': 'attachment; filename="parkgate-licence-request.jws"',
				}),
		}),
	];
}

function documentRoutes({ licensing, idempotency }: LicenceRoutesDeps): readonly Route[] {
	const route = (
		path: '/api/v1/licences/product' | '/api/v1/licences/park-statements',
		summary: string,
		install: (text: string, operatorId: string) => Promise<Installed<{ readonly jti: string }>>,
	) =>
		defineRoute({
			method: 'post',
			path,
			permission: 'licences:write',
			tag: 'licences',
			summary,
			headers: idempotencyHeaders,
			body: documentBody,
			answer: installedSchema,
			problems: [404, 422, 503],
			handle: ({ headers, body }, c) =>
				idempotency.run(c, { key: headers['idempotency-key'], body }, async () => {
					const installed = await install(body.document, requireLogin(c).operator.id);
					if ('refusal' in installed) return refusedDocument(c, installed.refusal, installed.detail);
					return c.json({ result: installed.result, serial: installed.claims.jti });
				}),
		});
	return [
		route('/api/v1/licences/product', 'Install a product licence; a refused one changes nothing', (text, by) =>
			licensing.installLicence(text, by),
		),
		route('/api/v1/licences/park-statements', 'Support’s signed word that a park is active or not', (text, by) => {
			requireParks(licensing);
			return licensing.installStatement(text, by);
		}),
	];
}

function equipmentRoutes({ licensing, presenter }: LicenceRoutesDeps): readonly Route[] {
	return [
		defineRoute({
			method: 'get',
			path: '/api/v1/licences/equipment',
			permission: 'licences:read',
			tag: 'licences',
			summary: 'Cameras, and whether their reads may decide',
			answer: z.object({ pool, items: z.array(cameraSchema).readonly() }),
			handle: () => ({
				pool: licensing.standing().pool,
				items: licensing.cameras().map((camera) => shownCamera(camera, presenter)),
			}),
		}),
		defineRoute({
			method: 'put',
			path: '/api/v1/licences/equipment/{cameraId}',
			permission: 'licences:write',
			tag: 'licences',
			summary: 'Give a camera a licence, or take it; acts on the next decision',
			params: z.object({ cameraId: givenId }),
			body: z.strictObject({ active: z.boolean() }),
			answer: cameraSchema,
			problems: [404, 409, 503],
			handle({ params, body }, c) {
				const changed = licensing.setCamera(params.cameraId, body.active, requireLogin(c).operator.id);
				if (changed.result === 'unknown') return noSuch('camera', params.cameraId);
				if (changed.result === 'full')
					return problem(c, {
						status: 409,
						code: 'CONFLICT',
						because: 'poolFull',
						detail: `${changed.used} of ${changed.available} camera licences are used; deactivate another camera or ask the vendor for more.`,
					});
				if (changed.result === 'stopped')
					return problem(c, {
						status: 409,
						code: 'CONFLICT',
						because: 'licenceEnded',
						detail: 'The product licence has run out: nothing is activated any more. Install a new one.',
					});
				return shownCamera(changed.camera, presenter);
			},
		}),
		defineRoute({
			method: 'get',
			path: '/api/v1/licences/parks',
			permission: 'licences:read',
			tag: 'licences',
			summary: 'Parks, and whether they are active',
			answer: z.object({ items: z.array(parkSchema).readonly() }),
			problems: [404],
			handle() {
				requireParks(licensing);
				return { items: licensing.parks().map((park) => shownPark(park, presenter)) };
			},
		}),
	];
}

/** As if there were none: parks are not managed without RFID (FEATURES I17). Throws NOT_FOUND. */
function requireParks(licensing: Pick<Licensing, 'managesParks'>): void {
	if (!licensing.managesParks()) throw new GatewayError('NOT_FOUND', 'There is nothing at this address.');
}

function refusedDocument(c: HttpContext, because: DocumentRefusal, detail: string): Response {
	return problem(c, { status: 422, code: 'INVALID_REQUEST', because, detail });
}

function shownOverview(overview: LicenceOverview, presenter: Presenter): z.input<typeof overviewSchema> {
	const { term, problem, clockBehindMs, refused, operators, cameras, licence, gateway } = overview;
	const at = (seconds: number) => presenter.time(seconds * 1_000);
	return {
		phase: term.phase,
		phaseEndsAt: term.endsAtMs === null ? null : presenter.time(term.endsAtMs),
		stopped: term.stopped,
		next: term.next === null ? null : { stops: term.next.stops, at: presenter.time(term.next.atMs) },
		problem,
		clockBehindS: clockBehindMs === null ? null : Math.round(clockBehindMs / 1_000),
		refused: refused.map(({ atMs, ...one }) => ({ ...one, at: presenter.time(atMs) })),
		...{ operators, cameras, gateway },
		licence:
			licence === null
				? null
				: {
						...{ serial: licence.jti, instance: licence.instance, variant: licence.variant },
						...{ capabilities: licence.capabilities, seats: licence.seats, customer: licence.customer },
						...{ vendor: licence.vendor, ...(licence.support && { support: licence.support }) },
						...{ issuedAt: at(licence.iat), validFrom: at(licence.nbf), validTo: at(licence.exp) },
					},
	};
}

function shownCamera({ cameraId, active, sinceMs }: CameraLicence, presenter: Presenter) {
	return { cameraId, active, since: sinceMs === null ? null : presenter.time(sinceMs) };
}

function shownPark({ parkId, name, active, statement }: ParkState, presenter: Presenter) {
	return {
		...{ parkId, name, active },
		statement:
			statement === null
				? null
				: {
						...{ serial: statement.jti, issuedAt: presenter.time(statement.iat * 1_000) },
						...(statement.reason !== undefined && { reason: statement.reason }),
						...(statement.support && { support: statement.support }),
					},
	};
}
