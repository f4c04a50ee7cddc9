import { describe, expect, test } from 'vitest';
import { encodeIndy } from '../../../src/drivers/uhf-indy/frame.ts';
import { uhfIndy } from '../../../src/drivers/uhf-indy/index.ts';
import { createUhfBench } from '../../support/uhf-bench.ts';

const A = 'E28011606000020A3B5C4D11';
const B = '30751FEB705C5904E3D50D70';

describe('a reader with an Indy chip', () => {
	test('tells who it is and how it is set, and changes nothing', async () => {
		const bench = await createUhfBench(uhfIndy);
		expect(bench.status()).toMatchObject({
			state: 'online',
			address: 'sim:line address 1',
			identity: { firmware: '1.9', band: '865–868 MHz', power: '30 dBm', region: 'EU' },
		});
		expect(bench.asked().filter((hex) => /^A0..017[68]/.test(hex))).toEqual([]);
	});

	test('is looked at antenna by antenna, one round at a time', async () => {
		const bench = await createUhfBench(uhfIndy, { antennas: [1, 3], repeatMs: 60_000 });
		bench.asked();
		await bench.happen(`enter ${A} antenna 3 rssi -58`);
		await bench.happen(`enter ${B} antenna 1 rssi -35`);
		await bench.happen(`enter ${A} antenna 2`);
		expect(bench.tags()).toMatchObject([
			{ tag: A, antenna: 3, rssiDbm: -58 },
			{ tag: B, antenna: 1, rssiDbm: -35 },
		]);
		expect(new Set(bench.asked())).toEqual(new Set(['A004017400E7', 'A004017402E5', 'A004018901D1']));
	});

	test('with one antenna is told so once', async () => {
		const bench = await createUhfBench(uhfIndy, { antennas: [2] });
		expect(bench.asked().filter((hex) => hex.startsWith('A0040174'))).toEqual(['A004017401E6']);
	});

	test('whose antenna is not connected is faulted, and goes on with the others', async () => {
		const bench = await createUhfBench(uhfIndy, { antennas: [1, 2] });
		await bench.happen('antenna 2 off');
		expect(bench.status()).toMatchObject({ state: 'faulted', problem: 'antenna 2 is not connected' });
		await bench.happen(`card ${A} antenna 1`);
		expect(bench.tags()).toMatchObject([{ tag: A, antenna: 1 }]);
		await bench.happen('antenna 2 on');
		expect(bench.status().state).toBe('online');
	});

	test('that refuses to look for tags is faulted with its error', async () => {
		const bench = await createUhfBench(uhfIndy);
		bench.wire.setFaults({ drop: 1 });
		await bench.clock.advanceAsync(100);
		bench.link.onBytes(encodeIndy(1, 0x89, [0x56]));
		expect(bench.status()).toMatchObject({ state: 'faulted', problem: 'it cannot look for tags: error 56' });
	});

	test('is set to what stands in the configuration only where it says so', async () => {
		const told = await createUhfBench(uhfIndy, { powerDbm: 25, region: 'EU' });
		await told.happen('set power 30', 0);
		await told.happen('set region US', 0);
		await told.happen('power off', 6_000);
		await told.happen('power on', 3_000);
		expect(told.status().problem).toMatch(/30 dBm, powerDbm says 25; it is set to US, region says EU/);
		const set = await createUhfBench(uhfIndy, { powerDbm: 25, region: 'EU', onDifference: 'set' });
		await set.happen('set power 30', 0);
		await set.happen('set region US', 0);
		await set.happen('power off', 6_000);
		set.asked();
		await set.happen('power on', 3_000);
		expect(set.status()).toMatchObject({ state: 'online', identity: { power: '25 dBm', region: 'EU' } });
		const asked = set.asked().map((hex) => hex.slice(0, -2));
		expect(asked.filter((hex) => /^A0..017[68]/.test(hex))).toEqual(['A0060178020006', 'A004017619']);
	});
});
