import { z } from 'zod';
import { ioName } from '../io-name.ts';
import { hasGuard, NO_GUARD_OVER_TCP } from '../plain-relays/guard-over-tcp.ts';
import { guardChoice } from '../plain-relays/relay-fields.ts';

const BAUDS = [1200, 2400, 4800, 9600, 19200, 38400, 57600, 115200, 128000, 256000] as const;
const MAX_CHANNELS = 64;

const channel = z.int().min(1).max(MAX_CHANNELS);

const input = z.union([
	channel,
	z.strictObject({
		channel,
		invert: z.boolean().default(false).describe('Active while the contact is open (normally closed contacts)'),
		debounceMs: z.int().min(0).max(5_000).default(0).describe('A level counts once it lasted this long'),
	}),
]);

function channelsOnce(record: Record<string, z.infer<typeof input>>): boolean {
	const channels = Object.values(record).map((entry) => (typeof entry === 'number' ? entry : entry.channel));
	return new Set(channels).size === channels.length;
}

/** One relay board in `gateway.yaml`; boards with the same port share one line. */
export const modbusRelayConfig = z
	.strictObject({
		id: z.string().regex(/^[a-zA-Z0-9-]{1,64}$/, 'an id of 1 to 64 letters, digits and dashes'),
		driver: z.literal('modbus-relay'),
		port: z.string().min(1).max(256).describe('/dev/serial/by-id/… or sim:NAME'),
		baud: z.literal(BAUDS).default(9600).describe('The same for every board of a line'),
		parity: z.enum(['none', 'even', 'odd']).default('none'),
		stopBits: z.literal([1, 2]).default(1),
		unit: z.int().min(1).max(255).default(1).describe('Address set at the board; LC-Tech boards have 255'),
		outputs: z
			.record(ioName('open'), channel)
			.refine(channelsOnce, 'every name needs a channel of its own')
			.default({})
			.describe('Relays by name; channels from 1, as printed on the board'),
		inputs: z
			.record(ioName('arming'), input)
			.refine(channelsOnce, 'every name needs a channel of its own')
			.default({})
			.describe('Inputs by name: the channel from 1, or channel, invert and debounceMs'),
		pulseMode: z
			.enum(['flash', 'value', 'coil'])
			.default('flash')
			.describe(
				'flash: the board ends the pulse after the time it is told. value: it ends it after its own. coil: the gateway ends it',
			),
		flashBase: z.int().min(0).max(0xffff).default(0x0200).describe('Of flash: where its coils begin'),
		flashStepMs: z.int().min(10).max(1_000).default(100).describe('Of flash: what the value counts, ms'),
		pulseValue: z
			.int()
			.min(1)
			.max(0xffff)
			.optional()
			.describe('Of value: what makes a relay pulse by itself, such as 0x0500'),
		guard: guardChoice.describe(
			'Of coil: a second process that ends a pulse if Parkgate dies. required: no pulse without it',
		),
		channels: z.int().min(1).max(MAX_CHANNELS).default(8).describe('Relays and inputs of the board, each'),
		coilOffset: z.int().min(0).max(0xff).default(0).describe('1 for boards that number their relays from 1'),
		inputOffset: z.int().min(0).max(0xff).default(0).describe('1 for boards that number their inputs from 1'),
		onValue: z
			.int()
			.min(1)
			.max(0xffff)
			.default(0xff00)
			.describe('Value that switches a relay on: 0xFF00, or 0x0100 for odd boards'),
		offValue: z.int().min(0).max(0xffff).default(0).describe('Value that switches it off'),
		writeFunction: z.literal([5, 6]).default(5).describe('How relays are switched: 5 as coils, 6 as registers'),
		stateFunction: z.literal([1, 3]).default(1).describe('How relays are read: 1 as coils, 3 as registers'),
		inputFunction: z
			.literal([1, 2, 3, 4])
			.default(2)
			.describe('How inputs are read: 1 as coils, 2 as discrete inputs, 3 and 4 as registers'),
		inputsPacked: z
			.boolean()
			.default(false)
			.describe('Of inputs in registers: each bit is an input, lowest first; else each register'),
		pollMs: z.int().min(20).max(1_000).default(50).describe('Between two looks at the inputs, ms'),
		timeoutMs: z.int().min(50).max(2_000).default(300).describe('How long an answer may take, ms'),
	})
	.refine(
		(board) => [...Object.values(board.outputs), ...inputChannels(board.inputs)].every((n) => n <= board.channels),
		{ path: ['channels'], error: 'channels must be at least the highest channel of outputs and inputs' },
	)
	.refine((board) => board.pulseMode !== 'value' || board.pulseValue !== undefined, {
		path: ['pulseValue'],
		error: 'pulseMode value needs the pulseValue that makes a relay pulse',
	})
	.refine((board) => board.pulseMode !== 'flash' || board.writeFunction === 5, {
		path: ['pulseMode'],
		error: 'flash is a function of coils: with writeFunction 6 write pulseMode value or coil',
	})
	.refine((board) => board.pulseMode !== 'coil' || hasGuard(board), NO_GUARD_OVER_TCP);

export type ModbusRelayConfig = z.infer<typeof modbusRelayConfig>;

export interface InputSettings {
	readonly name: string;
	/** From 1. */
	readonly channel: number;
	readonly invert: boolean;
	readonly debounceMs: number;
}

export function inputSettings(inputs: ModbusRelayConfig['inputs']): readonly InputSettings[] {
	return Object.entries(inputs).map(([inputName, entry]) =>
		typeof entry === 'number'
			? { name: inputName, channel: entry, invert: false, debounceMs: 0 }
			: { name: inputName, ...entry },
	);
}

function inputChannels(inputs: Record<string, z.infer<typeof input>>): number[] {
	return inputSettings(inputs).map((entry) => entry.channel);
}
