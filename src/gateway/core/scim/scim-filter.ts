import type { ScimAttribute } from './scim-schema.ts';

export type Comparison = 'eq' | 'co' | 'sw' | 'ew' | 'gt' | 'ge' | 'lt' | 'le';

/** Where a value is: names from the resource, or within `any` from one value of the list, down to it; none: that value itself. */
export interface ValuePlace {
	readonly keys: readonly string[];
	readonly type: ScimAttribute['type'];
	/** Otherwise both sides are compared in lower case. */
	readonly caseExact: boolean;
}

/**
 * A filter that was checked against a schema, as plain data: attributes spelt as in the schema, `ne` said as `not eq`
 * (what has no value is not equal to any), and what looks into a list said as `any` of its values.
 */
export type ScimFilter =
	| { readonly op: 'and' | 'or'; readonly parts: readonly ScimFilter[] }
	| { readonly op: 'not'; readonly part: ScimFilter }
	| { readonly op: 'always' | 'never' }
	| { readonly op: 'present'; readonly place: ValuePlace }
	| { readonly op: 'compare'; readonly by: Comparison; readonly place: ValuePlace; readonly value: ComparedValue }
	/** Of the list at these keys at least one value fits. */
	| { readonly op: 'any'; readonly keys: readonly string[]; readonly part: ScimFilter };

/** Of a dateTime the moment, epoch ms; of text that is compared in any case, in lower case. */
export type ComparedValue = string | number | boolean;

/** The form in which text is compared in any case: widths, case and accents as in UsernameCaseMapped (RFC 7613, 3.2.2). */
export function foldCase(text: string): string {
	return text
		.replaceAll(/[\uff00-\uffef]+/g, (wide) => wide.normalize('NFKC'))
		.toLowerCase()
		.normalize('NFC');
}
