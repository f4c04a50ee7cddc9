import type { DirectoryTable } from '../../gateway/core/directory.ts';
import { GatewayError } from '../../gateway/core/gateway-error.ts';
import { writesRow } from '../../gateway/core/permission/decide-change.ts';
import { createPlaces } from '../../gateway/core/permission/scope.ts';
import type { AnyRow } from '../../gateway/services/directory/directory-edits.ts';
import { type SeenDirectory, seenDirectory } from '../../gateway/services/directory/seen-directory.ts';
import { type HttpContext, requireLogin } from '../http/login-context.ts';
import type { ConsoleDeps } from './console-deps.ts';

/** Whether whoever asks may change this row. */
export function mayWriteRow(
	c: HttpContext,
	{ rowLook }: Pick<ConsoleDeps, 'rowLook'>,
	table: DirectoryTable,
	row: AnyRow,
): boolean {
	return writesRow(requireLogin(c).access, table, row, rowLook());
}

/** Throws FORBIDDEN. */
export function requireWritable(
	c: HttpContext,
	deps: Pick<ConsoleDeps, 'rowLook'>,
	table: DirectoryTable,
	row: AnyRow,
): void {
	if (!mayWriteRow(c, deps, table, row)) throw new GatewayError('FORBIDDEN', 'You see this, and may not change it.');
}

/** The same services, with the directory as whoever asks may see and change it. */
export function directorySeenBy<D extends SeenDirectory & Pick<ConsoleDeps, 'rowLook' | 'site'>>(
	c: HttpContext,
	all: D,
): D {
	const { access } = requireLogin(c);
	return { ...all, ...seenDirectory({ ...all, places: createPlaces(all.site) }, access) };
}
