import type { ContentfulStatusCode } from 'hono/utils/http-status';
import { maskRow } from '../../gateway/core/directory/mask.ts';
import { aggregateOf, type DirectoryTable } from '../../gateway/core/directory.ts';
import type { AnyRow, DirectoryChange, EditedRow, HeldRow } from '../../gateway/services/directory/directory-edits.ts';
import type { DirectoryExports } from '../../gateway/services/directory/export-directory.ts';
import type { SeenDirectory } from '../../gateway/services/directory/seen-directory.ts';
import { belongsTo, type DirectoryFace } from './directory-faces.ts';
import { type ChangePlaces, editRefused } from './directory-problems.ts';
import { fieldsOfPatch, isMatch, presentRow, type RowTags } from './directory-rows.ts';
import type { FaceSchemas } from './directory-schemas.ts';
import { type HttpContext, requireLogin } from './login-context.ts';
import type { SeesPersonalData } from './personal-view-of.ts';
import type { Presenter } from './present.ts';
import { InvalidRequest, noSuch, problem } from './problem.ts';

/** The directory as whoever asks may see and change it. */
export type DirectoryOf = (c: HttpContext) => SeenDirectory & { readonly exports: Pick<DirectoryExports, 'export'> };

export interface DirectoryChangesDeps {
	readonly directoryOf: DirectoryOf;
	readonly presenter: Presenter;
	readonly rowTags: RowTags;
	readonly seesPersonalData: SeesPersonalData;
}

/** One collection with what its routes are made of. */
export interface Collection extends DirectoryFace {
	readonly schemas: FaceSchemas;
}

/** Names the batch of a change, for `POST /api/v1/edits/{batchId}/undo`. */
export const BATCH_HEADER = 'Edit-Batch';

export type DirectoryAnswers = ReturnType<typeof createDirectoryAnswers>;

/** What the routes of the directory have in common: rows as the asking login may see them, and edits in its name. */
export function createDirectoryAnswers({ directoryOf, presenter, rowTags, seesPersonalData }: DirectoryChangesDeps) {
	const sight = (c: HttpContext, table: DirectoryTable, codes = false) => ({
		personal: seesPersonalData(requireLogin(c), { kind: 'rows', table }),
		codes,
	});
	const shown = (c: HttpContext, table: DirectoryTable, row: AnyRow, codes = false) =>
		presentRow(presenter, table, row, sight(c, table, codes));
	// The same whether the code is asked for or not: it is sent back with changes that do not say.
	const tagOf = (c: HttpContext, table: DirectoryTable, { etag, row }: HeldRow) =>
		rowTags(etag, maskRow(aggregateOf(table), row, sight(c, table)) === row);

	/** Ends with 404 where the collection has no such row. */
	function held(c: HttpContext, { table, face }: Collection, id: string): HeldRow {
		const found = directoryOf(c).edits.get(table, id);
		return found !== undefined && belongsTo({ face }, found.row) ? found : noSuch(`row in ${face.path}`, id);
	}

	const isAsRead = (c: HttpContext, table: DirectoryTable, now: HeldRow, ifMatch: string | undefined) =>
		ifMatch === undefined || isMatch(ifMatch, tagOf(c, table, now));

	return {
		shown,
		held,
		/** The row as it is now, with its ETag. */
		row(
			c: HttpContext,
			collection: Collection,
			id: string,
			{ status = 200, codes = false }: { readonly status?: ContentfulStatusCode; readonly codes?: boolean } = {},
		): Response {
			const now = held(c, collection, id);
			c.header('ETag', tagOf(c, collection.table, now));
			return c.json(shown(c, collection.table, now.row, codes), status);
		},
		/** Whether the row still has the ETag that was sent, if one was. */
		isAsRead,
		/** What to answer when it has not. */
		changedSince(
			c: HttpContext,
			{ table }: Collection,
			now: HeldRow,
			ifMatch: string | undefined,
		): Response | undefined {
			if (isAsRead(c, table, now, ifMatch)) return undefined;
			const detail = 'It was changed since it was read. Read it again, and send the change with the new ETag.';
			c.header('ETag', tagOf(c, table, now));
			return problem(c, { status: 412, code: 'CHANGED', detail });
		},
		/** Carries the changes out as one batch, or says why not. */
		edit(
			c: HttpContext,
			changes: readonly DirectoryChange[],
			places: ChangePlaces,
			done: (rows: readonly EditedRow[], batchId: string) => Response,
		): Response {
			const answer = directoryOf(c).edits.edit(changes, { operatorId: requireLogin(c).operator.id });
			if (answer.result === 'refused') return editRefused(c, answer.problems, changes, places);
			if (answer.rows.length > 0) c.header(BATCH_HEADER, answer.batchId);
			return done(answer.rows, answer.batchId);
		},
	};
}

/** The fields of a patch; its id may be sent back as it was. */
export function patchOf(collection: Collection, id: string, body: AnyRow, place: string): AnyRow {
	const { id: sent = id, ...fields } = fieldsOfPatch(collection, body);
	if (sent === id) return fields;
	throw new InvalidRequest([
		{
			path: `${place}.id`,
			problem: 'An id stays as it is',
			mend: 'Leave it out, or make a new row and delete this one.',
		},
	]);
}
