import { describe, expect, test } from 'vitest';
import { uhfR200 } from '../../../src/drivers/uhf-r200/index.ts';
import { createUhfBench } from '../../support/uhf-bench.ts';

const A = 'E28011606000020A3B5C4D11';
const B = '30751FEB705C5904E3D50D70';
const SET_POWER = 'BB00B60002';
const SET_REGION = 'BB00070001';

describe('an R200 module', () => {
	test('tells who it is and how it is set, and changes nothing it was not told to', async () => {
		const bench = await createUhfBench(uhfR200);
		expect(bench.status()).toMatchObject({
			state: 'online',
			identity: { model: 'M100 26dBm V1.0', firmware: 'V2.3.5', maker: 'MagicRf', power: '26 dBm', region: 'EU' },
		});
		const asked = bench.asked();
		expect(asked.filter((hex) => hex.startsWith(SET_POWER) || hex.startsWith(SET_REGION))).toEqual([]);
	});

	test('is looked at for tags every pollMs, each with its signal strength', async () => {
		const bench = await createUhfBench(uhfR200, { pollMs: 200 });
		bench.asked();
		await bench.happen(`card ${A} rssi -61`, 2_300);
		expect(bench.tags()).toMatchObject([{ tag: A, rssiDbm: -61 }]);
		// A round takes 30 ms, then the pause.
		expect(bench.asked().length).toBeLessThanOrEqual(11);
	});

	test('tells a tag that stays again after repeatMs, and two tags each for itself', async () => {
		const bench = await createUhfBench(uhfR200, { repeatMs: 1_000 });
		await bench.happen(`enter ${A}`, 0);
		await bench.happen(`enter ${B}`, 3_500);
		expect(bench.tags().filter(({ tag }) => tag === A)).toHaveLength(4);
		expect(bench.tags().filter(({ tag }) => tag === B)).toHaveLength(4);
		expect(bench.status().statistics['repeatedReads']).toBeGreaterThan(20);
	});

	test('with other settings than it should have is told as a fault, and reads on', async () => {
		const bench = await createUhfBench(uhfR200, { powerDbm: 20, region: 'EU' });
		await bench.happen('set power 26');
		await bench.happen('set region US');
		await bench.happen('power off', 3_000);
		await bench.happen('power on', 3_000);
		expect(bench.status()).toMatchObject({ state: 'faulted' });
		expect(bench.status().problem).toMatch(/26 dBm, powerDbm says 20; it is set to US, region says EU/);
		await bench.happen(`card ${A}`);
		expect(bench.tags()).toMatchObject([{ tag: A }]);
		expect(bench.asked().some((hex) => hex.startsWith(SET_POWER) || hex.startsWith(SET_REGION))).toBe(false);
	});

	test('is set to what stands in the configuration where it says so, and only then', async () => {
		const bench = await createUhfBench(uhfR200, { powerDbm: 20, region: 'EU', onDifference: 'set' });
		await bench.happen('set power 26');
		await bench.happen('set region US');
		bench.asked();
		await bench.happen('power off', 3_000);
		await bench.happen('power on', 3_000);
		expect(bench.status()).toMatchObject({ state: 'online', identity: { power: '20 dBm', region: 'EU' } });
		const asked = bench.asked();
		expect(asked.filter((hex) => hex.startsWith(SET_POWER))).toEqual([`${SET_POWER}07D08F7E`]);
		expect(asked.filter((hex) => hex.startsWith(SET_REGION))).toEqual([`${SET_REGION}030B7E`]);
	});

	test('without power is offline with what to look at, and told its tags again when it is back', async () => {
		const bench = await createUhfBench(uhfR200, { repeatMs: 60_000 });
		await bench.happen(`enter ${A}`);
		await bench.happen('power off', 3_000);
		expect(bench.status()).toMatchObject({ state: 'offline', problem: expect.stringContaining('power') });
		await bench.happen('power on', 3_000);
		expect(bench.status().state).toBe('online');
		expect(bench.tags()).toHaveLength(2);
	});
});
