import { z } from 'zod';
import { entryFields, repeatField } from '../tag-readers/entry-fields.ts';
import { MODELS } from './frame.ts';

/** One 125 kHz reader module in `gateway.yaml`. */
export const rdm6300Config = z.strictObject({
	...entryFields('rdm6300', 9600),
	model: z
		.enum(MODELS)
		.default('rdm6300')
		.describe('id-12 stands for ID-2, ID-12 and ID-20; em-18 sends no start and end'),
	...repeatField(1_000),
});

export type Rdm6300Config = z.infer<typeof rdm6300Config>;
