import { escapeHidden } from '../../gateway/core/hidden-text.ts';
import type { Terminal } from './terminal.ts';

/** Any data as one line of JSON; bytes as upper-case hex, hiding characters escaped. */
export function jsonLine(value: unknown): string {
	return `${escapeHidden(JSON.stringify(value, hexBytes))}\n`;
}

/** A Buffer has become an object before a replacer sees it; its holder still has the bytes. */
function hexBytes(this: unknown, key: string, value: unknown): unknown {
	const original: unknown = Reflect.get(Object(this), key);
	if (original instanceof Uint8Array) return formatHex(original);
	if (typeof value === 'bigint') return value.toString();
	return value;
}

export function formatHex(bytes: Uint8Array): string {
	return Uint8Array.prototype.toHex.call(bytes).toUpperCase();
}

/** Columns under their titles, as wide as their longest text; untrusted text is made safe. */
export function printTable(terminal: Terminal, titles: readonly string[], rows: readonly (readonly string[])[]): void {
	const safe = rows.map((row) => row.map(escapeHidden));
	const widths = titles.map((title, column) =>
		Math.max(title.length, ...safe.map((row) => [...(row[column] ?? '')].length)),
	);
	const line = (cells: readonly string[]) =>
		cells
			.map((cell, column) => cell + ' '.repeat(Math.max(0, (widths[column] ?? 0) - [...cell].length)))
			.join('  ')
			.trimEnd();
	terminal.out(`${terminal.style('bold', line(titles))}\n`);
	for (const row of safe) terminal.out(`${line(row)}\n`);
}
