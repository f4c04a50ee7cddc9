import { instantMs } from './instant.ts';
import { type ComparedValue, type Comparison, foldCase, type ScimFilter, type ValuePlace } from './scim-filter.ts';

/** Whether a resource, or one value of a list, fits. */
export function matchesFilter(filter: ScimFilter, resource: unknown): boolean {
	switch (filter.op) {
		case 'and':
			return filter.parts.every((part) => matchesFilter(part, resource));
		case 'or':
			return filter.parts.some((part) => matchesFilter(part, resource));
		case 'not':
			return !matchesFilter(filter.part, resource);
		case 'always':
			return true;
		case 'never':
			return false;
		case 'present':
			return isPresent(valueAt(resource, filter.place.keys));
		case 'compare':
			return compares(filter.by, comparable(valueAt(resource, filter.place.keys), filter.place), filter.value);
		case 'any': {
			const list = valueAt(resource, filter.keys);
			return Array.isArray(list) && list.some((one) => matchesFilter(filter.part, one));
		}
	}
}

/** Own fields only: names come from schemas, values from anywhere. */
export function valueAt(resource: unknown, keys: readonly string[]): unknown {
	let value = resource;
	for (const key of keys) {
		if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return undefined;
		value = (value as Readonly<Record<string, unknown>>)[key];
	}
	return value;
}

function isPresent(value: unknown): boolean {
	return value !== undefined && value !== null && value !== '';
}

function comparable(value: unknown, { type, caseExact }: ValuePlace): ComparedValue | undefined {
	if (typeof value === 'string' && type === 'dateTime') return instantMs(value);
	if (typeof value === 'string') return caseExact ? value : foldCase(value);
	return typeof value === 'number' || typeof value === 'boolean' ? value : undefined;
}

function compares(by: Comparison, value: ComparedValue | undefined, wanted: ComparedValue): boolean {
	if (value === undefined || typeof value !== typeof wanted) return false;
	if (by === 'eq') return value === wanted;
	if (typeof value === 'string' && typeof wanted === 'string') {
		if (by === 'co') return value.includes(wanted);
		if (by === 'sw') return value.startsWith(wanted);
		if (by === 'ew') return value.endsWith(wanted);
		return isInOrder(by, compareCodePoints(value, wanted));
	}
	return isInOrder(by, Number(value) - Number(wanted));
}

function isInOrder(by: Comparison, difference: number): boolean {
	if (by === 'gt') return difference > 0;
	if (by === 'ge') return difference >= 0;
	if (by === 'lt') return difference < 0;
	return by === 'le' && difference <= 0;
}

/** As SQLite orders UTF-8. */
function compareCodePoints(a: string, b: string): number {
	const [left, right] = [[...a], [...b]];
	for (let at = 0; at < Math.min(left.length, right.length); at += 1) {
		const difference = (left[at]?.codePointAt(0) ?? 0) - (right[at]?.codePointAt(0) ?? 0);
		if (difference !== 0) return difference;
	}
	return left.length - right.length;
}
