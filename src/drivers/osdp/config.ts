import { z } from 'zod';
import { WIEGAND_FORMAT_NAMES } from '../wiegand/formats.ts';

const BAUDS = [9600, 19200, 38400, 57600, 115200, 230400] as const;

const name = z.string().regex(/^[a-zA-Z][a-zA-Z0-9-]{0,31}$/, 'a name of letters, digits and dashes, such as open');
const numbered = z
	.record(name, z.int().min(0).max(255))
	.refine(
		(record) => new Set(Object.values(record)).size === Object.keys(record).length,
		'every name needs a number of its own',
	);

/** One reader in `gateway.yaml`; readers with the same port share one line. */
export const osdpConfig = z
	.strictObject({
		id: z.string().regex(/^[a-zA-Z0-9-]{1,64}$/, 'an id of 1 to 64 letters, digits and dashes'),
		driver: z.literal('osdp'),
		port: z.string().min(1).max(256).describe('/dev/serial/by-id/… or sim:NAME'),
		baud: z.literal(BAUDS).default(9600).describe('The same for every reader of a line; 9600 when new'),
		address: z.int().min(0).max(126).describe('Address set at the reader, its own on the line'),
		key: z
			.string()
			.regex(/^[0-9a-fA-F]{32}$/, '32 hex digits (AES-128), from a credential')
			.optional()
			.describe('Key of the secure channel (SCBK); without it cards travel in clear'),
		installMode: z
			.boolean()
			.default(false)
			.describe('Give the key to a reader that still has the default key; off once it has it'),
		check: z
			.enum(['auto', 'crc', 'checksum'])
			.default('auto')
			.describe('auto: CRC, or checksum for a reader that refuses it'),
		cards: z
			.array(z.enum(WIEGAND_FORMAT_NAMES))
			.max(WIEGAND_FORMAT_NAMES.length)
			.default([])
			.describe('Formats of the cards in use: they name a card, and a card with wrong parity is rejected'),
		pollMs: z.int().min(10).max(1000).default(50).describe('Between two polls of one reader, ms'),
		feedback: z
			.strictObject({ led: z.boolean().default(true), buzzer: z.boolean().default(true) })
			.prefault({})
			.describe('What a driver sees and hears at the reader'),
		outputs: numbered.default({}).describe('Relays of the reader by name; numbers from 0'),
		inputs: numbered.default({}).describe('Inputs of the reader by name; numbers from 0'),
	})
	.refine((config) => !config.installMode || config.key !== undefined, {
		path: ['installMode'],
		error: 'installMode needs the key that is to be given to the reader',
	});

export type OsdpConfig = z.infer<typeof osdpConfig>;
