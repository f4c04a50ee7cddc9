import { z } from 'zod';
import { entryFields, repeatField } from '../tag-readers/entry-fields.ts';
import { settingFields } from '../uhf/settings.ts';

/** One reader of Chafon's 0xCF protocol in `gateway.yaml`. */
export const uhfChafonCfConfig = z.strictObject({
	...entryFields('uhf-chafon-cf', 115_200),
	address: z
		.int()
		.min(0)
		.max(255)
		.default(255)
		.describe('Address set at the reader; 255: whatever it is, alone on its line'),
	mode: z
		.enum(['ask', 'listen'])
		.default('ask')
		.describe('ask: work mode 0, asked for tags. listen: work mode 1 or 2 (active, trigger), it speaks by itself'),
	...settingFields({ lowestDbm: 1, highestDbm: 33, stepDbm: 1 }, ['EU', 'US', 'CN', 'KR']),
	...repeatField(500),
});

export type UhfChafonCfConfig = z.infer<typeof uhfChafonCfConfig>;
