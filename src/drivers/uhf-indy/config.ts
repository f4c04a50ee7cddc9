import { z } from 'zod';
import { entryFields, repeatField } from '../tag-readers/entry-fields.ts';
import { antennasField } from '../uhf/antennas-field.ts';
import { settingFields } from '../uhf/settings.ts';

/** One reader with an Indy chip in `gateway.yaml`; readers with the same port share one line. */
export const uhfIndyConfig = z.strictObject({
	...entryFields('uhf-indy', 115_200),
	address: z
		.int()
		.min(0)
		.max(255)
		.default(1)
		.describe('Address set at the reader; 255: whatever it is, alone on its line'),
	antennas: antennasField(4),
	...settingFields({ lowestDbm: 0, highestDbm: 33, stepDbm: 1 }, ['EU', 'US', 'CN']),
	...repeatField(500),
});

export type UhfIndyConfig = z.infer<typeof uhfIndyConfig>;
