import type { Fields } from './aggregate.ts';

const MASK = '•••';

/** What is left of a personal text for who may not read it: its first letter. How long it was is not told. */
export function maskText(text: string): string {
	if (text === '') return text;
	return `${String.fromCodePoint(text.codePointAt(0) ?? 0)}${MASK}`;
}

/** Whether a text is what masking leaves: written back, it would take the place of the real one. */
export function isMasked(value: unknown): boolean {
	return typeof value === 'string' && value !== '' && maskText(value) === value;
}

/** The row for who may not read personal data: fields that hold some are masked, lists of them one by one. */
export function maskRow(fields: Fields, row: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
	return Object.fromEntries(
		Object.entries(row).map(([name, value]) => [name, fields[name]?.personal === true ? masked(value) : value]),
	);
}

function masked(value: unknown): unknown {
	if (Array.isArray(value)) return value.map(masked);
	return typeof value === 'string' ? maskText(value) : null;
}
