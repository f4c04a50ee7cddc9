import { describe, expect, test } from 'vitest';
import { encodeChafon } from '../../../src/drivers/uhf-chafon/frame.ts';
import { uhfChafon } from '../../../src/drivers/uhf-chafon/index.ts';
import { createLinkBench } from '../../support/link-bench.ts';
import { createUhfBench } from '../../support/uhf-bench.ts';

const A = 'E28011606000020A3B5C4D11';
const B = '30751FEB705C5904E3D50D70';

describe('a reader of the UHFReader families', () => {
	test('tells who it is, how it is set, and lists tags as its type does', async () => {
		const bench = await createUhfBench(uhfChafon);
		expect(bench.status()).toMatchObject({
			state: 'online',
			address: 'sim:line address 0',
			identity: { type: '0C', family: 'reader288', power: '30 dBm', region: 'EU', band: '865.1–867.9 MHz' },
		});
		const old = await createUhfBench(uhfChafon, { family: 'reader18' });
		await old.happen(`card ${A}`);
		expect(old.tags()).toMatchObject([{ tag: A }]);
		expect(old.tags()[0]).not.toHaveProperty('antenna');
	});

	test('is looked at antenna by antenna, and each tells its own tags', async () => {
		const bench = await createUhfBench(uhfChafon, { antennas: [1, 3], rssiOffsetDbm: -130, repeatMs: 60_000 });
		await bench.happen(`enter ${A} antenna 3 rssi -58`);
		await bench.happen(`enter ${B} antenna 1 rssi -71`);
		await bench.happen(`enter ${A} antenna 2`);
		expect(bench.tags()).toMatchObject([
			{ tag: A, antenna: 3, rssiDbm: -58 },
			{ tag: B, antenna: 1, rssiDbm: -71 },
		]);
	});

	test('tells many tags over several frames of one answer', async () => {
		const bench = await createUhfBench(uhfChafon, { repeatMs: 60_000 });
		for (let n = 10; n < 20; n++) bench.stimulate('reader', `enter E28000${n}`);
		await bench.clock.advanceAsync(1_000);
		expect(bench.tags()).toHaveLength(10);
		expect(bench.status().statistics).toMatchObject({ timeouts: 0, frameErrors: 0 });
	});

	test('whose antenna is not connected is faulted, and goes on with the others', async () => {
		const bench = await createUhfBench(uhfChafon, { antennas: [1, 2] });
		await bench.happen('antenna 2 off');
		expect(bench.status()).toMatchObject({ state: 'faulted', problem: 'antenna 2 is not connected' });
		await bench.happen(`card ${A} antenna 1`);
		expect(bench.tags()).toMatchObject([{ tag: A, antenna: 1 }]);
		await bench.happen('antenna 2 on');
		expect(bench.status().state).toBe('online');
	});

	test('of the wrong family is faulted with what to look at', async () => {
		const bench = await createUhfBench(uhfChafon, { family: 'reader18' });
		bench.wire.setFaults({ drop: 1 });
		await bench.clock.advanceAsync(100);
		bench.link.onBytes(encodeChafon(0, 0x01, [0xfe]));
		expect(bench.status()).toMatchObject({ state: 'faulted', problem: expect.stringContaining('family') });
	});

	test('is set to what stands in the configuration only where it says so', async () => {
		const told = await createUhfBench(uhfChafon, { powerDbm: 25, region: 'EU' });
		await told.happen('set power 30', 0);
		await told.happen('set region US', 0);
		await told.happen('power off', 8_000);
		await told.happen('power on', 4_000);
		expect(told.status().problem).toMatch(/30 dBm, powerDbm says 25; it is set to US, region says EU/);
		const set = await createUhfBench(uhfChafon, { powerDbm: 25, region: 'EU', onDifference: 'set' });
		await set.happen('set power 30', 0);
		await set.happen('set region US', 0);
		await set.happen('power off', 8_000);
		set.asked();
		await set.happen('power on', 4_000);
		expect(set.status()).toMatchObject({ state: 'online', identity: { power: '25 dBm', region: 'EU' } });
		const asked = set.asked().map((hex) => hex.slice(0, -4));
		expect(asked.filter((hex) => /^..002[2F]/.test(hex))).toEqual(['05002F19', '0600224E00']);
	});

	test('in active mode is only listened to', async () => {
		const bench = await createUhfBench(uhfChafon, { mode: 'listen', rssiOffsetDbm: -130 });
		await bench.happen(`card ${A} antenna 2 rssi -60`);
		expect(bench.tags()).toMatchObject([{ tag: A, antenna: 2, rssiDbm: -60 }]);
		expect(bench.asked()).toEqual([]);
	});

	test('behind a converter that gives back what is sent is read all the same', async () => {
		const bench = createLinkBench(uhfChafon, [{ id: 'reader' }]);
		const port = await bench.start();
		bench.link.start({
			...port,
			write(bytes) {
				queueMicrotask(() => bench.link.onBytes(bytes));
				return port.write(bytes);
			},
		});
		await bench.clock.advanceAsync(2_000);
		bench.stimulate('reader', `card ${A}`);
		await bench.clock.advanceAsync(1_000);
		expect(bench.device('reader').status().state).toBe('online');
		expect(bench.observations).toMatchObject([{ tag: A }]);
	});

	test('shares its line with others: one without power delays them and no more', async () => {
		const bench = createLinkBench(
			uhfChafon,
			[1, 2, 3].map((address) => ({ id: `reader-${address}`, address })),
		);
		await bench.start();
		await bench.clock.advanceAsync(2_000);
		bench.stimulate('reader-2', 'power off');
		await bench.clock.advanceAsync(10_000);
		const states = () => bench.link.devices.map((each) => each.status().state);
		expect(states()).toEqual(['online', 'offline', 'online']);
		bench.stimulate('reader-3', `enter ${A}`);
		await bench.clock.advanceAsync(2_000);
		expect(bench.observations.at(-1)).toMatchObject({ deviceId: 'reader-3', tag: A });
		bench.stimulate('reader-2', 'power on');
		await bench.clock.advanceAsync(4_000);
		expect(states()).toEqual(['online', 'online', 'online']);
	});

	test('needs an address of its own on its line', () => {
		const twice = [{ id: 'a' }, { id: 'b' }];
		expect(() => createLinkBench(uhfChafon, twice)).toThrow(/a and b share the port.*both have the address 0/);
	});
});
