import { z } from '@hono/zod-openapi';
import { LIMITS } from '../../../gateway/core/limits.ts';
import { IMPORT_KINDS, importKind } from '../../../gateway/services/imports/import-kinds.ts';
import { optionsOf } from '../../../gateway/services/imports/import-mappings.ts';
import type { Import, ImportAnswer, ImportOptions, Imports } from '../../../gateway/services/imports/imports.ts';
import { CSV_DELIMITERS } from '../../../gateway/services/tables/csv-delimiter.ts';
import { TEXT_ENCODINGS } from '../../../gateway/services/tables/text-encoding.ts';
import { defineRoute, type Route } from '../define-route.ts';
import type { DirectoryAnswers } from '../directory-changes.ts';
import { collectionOf } from '../directory-faces.ts';
import { changedFields } from '../directory-rows.ts';
import { changeSchema, importSchema, type ShownImport, shownImport } from '../import-schemas.ts';
import { type HttpContext, requireLogin } from '../login-context.ts';
import type { PersonalViewOf } from '../personal-view-of.ts';
import type { Presenter } from '../present.ts';
import { InvalidRequest, noSuch, problem } from '../problem.ts';
import { givenId } from '../scalar-schemas.ts';
import { listOf } from '../schemas.ts';
import { takeUpload } from '../upload.ts';

export interface ImportRoutesDeps {
	readonly imports: Imports;
	readonly site: { readonly timeZone: string };
	readonly presenter: Presenter;
	readonly answers: DirectoryAnswers;
	readonly viewOf: PersonalViewOf;
}

/** Tables of people, vehicles and rights: read, looked at, made as a whole or not at all, undone. */
export function importRoutes(deps: ImportRoutesDeps): readonly Route[] {
	return [
		uploadRoute(deps),
		listRoute(deps),
		readRoute(deps),
		changesRoute(deps),
		mappingRoute(deps),
		...stepRoutes(deps),
		discardRoute(deps),
	];
}

const tag = 'imports';
const permission = 'directory:import';
const path = '/api/v1/imports';
const params = z.object({ importId: givenId });

const savedMapping = z
	.string()
	.trim()
	.min(1)
	.max(200)
	.openapi({ description: 'A saved mapping, by id or name; see GET /api/v1/import-mappings' });

/** How a file is to be taken, where what is found by itself is wrong. */
const reading = {
	sheet: z.string().max(200).optional().openapi({ description: 'Of a workbook; the first visible one without' }),
	delimiter: z.enum(CSV_DELIMITERS).optional().openapi({ description: 'Between cells; found in the file without' }),
	encoding: z.enum(TEXT_ENCODINGS).optional(),
	emptyCells: z
		.enum(['keep', 'clear'])
		.optional()
		.openapi({ description: 'What an empty cell does to a row that is there already; keep unless said' }),
};

function present(deps: ImportRoutesDeps, c: HttpContext, found: Import): ShownImport {
	const { seesAll } = deps.viewOf(c);
	const fitting = found.preview === null ? [] : deps.imports.mappings.fitting(found.kind, found.preview.columns);
	return shownImport(deps.presenter, found, { seesAll, fitting });
}

function held({ imports }: ImportRoutesDeps, id: string): Import {
	return imports.get(id) ?? noSuch('import', id);
}

/** Throws NOT_FOUND. */
function savedFor({ imports }: ImportRoutesDeps, kind: Import['kind'], idOrName: string): ImportOptions {
	return optionsOf(imports.mappings.find(kind, idOrName) ?? noSuch('saved mapping of this kind', idOrName));
}

function uploadRoute(deps: ImportRoutesDeps): Route {
	return defineRoute({
		method: 'post',
		path,
		permission,
		tag,
		summary: `Bring in a table: CSV of any kind or an Excel workbook, up to ${LIMITS.tableBytes / 1_048_576} MB; nothing is changed before it is applied`,
		query: z.strictObject({
			kind: z.enum(IMPORT_KINDS),
			fileName: z.string().max(1_000).optional().openapi({ description: 'Of a body that is the file itself' }),
			mapping: savedMapping.optional(),
			...reading,
		}),
		upload: true,
		answer: importSchema,
		status: 201,
		answerHeaders: { Location: 'Where its state is: ask for it until it is no longer `reading`' },
		problems: [404, 429],
		async handle({ query: { kind, fileName: _, mapping, ...options } }, c) {
			const saved = mapping === undefined ? undefined : savedFor(deps, kind, mapping);
			const { fileName, chunks } = takeUpload(c);
			const request = { kind, fileName: fileName || kind, operatorId: requireLogin(c).operator.id };
			const begun = await deps.imports.start(request, chunks, { ...saved, ...options });
			c.header('Location', `${path}/${begun.id}`);
			return present(deps, c, begun);
		},
	});
}

function listRoute(deps: ImportRoutesDeps): Route {
	return defineRoute({
		method: 'get',
		path,
		permission,
		tag,
		summary: 'The imports that are kept, newest first',
		answer: listOf(importSchema),
		handle: (_, c) => ({ items: deps.imports.list().map((found) => present(deps, c, found)) }),
	});
}

function readRoute(deps: ImportRoutesDeps): Route {
	return defineRoute({
		method: 'get',
		path: `${path}/{importId}`,
		permission,
		tag,
		summary: 'How far it is, which column is which field, what the rows are and what is wrong with them',
		params,
		answer: importSchema,
		problems: [404],
		handle: ({ params: { importId } }, c) => present(deps, c, held(deps, importId)),
	});
}

