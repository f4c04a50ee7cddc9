import { secretField } from '../../core/directory/mask.ts';
import { aggregateOf, type DirectoryTable } from '../../core/directory.ts';
import type { SiteStore } from '../../store/site-store.ts';
import type { AnyRow } from './directory-edits.ts';
import { sealedByStore } from './sealed-by-store.ts';

/**
 * Rows as the journal keeps them: what QR codes and PINs say is sealed with a key of the store, so that whoever reads,
 * exports or is sent the journal can't open by it. Undo and central need it, and get it opened.
 */
export interface SealedCodes {
	seal<R extends AnyRow | null>(table: DirectoryTable, row: R): R;
	open<R extends AnyRow | null>(table: DirectoryTable, row: R): R;
	/** Without the code. */
	hide<R extends AnyRow | null>(table: DirectoryTable, row: R): R;
}

const HIDDEN = '•••';

export function createSealedCodes({ settings }: Pick<SiteStore, 'settings'>): SealedCodes {
	const sealedText = sealedByStore(settings, 'directory.codesKey');

	function changed<R extends AnyRow | null>(table: DirectoryTable, row: R, change: (code: string) => string): R {
		const field = row === null ? undefined : secretField(aggregateOf(table), row);
		return row === null || field === undefined ? row : { ...row, [field]: change(String(row[field])) };
	}

	return {
		seal: (table, row) => changed(table, row, (code) => sealedText().seal(code)),
		// Another store's, such as of a journal that was copied: it can't be told any more.
		open: (table, row) => changed(table, row, (code) => sealedText().open(code) ?? HIDDEN),
		hide: (table, row) => changed(table, row, () => HIDDEN),
	};
}
