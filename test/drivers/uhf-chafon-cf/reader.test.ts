import { describe, expect, test } from 'vitest';
import { uhfChafonCf } from '../../../src/drivers/uhf-chafon-cf/index.ts';
import { createUhfBench } from '../../support/uhf-bench.ts';

const A = 'E28011606000020A3B5C4D11';

describe('a reader whose frames begin with CF', () => {
	test('tells who it is and how it is set, and changes nothing', async () => {
		const bench = await createUhfBench(uhfChafonCf);
		expect(bench.status()).toMatchObject({
			state: 'online',
			identity: {
				hardware: 'CF591 V1.1',
				firmware: 'V2.07',
				serial: 'CF2026',
				'work mode': 'answer',
				antennas: '1, 2, 3, 4',
				band: '865.1–867.9 MHz',
				power: '30 dBm',
				region: 'EU',
			},
		});
		expect(bench.asked().filter((hex) => /^CFFF00(53|71)/.test(hex))).toEqual([]);
	});

	test('is asked for one round at a time, and tells tags with antenna and strength', async () => {
		const bench = await createUhfBench(uhfChafonCf, { repeatMs: 60_000 });
		bench.asked();
		await bench.happen(`enter ${A} antenna 3 rssi -71`);
		expect(bench.tags()).toMatchObject([{ tag: A, antenna: 3, rssiDbm: -71 }]);
		expect(new Set(bench.asked())).toEqual(new Set(['CFFF0001050100000001EF78']));
	});

	test('that only speaks by itself is listened to, and asked whether it lives', async () => {
		const bench = await createUhfBench(uhfChafonCf, { mode: 'listen' });
		expect(bench.status()).toMatchObject({ state: 'online', identity: { 'work mode': 'active' } });
		bench.asked();
		await bench.happen(`card ${A}`, 4_000);
		expect(bench.tags()).toMatchObject([{ tag: A }]);
		expect(new Set(bench.asked())).toEqual(new Set(['CFFF00720017A5']));
		await bench.happen('power off', 8_000);
		expect(bench.status().state).toBe('offline');
	});

	test('in another work mode than its entry needs is faulted with what to change, and read all the same', async () => {
		const bench = await createUhfBench(uhfChafonCf);
		await bench.happen('set mode active');
		await bench.happen('power off', 6_000);
		await bench.happen('power on', 3_000);
		expect(bench.status()).toMatchObject({ state: 'faulted', problem: expect.stringContaining('needs answer mode') });
		await bench.happen(`card ${A}`);
		expect(bench.tags()).toMatchObject([{ tag: A }]);
	});

	test('is set to the power its entry says only where it says so, and its band never', async () => {
		const bench = await createUhfBench(uhfChafonCf, { powerDbm: 26, region: 'EU', onDifference: 'set' });
		await bench.happen('set power 33', 0);
		await bench.happen('set region US', 0);
		await bench.happen('power off', 6_000);
		bench.asked();
		await bench.happen('power on', 3_000);
		expect(bench.asked()).toContain('CFFF0053021A00FBC8');
		expect(bench.status()).toMatchObject({ state: 'faulted', identity: { power: '26 dBm' } });
		expect(bench.status().problem).toMatch(/set to US, region says EU: its band is changed with the vendor's tool/);
	});
});
