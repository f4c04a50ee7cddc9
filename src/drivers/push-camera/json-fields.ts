import { z } from 'zod';
import { LIMITS } from '../../gateway/core/limits.ts';

/** No name, time or plate of a camera is longer; what is, is cut, and a plate so long is refused as such. */
const TEXT_LENGTH = 256;

/**
 * Fields of a camera's JSON. None is ever wrong: one of another type, or too long, is missing, and what is
 * missing is undefined; so a schema made of them refuses nothing but a document that is no object.
 * Cameras write numbers and booleans as text and the other way round: both are read.
 */

/** Text, trimmed, not empty; numbers and booleans as they are written. */
export const textField = z
	.unknown()
	.optional()
	.transform((value): string | undefined => {
		if (typeof value !== 'string')
			return typeof value === 'number' || typeof value === 'boolean' ? `${value}` : undefined;
		const text = value.trim().slice(0, TEXT_LENGTH);
		return text === '' ? undefined : text;
	});

/** A finite number. */
export const numberField = z
	.unknown()
	.optional()
	.transform((value): number | undefined => {
		if (typeof value === 'number') return Number.isFinite(value) ? value : undefined;
		const isNumber = typeof value === 'string' && /^\s*[+-]?\d{1,20}(?:\.\d{1,20})?\s*$/.test(value);
		return isNumber ? Number(value) : undefined;
	});

/** True for `true`, 1 and their texts; false for anything else, and undefined when missing. */
export const flagField = z
	.unknown()
	.optional()
	.transform((value): boolean | undefined =>
		value === undefined || value === null ? undefined : /^(?:1|true|yes)$/i.test(String(isScalar(value) ? value : '')),
	);

/** A picture's base64; untouched, since it may be a megabyte. */
export const base64Field = z
	.unknown()
	.optional()
	.transform((value): string | undefined =>
		typeof value === 'string' && value.length <= LIMITS.ingestBodyBytes && value !== '' ? value : undefined,
	);

/** An object within: there with all its fields missing, when it is missing itself. */
export function sectionField<Shape extends z.core.$ZodLooseShape>(shape: Shape) {
	return z
		.unknown()
		.optional()
		.transform((value) => (isRecord(value) ? value : {}))
		.pipe(z.object(shape));
}

/** A list of at most LIMITS.pushJsonItems; what is longer, or no list, is empty. */
export function listField<Item extends z.ZodType>(item: Item) {
	return z
		.unknown()
		.optional()
		.transform((value): readonly unknown[] =>
			Array.isArray(value) && value.length <= LIMITS.pushJsonItems ? value : [],
		)
		.pipe(z.array(item));
}

export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
	return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isScalar(value: unknown): value is string | number | boolean {
	return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
}
