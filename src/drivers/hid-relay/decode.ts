import type { DecodedLine } from '../driver.ts';
import { decodeReport, decodeSwitch, REPORT_BYTES } from './frame.ts';

/** Reports of eight bytes one after another, without their ids: commands, and what the board tells. */
export function* decodeCapture(bytes: Uint8Array): Iterable<DecodedLine> {
	for (let offset = 0; offset < bytes.length; offset += REPORT_BYTES) {
		const report = bytes.subarray(offset, offset + REPORT_BYTES);
		const hex = report.toHex();
		const command = decodeSwitch(Uint8Array.of(0, ...report));
		const told = decodeReport(report);
		if (command !== undefined) yield { offset, kind: 'frame', name: 'switch', hex, ...command };
		else if ('problem' in told) yield { offset, kind: 'error', reason: told.problem, hex };
		else yield { offset, kind: 'frame', name: 'states', hex, serial: told.serial, on: channelsOn(told.on) };
	}
}

function channelsOn(on: readonly boolean[]): readonly number[] {
	return on.flatMap((isOn, index) => (isOn ? [index + 1] : []));
}
