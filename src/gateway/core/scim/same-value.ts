import { isRecord } from './read-resource.ts';

/** Whether two values of JSON say the same, whatever the order of their fields. Of what was read by a schema: few levels. */
export function isSameValue(a: unknown, b: unknown): boolean {
	if (Array.isArray(a) && Array.isArray(b))
		return a.length === b.length && a.every((one, at) => isSameValue(one, b[at]));
	if (!isRecord(a) || !isRecord(b)) return a === b;
	const names = Object.keys(a);
	if (names.length !== Object.keys(b).length) return false;
	return names.every((name) => Object.hasOwn(b, name) && isSameValue(a[name], b[name]));
}
