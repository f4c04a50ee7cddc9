import { z } from 'zod';
import { hidEntryFields } from '../hid-readers/entry-fields.ts';
import { MAX_CHANNELS } from './frame.ts';

const name = z.string().regex(/^[a-zA-Z][a-zA-Z0-9-]{0,31}$/, 'a name of letters, digits and dashes, such as open');

/** One V-USB relay board in `gateway.yaml`. */
export const hidRelayConfig = z.strictObject({
	...hidEntryFields('hid-relay'),
	serial: z
		.string()
		.regex(/^[!-~]{5}$/, 'the five characters that the board tells, such as BITFT')
		.optional()
		.describe('What the board must call itself: two boards that changed sockets are noticed'),
	outputs: z
		.record(name, z.int().min(1).max(MAX_CHANNELS))
		.refine(
			(outputs) => new Set(Object.values(outputs)).size === Object.keys(outputs).length,
			'every name needs a channel of its own',
		)
		.default({})
		.describe('Relays by name; channels from 1, as printed on the board'),
	guard: z
		.enum(['required', 'preferred', 'off'])
		.default('required')
		.describe('A second process that ends a pulse if Parkgate dies. required: no pulse without it'),
});

export type HidRelayConfig = z.infer<typeof hidRelayConfig>;
