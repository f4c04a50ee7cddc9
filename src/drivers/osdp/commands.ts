import { KEY_BYTES } from './secure-channel.ts';

/** Data of commands, panel to reader; layouts of SIA OSDP v2.2, chapter 6. Numbers of outputs, readers and LEDs start at 0. */

const COLOUR = { black: 0, red: 1, green: 2, amber: 3, blue: 4, magenta: 5, cyan: 6, white: 7 } as const;

export type Colour = keyof typeof COLOUR;

/** ID and CAP ask for the standard answer. */
export const STANDARD_QUERY: Uint8Array = Uint8Array.of(0x00);

/** Control codes of OUT. */
export const OUT_CONTROL = { nothing: 0, off: 1, on: 2, onTimed: 5, offTimed: 6 } as const;

export interface OutCommand {
	readonly output: number;
	/** One of OUT_CONTROL, or 3 and 4: as 1 and 2 after a running time has ended. */
	readonly control: number;
	/** For the timed controls; in steps of 100 ms, at most 6 553 500. */
	readonly durationMs: number;
}

export function encodeOut({ output, control, durationMs }: OutCommand): Uint8Array {
	return Uint8Array.of(output, control, ...u16(tenths(durationMs, 0xffff)));
}

/** A command may carry several outputs; undefined when the length is none of a list. */
export function parseOut(data: Uint8Array): readonly OutCommand[] | undefined {
	if (data.length === 0 || data.length % 4 !== 0) return undefined;
	const commands: OutCommand[] = [];
	for (let at = 0; at < data.length; at += 4) {
		commands.push({
			output: data[at] ?? 0,
			control: data[at + 1] ?? 0,
			durationMs: 100 * readU16(data, at + 2),
		});
	}
	return commands;
}

export interface Blink {
	readonly onMs: number;
	readonly offMs: number;
	readonly on: Colour;
	readonly off: Colour;
}

export interface LedCommand {
	/** `cancel` ends a temporary showing, and the permanent one is seen again. */
	readonly temporary?: 'cancel' | (Blink & { readonly durationMs: number });
	readonly permanent?: Blink;
}

/** LED 0 of reader 0. */
export function encodeLed({ temporary, permanent }: LedCommand): Uint8Array {
	const shown = temporary === 'cancel' ? undefined : temporary;
	const control = shown !== undefined ? 2 : temporary === 'cancel' ? 1 : 0;
	return Uint8Array.of(
		0,
		0,
		control,
		...blink(shown),
		...u16(tenths(shown?.durationMs ?? 0, 0xffff)),
		permanent === undefined ? 0 : 1,
		...blink(permanent),
	);
}

export interface BuzzerCommand {
	readonly onMs: number;
	readonly offMs: number;
	/** How often; 0 sounds until it is told otherwise. */
	readonly count: number;
}

/** Default tone of reader 0. */
export function encodeBuzzer({ onMs, offMs, count }: BuzzerCommand): Uint8Array {
	return Uint8Array.of(0, 2, tenths(onMs, 0xff), tenths(offMs, 0xff), count);
}

/** Longest text of one TEXT command that is sent. */
const MAX_TEXT = 32;

/**
 * Text at row 1, column 1 of reader 0, printable ASCII.
 * @param forMs absent: until another text; the temporary one goes away by itself
 */
export function encodeText(text: string, forMs?: number): Uint8Array {
	const characters = [...text].slice(0, MAX_TEXT).map((character) => character.charCodeAt(0));
	// 2: permanent, wraps; 4: temporary, wraps.
	const control = forMs === undefined ? 2 : 4;
	const seconds = forMs === undefined ? 0 : Math.min(255, Math.max(1, Math.round(forMs / 1000)));
	return Uint8Array.of(0, control, seconds, 1, 1, characters.length, ...characters);
}

/** undefined when the length does not fit. */
export function parseText(data: Uint8Array): { readonly text: string; readonly isTemporary: boolean } | undefined {
	const [, control, , , , length] = data;
	if (control === undefined || length === undefined || data.length < 6 + length) return undefined;
	return { text: String.fromCharCode(...data.subarray(6, 6 + length)), isTemporary: control > 2 };
}

/** How a reader is reached; COMSET sets it and COM answers it. */
export interface Communication {
	/** 0–126. */
	readonly address: number;
	readonly baud: number;
}

export function encodeCommunication({ address, baud }: Communication): Uint8Array {
	return Uint8Array.of(address, baud & 0xff, (baud >> 8) & 0xff, (baud >> 16) & 0xff, (baud >> 24) & 0xff);
}

export function parseCommunication(data: Uint8Array): Communication | undefined {
	const [address, ...rate] = data;
	if (data.length < 5 || address === undefined) return undefined;
	return { address, baud: rate.slice(0, 4).reduceRight((sum, byte) => sum * 256 + byte, 0) };
}

/** Type 1: the key of the secure channel (SCBK). Sent only inside a secure channel. */
export function encodeKeyset(key: Uint8Array): Uint8Array {
	return Uint8Array.of(0x01, KEY_BYTES, ...key);
}

export function parseKeyset(data: Uint8Array): Uint8Array | undefined {
	return data.length === 2 + KEY_BYTES && data[0] === 0x01 && data[1] === KEY_BYTES ? data.slice(2) : undefined;
}

function blink(shown: Blink | undefined): number[] {
	if (shown === undefined) return [0, 0, 0, 0];
	return [tenths(shown.onMs, 0xff), tenths(shown.offMs, 0xff), COLOUR[shown.on], COLOUR[shown.off]];
}

function tenths(ms: number, most: number): number {
	return Math.min(most, Math.round(ms / 100));
}

function u16(value: number): [number, number] {
	return [value & 0xff, value >> 8];
}

export function readU16(bytes: Uint8Array, at: number): number {
	return (bytes[at] ?? 0) | ((bytes[at + 1] ?? 0) << 8);
}
