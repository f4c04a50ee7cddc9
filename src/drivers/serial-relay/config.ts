import { z } from 'zod';
import { hasGuard, NO_GUARD_OVER_TCP } from '../plain-relays/guard-over-tcp.ts';

const MAX_CHANNELS = 8;

const name = z.string().regex(/^[a-zA-Z][a-zA-Z0-9-]{0,31}$/, 'a name of letters, digits and dashes, such as open');

/** One board in `gateway.yaml`; it knows no addresses, so that each has a port of its own. */
export const serialRelayConfig = z
	.strictObject({
		id: z.string().regex(/^[a-zA-Z0-9-]{1,64}$/, 'an id of 1 to 64 letters, digits and dashes'),
		driver: z.literal('serial-relay'),
		port: z.string().min(1).max(256).describe('/dev/serial/by-id/… or by-path/… or sim:NAME'),
		board: z
			.enum(['lcus', 'kmtronic'])
			.describe('lcus: A0 ch st sum, answers nothing. kmtronic: FF ch st, tells its relays'),
		baud: z.literal([9600, 19200, 38400, 57600, 115200]).default(9600),
		channels: z.literal([1, 2, 4, 8]).default(1).describe('Relays of the board'),
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
	})
	.refine((board) => Object.values(board.outputs).every((channel) => channel <= board.channels), {
		path: ['channels'],
		error: 'channels must be at least the highest channel of outputs',
	})
	.refine(hasGuard, NO_GUARD_OVER_TCP);

export type SerialRelayConfig = z.infer<typeof serialRelayConfig>;
