import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { promisify } from 'node:util';
import { expect, onTestFinished, test } from 'vitest';
import { osdpConfig } from '../../../src/drivers/osdp/config.ts';
import { createOsdpLink } from '../../../src/drivers/osdp/link.ts';
import { createOsdpSimulator } from '../../../src/drivers/osdp/simulator.ts';
import { createSerialPort } from '../../../src/drivers/ports/serial-port.ts';
import { serveSimulatorOnTty } from '../../../src/drivers/ports/simulator-on-tty.ts';
import type { Observation } from '../../../src/gateway/core/observation.ts';
import { createMemoryLog } from '../../support/memory-log.ts';
import { createPtyPair } from '../../support/pty-pair.ts';
import { wallClock } from '../../support/wall-clock.ts';
import { CARD, KEY } from './osdp-bench.ts';

test('over a real tty: two readers, one in install mode; cards, a pulse, a power cycle', async () => {
	const pty = await createPtyPair();
	onTestFinished(() => pty.close());
	const line = { driver: 'osdp', port: pty.near, baud: 115_200, key: KEY };
	const configs = [
		osdpConfig.parse({ ...line, id: 'reader-1', address: 5, outputs: { open: 0 } }),
		osdpConfig.parse({ ...line, id: 'reader-2', address: 6 }),
	];
	const simulator = createOsdpSimulator(wallClock, configs, { 'reader-2': { isNew: true } });
	const onLost = (): void => undefined;
	const tty = await serveSimulatorOnTty({
		clock: wallClock,
		path: pty.far,
		line: { baud: 115_200 },
		simulator,
		onLost,
	});
	onTestFinished(() => tty.stop());
	const observations: Observation[] = [];
	const events = {
		onObservation: (observation: Observation) => void observations.push(observation),
		onInput: () => undefined,
		onStatus: () => undefined,
	};
	const deps = { clock: wallClock, log: createMemoryLog(), newId: () => 'id', events };
	const link = createOsdpLink({ ...deps, randomBytes: (length) => randomBytes(length) }, configs);
	const port = createSerialPort(wallClock, pty.near, { baud: 115_200 }, { onBytes: link.onBytes, onClosed: link.stop });
	await port.open();
	onTestFinished(() => port.close());
	link.start(port);
	onTestFinished(() => link.stop('the test is over'));

	const [first, second] = link.devices;
	second?.takesKey?.openKeyWindow(60_000, () => undefined);
	await expect
		.poll(() => [first?.status().state, second?.status().state], { timeout: 20_000 })
		.toEqual(['online', 'online']);
	tty.stimulate('reader-1', `card ${CARD}`);
	tty.stimulate('reader-2', 'card H10301 7 1');
	await expect.poll(() => observations.length, { timeout: 20_000, interval: 10 }).toBe(2);
	const deadlineMonotonicMs = wallClock.monotonicMs() + 3_000;
	const outcome = await first?.opens?.pulse({ output: 'open', durationMs: 500, deadlineMonotonicMs });
	expect(outcome).toEqual({ result: 'done' });
	expect(simulator.outputs('reader-1')).toEqual({ open: true });
	tty.stimulate('reader-1', 'power-cycle');
	await expect.poll(() => first?.status().statistics['reconnects'], { timeout: 20_000 }).toBeGreaterThan(0);
	// Until then it keeps a card to itself, and one of then opens nothing.
	await expect
		.poll(
			() => {
				tty.stimulate('reader-1', 'card H10301 7 2');
				return observations.length;
			},
			{ timeout: 20_000, interval: 500 },
		)
		.toBeGreaterThanOrEqual(3);

	expect(
		new Set(observations.map(({ deviceId, ...read }) => [deviceId, read.kind === 'tag' && read.label].join(' '))),
	).toEqual(new Set(['reader-1 H10301 FC 53 CN 48062', 'reader-2 H10301 FC 7 CN 1', 'reader-1 H10301 FC 7 CN 2']));
});

test('over a real tty: COMSET changes the rate of both ends, and the conversation goes on there', async () => {
	const pty = await createPtyPair();
	onTestFinished(() => pty.close());
	const configs = [5, 6].map((address) =>
		osdpConfig.parse({ driver: 'osdp', port: pty.near, id: `reader-${address}`, address, key: KEY }),
	);
	const simulator = createOsdpSimulator(wallClock, configs);
	const line = { baud: 9_600 };
	const tty = await serveSimulatorOnTty({ clock: wallClock, path: pty.far, line, simulator, onLost: () => undefined });
	onTestFinished(() => tty.stop());
	const observations: Observation[] = [];
	const events = {
		onObservation: (observation: Observation) => void observations.push(observation),
		onInput: () => undefined,
		onStatus: () => undefined,
	};
	const deps = { clock: wallClock, log: createMemoryLog(), newId: () => 'id', events };
	const link = createOsdpLink({ ...deps, randomBytes: (length) => randomBytes(length) }, configs);
	const port = createSerialPort(wallClock, pty.near, line, { onBytes: link.onBytes, onClosed: link.stop });
	await port.open();
	onTestFinished(() => port.close());
	link.start(port);
	onTestFinished(() => link.stop('the test is over'));
	const states = () => link.devices.map((device) => device.status().state);
	await expect.poll(states, { timeout: 20_000 }).toEqual(['online', 'online']);
	expect([await speedOf(pty.near), await speedOf(pty.far)]).toEqual(['9600', '9600']);

	// On a busy machine a reader may be too late to follow: then all go back, and it is tried again.
	const setBaud = () => link.setup('reader-5')?.setBaud(38_400);
	await expect.poll(setBaud, { timeout: 30_000 }).toEqual({ result: 'done' });
	const speeds = async () => [await speedOf(pty.near), await speedOf(pty.far)];
	await expect.poll(speeds, { timeout: 20_000 }).toEqual(['38400', '38400']);
	await expect.poll(states, { timeout: 20_000 }).toEqual(['online', 'online']);
	await expect
		.poll(
			() => {
				tty.stimulate('reader-6', `card ${CARD}`);
				return observations.length;
			},
			{ timeout: 20_000, interval: 500 },
		)
		.toBeGreaterThan(0);
});

/** As the system says it of the tty. */
async function speedOf(path: string): Promise<string> {
	const { stdout } = await promisify(execFile)('stty', ['-F', path, 'speed']);
	return stdout.trim();
}
