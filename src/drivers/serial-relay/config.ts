import { z } from 'zod';
import { hasGuard, NO_GUARD_OVER_TCP } from '../plain-relays/guard-over-tcp.ts';
import { guardChoice, relayOutputs } from '../plain-relays/relay-fields.ts';

const MAX_CHANNELS = 8;

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
		outputs: relayOutputs(MAX_CHANNELS),
		guard: guardChoice,
	})
	.refine((board) => Object.values(board.outputs).every((channel) => channel <= board.channels), {
		path: ['channels'],
		error: 'channels must be at least the highest channel of outputs',
	})
	.refine(hasGuard, NO_GUARD_OVER_TCP);

export type SerialRelayConfig = z.infer<typeof serialRelayConfig>;
