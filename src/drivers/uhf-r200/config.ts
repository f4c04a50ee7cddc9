import { z } from 'zod';
import { entryFields, repeatField } from '../tag-readers/entry-fields.ts';
import { settingFields } from '../uhf/settings.ts';

/** One UHF module of the BB … 7E protocol in `gateway.yaml`. */
export const uhfR200Config = z.strictObject({
	...entryFields('uhf-r200', 115_200),
	...settingFields({ lowestDbm: 0, highestDbm: 33, stepDbm: 0.01 }, ['EU', 'US', 'CN', 'KR']),
	checkEpc: z
		.boolean()
		.default(true)
		.describe('Reject tags whose own CRC is wrong; false for modules that pass no true one on'),
	...repeatField(500),
});

export type UhfR200Config = z.infer<typeof uhfR200Config>;
