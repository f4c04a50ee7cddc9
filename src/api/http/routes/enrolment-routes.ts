import { z } from '@hono/zod-openapi';
import { CREATED, created } from '../created.ts';
import { defineRoute, type Route } from '../define-route.ts';
import { type HttpContext, requireLogin } from '../login-context.ts';
import type { Presenter } from '../present.ts';
import { noSuch, problem } from '../problem.ts';
import { givenId, id, time } from '../scalar-schemas.ts';
import { type SeenEnrolmentsDeps, seenEnrolments } from '../seen-enrolments.ts';

export interface EnrolmentRoutesDeps extends SeenEnrolmentsDeps {
	readonly presenter: Presenter;
}

const enrolmentSchema = z
	.object({
		id,
		deviceId: id,
		operatorId: id,
		state: z.enum(['waiting', 'read', 'cancelled', 'timedOut', 'signedOut']),
		createdAt: time,
		expiresAt: time,
		tag: z
			.object({ value: z.string(), label: z.string().nullable() })
			.nullable()
			.openapi({ description: 'What was presented, nobody’s until now' }),
		passedOn: z
			.discriminatedUnion('because', [
				z.object({
					because: z.literal('known'),
					value: z.string(),
					holder: z.object({ id, name: z.string() }).nullable(),
				}),
				z.object({ because: z.literal('vehicle'), laneId: id }),
			])
			.nullable()
			.openapi({ description: 'The last read that was left to the lane: it is somebody’s, or a vehicle was there' }),
	})
	.openapi('Enrolment');

const params = z.object({ enrolmentId: givenId });

/** Presenting a tag at a reader to fill a credential. */
export function enrolmentRoutes({ presenter, ...deps }: EnrolmentRoutesDeps): readonly Route[] {
	const enrolmentsOf = (c: HttpContext) => seenEnrolments(deps, requireLogin(c).access);
	const common = { permission: { inParts: 'enrolments:write' }, tag: 'enrolments' } as const;
	const answer = enrolmentSchema;
	return [
		defineRoute({
			...{ ...common, method: 'get', path: '/api/v1/enrolments', summary: 'Readers that wait for a tag now' },
			answer: z.object({ items: z.array(enrolmentSchema).readonly() }),
			handle: (_request, c) => presenter.present({ items: enrolmentsOf(c).list() }),
		}),
		defineRoute({
			...{ ...common, method: 'post', path: '/api/v1/enrolments', answer, ...CREATED },
			summary:
				'Wait a minute at a reader for a tag that is nobody’s; what anybody else presents there is decided as ever',
			body: z.strictObject({ device: givenId }),
			problems: [404, 409, 503],
			handle: ({ body: { device: deviceId } }, c) => {
				const operatorId = requireLogin(c).operator.id;
				const opened = enrolmentsOf(c).open({ deviceId, operatorId, stands: loginStands(c) });
				switch (opened.result) {
					case 'opened':
						return created(
							c,
							{ path: `/api/v1/enrolments/${opened.enrolment.id}` },
							presenter.present(opened.enrolment),
						);
					case 'noReader':
						return noSuch('reader of tags', deviceId);
					case 'offline':
						return problem(c, {
							...{ status: 409, code: 'READER_OFFLINE' },
							detail: `The reader does not answer${opened.problem === null ? '' : ` (${opened.problem})`}; see /devices.`,
						});
					case 'busy':
						return problem(c, {
							...{ status: 409, code: 'READER_BUSY' },
							detail: 'Somebody else waits for a tag at this reader; try again in a minute or choose another.',
						});
				}
			},
		}),
		defineRoute({
			...{ ...common, method: 'get', path: '/api/v1/enrolments/{enrolmentId}', params, answer, problems: [404] },
			summary: 'What was presented, or whose it is already',
			handle: ({ params: { enrolmentId } }, c) =>
				presenter.present(enrolmentsOf(c).get(enrolmentId) ?? noSuch('enrolment', enrolmentId)),
		}),
		defineRoute({
			...{ ...common, method: 'post', path: '/api/v1/enrolments/{enrolmentId}/cancel', params, answer },
			...{ summary: 'Wait no longer', body: z.strictObject({}), problems: [404] },
			handle: ({ params: { enrolmentId } }, c) =>
				presenter.present(enrolmentsOf(c).cancel(enrolmentId) ?? noSuch('enrolment', enrolmentId)),
		}),
	];
}

/** Whether whoever asks is still signed in, when that is looked at later. */
export function loginStands(c: HttpContext): () => boolean {
	const again = c.get('loginAgain');
	return () => again() !== undefined;
}
