import { isMasked, maskRow, secretField } from '../../gateway/core/directory/mask.ts';
import { aggregateOf, type DirectoryTable, isDirectoryTable } from '../../gateway/core/directory.ts';
import { type HttpContext, requireLogin } from '../http/login-context.ts';
import type { AnyRow, FleetEdit, FleetEvent } from './fleet.ts';

/** Whether who asks reads what QR codes and PINs say. */
export function seesCodes(c: HttpContext): boolean {
	return requireLogin(c).access.may('codes:read');
}

/** A row as it is shown: what opens a barrier by itself only to who may read it. */
export function shownRow(table: string, row: AnyRow, codes: boolean): AnyRow {
	return isDirectoryTable(table) ? maskRow(aggregateOf(table), row, { personal: true, codes }) : row;
}

/** A row that was shown masked and comes back: what was hidden is as it was. */
export function unmasked(table: DirectoryTable, row: AnyRow, held: AnyRow | undefined): AnyRow {
	const field = secretField(aggregateOf(table), row);
	if (field === undefined || held === undefined || !isMasked(row[field])) return row;
	return { ...row, [field]: held[field] };
}

/** Events of edits hold rows. */
export function shownEvent(event: FleetEvent, codes: boolean): FleetEvent {
	if (event.type !== 'parkgate.edit' || codes) return event;
	const data = Object(event.data) as { readonly table?: unknown; readonly row?: unknown };
	return { ...event, data: { ...data, row: withoutCodes(data.table, data.row) } };
}

export function shownEdit(edit: FleetEdit, codes: boolean): FleetEdit {
	return codes ? edit : { ...edit, row: withoutCodes(edit.table, edit.row) };
}

/** As a site told it, which may be anything: what is of no table that there is, is hidden whole. */
function withoutCodes(table: unknown, row: unknown): unknown {
	if (typeof row !== 'object' || row === null) return row ?? null;
	return typeof table === 'string' && isDirectoryTable(table) ? shownRow(table, { ...row }, false) : null;
}
