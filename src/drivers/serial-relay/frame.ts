/** What one LCUS command says, or why it is none. */
export type LcusSwitch = { readonly channel: number; readonly on: boolean } | { readonly problem: string };

export const LCUS_HEAD = 0xa0;
export const LCUS_LENGTH = 4;
export const KMTRONIC_HEAD = 0xff;
export const KMTRONIC_LENGTH = 3;
/** Asks a board of one or two relays for one of them. */
const KMTRONIC_ASK = 0x03;
/** Asks a board of four or eight for all of them: `FF 09 00`. */
const KMTRONIC_ASK_ALL = 0x09;

/** `A0 channel state sum`, the sum being the low byte of the first three (LCUS-1 vendor sheet). */
export function encodeLcusSwitch(channel: number, on: boolean): Uint8Array {
	const state = on ? 1 : 0;
	return Uint8Array.of(LCUS_HEAD, channel, state, (LCUS_HEAD + channel + state) & 0xff);
}

/** @param bytes as many as a command has */
export function decodeLcusSwitch(bytes: Uint8Array): LcusSwitch {
	const [head = 0, channel = 0, state = 0, sum] = bytes;
	if (bytes.length !== LCUS_LENGTH) return { problem: 'length' };
	if (head !== LCUS_HEAD) return { problem: 'head' };
	if (sum !== ((head + channel + state) & 0xff)) return { problem: 'checksum' };
	if (channel < 1 || channel > 8) return { problem: 'channel' };
	return state > 1 ? { problem: 'state' } : { channel, on: state === 1 };
}

/** `FF channel state` (KMtronic USB relay manuals). */
export function encodeKmtronicSwitch(channel: number, on: boolean): Uint8Array {
	return Uint8Array.of(KMTRONIC_HEAD, channel, on ? 1 : 0);
}

/** One or two relays are asked for one by one, four and eight together. */
export function encodeKmtronicLook(channels: number): Uint8Array {
	if (channels > 2) return Uint8Array.of(KMTRONIC_HEAD, KMTRONIC_ASK_ALL, 0);
	const each = Array.from({ length: channels }, (_, index) => [KMTRONIC_HEAD, index + 1, KMTRONIC_ASK]);
	return Uint8Array.from(each.flat());
}

/** What the board is told or asked. */
export type KmtronicCommand =
	| { readonly kind: 'switch'; readonly channel: number; readonly on: boolean }
	| { readonly kind: 'look'; readonly channel: number }
	| { readonly kind: 'lookAll' }
	| { readonly kind: 'none'; readonly problem: string };

/** @param bytes as many as a command has */
export function decodeKmtronicCommand(bytes: Uint8Array): KmtronicCommand {
	const [head, channel = 0, state = 0] = bytes;
	if (bytes.length !== KMTRONIC_LENGTH) return { kind: 'none', problem: 'length' };
	if (head !== KMTRONIC_HEAD) return { kind: 'none', problem: 'head' };
	if (channel === KMTRONIC_ASK_ALL && state === 0) return { kind: 'lookAll' };
	if (channel < 1 || channel > 8) return { kind: 'none', problem: 'channel' };
	if (state === KMTRONIC_ASK) return { kind: 'look', channel };
	return state > 1 ? { kind: 'none', problem: 'state' } : { kind: 'switch', channel, on: state === 1 };
}

/** `FF channel state` for each of one or two, `FF` and a byte for each of four or eight. */
export function encodeKmtronicStates(on: readonly boolean[]): Uint8Array {
	const states = on.map((isOn) => (isOn ? 1 : 0));
	if (on.length > 2) return Uint8Array.of(KMTRONIC_HEAD, ...states);
	return Uint8Array.from(states.flatMap((state, index) => [KMTRONIC_HEAD, index + 1, state]));
}

export function kmtronicStatesLength(channels: number): number {
	return channels > 2 ? 1 + channels : KMTRONIC_LENGTH * channels;
}

/**
 * @param bytes as many as `kmtronicStatesLength` says
 * @returns undefined for anything but a whole answer of a board with so many relays
 */
export function decodeKmtronicStates(bytes: Uint8Array, channels: number): readonly boolean[] | undefined {
	if (bytes.length !== kmtronicStatesLength(channels) || bytes[0] !== KMTRONIC_HEAD) return undefined;
	const isHeaded = (index: number) => bytes[index * 3] === KMTRONIC_HEAD && bytes[index * 3 + 1] === index + 1;
	const states: boolean[] = [];
	for (let index = 0; index < channels; index++) {
		if (channels <= 2 && !isHeaded(index)) return undefined;
		const state = bytes[channels > 2 ? index + 1 : index * 3 + 2];
		if (state !== 0 && state !== 1) return undefined;
		states.push(state === 1);
	}
	return states;
}
