import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decodeCapture } from '../../../src/drivers/hid-relay/decode.ts';
import { decodeReport, decodeSwitch, encodeReport, encodeSwitch } from '../../../src/drivers/hid-relay/frame.ts';
import VECTORS from '../../fixtures/relays/hid-relay.json' with { type: 'json' };

const bytesOf = (hex: string) => Uint8Array.fromHex(hex);
const channelsOn = (on: readonly boolean[]) => on.flatMap((isOn, index) => (isOn ? [index + 1] : []));

describe('the codec of HID relays', () => {
	test.each(VECTORS.commands)('makes and reads the published command: $origin', ({ hex, channel, on }) => {
		expect(encodeSwitch(channel, on).toHex().toUpperCase()).toBe(hex);
		expect(decodeSwitch(bytesOf(hex))).toEqual({ channel, on });
	});

	test.each(VECTORS.reports)('reads the report: $origin', ({ hex, serial, on }) => {
		const report = decodeReport(bytesOf(hex));
		if ('problem' in report) throw new Error(report.problem);
		expect({ serial: report.serial, on: channelsOn(report.on) }).toEqual({ serial, on });
		expect(encodeReport(serial, report.on).toHex().toUpperCase()).toBe(hex.slice(-16));
	});

	test.each(VECTORS.wrong)('refuses the report "$hex" for its $reason', ({ hex, reason }) => {
		expect(decodeReport(bytesOf(hex))).toEqual({ problem: reason });
	});

	test.each(VECTORS.wrongCommands)('takes %s for no switching of one relay', (hex) => {
		expect(decodeSwitch(bytesOf(hex))).toBeUndefined();
	});

	test('reads back any serial and any states, with and without the report id', () => {
		const serials = fc.string({
			unit: fc.integer({ min: 0x21, max: 0x7e }).map((code) => String.fromCharCode(code)),
			minLength: 5,
			maxLength: 5,
		});
		fc.assert(
			fc.property(serials, fc.array(fc.boolean(), { minLength: 8, maxLength: 8 }), (serial, on) => {
				const report = encodeReport(serial, on);
				expect(decodeReport(report)).toEqual({ serial, on });
				expect(decodeReport(Uint8Array.of(1, ...report))).toEqual({ serial, on });
			}),
		);
	});

	test('tells captured reports one by one', () => {
		expect([...decodeCapture(bytesOf('FF01000000000000424954465400000142'))]).toMatchObject([
			{ offset: 0, kind: 'frame', name: 'switch', channel: 1, on: true },
			{ offset: 8, kind: 'frame', name: 'states', serial: 'BITFT', on: [1] },
			{ offset: 16, kind: 'error', reason: 'length' },
		]);
	});
});
