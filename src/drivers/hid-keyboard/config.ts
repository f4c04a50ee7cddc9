import { z } from 'zod';
import { hidEntryFields } from '../hid-readers/entry-fields.ts';
import { repeatField } from '../tag-readers/entry-fields.ts';
import { cardFields, checkCardFields } from '../text-line/card-fields.ts';

/** A line of a keyboard is shorter than that of a serial reader: its raw reports are eight bytes a key. */
const LONGEST_TEXT = 64;

/** One reader that types its cards, in `gateway.yaml`. */
export const hidKeyboardConfig = checkCardFields(
	z.strictObject({
		...hidEntryFields('hid-keyboard'),
		end: z
			.enum(['key', 'enter', 'silence'])
			.default('key')
			.describe('key: Enter or Tab. enter: Tab is a character. silence: a pause of gapMs'),
		gapMs: z
			.int()
			.min(20)
			.max(1_000)
			.default(100)
			.describe('A pause between two keys, ms: it ends the text, or spoils it; people type slower'),
		longest: z.int().min(4).max(LONGEST_TEXT).default(LONGEST_TEXT).describe('Longer texts are given up'),
		...cardFields,
		...repeatField(1_000),
	}),
);

export type HidKeyboardConfig = z.infer<typeof hidKeyboardConfig>;
