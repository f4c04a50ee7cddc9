import { z } from '@hono/zod-openapi';
import { LIMITS } from '../../../gateway/core/limits.ts';
import { optionsOf } from '../../../gateway/services/imports/import-mappings.ts';
import type { Imports } from '../../../gateway/services/imports/imports.ts';
import type { OperatorImport, OperatorImportAnswer } from '../../../gateway/services/operators/operator-imports.ts';
import type { Operators } from '../../../gateway/services/operators.ts';
import { problemText } from '../../../gateway/services/tables/problem-texts/problem-text.ts';
import { actorOf } from '../actor.ts';
import { defineRoute, type Route } from '../define-route.ts';
import type { HttpContext } from '../login-context.ts';
import { operatorRefused, refusalText } from '../operator-problems.ts';
import type { Presenter } from '../present.ts';
import { noSuch, problem } from '../problem.ts';
import { givenId, id, time } from '../scalar-schemas.ts';
import { listOf } from '../schemas.ts';
import { readAll, takeUpload } from '../upload.ts';

export interface OperatorImportRoutesDeps {
	readonly operators: Pick<Operators, 'imports'>;
	readonly imports: Pick<Imports, 'mappings'>;
	readonly presenter: Presenter;
}

const path = '/api/v1/operator-imports';
const onePath = `${path}/{importId}` as const;
const tag = 'operators';
const params = z.object({ importId: givenId });

const importSchema = z
	.object({
		...{ id, fileName: z.string(), createdAt: time },
		operatorId: z.string().nullable().openapi({ description: 'Who brought it in; null: the command line' }),
		stage: z.enum(['previewed', 'unreadable', 'applied', 'undone']),
		columns: z.array(z.object({ heading: z.string(), field: z.string().nullable() })).readonly(),
		errors: z.int(),
		problems: z
			.array(
				z.object({
					...{ code: z.string(), severity: z.enum(['stop', 'error', 'note']), row: z.int().nullable() },
					...{ heading: z.string().nullable(), shown: z.string().nullable(), problem: z.string(), mend: z.string() },
				}),
			)
			.readonly(),
		rows: z
			.array(
				z.object({
					row: z.int().openapi({ description: 'Of the file; 1 is its first line' }),
					...{ email: z.string(), name: z.string().nullable() },
					roles: z.array(z.object({ id: z.string(), scope: z.string() })).nullable(),
					groupIds: z.array(z.string()).readonly(),
					outcome: z.enum(['new', 'changed', 'same', 'refused']),
					problem: z.string().nullable().openapi({ description: 'Why it is refused' }),
					operatorId: z.string().nullable(),
				}),
			)
			.readonly(),
		seatsFree: z.int().nullable().openapi({ description: 'When it was read; null: not limited' }),
		kept: z.int().openapi({ description: 'Rows that were changed since, and stayed when it was undone' }),
	})
	.openapi('OperatorImport');

/** Operators by CSV: looked at, then invited and changed as a whole or not at all, and undone. */
export function operatorImportRoutes(deps: OperatorImportRoutesDeps): readonly Route[] {
	return [uploadRoute(deps), ...readRoutes(deps), ...stepRoutes(deps)];
}

function uploadRoute({ operators, imports, presenter }: OperatorImportRoutesDeps): Route {
	return defineRoute({
		...{ method: 'post', path, permission: 'operators:write', tag, upload: true, status: 201, answer: importSchema },
		summary: `Bring in a CSV of operators, up to ${LIMITS.operatorImportRows}: e-mail, name, roles, groups, language; nothing is changed before it is applied`,
		query: z.strictObject({
			fileName: z.string().max(1_000).optional().openapi({ description: 'Of a body that is the file itself' }),
			mapping: z.string().trim().min(1).max(200).optional().openapi({ description: 'A saved mapping, by id or name' }),
		}),
		answerHeaders: { Location: 'Of what it would change' },
		problems: [404, 413],
		async handle({ query: { mapping } }, c) {
			const { fileName, chunks } = takeUpload(c);
			const saved = mapping === undefined ? undefined : imports.mappings.find('operators', mapping);
			if (mapping !== undefined && saved === undefined) return noSuch('saved mapping of operators', mapping);
			const bytes = await readAll(chunks, LIMITS.operatorImportBytes);
			const named = saved === undefined ? [] : (optionsOf(saved).named ?? []);
			const read = await operators.imports.preview({ fileName: fileName || 'operators', bytes }, named, actorOf(c));
			c.header('Location', `${path}/${read.id}`);
			return shown(read, presenter);
		},
	});
}

