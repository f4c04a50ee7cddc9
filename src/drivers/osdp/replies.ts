import type { CardBits } from '../wiegand/card-bits.ts';
import { readU16 } from './commands.ts';

/** Data of replies, reader to panel; layouts of SIA OSDP v2.2, chapter 7. */

export interface ReaderIdentity {
	/** IEEE OUI of the manufacturer, 6 hex digits. */
	readonly vendor: string;
	readonly model: number;
	readonly version: number;
	readonly serial: number;
	/** Major, minor, build. */
	readonly firmware: string;
}

export function parsePdid(data: Uint8Array): ReaderIdentity | undefined {
	if (data.length < 12) return undefined;
	const [model = 0, version = 0] = data.subarray(3);
	return {
		vendor: data.subarray(0, 3).toHex(),
		model,
		version,
		serial: readU16(data, 5) + readU16(data, 7) * 65_536,
		firmware: data.subarray(9, 12).join('.'),
	};
}

export function encodePdid({ vendor, model, version, serial, firmware }: ReaderIdentity): Uint8Array {
	const serialBytes = [serial, serial >>> 8, serial >>> 16, serial >>> 24].map((part) => part & 0xff);
	return Uint8Array.of(
		...Uint8Array.fromHex(vendor),
		model,
		version,
		...serialBytes,
		...firmware.split('.').map(Number),
	);
}

/** Function codes of PDCAP that are looked at. */
export const CAPABILITY = {
	contacts: 1,
	outputs: 2,
	cardFormat: 3,
	led: 4,
	audible: 5,
	text: 6,
	check: 8,
	security: 9,
	receiveBuffer: 10,
	readers: 13,
	version: 16,
} as const;

export interface ReaderCapability {
	readonly compliance: number;
	readonly count: number;
}

/** By function code. */
export type ReaderCapabilities = ReadonlyMap<number, ReaderCapability>;

export function parsePdcap(data: Uint8Array): ReaderCapabilities {
	const capabilities = new Map<number, ReaderCapability>();
	for (let at = 0; at + 3 <= data.length; at += 3) {
		capabilities.set(data[at] ?? 0, { compliance: data[at + 1] ?? 0, count: data[at + 2] ?? 0 });
	}
	return capabilities;
}

export function encodePdcap(capabilities: ReaderCapabilities): Uint8Array {
	return Uint8Array.from([...capabilities].flatMap(([code, { compliance, count }]) => [code, compliance, count]));
}

export interface LocalStatus {
	readonly tamper: boolean;
	readonly powerFailure: boolean;
}

export function parseLstatr(data: Uint8Array): LocalStatus | undefined {
	const [tamper, power] = data;
	if (tamper === undefined || power === undefined) return undefined;
	return { tamper: tamper !== 0, powerFailure: power !== 0 };
}

export function encodeLstatr({ tamper, powerFailure }: LocalStatus): Uint8Array {
	return Uint8Array.of(tamper ? 1 : 0, powerFailure ? 1 : 0);
}

/** ISTATR and OSTATR: one byte per input or output, from number 0. */
export function parseLevels(data: Uint8Array): readonly boolean[] {
	return [...data].map((level) => level !== 0);
}

export function encodeLevels(levels: readonly boolean[]): Uint8Array {
	return Uint8Array.from(levels, (level) => (level ? 1 : 0));
}

export interface RawCard extends CardBits {
	readonly reader: number;
}

/** Bits are left-justified and the bit count has two bytes; undefined when there are fewer bits than it says, or none. */
export function parseRaw(data: Uint8Array): RawCard | undefined {
	if (data.length < 5) return undefined;
	const bitCount = readU16(data, 2);
	const bytes = data.slice(4, 4 + Math.ceil(bitCount / 8));
	return bitCount === 0 || bytes.length * 8 < bitCount ? undefined : { reader: data[0] ?? 0, bitCount, bytes };
}

/** Format 1, Wiegand. */
export function encodeRaw({ bytes, bitCount }: CardBits): Uint8Array {
	return Uint8Array.of(0, 1, bitCount & 0xff, bitCount >> 8, ...bytes.subarray(0, Math.ceil(bitCount / 8)));
}

/** `*` is 0x7F and `#` is 0x0D; undefined when the count does not fit. */
export function parseKeypad(data: Uint8Array): string | undefined {
	const count = data[1];
	if (count === undefined || data.length < 2 + count) return undefined;
	return [...data.subarray(2, 2 + count)].map(keyOf).join('');
}

export function encodeKeypad(keys: string): Uint8Array {
	const codes = [...keys].map((key) => (key === '*' ? 0x7f : key === '#' ? 0x0d : key.charCodeAt(0)));
	return Uint8Array.of(0, codes.length, ...codes);
}

function keyOf(code: number): string {
	if (code === 0x7f) return '*';
	return code === 0x0d ? '#' : String.fromCharCode(code);
}
