import { z } from 'zod';
import { ioName } from '../io-name.ts';

/** Relays of a board by name. @param channels How many the largest board has. */
export const relayOutputs = (channels: number) =>
	z
		.record(ioName('open'), z.int().min(1).max(channels))
		.refine(
			(outputs) => new Set(Object.values(outputs)).size === Object.keys(outputs).length,
			'every name needs a channel of its own',
		)
		.default({})
		.describe('Relays by name; channels from 1, as printed on the board');

/** What stands behind pulses that the gateway itself ends. */
export const guardChoice = z
	.enum(['required', 'preferred', 'off'])
	.default('required')
	.describe('A second process that ends a pulse if Parkgate dies. required: no pulse without it');
