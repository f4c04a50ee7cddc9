import { createHmac } from 'node:crypto';
import { maskRow, type RowSight } from '../../gateway/core/directory/mask.ts';
import { aggregateOf, type DirectoryTable } from '../../gateway/core/directory.ts';
import type { AnyRow } from '../../gateway/services/directory/directory-edits.ts';
import { apiName, type DirectoryFace } from './directory-faces.ts';
import { defaultOf } from './directory-schemas.ts';
import type { Presenter } from './present.ts';

/** A row as the API shows it: moments as RFC 3339, personal data and codes only to who may read them. */
export function presentRow({ time }: Presenter, table: DirectoryTable, row: AnyRow, sight: RowSight): AnyRow {
	const aggregate = aggregateOf(table);
	const { fields } = aggregate;
	const seen = maskRow(aggregate, row, sight);
	return Object.fromEntries(
		Object.entries(fields).map(([name, field]) => {
			const value = seen[name];
			const isMoment = field.input.kind === 'instant' && typeof value === 'number';
			return [apiName(name, field), isMoment ? time(value) : value];
		}),
	);
}

/** The row that a checked body of a POST asks for. */
export function rowOfBody({ aggregate, face }: DirectoryFace, body: AnyRow): AnyRow {
	return definedFields(
		Object.entries(aggregate.fields).map(([name, field]) => {
			const value = body[apiName(name, field)] ?? face.fixed?.[name];
			const isNone = field.nullable && !field.hasDefault;
			return [name, value ?? (isNone ? null : undefined)];
		}),
	);
}

/** The fields that a checked merge patch (RFC 7396) changes. */
export function fieldsOfPatch({ aggregate }: DirectoryFace, body: AnyRow): AnyRow {
	return definedFields(
		Object.entries(aggregate.fields).map(([name, field]) => {
			const value = body[apiName(name, field)];
			return [name, value === null ? defaultOf(field) : value];
		}),
	);
}

function definedFields(fields: readonly (readonly [string, unknown])[]): AnyRow {
	return Object.fromEntries(fields.filter(([, value]) => value !== undefined));
}

/** Names of the fields, as the API calls them, in which two states of a row differ. */
export function changedFields(table: DirectoryTable, before: AnyRow | null, after: AnyRow | null): readonly string[] {
	return Object.entries(aggregateOf(table).fields)
		.filter(([name]) => JSON.stringify(before?.[name] ?? null) !== JSON.stringify(after?.[name] ?? null))
		.map(([name, field]) => apiName(name, field));
}

/** ETags as one login is shown them. `isWhole`: nothing of the row is hidden from it. */
export type RowTags = (etag: string, isWhole: boolean) => string;

/**
 * The ETag of a row is a hash of all of it: who sees it masked could try plates and PINs until one fits. They get another
 * one, which only this gateway can make.
 */
export function createRowTags(key: Uint8Array): RowTags {
	return (etag, isWhole) =>
		isWhole ? etag : `"${createHmac('sha256', key).update(etag).digest('base64url').slice(0, 22)}"`;
}

/** If-Match, by strong comparison (RFC 9110, 13.1.1). */
export function isMatch(ifMatch: string, etag: string): boolean {
	return ifMatch.trim() === '*' || ifMatch.split(',').some((tag) => tag.trim() === etag);
}
