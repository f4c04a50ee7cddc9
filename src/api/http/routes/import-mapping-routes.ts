import { z } from '@hono/zod-openapi';
import { GatewayError } from '../../../gateway/core/gateway-error.ts';
import { LIMITS } from '../../../gateway/core/limits.ts';
import { MAPPED_KINDS, type MappedKind } from '../../../gateway/services/imports/import-kinds.ts';
import type {
	ImportMapping,
	MappingAnswer,
	MappingRefusal,
} from '../../../gateway/services/imports/import-mappings.ts';
import type { Imports } from '../../../gateway/services/imports/imports.ts';
import { defineRoute, type Route } from '../define-route.ts';
import { type HttpContext, operatorOf, requireLogin } from '../login-context.ts';
import type { Presenter } from '../present.ts';
import { noSuch, problem } from '../problem.ts';
import { givenId, id, time } from '../scalar-schemas.ts';
import { listOf } from '../schemas.ts';
import { ifMatchHeader, versionOf, versionTag } from '../version-tag.ts';

export interface ImportMappingRoutesDeps {
	readonly imports: Pick<Imports, 'mappings'>;
	readonly presenter: Presenter;
}

const path = '/api/v1/import-mappings';
const onePath = `${path}/{mappingId}` as const;
const common = { permission: 'directory:import', tag: 'imports' } as const;
const params = z.object({ mappingId: givenId });

/** What is sent, and what a file that is taken along holds. */
export const mappingBody = z.object({
	kind: z.enum(MAPPED_KINDS),
	name: z.string().trim().min(1).max(100),
	columns: z
		.array(
			z.object({
				column: z.string().min(1).max(500).openapi({ description: 'Its heading, or its letter where it has none' }),
				field: z.string().max(64).nullable().openapi({ description: 'null: not used' }),
			}),
		)
		.min(1)
		.max(LIMITS.tableColumns)
		.readonly(),
	emptyCells: z.enum(['keep', 'clear']).default('keep'),
});

const mappingSchema = mappingBody
	.extend({
		...{ id, changedAt: time, version: z.int() },
		emptyCells: z.enum(['keep', 'clear']),
		operatorId: z.string().nullable().openapi({ description: 'Who changed it last; null: the command line' }),
	})
	.openapi('ImportMapping');

const etag = { ETag: 'Of the mapping: send it as If-Match with a change' };

/** Who may not let operators in says nothing of how their lists are read. Throws FORBIDDEN. */
export function requireMappedKind(c: HttpContext, kind: MappedKind): void {
	if (kind === 'operators' && !requireLogin(c).access.may('operators:write'))
		throw new GatewayError('FORBIDDEN', 'Mappings of lists of operators are for who may invite operators.');
}

/** Mappings of columns that have a name: exported by reading one, imported by sending it. */
export function importMappingRoutes(deps: ImportMappingRoutesDeps): readonly Route[] {
	return [...readRoutes(deps), ...writeRoutes(deps)];
}

function readRoutes({ imports: { mappings }, presenter }: ImportMappingRoutesDeps): readonly Route[] {
	return [
		defineRoute({
			...{ ...common, method: 'get', path },
			summary: 'Saved mappings of columns, by name',
			query: z.strictObject({ kind: z.enum(MAPPED_KINDS).optional() }),
			answer: listOf(mappingSchema),
			handle: ({ query: { kind } }) => ({ items: mappings.list(kind).map((one) => shown(one, presenter)) }),
		}),
		defineRoute({
			...{ ...common, method: 'get', path: onePath, params, answer: mappingSchema, answerHeaders: etag },
			summary: 'One saved mapping; what it answers can be sent to another gateway',
			problems: [404],
			handle({ params: { mappingId } }, c) {
				const mapping = mappings.get(mappingId) ?? noSuch('saved mapping', mappingId);
				c.header('ETag', versionTag(mapping.version));
				return shown(mapping, presenter);
			},
		}),
	];
}

function writeRoutes({ imports: { mappings }, presenter }: ImportMappingRoutesDeps): readonly Route[] {
	return [
		defineRoute({
			...{ ...common, method: 'post', path, body: mappingBody, answer: mappingSchema, status: 201 },
			summary: 'Save a mapping of columns under a name',
			answerHeaders: { ...etag, Location: 'Of the mapping' },
			problems: [403, 409, 422],
			handle({ body }, c) {
				requireMappedKind(c, body.kind);
				return answered(c, mappings.add(body, operatorOf(c)), presenter);
			},
		}),
		defineRoute({
			...{ ...common, method: 'put', path: onePath, params, body: mappingBody, answer: mappingSchema },
			...{ headers: ifMatchHeader, answerHeaders: etag, problems: [403, 404, 409, 412, 422] },
			summary: 'Change a saved mapping as a whole',
			handle({ params: { mappingId }, headers, body }, c) {
				const before = mappings.get(mappingId) ?? noSuch('saved mapping', mappingId);
				for (const { kind } of [before, body]) requireMappedKind(c, kind);
				return answered(c, mappings.update(mappingId, body, operatorOf(c), versionOf(headers['if-match'])), presenter);
			},
		}),
		defineRoute({
			...{ ...common, method: 'delete', path: onePath, params, answer: z.object({ id }), problems: [403, 404] },
			summary: 'Forget a saved mapping; what was imported with it stays',
			handle({ params: { mappingId } }, c) {
				requireMappedKind(c, (mappings.get(mappingId) ?? noSuch('saved mapping', mappingId)).kind);
				mappings.remove(mappingId, operatorOf(c));
				return { id: mappingId };
			},
		}),
	];
}

function answered(c: HttpContext, answer: MappingAnswer, presenter: Presenter): Response {
	if (answer.result === 'refused') {
		const { status, code, detail } = PROBLEMS[answer.because];
		return problem(c, { status, code, because: answer.because, detail: detail(answer.detail) });
	}
	const isNew = c.req.method === 'POST';
	c.header('ETag', versionTag(answer.mapping.version));
	if (isNew) c.header('Location', `${path}/${answer.mapping.id}`);
	return c.json(shown(answer.mapping, presenter), isNew ? 201 : 200);
}

interface Said {
	readonly status: 404 | 409 | 412 | 422;
	readonly code: string;
	readonly detail: (of: string) => string;
}

const PROBLEMS: Readonly<Record<MappingRefusal, Said>> = {
	notFound: { status: 404, code: 'NOT_FOUND', detail: () => 'There is no such saved mapping.' },
	changed: {
		...{ status: 412, code: 'CHANGED' },
		detail: () => 'It was changed since it was read. Read it again, and send the change with the new ETag.',
	},
	nameTaken: {
		status: 409,
		code: 'CONFLICT',
		detail: (of) => `Another saved mapping is called ${JSON.stringify(of)}.`,
	},
	tooMany: { status: 409, code: 'CONFLICT', detail: (of) => `There are ${of} saved mappings; remove one first.` },
	noColumns: {
		...{ status: 422, code: 'INVALID_REQUEST' },
		detail: () => 'None of the columns has a field, or they are more than a table has.',
	},
	unknownField: {
		...{ status: 422, code: 'INVALID_REQUEST' },
		detail: (of) => `Lists of this kind have no field ${JSON.stringify(of)}.`,
	},
	twice: { status: 422, code: 'INVALID_REQUEST', detail: (of) => `${JSON.stringify(of)} stands in it twice.` },
};

function shown({ changedAtMs, ...mapping }: ImportMapping, presenter: Presenter) {
	return { ...mapping, changedAt: presenter.time(changedAtMs) };
}
