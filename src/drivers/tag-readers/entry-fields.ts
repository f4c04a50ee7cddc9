import { z } from 'zod';

const BAUDS = [1200, 2400, 4800, 9600, 19200, 38400, 57600, 115200, 230400] as const;

/** What every entry of a tag reader in `gateway.yaml` has. */
export interface TagReaderEntry {
	readonly id: string;
	readonly driver: string;
	readonly port: string;
	readonly repeatMs: number;
}

/** Fields of an entry that all these drivers share; `baud` is what the device comes with. */
export function entryFields<Kind extends string>(driver: Kind, baud: (typeof BAUDS)[number]) {
	return {
		id: z.string().regex(/^[a-zA-Z0-9-]{1,64}$/, 'an id of 1 to 64 letters, digits and dashes'),
		driver: z.literal(driver),
		port: z.string().min(1).max(256).describe('/dev/serial/by-id/… or sim:NAME'),
		baud: z.literal(BAUDS).default(baud).describe(`As set at the reader; ${baud} when new`),
	};
}

/** @param usualMs how long a tag that stays is the same presentation */
export function repeatField(usualMs: number) {
	return {
		repeatMs: z
			.int()
			.min(100)
			.max(60_000)
			.default(usualMs)
			.describe('A tag that stays in front of the reader is told again after this, ms'),
	};
}
