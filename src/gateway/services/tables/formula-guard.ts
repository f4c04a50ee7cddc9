/**
 * Spreadsheets run a cell that begins with one of these as a formula, in CSV whatever its quotes (OWASP, CSV
 * Injection; the wide forms are taken for the narrow ones where those are typed).
 */
const RUNS = '=+\\-@\\t\\r\\n\\uFF1D\\uFF0B\\uFF0D\\uFF20';
/** Also what is guarded already, or looks like it: one guard more or less always leads back to the text. */
const IN_CSV = new RegExp(`^'*[${RUNS}]`);
const GUARDED = new RegExp(`^'+[${RUNS}]`);

/**
 * An apostrophe before every text that a spreadsheet would run, telephone numbers and negative numbers written as text
 * included: Excel would make `3.2E+10` of `+32 470 …`. Numbers that are numbers are no texts and get none.
 */
export function guardFormula(text: string): string {
	return IN_CSV.test(text) ? `'${text}` : text;
}

/** Texts of a workbook are never run; only what `unguardFormula` would take for a guard gets one. */
export function guardApostrophe(text: string): string {
	return GUARDED.test(text) ? `'${text}` : text;
}

/** Takes one guard off: what we export comes back as it was. */
export function unguardFormula(text: string): string {
	return GUARDED.test(text) ? text.slice(1) : text;
}
