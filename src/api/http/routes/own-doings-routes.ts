import { z } from '@hono/zod-openapi';
import { LIMITS } from '../../../gateway/core/limits.ts';
import type { OwnAccess } from '../../../gateway/services/own-access/own-access.ts';
import type { OwnBookingAnswer, OwnBookingRefusal } from '../../../gateway/services/own-access/own-bookings.ts';
import type { OwnVisitAnswer, OwnVisitRefusal } from '../../../gateway/services/own-access/own-visits.ts';
import { defineRoute, type Route } from '../define-route.ts';
import { type Idempotency, idempotencyHeaders } from '../idempotency.ts';
import type { HttpContext } from '../login-context.ts';
import { ownBookingSchema, ownVisitSchema } from '../own-access-schemas.ts';
import { ownAccessCommon, ownAccessPath, ownPerson } from '../own-person.ts';
import type { Presenter } from '../present.ts';
import { noSuch, problem } from '../problem.ts';
import { givenId, moment } from '../scalar-schemas.ts';

export interface OwnDoingsDeps {
	readonly ownAccess: OwnAccess;
	readonly presenter: Presenter;
	readonly idempotency: Idempotency;
}

const changes = { ...ownAccessCommon, method: 'post', headers: idempotencyHeaders } as const;
const note = z.string().trim().max(500).nullable().default(null);

/** What one books and gives up oneself. */
export function ownBookingRoutes({ ownAccess, presenter, idempotency }: OwnDoingsDeps): readonly Route[] {
	const path = `${ownAccessPath}/bookings`;
	const settled = (c: HttpContext, answer: OwnBookingAnswer, status: 200 | 201) =>
		answer.result === 'done' ? c.json(presenter.present(answer.booking), status) : notBooked(c, answer);
	const answered = { answer: ownBookingSchema, problems: [403, 404, 409, 503] };
	return [
		defineRoute({
			...{ ...ownAccessCommon, method: 'get', path, problems: [409] },
			summary: 'One’s own bookings, and times for which one gave a place up; those to come first',
			answer: z.object({ items: z.array(ownBookingSchema).readonly() }),
			handle: (_request, c) =>
				ownPerson(c, ownAccess, (access) => c.json(presenter.present({ items: access.bookings() }))),
		}),
		defineRoute({
			...{ ...changes, path, ...answered, status: 201 },
			summary: 'Book a place, one space of one’s choice, or a vehicle that is shared with one',
			body: z.strictObject({
				...{ rightId: givenId.optional(), areaId: givenId.nullable().default(null), note },
				...{
					spaceId: givenId.nullable().default(null),
					vehicleId: givenId.nullable().default(null),
					start: moment,
					end: moment,
				},
			}),
			handle: ({ headers, body }, c) =>
				idempotency.run(c, { key: headers['idempotency-key'], body }, async () => {
					const { start: startMs, end: endMs, ...wish } = body;
					return ownPerson(c, ownAccess, (access) => settled(c, access.book({ ...wish, startMs, endMs }), 201));
				}),
		}),
		...moveRoutes({ ownAccess, presenter, idempotency }),
		defineRoute({
			...{ ...changes, path: `${ownAccessPath}/give-ups`, ...answered, status: 201 },
			summary: 'Give one’s kept place up for a time',
			body: z.strictObject({ rightId: givenId, start: moment, end: moment, note }),
			handle: ({ headers, body }, c) =>
				idempotency.run(c, { key: headers['idempotency-key'], body }, async () => {
					const { start: startMs, end: endMs, ...wish } = body;
					return ownPerson(c, ownAccess, (access) => settled(c, access.giveUp({ ...wish, startMs, endMs }), 201));
				}),
		}),
		defineRoute({
			...{ ...changes, path: `${path}/{bookingId}/release`, ...answered },
			summary: 'Release a booking; of a place that was given up: take it back',
			params: z.object({ bookingId: givenId }),
			body: z.strictObject({}),
			handle: ({ params: { bookingId }, headers, body }, c) =>
				idempotency.run(c, { key: headers['idempotency-key'], body }, async () =>
					ownPerson(c, ownAccess, (access) => settled(c, access.release(bookingId), 200)),
				),
		}),
	];
}