function readRoutes({ operators, presenter }: OperatorImportRoutesDeps): readonly Route[] {
	const common = { permission: 'operators:write', tag } as const;
	return [
		defineRoute({
			...{ ...common, method: 'get', path, answer: listOf(importSchema) },
			summary: 'Lists of operators that are kept, the newest first',
			handle: () => ({ items: operators.imports.list().map((one) => shown(one, presenter)) }),
		}),
		defineRoute({
			...{ ...common, method: 'get', path: onePath, params, answer: importSchema, problems: [404] },
			summary: 'What a list of operators would change, or did',
			handle: ({ params: { importId } }) =>
				shown(operators.imports.get(importId) ?? noSuch('import', importId), presenter),
		}),
		defineRoute({
			...{ ...common, method: 'delete', path: onePath, params, answer: z.object({ id }), problems: [404] },
			summary: 'Forget a list; what it changed stays, and can no longer be undone as a whole',
			handle: ({ params: { importId } }) =>
				operators.imports.discard(importId) ? { id: importId } : noSuch('import', importId),
		}),
	];
}

function stepRoutes({ operators, presenter }: OperatorImportRoutesDeps): readonly Route[] {
	const common = { method: 'post', tag, params, problems: [403, 404, 409, 412, 422] } as const;
	return [
		defineRoute({
			...{ ...common, path: `${onePath}/apply`, permission: { byPerson: 'operators:write' } },
			summary: 'Invite and change all of them, or nobody; the answer holds the codes of who was invited, this once',
			answer: z.object({
				import: importSchema,
				codes: z
					.array(
						z.object({
							...{ operatorId: id, email: z.string(), name: z.string() },
							...{ code: z.string(), path: z.string(), endsAt: time },
						}),
					)
					.readonly(),
			}),
			handle({ params: { importId } }, c) {
				const answer = operators.imports.apply(importId, actorOf(c));
				if (answer.result !== 'done') return refused(c, answer, importId);
				const codes = answer.codes.map(({ endsAtMs, ...code }) => ({
					...code,
					path: `/activate?${new URLSearchParams({ code: code.code })}`,
					endsAt: presenter.time(endsAtMs),
				}));
				return { import: shown(answer.import, presenter), codes };
			},
		}),
		defineRoute({
			...{ ...common, path: `${onePath}/undo`, permission: 'operators:write', answer: importSchema },
			summary: 'Take it back: who was invited and did not come in goes, who was changed becomes what they were',
			handle({ params: { importId } }, c) {
				const answer = operators.imports.undo(importId, actorOf(c));
				return answer.result === 'done' ? shown(answer.import, presenter) : refused(c, answer, importId);
			},
		}),
	];
}

const REFUSED = {
	wrongStage: 'It is not at a stage at which this can be done; look at its stage.',
	hasErrors: 'Rows have errors: correct the file first. Nothing was changed.',
} as const;

function refused(
	c: HttpContext,
	answer: Exclude<OperatorImportAnswer, { readonly result: 'done' }>,
	importId: string,
): Response {
	if (answer.result === 'notFound') return noSuch('import', importId);
	if (answer.result === 'rowRefused') return operatorRefused(c, answer.refusal, `Row ${answer.row}: `);
	const { result: because } = answer;
	return problem(c, { status: 409, code: 'IMPORT_REFUSED', because, detail: REFUSED[because] });
}

function shown(one: OperatorImport, presenter: Presenter) {
	const { createdAtMs, columns, mapping, problems, rows, ...rest } = one;
	return {
		...rest,
		createdAt: presenter.time(createdAtMs),
		columns: columns.map(({ index, heading }) => ({ heading, field: mapping[index] ?? null })),
		errors: problems.errors,
		problems: problems.shown.map((told) => {
			const { cause, mend } = problemText(told, 'en');
			const { code, severity, row = null, heading = null, shown: text = null } = told;
			return { code, severity, row, heading, shown: text, problem: cause, mend };
		}),
		rows: rows.map(({ roles, refusal, ...row }) => ({
			...row,
			roles: roles?.map(({ roleId, scope }) => ({ id: roleId, scope })) ?? null,
			problem: refusal && refusalText(refusal),
		})),
	};
}
