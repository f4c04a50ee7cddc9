import { z } from 'zod';
import { entryFields, repeatField } from '../tag-readers/entry-fields.ts';
import { cardFields, checkCardFields } from '../text-line/card-fields.ts';
import { lineFields } from '../text-line/line-fields.ts';

/** One reader that says its cards as lines of text, in `gateway.yaml`. */
export const asciiLineConfig = checkCardFields(
	z.strictObject({ ...entryFields('ascii-line', 9600), ...lineFields, ...cardFields, ...repeatField(1_000) }),
);

export type AsciiLineConfig = z.infer<typeof asciiLineConfig>;
