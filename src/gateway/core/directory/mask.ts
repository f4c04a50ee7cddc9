import type { Aggregate, Fields } from './aggregate.ts';
import { isMaskedCode, maskCode } from './code-text.ts';

const MASK = '•••';

type AnyRow = Readonly<Record<string, unknown>>;

/** What of rows a reader is shown. */
export interface RowSight {
	/** Names, plates, contacts and notes. */
	readonly personal: boolean;
	/** What opens a barrier by itself: texts of QR codes, and PINs. */
	readonly codes: boolean;
}

/** What is left of a personal text for who may not read it: its first letter. How long it was is not told. */
export function maskText(text: string): string {
	if (text === '') return text;
	return `${String.fromCodePoint(text.codePointAt(0) ?? 0)}${MASK}`;
}

/** Whether a text is what masking leaves: written back, it would take the place of the real one. */
export function isMasked(value: unknown): boolean {
	return typeof value === 'string' && value !== '' && (maskText(value) === value || isMaskedCode(value));
}

/** The field of this row whose value opens a barrier by itself; undefined: it has none. */
export function secretField({ secret }: Pick<Aggregate<Fields>, 'secret'>, row: AnyRow): string | undefined {
	if (secret === undefined) return undefined;
	const kind = row[secret.by];
	// Of no kind that there is: it may hide one.
	const isOdd = typeof kind === 'object' && kind !== null;
	return isOdd || secret.kinds.includes(String(kind)) ? secret.field : undefined;
}

/** The row as a reader may see it, lists masked one by one; the same row when nothing of it is hidden. */
export function maskRow(aggregate: Pick<Aggregate<Fields>, 'fields' | 'secret'>, row: AnyRow, sight: RowSight): AnyRow {
	const code = sight.codes ? undefined : secretField(aggregate, row);
	if (sight.personal && code === undefined) return row;
	return Object.fromEntries(
		Object.entries(row).map(([name, value]) => {
			if (name === code) return [name, maskCode(typeof value === 'object' ? '' : String(value))];
			return [name, !sight.personal && aggregate.fields[name]?.personal === true ? masked(value) : value];
		}),
	);
}

function masked(value: unknown): unknown {
	if (Array.isArray(value)) return value.map(masked);
	return typeof value === 'string' ? maskText(value) : null;
}