/** Other times, another space or vehicle, and which spaces there are. */
function moveRoutes({ ownAccess, presenter, idempotency }: OwnDoingsDeps): readonly Route[] {
	const space = z.object({ id: z.string(), name: z.string(), areaId: z.string() });
	return [
		defineRoute({
			...{
				...changes,
				path: `${ownAccessPath}/bookings/{bookingId}/move`,
				answer: ownBookingSchema,
				problems: [403, 404, 409, 503],
			},
			summary:
				'Move a booking to another time, space or vehicle; what is left out stays. Once used only its end can change',
			params: z.object({ bookingId: givenId }),
			body: z.strictObject({
				...{ start: moment.optional(), end: moment.optional(), vehicleId: givenId.nullable().optional() },
				...{ areaId: givenId.nullable().optional(), spaceId: givenId.nullable().optional() },
				note: note.removeDefault().optional(),
			}),
			handle: ({ params: { bookingId }, headers, body }, c) =>
				idempotency.run(c, { key: headers['idempotency-key'], body }, async () => {
					const { start: startMs, end: endMs, ...wish } = body;
					return ownPerson(c, ownAccess, (access) => {
						const answer = access.move(bookingId, { ...wish, startMs, endMs });
						return answer.result === 'done' ? c.json(presenter.present(answer.booking)) : notBooked(c, answer);
					});
				}),
		}),
		defineRoute({
			...{ ...ownAccessCommon, method: 'get', path: `${ownAccessPath}/spaces`, problems: [409] },
			summary: `Spaces one could book for this time, as it is now; at most ${LIMITS.spacesOffered}`,
			query: z.strictObject({
				...{ from: moment, to: moment, right: givenId.optional(), vehicle: givenId.optional() },
				booking: givenId.optional().openapi({ description: 'Of one that is moved: its own space is free for it' }),
			}),
			answer: z.object({ items: z.array(space).readonly() }),
			handle: ({ query: { from: startMs, to: endMs, right: rightId, vehicle = null, booking: bookingId } }, c) =>
				ownPerson(c, ownAccess, (access) =>
					c.json({ items: access.freeSpaces({ startMs, endMs, rightId, vehicleId: vehicle, bookingId }) }),
				),
		}),
	];
}

function notBooked(c: HttpContext, answer: OwnBookingRefusal): Response {
	switch (answer.result) {
		case 'notFound':
			return problem(c, {
				status: 404,
				code: 'NOT_FOUND',
				because: answer.what,
				detail: `You have no such ${answer.what}.`,
			});
		case 'notAllowed':
			return problem(c, {
				status: 403,
				code: 'FORBIDDEN',
				detail: 'Nobody books by themselves here; ask the reception.',
			});
		case 'tooMany':
			return problem(c, {
				status: 409,
				code: 'TOO_MANY_BOOKINGS',
				detail: 'You have as many bookings as one may; release one.',
			});
		case 'ended':
			return problem(c, {
				status: 409,
				code: 'BOOKING_ENDED',
				detail: 'This booking is over, was released, or nobody came in time; make a new one.',
			});
		case 'refused': {
			const errors = answer.problems.map(({ field, problem: words, detail }) => ({
				...{ path: `body.${field ?? ''}`, problem: words, mend: mendOf(detail?.['because']) },
				...(typeof detail?.['because'] === 'string' && { because: detail['because'] }),
			}));
			const detail = `Nothing was booked. ${errors.map(({ problem: words }) => words).join('; ')}.`;
			return problem(c, { status: 409, code: 'BOOKING_REFUSED', detail, errors });
		}
	}
}

const MENDS: Readonly<Record<string, string>> = {
	spaceBooked: 'Choose another space (GET me/access/spaces), or another time.',
	spaceKept: 'Choose another space (GET me/access/spaces), or another time.',
	vehicleBooked: 'Choose another vehicle, or another time.',
	rightBooked: 'Move or release the booking you have at this time.',
	alreadyUsed: 'Change its end only.',
	past: 'Choose a later time.',
	tooFarAhead: 'Choose an earlier time.',
	tooLong: 'Choose an earlier end.',
	chooseRight: 'Send rightId: one of GET me/access.',
	rightNotValid: 'Choose a time within the right; see GET me/access.',
	inactive: 'Ask the reception.',
	noRight: 'Ask the reception for a right to book by.',
	wrongArea: 'Choose an area that the right opens; see GET me/access.',
};

