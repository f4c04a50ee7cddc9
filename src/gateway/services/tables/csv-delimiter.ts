/** What lies between cells; Excel takes `;` where the comma is the decimal sign. */
export const CSV_DELIMITERS = [';', ',', '\t'] as const;

export type CsvDelimiter = (typeof CSV_DELIMITERS)[number];

/** Rows after the header that are looked at when it has no delimiter. */
const SAMPLE_ROWS = 50;

/** `sep=;`: a first line that Excel obeys and does not show. */
const ANNOUNCED = /^"?sep=([;,\t])"?(?:\r\n|\r|\n|$)/i;

export interface DelimiterGuess {
	readonly delimiter: CsvDelimiter;
	/** Characters of the line that announces it. */
	readonly skipLength: number;
}

/**
 * The header decides, as its cells are short words: what it has most of outside quotes, and of two alike the one that
 * more rows have as many of. A header without any is one column; then what the rows have least of, so that a comma in a
 * name splits nothing.
 */
export function detectDelimiter(sample: string): DelimiterGuess {
	const announced = ANNOUNCED.exec(sample);
	const [line = '', told] = announced ?? [];
	const known = CSV_DELIMITERS.find((delimiter) => delimiter === told);
	if (known !== undefined) return { delimiter: known, skipLength: line.length };
	const [header = new Map<CsvDelimiter, number>(), ...rows] = countPerRow(sample);
	const inHeader = (delimiter: CsvDelimiter) => header.get(delimiter) ?? 0;
	const like = (delimiter: CsvDelimiter) =>
		rows.filter((row) => (row.get(delimiter) ?? 0) === inHeader(delimiter)).length;
	const within = (delimiter: CsvDelimiter) => rows.reduce((sum, row) => sum + (row.get(delimiter) ?? 0), 0);
	const delimiter = CSV_DELIMITERS.toSorted(
		(a, b) => inHeader(b) - inHeader(a) || (inHeader(a) > 0 ? like(b) - like(a) : within(a) - within(b)),
	)[0];
	return { delimiter: delimiter ?? ',', skipLength: 0 };
}

/** How often each delimiter stands outside quotes, for each row with text. */
function countPerRow(sample: string): Map<CsvDelimiter, number>[] {
	const rows: Map<CsvDelimiter, number>[] = [];
	let counts = new Map<CsvDelimiter, number>();
	let quoted = false;
	let empty = true;
	for (const character of sample) {
		if (character === '"') quoted = !quoted;
		if (quoted) continue;
		if (character === '\n' || character === '\r') {
			if (!empty) rows.push(counts);
			if (rows.length > SAMPLE_ROWS) return rows;
			counts = new Map();
			empty = true;
			continue;
		}
		empty = false;
		const delimiter = CSV_DELIMITERS.find((candidate) => candidate === character);
		if (delimiter !== undefined) counts.set(delimiter, (counts.get(delimiter) ?? 0) + 1);
	}
	if (!empty) rows.push(counts);
	return rows;
}
