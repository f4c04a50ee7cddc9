import { z } from 'zod';
import { LIMITS } from '../../gateway/core/limits.ts';
import { ioName } from '../io-name.ts';
import { WIEGAND_FORMAT_NAMES } from '../wiegand/formats.ts';

/** Rates of OSDP v2.2. */
export const BAUDS = [9600, 19200, 38400, 57600, 115200, 230400] as const;

const key = z.string().regex(/^[0-9a-fA-F]{32}$/, '32 hex digits (AES-128), from a credential');
/** Characters that displays of readers have. */
const shown = z.string().regex(/^[ -~]{1,32}$/, 'up to 32 letters, digits and signs without accents');

const name = ioName('open');
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
		key: key.optional().describe('Key of the secure channel (SCBK); without it cards travel in clear'),
		formerKey: key
			.optional()
			.describe('The key before: a reader that still has it is given the new one; leave it out when all have it'),
		onDowngrade: z
			.enum(['refuse', 'accept'])
			.default('refuse')
			.describe('A reader with a key that answers in plain is an alarm; accept: its cards are read all the same'),
		check: z
			.enum(['auto', 'crc', 'checksum'])
			.default('auto')
			.describe('auto: CRC, or checksum for a reader that refuses it'),
		cards: z
			.array(z.enum(WIEGAND_FORMAT_NAMES))
			.max(WIEGAND_FORMAT_NAMES.length)
			.default([])
			.describe('Formats of the cards in use: they name a card, and a card with wrong parity is rejected'),
		mark: z.boolean().default(true).describe('Send FF before each frame; a few old readers want none'),
		pollMs: z.int().min(10).max(1000).default(50).describe('Between two polls of one reader, ms'),
		feedback: z
			.strictObject({ led: z.boolean().default(true), buzzer: z.boolean().default(true) })
			.prefault({})
			.describe('What a driver sees and hears at the reader'),
		display: z
			.strictObject({ granted: shown, refused: shown, wait: shown, idle: shown })
			.partial()
			.prefault({})
			.describe('Texts of a reader with a display; idle stands there when nothing happens'),
		keypad: z
			.strictObject({
				digits: z
					.int()
					.min(LIMITS.pinDigitsFewest)
					.max(LIMITS.pinDigitsMost)
					.optional()
					.describe('A PIN ends after so many digits; unless set with #'),
			})
			.prefault({})
			.describe('PINs pressed at the reader; * begins anew'),
		outputs: numbered.default({}).describe('Relays of the reader by name; numbers from 0'),
		inputs: numbered.default({}).describe('Inputs of the reader by name; numbers from 0'),
	})
	.refine((config) => config.formerKey === undefined || config.key !== undefined, {
		path: ['formerKey'],
		error: 'formerKey needs the key that is to be given to the reader in its place',
	})
	.refine((config) => config.formerKey === undefined || config.formerKey.toLowerCase() !== config.key?.toLowerCase(), {
		path: ['formerKey'],
		error: 'formerKey is the same as key: leave it out',
	});

export type OsdpConfig = z.infer<typeof osdpConfig>;
