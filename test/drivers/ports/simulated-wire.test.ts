import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createSimulatedWire } from '../../../src/drivers/ports/simulated-wire.ts';
import { disturb, type WireFaults } from '../../../src/drivers/ports/wire-faults.ts';
import { createSeededRandom } from '../../../src/gateway/core/seeded-random.ts';
import { createScriptedSimulator } from '../../support/scripted-simulator.ts';
import { createVirtualClock } from '../../support/virtual-clock.ts';

const chance = fc.double({ min: 0, max: 1, noNaN: true });
const anyFaults = fc.record({
	drop: chance,
	truncate: chance,
	corrupt: chance,
	duplicate: chance,
	noise: chance,
	split: chance,
	delay: chance,
	maxDelayMs: fc.nat(500),
});

describe('a simulated wire', () => {
	async function setUp(paced: boolean) {
		const clock = createVirtualClock();
		const simulator = createScriptedSimulator();
		const wire = createSimulatedWire({ clock, address: 'sim:x', simulator, paced, random: () => 0.5 });
		const bytes: number[] = [];
		const port = wire.createPort(
			{ baud: 9600 },
			{ onBytes: (chunk) => void bytes.push(...chunk), onClosed: () => undefined },
		);
		await port.open();
		return { clock, simulator, wire, port, bytes };
	}

	test('takes the time of the line when paced: ten bits a byte', async () => {
		const { clock, simulator, wire, port, bytes } = await setUp(true);
		await port.write(new Uint8Array(8));
		await port.write(new Uint8Array(8));
		clock.advance(8.3);
		expect(simulator.heard()).toHaveLength(0);
		clock.advance(0.1);
		expect(simulator.heard()).toHaveLength(8);
		clock.advance(8.3);
		expect(simulator.heard()).toHaveLength(16);
		wire.stimulate('x', '0102030405060708');
		clock.advance(8);
		expect(bytes).toHaveLength(0);
		clock.advance(1);
		expect(bytes).toHaveLength(8);
	});

	test('never answers within the write, and leaves no timer behind when closed', async () => {
		const { clock, wire, port, bytes } = await setUp(false);
		wire.stimulate('x', 'aa');
		expect(bytes).toEqual([]);
		await port.close();
		expect(clock.pendingTimers()).toBe(0);
		clock.advance(10);
		expect(bytes).toEqual([]);
	});

	test('loses what it carries when unplugged', async () => {
		const { clock, simulator, wire, port } = await setUp(true);
		await port.write(Uint8Array.of(1));
		wire.unplug();
		wire.plugIn();
		clock.advance(100);
		expect(simulator.heard()).toHaveLength(0);
	});
});

describe('faults of a wire', () => {
	test('are none unless asked for', () => {
		fc.assert(
			fc.property(fc.uint8Array({ minLength: 1 }), fc.integer(), (bytes, seed) => {
				expect(disturb(bytes, {}, createSeededRandom(seed).next)).toEqual([{ bytes, lateMs: 0 }]);
			}),
		);
	});

	test('repeat with their seed, and stay bounded', () => {
		fc.assert(
			fc.property(fc.uint8Array({ maxLength: 64 }), anyFaults, fc.integer(), (bytes, faults, seed) => {
				const once = disturb(bytes, faults, createSeededRandom(seed).next);
				expect(disturb(bytes, faults, createSeededRandom(seed).next)).toEqual(once);
				const total = once.reduce((sum, chunk) => sum + chunk.bytes.length, 0);
				expect(total).toBeLessThanOrEqual(2 * (bytes.length + 8));
				for (const { lateMs } of once) expect(lateMs).toBeLessThanOrEqual(faults.maxDelayMs);
			}),
		);
	});

	test.each<[keyof WireFaults, (before: Uint8Array, after: Uint8Array) => boolean]>([
		['drop', (_, after) => after.length === 0],
		['truncate', (before, after) => after.length < before.length],
		['corrupt', (before, after) => before.filter((byte, index) => byte !== after[index]).length === 1],
		['duplicate', (before, after) => after.length === 2 * before.length],
		['noise', (before, after) => after.length > before.length],
		['split', (before, after) => after.length === before.length],
	])('%s does just that', (name, holds) => {
		fc.assert(
			fc.property(fc.uint8Array({ minLength: 2, maxLength: 32 }), fc.integer(), (bytes, seed) => {
				const parts = disturb(bytes, { [name]: 1 }, createSeededRandom(seed).next);
				expect(holds(bytes, Uint8Array.from(parts.flatMap((part) => [...part.bytes])))).toBe(true);
			}),
		);
	});
});
