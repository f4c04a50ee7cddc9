import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Port } from '../../../src/drivers/ports/port.ts';
import { createSerialPort } from '../../../src/drivers/ports/serial-port.ts';
import { type SimulatorOnTty, serveSimulatorOnTty } from '../../../src/drivers/ports/simulator-on-tty.ts';
import { parseWireFaults, type WireFaults } from '../../../src/drivers/ports/wire-faults.ts';
import { createSeededRandom } from '../../../src/gateway/core/seeded-random.ts';
import { createPtyPair, type PtyPair } from '../../support/pty-pair.ts';
import { createScriptedSimulator } from '../../support/scripted-simulator.ts';
import { wallClock } from '../../support/wall-clock.ts';

const WAIT = { timeout: 20_000, interval: 5 };
const LINE = { baud: 115_200 };

describe('a simulated device on a tty', () => {
	const simulator = createScriptedSimulator();
	let pair: PtyPair;
	let device: SimulatorOnTty;
	let port: Port;
	const chunks: Uint8Array[] = [];

	beforeEach(async () => {
		pair = await createPtyPair();
		const { near, far: path } = pair;
		const served = { clock: wallClock, path, line: LINE, simulator, random: createSeededRandom(1).next };
		device = await serveSimulatorOnTty({ ...served, onLost: () => undefined });
		port = createSerialPort(wallClock, near, LINE, {
			onBytes: (chunk) => void chunks.push(chunk.slice()),
			onClosed: () => undefined,
		});
		await port.open();
		chunks.length = 0;
		simulator.forget();
	});
	afterEach(async () => {
		await port.close();
		await device.stop();
		await pair.close();
	});

	const heard = () => Buffer.concat(chunks).toString('hex');
	const say = (hex: string) => expect(device.stimulate('x', hex)).toBeUndefined();

	test('N9 loses, doubles, changes and delays what goes either way, as it is told to', async () => {
		device.setFaults({ drop: 1 });
		say('0102');
		// An answer leaves a moment after what it answers.
		await new Promise((resolve) => setTimeout(resolve, 50));
		device.setFaults({ duplicate: 1 });
		say('0304');
		await vi.waitFor(() => expect(heard()).toBe('03040304'), WAIT);
		await port.write(Uint8Array.of(9));
		await vi.waitFor(() => expect([...simulator.heard()]).toEqual([9, 9]), WAIT);
		chunks.length = 0;
		device.setFaults({ corrupt: 1 });
		say('aabb');
		await vi.waitFor(() => expect(heard()).toHaveLength(4), WAIT);
		expect(heard()).not.toBe('aabb');
		chunks.length = 0;
		device.setFaults({ delay: 1, maxDelayMs: 50 });
		say('cc');
		await vi.waitFor(() => expect(heard()).toBe('cc'), WAIT);
		device.setFaults({});
		chunks.length = 0;
		say('dd');
		await vi.waitFor(() => expect(heard()).toBe('dd'), WAIT);
	});

	test('N9 babbles until it is told to stop', async () => {
		device.setFaults({ babble: 1 });
		await vi.waitFor(() => expect(heard().length).toBeGreaterThan(100), WAIT);
		device.setFaults({});
		await new Promise((resolve) => setTimeout(resolve, 250));
		chunks.length = 0;
		say('0506');
		await vi.waitFor(() => expect(heard()).toBe('0506'), WAIT);
	});
});

describe('faults as people name them', () => {
	test.each<[string, WireFaults]>([
		['drop=0.2', { drop: 0.2, maxDelayMs: 300 }],
		['chunk=1 noise=0.5', { split: 1, noise: 0.5, maxDelayMs: 300 }],
		[
			'delay=1 maxDelayMs=800 babble=0.1 truncate=0 corrupt=0.3 duplicate=0.4',
			{
				...{ delay: 1, maxDelayMs: 800, babble: 0.1, truncate: 0, corrupt: 0.3, duplicate: 0.4 },
			},
		],
		['none', {}],
	])('%s', (words, faults) => {
		expect(parseWireFaults(words.split(' '))).toEqual(faults);
	});

	test.each(['drop', 'drop=', 'drop=2', 'drop=-1', 'drop=often', 'explode=1', 'none drop=1', '__proto__=1'])(
		'%s is none, and told what is',
		(words) => {
			expect(parseWireFaults(words.split(' '))).toMatch(/drop, truncate.*babble/);
		},
	);
});
