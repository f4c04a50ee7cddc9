import { z } from '@hono/zod-openapi';
import type { ErasureAnswer, PersonalData, PersonalDataPart } from '../../../gateway/services/privacy/personal-data.ts';
import type { PersonalViews } from '../../../gateway/services/privacy/personal-views.ts';
import { answerFile } from '../answer-file.ts';
import { defineRoute, type Route } from '../define-route.ts';
import { type Idempotency, idempotencyHeaders } from '../idempotency.ts';
import { type HttpContext, requireLogin } from '../login-context.ts';
import type { Presenter } from '../present.ts';
import { problem } from '../problem.ts';
import { givenId, time, whySchema } from '../scalar-schemas.ts';
import { listOf } from '../schemas.ts';

export interface PrivacyRoutesDeps {
	readonly personalData: PersonalData;
	readonly personalViews: PersonalViews;
	readonly presenter: Presenter;
	readonly idempotency: Idempotency;
}

/** All that is kept of one person: how much it is, handing it over, ending it. */
export function privacyRoutes(deps: PrivacyRoutesDeps): readonly Route[] {
	return [extentRoute(deps), exportRoute(deps), eraseRoute(deps), erasuresRoute(deps)];
}

const params = z.object({ id: givenId });
const tag = 'privacy';

function extentRoute({ personalData, personalViews }: PrivacyRoutesDeps): Route {
	const count = z.int();
	return defineRoute({
		method: 'get',
		path: '/api/v1/holders/{id}/personal-data',
		permission: 'personalData:erase',
		tag,
		summary: 'How much is kept of one person, and would be erased; takes seconds on a large site',
		params,
		answer: z.object({
			credentials: count,
			rights: count,
			bookings: count,
			stays: count,
			images: count.openapi({ description: 'Evidence images of their vehicles' }),
			decisions: count,
			edits: count,
			others: count.openapi({ description: 'Passages, costs and whatever else was recorded of them' }),
			held: count.openapi({ description: 'Kept by an incident until its hold ends' }),
		}),
		problems: [404],
		handle: ({ params: { id: holderId } }, c) => {
			personalViews.viewed(requireLogin(c).operator.id, holderId, 'personalData');
			return personalData.extent(holderId);
		},
	});
}

function exportRoute({ personalData, presenter }: PrivacyRoutesDeps): Route {
	return defineRoute({
		method: 'get',
		path: '/api/v1/holders/{id}/personal-data/export',
		permission: 'personalData:export',
		tag,
		summary: 'Everything that is kept of one person, as one JSON document; written down with who asked',
		params,
		answer: 'application/json',
		problems: [404],
		handle: ({ params: { id: holderId } }, c) => {
			const parts = personalData.export(holderId, requireLogin(c).operator.id);
			const bytes = exportBytes(parts, presenter);
			return answerFile(c, { fileName: 'personal-data.json', mediaType: 'application/json', bytes });
		},
	});
}

/** Made as they are taken: one that breaks off, or that the gateway stops, ends its connection and looks like no whole file. */
async function* exportBytes(parts: AsyncIterable<PersonalDataPart>, presenter: Presenter) {
	const encoder = new TextEncoder();
	for await (const text of exportText(parts, presenter)) yield encoder.encode(text);
}

/** One JSON object with a list for each kind; written piece by piece. */
async function* exportText(parts: AsyncIterable<PersonalDataPart>, presenter: Presenter): AsyncGenerator<string> {
	let open: string | undefined;
	for await (const { part, rows } of parts) {
		const isNext = part === open;
		const start = isNext ? '' : `${open === undefined ? '{' : '],'}${JSON.stringify(part)}:[`;
		open = part;
		const texts = rows.map((row) => JSON.stringify(presenter.present(row)));
		yield `${start}${isNext && texts.length > 0 ? ',' : ''}${texts.join(',\n')}`;
	}
	yield open === undefined ? '{}' : ']}\n';
}

function eraseRoute({ personalData, idempotency }: PrivacyRoutesDeps): Route {
	return defineRoute({
		method: 'post',
		path: '/api/v1/holders/{id}/personal-data/erase',
		permission: 'personalData:erase',
		tag,
		summary: 'Erase one person for good: directory, log, stays; can not be undone',
		params,
		headers: idempotencyHeaders,
		body: z.strictObject({
			reason: whySchema.openapi({ description: 'Kept; must not name the person' }),
			confirm: z.literal('erase'),
		}),
		answer: z.object({ result: z.literal('begun'), erasureId: z.string() }),
		problems: [404, 409, 422, 503],
		handle: ({ params: { id: holderId }, headers, body }, c) =>
			idempotency.run(c, { key: headers['idempotency-key'], body }, () => {
				const answer = personalData.erase(holderId, { operatorId: requireLogin(c).operator.id, reason: body.reason });
				return Promise.resolve(answer.result === 'begun' ? c.json(answer) : refusal(c, answer));
			}),
	});
}

const REFUSED = {
	underWay: { status: 409, detail: 'A vehicle of this person is at a barrier; try again in a minute.' },
	namedInReason: { status: 422, detail: 'The reason is kept and names the person; write it without name and plate.' },
	inUse: { status: 409, detail: 'Other rows of the directory need this person; see errors.' },
} as const;

function refusal(c: HttpContext, answer: ErasureAnswer & { readonly result: 'refused' }): Response {
	const { because } = answer;
	const errors =
		because === 'inUse'
			? answer.problems.map(({ table, key, problem: what }) => ({
					...{ path: `${table}/${key ?? ''}`, problem: what, mend: 'Change or delete that row first.' },
				}))
			: undefined;
	return problem(c, { ...REFUSED[because], code: 'ERASURE_REFUSED', because, ...(errors && { errors }) });
}

function erasuresRoute({ personalData, presenter }: PrivacyRoutesDeps): Route {
	return defineRoute({
		method: 'get',
		path: '/api/v1/erasures',
		permission: 'personalData:erase',
		tag,
		summary: 'Persons that were erased, and how far it is; not who they were',
		answer: listOf(
			z.object({
				id: z.string(),
				requestedAt: time,
				operatorId: z.string(),
				state: z.enum(['waiting', 'done']).openapi({
					description: 'waiting: under way, or for central to take what it has not, or for a hold to end',
				}),
				doneAt: time.nullable(),
				erased: z.int().openapi({ description: 'Journal rows erased so far' }),
			}),
		),
		handle: () => ({
			items: personalData.erasures().map(({ requestedAtMs, doneAtMs, ...erasure }) => ({
				...erasure,
				requestedAt: presenter.time(requestedAtMs),
				doneAt: doneAtMs === null ? null : presenter.time(doneAtMs),
			})),
		}),
	});
}
