/** Lists and records within one another in a message from outside; the protocol's own come to nine. */
export const MESSAGE_DEPTH = 32;

/**
 * Whether plain data holds lists and records within one another more than `depth` times. What walks through data by calling
 * itself (JSON, canonical JSON, copies to a thread) runs out of stack some thousands deep; a message of a few kB can be that.
 */
export function isNestedDeeper(value: unknown, depth: number = MESSAGE_DEPTH): boolean {
	if (typeof value !== 'object' || value === null) return false;
	if (depth === 0) return true;
	if (Array.isArray(value)) return value.some((item) => isNestedDeeper(item, depth - 1));
	const record = value as Readonly<Record<string, unknown>>;
	for (const name in record) if (isNestedDeeper(record[name], depth - 1)) return true;
	return false;
}
