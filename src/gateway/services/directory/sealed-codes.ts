import { secretField } from '../../core/directory/mask.ts';
import { aggregateOf, type DirectoryTable } from '../../core/directory.ts';
import type { SiteStore } from '../../store/site-store.ts';
import type { AnyRow } from './directory-edits.ts';
import { createSealedText, type SealedText } from './sealed-text.ts';

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

const KEY = 'directory.codesKey';
const KEY_BYTES = 32;
const HIDDEN = '•••';

export function createSealedCodes({ settings }: Pick<SiteStore, 'settings'>): SealedCodes {
	let kept: SealedText | undefined;

	function sealedText(): SealedText {
		if (kept !== undefined) return kept;
		const known = settings.get(KEY);
		const key = known === undefined ? crypto.getRandomValues(new Uint8Array(KEY_BYTES)) : Uint8Array.fromBase64(known);
		if (known === undefined) settings.set(KEY, key.toBase64());
		kept = createSealedText(key);
		return kept;
	}

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