function mendOf(because: unknown): string {
	return MENDS[String(because)] ?? 'Choose another time or place.';
}

/** Guests whom one invited oneself. */
export function ownVisitRoutes({ ownAccess, presenter, idempotency }: OwnDoingsDeps): readonly Route[] {
	const path = `${ownAccessPath}/visits`;
	const settled = (c: HttpContext, answer: OwnVisitAnswer, status: 200 | 201) => {
		if (answer.result === 'done') return c.json({ result: 'done', visit: presenter.present(answer.visit) }, status);
		return answer.result === 'cancelled' ? c.json({ result: answer.result, visit: null }) : notInvited(c, answer);
	};
	const answered = {
		answer: z.object({ result: z.enum(['done', 'cancelled']), visit: ownVisitSchema.nullable() }),
		problems: [403, 404, 409, 422, 503],
	};
	return [
		defineRoute({
			...{ ...ownAccessCommon, method: 'get', path, problems: [409] },
			summary: 'Guests whom one invited oneself, the latest first',
			answer: z.object({ items: z.array(ownVisitSchema).readonly() }),
			handle: (_request, c) =>
				ownPerson(c, ownAccess, (access) => c.json(presenter.present({ items: access.visits() }))),
		}),
		defineRoute({
			...{ ...changes, path, ...answered, status: 201 },
			summary: 'Invite a guest, within what the site allows; a code is made by the gateway',
			body: z.strictObject({
				...{ name: z.string().trim().min(1).max(200), email: z.email().max(254).nullable().default(null) },
				language: z.enum(['en', 'fr', 'nl']).nullable().default(null),
				credential: z.discriminatedUnion('kind', [
					z.strictObject({ kind: z.literal('plate'), value: z.string().min(1).max(32) }),
					z.strictObject({ kind: z.literal('qr') }),
				]),
				...{ validFrom: moment, validTo: moment },
			}),
			handle: ({ headers, body }, c) =>
				idempotency.run(c, { key: headers['idempotency-key'], body }, async () => {
					const { validFrom: validFromMs, validTo: validToMs, ...wish } = body;
					return ownPerson(c, ownAccess, (access) =>
						settled(c, access.invite({ ...wish, validFromMs, validToMs }), 201),
					);
				}),
		}),
		defineRoute({
			...{ ...changes, path: `${path}/{visitId}/end`, ...answered },
			summary: 'End a visit one invited to; one that has not begun is deleted',
			params: z.object({ visitId: givenId }),
			body: z.strictObject({}),
			handle: ({ params: { visitId }, headers, body }, c) =>
				idempotency.run(c, { key: headers['idempotency-key'], body }, async () =>
					ownPerson(c, ownAccess, (access) => settled(c, access.endVisit(visitId), 200)),
				),
		}),
	];
}

function notInvited(c: HttpContext, answer: OwnVisitRefusal): Response {
	switch (answer.result) {
		case 'notFound':
			return noSuch('guest of yours', c.req.param('visitId') ?? '');
		case 'notAllowed':
			return problem(c, {
				status: 403,
				code: 'FORBIDDEN',
				detail: 'You may not invite guests here; ask the reception.',
			});
		case 'tooMany':
			return problem(c, {
				status: 409,
				code: 'TOO_MANY_GUESTS',
				detail: 'You have as many guests as one may; end a visit.',
			});
		case 'refused': {
			const errors = answer.problems.map(({ field, code }) => ({
				...{ path: `body.${field ?? ''}`, code, problem: PROBLEMS[code], mend: 'Send another.' },
			}));
			const detail = `Nobody was invited. ${errors.map(({ problem: words }) => words).join(' ')}`;
			return problem(c, { status: 422, code: 'VISIT_REFUSED', detail, errors });
		}
	}
}

const PROBLEMS = {
	tooLong: 'It lasts longer than a guest of yours may stay.',
	tooFarAhead: 'It begins further ahead than you may invite.',
	plateNotPossible: 'Nobody can be invited by this plate; ask the reception.',
	notPossible: 'This is not possible; ask the reception.',
	invalidPlate: 'This is no number plate.',
	endsBeforeStart: 'It ends before it begins.',
	endsInThePast: 'It ends in the past.',
	invalid: 'This can not be.',
} as const;
