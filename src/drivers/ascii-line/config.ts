import { z } from 'zod';
import { entryFields, repeatField } from '../tag-readers/entry-fields.ts';
import { lineFields } from '../text-line/line-fields.ts';
import { linePattern } from '../text-line/line-pattern.ts';
import { NOTATIONS } from './notation.ts';

/** One reader that says its cards as lines of text, in `gateway.yaml`. */
export const asciiLineConfig = z
	.strictObject({
		...entryFields('ascii-line', 9600),
		...lineFields,
		notation: z
			.enum(NOTATIONS)
			.default('hex')
			.describe('How the line writes the card; text: its characters are the card'),
		pattern: linePattern
			.optional()
			.describe(
				'Regular expression with a group tag, and antenna and rssi where the line tells them; whole lines unless set',
			),
		bytes: z
			.int()
			.min(1)
			.max(64)
			.optional()
			.describe('Length of the tag: shorter numbers get zeros in front; needed for decimal'),
		reversed: z.boolean().default(false).describe('The line begins with the last byte'),
		checksum: z
			.enum(['none', 'xor'])
			.default('none')
			.describe('xor: the last two digits are the XOR of the bytes before'),
		...repeatField(1_000),
	})
	.refine((entry) => entry.notation !== 'decimal' || entry.bytes !== undefined, {
		path: ['bytes'],
		error: 'a decimal number does not tell its length: write bytes, such as 5 for 125 kHz fobs or 4 for short UIDs',
	})
	.refine((entry) => entry.notation === 'hex' || entry.checksum === 'none', {
		path: ['checksum'],
		error: 'a checksum stands in hex digits: write notation: hex, or checksum: none',
	});

export type AsciiLineConfig = z.infer<typeof asciiLineConfig>;
