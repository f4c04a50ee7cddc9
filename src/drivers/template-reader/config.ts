import { z } from 'zod';
import { entryFields, repeatField } from '../tag-readers/entry-fields.ts';

/**
 * One template reader in `gateway.yaml`. Name what a technician sets, with its unit at the end and its range here: a
 * mistake is then told with its line before anything starts. `describe` is what editors show.
 */
export const templateReaderConfig = z.strictObject({
	...entryFields('template-reader', 9600),
	pollMs: z.int().min(20).max(5_000).default(100).describe('Pause between two looks for tags, ms'),
	...repeatField(1_000),
});

export type TemplateReaderConfig = z.infer<typeof templateReaderConfig>;
