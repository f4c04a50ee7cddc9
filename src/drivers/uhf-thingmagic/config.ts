import { z } from 'zod';
import { entryFields, repeatField } from '../tag-readers/entry-fields.ts';
import { antennasField } from '../uhf/antennas-field.ts';
import type { Region } from '../uhf/settings.ts';

/** Codes of the protocol; EU is its third European region, the one of ETSI EN 302 208. */
export const REGION_CODES = {
	EU: 0x08,
	US: 0x01,
	NA2: 0x0d,
	NA3: 0x0e,
	CN: 0x06,
	KR: 0x09,
	JP: 0x05,
	IN: 0x04,
	AU: 0x0b,
	NZ: 0x0c,
} as const satisfies Partial<Record<Region, number>>;

/** One ThingMagic module in `gateway.yaml`. It keeps nothing without power: what stands here is what it is told. */
export const uhfThingmagicConfig = z.strictObject({
	...entryFields('uhf-thingmagic', 115_200),
	region: z
		.enum(['EU', 'US', 'NA2', 'NA3', 'CN', 'KR', 'JP', 'IN', 'AU', 'NZ'])
		.describe('Band it is to send in, as the law asks; NA2 or NA3 instead of US for a Nano'),
	powerDbm: z
		.number()
		.min(0)
		.max(31.5)
		.multipleOf(0.01)
		.optional()
		.describe("Power it is to have, dBm; left out: the module's own default"),
	antennas: antennasField(4),
	...repeatField(500),
});

export type UhfThingmagicConfig = z.infer<typeof uhfThingmagicConfig>;