function changesRoute(deps: ImportRoutesDeps): Route {
	return defineRoute({
		method: 'get',
		path: `${path}/{importId}/changes`,
		permission,
		tag,
		summary: 'What it would change, or did, row by row of the file; rows that are the same are left out',
		params,
		query: z.strictObject({
			kind: z.enum(['new', 'changed']).optional(),
			cursor: z
				.string()
				.regex(/^\d{1,9}$/, 'Not a cursor of this list')
				.optional(),
			limit: z.coerce
				.number()
				.int()
				.min(1)
				.max(LIMITS.pageSize)
				.default(50)
				.openapi({ description: 'Rows of the file' }),
		}),
		answer: z.object({
			items: z.array(changeSchema).readonly(),
			nextCursor: z.string().nullable().openapi({ description: 'null: this is the last page' }),
		}),
		problems: [404],
		handle({ params: { importId }, query: { kind, cursor, limit } }, c) {
			held(deps, importId);
			const after = Number(cursor ?? 0);
			const changes = deps.imports.changes(importId, after, limit, kind);
			const rows = new Set(changes.map(({ row }) => row));
			const last = changes.at(-1)?.row;
			return {
				items: changes.map(({ row, table, key, before, after: next }) => ({
					...{ row, collection: collectionOf(table), id: key },
					fields: changedFields(table, before, next),
					before: before && deps.answers.shown(c, table, before),
					after: deps.answers.shown(c, table, next),
				})),
				nextCursor: rows.size < limit || last === undefined ? null : String(last),
			};
		},
	});
}

function mappingRoute(deps: ImportRoutesDeps): Route {
	return defineRoute({
		method: 'put',
		path: `${path}/{importId}/mapping`,
		permission,
		tag,
		summary: 'Say which column is which field, or how the file is to be taken; it is read once more',
		params,
		body: z.strictObject({
			mapping: z
				.array(z.string().max(64).nullable())
				.max(LIMITS.tableColumns)
				.optional()
				.openapi({ description: 'The field of each column, null: not used; found by the headings without' }),
			saved: savedMapping.optional(),
			...reading,
		}),
		answer: importSchema,
		problems: [404, 409],
		handle({ params: { importId }, body: { saved, ...given } }, c) {
			const found = held(deps, importId);
			// While it is read nobody knows its columns: that is told by its stage.
			if (found.preview !== null) checkMapping(deps, found, given.mapping);
			const named = saved === undefined ? {} : savedFor(deps, found.kind, saved);
			return answered(deps, c, deps.imports.startAgain(importId, { ...named, ...given }), importId);
		},
	});
}

/** Throws INVALID_REQUEST. */
function checkMapping({ site }: ImportRoutesDeps, { kind, preview }: Import, mapping: ImportOptions['mapping']): void {
	if (mapping === undefined) return;
	const fields = importKind(kind, site.timeZone).fields.map(({ name }) => name);
	const columns = preview?.columns.length ?? 0;
	const used = mapping.filter((name) => name !== null);
	const wrong = used.find((name) => !fields.includes(name));
	const twice = used.find((name, place) => used.indexOf(name) !== place);
	const told =
		mapping.length !== columns
			? { problem: `It is for ${mapping.length} columns`, mend: `Send one name or null for each of ${columns}.` }
			: wrong !== undefined
				? { problem: `There is no field ${wrong}`, mend: `Use ${fields.join(', ')}.` }
				: twice !== undefined
					? { problem: `Two columns are ${twice}`, mend: 'Use each field once.' }
					: undefined;
	if (told !== undefined) throw new InvalidRequest([{ path: 'body.mapping', ...told }]);
}

const STEPS = {
	apply: 'Make the changes: all of them or, when one is refused on the way, none',
	undo: 'Take all its changes back; rows that were changed since stay and are told',
} as const;

function stepRoutes(deps: ImportRoutesDeps): readonly Route[] {
	return (['apply', 'undo'] as const).map((step) =>
		defineRoute({
			method: 'post',
			path: `${path}/{importId}/${step}`,
			permission,
			tag,
			summary: STEPS[step],
			params,
			answer: importSchema,
			problems: [404, 409],
			handle: ({ params: { importId } }, c) =>
				answered(deps, c, deps.imports[step](importId, requireLogin(c).operator.id), importId),
		}),
	);
}

function discardRoute(deps: ImportRoutesDeps): Route {
	return defineRoute({
		method: 'delete',
		path: `${path}/{importId}`,
		permission,
		tag,
		summary: 'Forget it and its file; what it changed stays, and can no longer be undone as a whole',
		params,
		answer: z.object({}),
		orEmpty: true,
		problems: [404, 409],
		handle({ params: { importId } }, c) {
			const answer = deps.imports.discard(importId);
			return answer.result === 'done' ? c.body(null, 204) : refusal(c, answer.problem, importId);
		},
	});
}

type Refused = (ImportAnswer & { readonly result: 'refused' })['problem'];

const REFUSED: Readonly<Record<Exclude<Refused, 'notFound'>, string>> = {
	wrongStage: 'It is not at a stage at which this can be done; look at its state.',
	hasErrors: 'Rows have errors: correct the file or the mapping first. Nothing was changed.',
	changesNothing: 'Every row of the file is in the directory already as it stands there.',
	busy: 'Another import is under way; try again when it has ended.',
};

function answered(deps: ImportRoutesDeps, c: HttpContext, answer: ImportAnswer, id: string): ShownImport | Response {
	return answer.result === 'done' ? present(deps, c, answer.import) : refusal(c, answer.problem, id);
}

function refusal(c: HttpContext, because: Refused, id: string): Response {
	if (because === 'notFound') return noSuch('import', id);
	return problem(c, { status: 409, code: 'IMPORT_REFUSED', because, detail: REFUSED[because] });
}
