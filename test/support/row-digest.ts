import { createHash } from 'node:crypto';

/**
 * The digest of docs/sync.md made anew from all rows, by code that shares nothing with the program's.
 *
 * @param rows by `table/key`
 */
export function digestOfRows(rows: ReadonlyMap<string, unknown>): { readonly root: string; readonly sums: bigint[] } {
	const sums = Array.from({ length: 1_024 }, () => 0n);
	for (const [name, row] of rows) {
		const [table = '', key = ''] = [name.slice(0, name.indexOf('/')), name.slice(name.indexOf('/') + 1)];
		const bucket = sha256(JSON.stringify([table, key])).readUInt16BE() >> 6;
		sums[bucket] = BigInt.asUintN(64, (sums[bucket] ?? 0n) + sha256(sortedJson(row)).readBigUInt64BE());
	}
	const bytes = Buffer.alloc(8_192);
	sums.forEach((sum, bucket) => {
		bytes.writeBigUInt64BE(sum, bucket * 8);
	});
	return { root: createHash('sha256').update(bytes).digest('hex'), sums };
}

function sha256(text: string): Buffer {
	return createHash('sha256').update(text, 'utf8').digest();
}

function sortedJson(value: unknown): string {
	if (value === null || typeof value !== 'object') return JSON.stringify(value);
	if (Array.isArray(value)) return `[${value.map((part) => sortedJson(part)).join()}]`;
	const names = Object.getOwnPropertyNames(value).toSorted((a, b) => (a < b ? -1 : 1));
	const members = names.map((name) => `${JSON.stringify(name)}:${sortedJson(Reflect.get(value, name))}`);
	return `{${members.join()}}`;
}
