import { z } from 'zod';
import { hidEntryFields } from '../hid-readers/entry-fields.ts';
import { repeatField } from '../tag-readers/entry-fields.ts';
import { WIEGAND_FORMAT_NAMES } from '../wiegand/formats.ts';

/** One rf IDeas pcProx reader in `gateway.yaml`. */
export const hidPcproxConfig = z.strictObject({
	...hidEntryFields('hid-pcprox'),
	cards: z
		.array(z.enum(WIEGAND_FORMAT_NAMES))
		.min(1)
		.max(WIEGAND_FORMAT_NAMES.length)
		.describe(
			'Formats of the cards in use: they name a card, and give back the parity bits that the reader takes away',
		),
	pollMs: z.int().min(50).max(2_000).default(250).describe('Pause between two looks for a card, ms'),
	...repeatField(1_000),
});

export type HidPcproxConfig = z.infer<typeof hidPcproxConfig>;
