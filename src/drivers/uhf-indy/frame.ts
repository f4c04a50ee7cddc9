import { createFrameSearch, type FrameFormat, type FrameSearch } from '../frame-search.ts';
import type { TagRead } from '../tag-readers/dialect.ts';
import { parseEpc, tagOfEpc, word } from '../uhf/epc.ts';

/**
 * Frames of readers with Impinj's Indy chips ("UHF RFID Reader Serial Interface Protocol V2.2"): header, length of what
 * follows, address, command, data, check.
 */
const HEADER = 0xa0;
/** Address, command and check. */
const SHORTEST_LENGTH = 3;
const LONGEST_BYTES = 257;

export const COMMAND = {
	firmware: 0x72,
	setAntenna: 0x74,
	setPower: 0x76,
	getPower: 0x77,
	setRegion: 0x78,
	getRegion: 0x79,
	inventory: 0x89,
	fastSwitchInventory: 0x8a,
	sessionInventory: 0x8b,
} as const;

export const CODE = {
	ok: 0x10,
	failed: 0x11,
	antennaMissing: 0x22,
	inventoryError: 0x31,
	noTag: 0x36,
	bufferEmpty: 0x38,
} as const;

export interface IndyFrame {
	readonly kind: 'frame';
	readonly address: number;
	readonly command: number;
	readonly data: Uint8Array;
	/** Whole, as it came. */
	readonly bytes: Uint8Array;
}

/** The header may stand in an EPC too; all commands of the manual are from 0x60 to 0xB4. */
const format: FrameFormat<IndyFrame> = {
	longest: LONGEST_BYTES,
	scan(bytes, at) {
		if (bytes[at] !== HEADER) return { result: 'none' };
		const [length, command] = [bytes[at + 1], bytes[at + 3]];
		if (length !== undefined && length < SHORTEST_LENGTH) return { result: 'none' };
		if (command !== undefined && (command < 0x60 || command > 0xb4)) return { result: 'none' };
		const end = at + 2 + (length ?? 0);
		if (length === undefined || command === undefined || bytes.length < end) return { result: 'partial' };
		const frame = bytes.slice(at, end);
		if (sumOf(frame) !== 0) return { result: 'bad', reason: 'checksum', end };
		const [, , address = 0] = frame;
		return {
			result: 'frame',
			frame: { kind: 'frame', address, command, data: frame.subarray(4, -1), bytes: frame },
			end,
		};
	},
};

export function createIndySearch(): FrameSearch<IndyFrame> {
	return createFrameSearch(format);
}

export function encodeIndy(address: number, command: number, data: readonly number[] = []): Uint8Array {
	const frame = Uint8Array.of(HEADER, data.length + SHORTEST_LENGTH, address, command, ...data, 0);
	frame[frame.length - 1] = -sumOf(frame) & 0xff;
	return frame;
}

function sumOf(bytes: Uint8Array): number {
	let sum = 0;
	for (const byte of bytes) sum = (sum + byte) & 0xff;
	return sum;
}

/** What an answer to an inventory says. `error`: it is over too; the code says why. */
export type InventoryAnswer =
	| { readonly kind: 'tag'; readonly read: TagRead }
	| { readonly kind: 'rejected'; readonly why: string }
	| { readonly kind: 'end' }
	| { readonly kind: 'error'; readonly code: number; readonly antenna?: number };

const INVENTORIES: ReadonlySet<number> = new Set([
	COMMAND.inventory,
	COMMAND.fastSwitchInventory,
	COMMAND.sessionInventory,
]);

/** Undefined: it answers no inventory. Only their length tells tags (always odd), ends and errors apart. */
export function readInventory({ command, data, bytes }: IndyFrame): InventoryAnswer | undefined {
	if (!INVENTORIES.has(command)) return undefined;
	switch (data.length) {
		case 0:
			return undefined;
		case 1:
			return { kind: 'error', code: data[0] ?? 0 };
		case 2:
			return { kind: 'error', code: data[1] ?? 0, antenna: (data[0] ?? 0) + 1 };
		case 5:
		case 7:
			return { kind: 'end' };
		default:
			return readTag(data, bytes);
	}
}

/** Frequency and antenna, PC, EPC, strength. */
function readTag(data: Uint8Array, raw: Uint8Array): InventoryAnswer {
	const epc = data.length < 6 ? undefined : parseEpc(word(data, 1), data.subarray(3, -1));
	if (epc === undefined) return { kind: 'rejected', why: 'its length is not what its PC says' };
	const antenna = ((data[0] ?? 0) & 0x03) + 1;
	return { kind: 'tag', read: { tag: tagOfEpc(epc), antenna, rssiDbm: rssiOf(data.at(-1) ?? 0), raw } };
}

/** The manual's table (section 5): -31 dBm at 98, in steps of 1 with one of 2 between 89 and 90. */
export function rssiOf(value: number): number {
	return value >= 90 ? value - 129 : value - 130;
}

export function valueOfRssi(rssiDbm: number): number {
	const value = rssiDbm >= -39 ? rssiDbm + 129 : rssiDbm + 130;
	return Math.min(98, Math.max(0, value));
}
