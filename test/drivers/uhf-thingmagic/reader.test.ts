import { describe, expect, test } from 'vitest';
import { uhfThingmagic } from '../../../src/drivers/uhf-thingmagic/index.ts';
import { createUhfBench } from '../../support/uhf-bench.ts';

const A = 'E28011606000020A3B5C4D11';
const START = 'FF102F00000122000005072210001B03E801FFDD2B';
const eu = { region: 'EU', powerDbm: 26 };

describe('a ThingMagic module', () => {
	test('is told all its settings, asked whether it took them, and started', async () => {
		const bench = await createUhfBench(uhfThingmagic, { ...eu, antennas: [1, 2] });
		expect(bench.status()).toMatchObject({
			state: 'online',
			identity: { hardware: '30.00.00.01', firmware: '01.07.01.02', region: 'EU', power: '26 dBm' },
		});
		const asked = bench.asked().map((hex) => hex.slice(0, -4));
		expect(asked).toEqual([
			'FF032F000002',
			'FF0003',
			'FF019708',
			'FF0067',
			'FF02930005',
			'FF05910201010202',
			'FF039A010C00',
			'FF02920A28',
			'FF0062',
			START.slice(0, -4),
		]);
	});

	test('without powerDbm keeps the power it has, and shows it', async () => {
		const bench = await createUhfBench(uhfThingmagic, { region: 'US' });
		expect(bench.status().identity).toMatchObject({ region: 'US', power: '20 dBm' });
		expect(bench.asked().some((hex) => hex.startsWith('FF0292'))).toBe(false);
	});

	test('says its tags by itself, with antenna and strength, and is asked nothing more', async () => {
		const bench = await createUhfBench(uhfThingmagic, { ...eu, antennas: [1, 3], repeatMs: 1_000 });
		bench.asked();
		await bench.happen(`enter ${A} antenna 3 rssi -61`, 2_500);
		expect(bench.tags().length).toBe(3);
		expect(bench.tags()[0]).toMatchObject({ tag: A, antenna: 3, rssiDbm: -61 });
		await bench.happen(`enter ${A} antenna 2`, 10_000);
		expect(bench.tags().every(({ antenna }) => antenna === 3)).toBe(true);
		expect(bench.written).toEqual([]);
	});

	test('that lost its settings is told them again', async () => {
		const bench = await createUhfBench(uhfThingmagic, eu);
		await bench.happen('reset', 8_000);
		expect(bench.status()).toMatchObject({ state: 'online', identity: { region: 'EU', power: '26 dBm' } });
		await bench.happen(`card ${A}`);
		expect(bench.tags()).toMatchObject([{ tag: A }]);
	});

	test('whose power comes back from the antenna is faulted with what to look at, until it reads again', async () => {
		const bench = await createUhfBench(uhfThingmagic, eu);
		await bench.happen('antenna off', 2_000);
		expect(bench.status()).toMatchObject({ state: 'faulted', problem: expect.stringContaining('antenna') });
		await bench.happen('antenna on', 2_000);
		expect(bench.status().state).toBe('online');
	});

	test('must be told its band', () => {
		const parsed = uhfThingmagic.config.safeParse({ id: 'reader', driver: 'uhf-thingmagic', port: 'sim:x' });
		expect(parsed.error?.issues.map(({ path }) => path.join('.'))).toEqual(['region']);
	});
});
