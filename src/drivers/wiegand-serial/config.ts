import { z } from 'zod';
import { entryFields, repeatField } from '../tag-readers/entry-fields.ts';
import { lineFields } from '../text-line/line-fields.ts';
import { checkPatternWork, linePattern } from '../text-line/line-pattern.ts';
import { WIEGAND_FORMAT_NAMES, WIEGAND_FORMATS } from '../wiegand/formats.ts';
import { CARD_NOTATIONS } from './card-text.ts';

/** One Wiegand-to-serial converter in `gateway.yaml`. */
export const wiegandSerialConfig = checkPatternWork(
	z.strictObject({
		...entryFields('wiegand-serial', 9600),
		...lineFields,
		notation: z
			.enum(CARD_NOTATIONS)
			.describe('How it writes a card: all bits as 0 and 1 or in hex, or without the parity bits it checked'),
		cards: z
			.array(z.enum(WIEGAND_FORMAT_NAMES))
			.min(1)
			.max(WIEGAND_FORMAT_NAMES.length)
			.describe('Formats of the cards in use: they name a card, and a card with wrong parity is rejected'),
		pattern: linePattern
			.optional()
			.describe(
				'Regular expression with a group tag, and antenna where the line tells the port; whole lines unless set',
			),
		...repeatField(500),
	}),
)
	.refine((entry) => entry.notation === 'bits' || entry.cards.length === 1, {
		path: ['cards'],
		error: 'only notation: bits tells how long a card is; for others write the one format of the cards in use',
	})
	.refine((entry) => entry.notation !== 'facility-number' || entry.cards.every(hasFacility), {
		path: ['cards'],
		error: 'this format has no facility code, so that a line cannot name one; write another format or notation',
	});

export type WiegandSerialConfig = z.infer<typeof wiegandSerialConfig>;

function hasFacility(name: (typeof WIEGAND_FORMAT_NAMES)[number]): boolean {
	return WIEGAND_FORMATS[name].facility !== undefined;
}
