import { z } from 'zod';
import { hidEntryFields } from '../hid-readers/entry-fields.ts';
import { guardChoice, relayOutputs } from '../plain-relays/relay-fields.ts';
import { MAX_CHANNELS } from './frame.ts';

/** One V-USB relay board in `gateway.yaml`. */
export const hidRelayConfig = z.strictObject({
	...hidEntryFields('hid-relay'),
	serial: z
		.string()
		.regex(/^[!-~]{5}$/, 'the five characters that the board tells, such as BITFT')
		.optional()
		.describe('What the board must call itself: two boards that changed sockets are noticed'),
	outputs: relayOutputs(MAX_CHANNELS),
	guard: guardChoice,
});

export type HidRelayConfig = z.infer<typeof hidRelayConfig>;
