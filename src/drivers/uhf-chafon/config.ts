import { z } from 'zod';
import { entryFields, repeatField } from '../tag-readers/entry-fields.ts';
import { antennasField } from '../uhf/antennas-field.ts';
import { settingFields } from '../uhf/settings.ts';
import { FAMILIES } from './inventory.ts';

/** One reader of the UHFReader18 or UHFReader288 family in `gateway.yaml`; readers with the same port share one line. */
export const uhfChafonConfig = z
	.strictObject({
		...entryFields('uhf-chafon', 57_600),
		address: z
			.int()
			.min(0)
			.max(255)
			.default(0)
			.describe('Address set at the reader; 255: whatever it is, alone on its line'),
		mode: z
			.enum(['ask', 'listen'])
			.default('ask')
			.describe('ask: in answer mode, asked for tags. listen: in active mode, it speaks by itself; alone on its line'),
		family: z
			.enum(['auto', ...FAMILIES])
			.default('auto')
			.describe('How it lists tags; auto: as its own type says'),
		antennas: antennasField(8),
		rssiOffsetDbm: z
			.int()
			.min(-200)
			.max(0)
			.optional()
			.describe('What makes dBm of the number the reader tells, as its manual says; left out: no strength is told'),
		...settingFields({ lowestDbm: 1, highestDbm: 33, stepDbm: 1 }, ['EU', 'US', 'CN', 'KR']),
		...repeatField(500),
	})
	.refine((entry) => entry.family !== 'reader18' || entry.antennas.length === 1, {
		path: ['antennas'],
		error: 'a reader18 has one antenna',
	});

export type UhfChafonConfig = z.infer<typeof uhfChafonConfig>;
