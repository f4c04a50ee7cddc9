import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decodeTraffic } from '../../src/drivers/decode-traffic.ts';
import type { PortDriver } from '../../src/drivers/driver.ts';
import type { TappedBytes } from '../../src/drivers/line-taps.ts';
import { osdp } from '../../src/drivers/osdp/index.ts';
import { rdm6300 } from '../../src/drivers/rdm6300/index.ts';
import { encodeTraceHead, encodeTraceLine, parseTrace } from '../../src/drivers/trace.ts';
import { createTrafficGroups } from '../../src/drivers/traffic-groups.ts';
import transcript from '../fixtures/serial-readers/rdm6300.json' with { type: 'json' };
import { parseEntry } from '../support/link-bench.ts';

const head = { driver: 'rdm6300', deviceId: 'reader-1', settings: { model: 'em-18' } };
const traceOf = (text: string) => parseTrace(new TextEncoder().encode(text));
const tapped = (direction: 'in' | 'out', hex: string, atMs: number): TappedBytes => ({
	...{ direction, atMs },
	bytes: Uint8Array.fromHex(hex),
});

describe('a trace', () => {
	test('reads back what was recorded', () => {
		const traffic = fc.array(
			fc.record({
				direction: fc.constantFrom('in' as const, 'out' as const),
				atMs: fc.nat(),
				bytes: fc.uint8Array({ maxLength: 40 }),
			}),
		);
		fc.assert(
			fc.property(traffic, (recorded) => {
				const text = [encodeTraceHead(head), ...recorded.map(encodeTraceLine)].join('');
				expect(traceOf(text)).toEqual({ ...head, traffic: recorded });
			}),
		);
	});

	test('is told from captured bytes', () => {
		expect(traceOf('5301')).toBeUndefined();
		expect(parseTrace(Uint8Array.of(0x53, 0, 1))).toBeUndefined();
		expect(parseTrace(new Uint8Array(0))).toBeUndefined();
	});

	test('says which line is wrong', () => {
		const cut = encodeTraceHead(head) + encodeTraceLine(tapped('in', '0102', 1)).slice(0, 12);
		expect(() => traceOf(cut)).toThrow(/line 2 .*cut off/);
		expect(() => traceOf(`${encodeTraceHead(head)}{"atMs":1,"direction":"up","hex":""}\n`)).toThrow(
			/line 2 .*direction/,
		);
		expect(() => traceOf('{"trace":"parkgate","version":9}\n')).toThrow(/line 1/);
	});
});

test('N9 a trace of the first version is read for ever (test/fixtures/traces)', () => {
	const file = new URL('../fixtures/traces/osdp-played.trace', import.meta.url);
	const trace = parseTrace(readFileSync(file));
	expect(trace).toMatchObject({ driver: 'osdp', deviceId: 'reader-1', settings: { address: 5, cards: ['H10301'] } });
	const lines = [...decodeTraffic(osdp, trace?.traffic ?? [])];
	expect(lines.filter(({ kind }) => kind === 'error')).toEqual([]);
	expect(lines).toContainEqual(expect.objectContaining({ kind: 'observation', tag: '26:9ADDDF00' }));
	expect(lines).toContainEqual(expect.objectContaining({ name: 'KEYPAD', data: 'redacted', keys: 5 }));
});

describe('recorded traffic', () => {
	const kinds = (driver: PortDriver, traffic: readonly TappedBytes[], device?: ReturnType<typeof parseEntry>) =>
		Array.from(decodeTraffic(driver, traffic, device), ({ kind }) => kind);

	test('is cut before a question that follows an answer, and at pauses', () => {
		const groups = createTrafficGroups();
		const said = [
			tapped('out', '01', 0),
			tapped('in', '02', 5),
			tapped('in', '03', 10),
			tapped('out', '04', 20),
			tapped('in', '05', 300),
		];
		const ended = said.flatMap((each) => groups.add(each) ?? []);
		expect([...ended, groups.end()].map((group) => [group?.atMs, group?.bytes.toHex()])).toEqual([
			[0, '010203'],
			[20, '04'],
			[300, '05'],
		]);
		expect(groups.end()).toBeUndefined();
	});

	test('gives frames that came in pieces, with the moment they began', () => {
		const poll = '530508000460';
		const lines = [...decodeTraffic(osdp, [tapped('out', poll, 7), tapped('out', 'd0ff', 9)])];
		expect(lines.every(({ atMs }) => atMs === 7)).toBe(true);
	});

	test('is read as the device is set: a module without start and end is understood', () => {
		const [, card] = transcript.frames;
		const traffic = [tapped('in', card?.hex ?? '', 1)];
		expect(kinds(rdm6300, traffic)).not.toContain('observation');
		expect(kinds(rdm6300, traffic, parseEntry(rdm6300, { id: 'a', model: 'em-18' }))).toEqual(['frame', 'observation']);
	});
});
