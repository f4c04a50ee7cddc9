import type { DecodedLine } from '../driver.ts';
import {
	decodeKmtronicCommand,
	decodeLcusSwitch,
	KMTRONIC_HEAD,
	KMTRONIC_LENGTH,
	LCUS_HEAD,
	LCUS_LENGTH,
} from './frame.ts';

/** Commands of both boards in a captured line; KMtronic's answers look like its commands. */
export function* decodeCapture(bytes: Uint8Array): Iterable<DecodedLine> {
	let offset = 0;
	while (offset < bytes.length) {
		const line = lineAt(bytes, offset);
		yield line;
		offset += line.length;
	}
}

function lineAt(bytes: Uint8Array, offset: number): DecodedLine & { readonly length: number } {
	const head = bytes[offset];
	if (head === LCUS_HEAD) {
		const frame = bytes.subarray(offset, offset + LCUS_LENGTH);
		const told = decodeLcusSwitch(frame);
		if ('problem' in told) return errorAt(offset, frame, `LCUS: ${told.problem}`, told.problem === 'length');
		return { offset, kind: 'frame', length: LCUS_LENGTH, hex: frame.toHex(), board: 'lcus', name: 'switch', ...told };
	}
	if (head === KMTRONIC_HEAD) {
		const frame = bytes.subarray(offset, offset + KMTRONIC_LENGTH);
		const { kind: name, ...rest } = decodeKmtronicCommand(frame);
		if ('problem' in rest) return errorAt(offset, frame, `KMtronic: ${rest.problem}`, rest.problem === 'length');
		return { offset, kind: 'frame', length: KMTRONIC_LENGTH, hex: frame.toHex(), board: 'kmtronic', name, ...rest };
	}
	const next = bytes.subarray(offset).findIndex((byte) => byte === LCUS_HEAD || byte === KMTRONIC_HEAD);
	const stray = bytes.subarray(offset, next === -1 ? bytes.length : offset + next);
	return errorAt(offset, stray, 'no command', true);
}

/** @param isWhole all of it is given up; else its first byte, as a command may begin at the next */
function errorAt(offset: number, bytes: Uint8Array, reason: string, isWhole: boolean) {
	const length = isWhole ? bytes.length : 1;
	return { offset, kind: 'error' as const, length, reason, hex: bytes.subarray(0, 64).toHex() };
}
