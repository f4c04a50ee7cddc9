import type { Fields, RowOf } from './aggregate.ts';
import { UNSURE } from './field.ts';

/**
 * What the schema of these fields makes of a row, where each of its values is one of those that nearly always come;
 * undefined: ask the schema. A million rows of a snapshot are checked in a third of the time.
 */
export function quickRow<F extends Fields>(fields: F): (raw: unknown) => RowOf<F> | undefined {
	const all = Object.entries(fields);
	return (raw) => {
		if (typeof raw !== 'object' || raw === null || Array.isArray(raw)) return undefined;
		const row: Record<string, unknown> = {};
		for (const [name, { quick }] of all) {
			const value = quick((raw as Readonly<Record<string, unknown>>)[name]);
			if (value === UNSURE) return undefined;
			row[name] = value;
		}
		// As the schema makes it: each field with a value that its own schema gives.
		return row as RowOf<F>;
	};
}
