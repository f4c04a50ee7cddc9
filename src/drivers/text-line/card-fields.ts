import { z } from 'zod';
import { checkPatternWork, linePattern } from './line-pattern.ts';
import { NOTATIONS } from './notation.ts';

/** Fields of every reader in `gateway.yaml` whose lines are cards: what stands in a line. */
export const cardFields = {
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
};

interface CardEntry {
	readonly notation: (typeof NOTATIONS)[number];
	readonly bytes?: number | undefined;
	readonly pattern?: string | undefined;
	readonly longest: number;
	readonly checksum: 'none' | 'xor';
}

/** What cannot be said of each field alone. */
export function checkCardFields<Schema extends z.ZodType<CardEntry>>(schema: Schema): Schema {
	return checkPatternWork(schema)
		.refine((entry) => entry.notation !== 'decimal' || entry.bytes !== undefined, {
			path: ['bytes'],
			error: 'a decimal number does not tell its length: write bytes, such as 5 for 125 kHz fobs or 4 for short UIDs',
		})
		.refine((entry) => entry.notation === 'hex' || entry.checksum === 'none', {
			path: ['checksum'],
			error: 'a checksum stands in hex digits: write notation: hex, or checksum: none',
		});
}
