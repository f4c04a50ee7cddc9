import { describe, expect, test } from 'vitest';
import { hidRelayConfig } from '../../../src/drivers/hid-relay/config.ts';
import { identityProblem } from '../../../src/drivers/hid-relay/dialect.ts';
import { hidRelay } from '../../../src/drivers/hid-relay/index.ts';
import { wireDevices } from '../../../src/drivers/lines.ts';
import type { Port } from '../../../src/drivers/ports/port.ts';
import { createDriverRegistry } from '../../../src/drivers/registry.ts';
import type { CommandOutcome } from '../../../src/gateway/core/device.ts';
import { createLinkBench, type LinkBench, parseEntry } from '../../support/link-bench.ts';
import { createMemoryLog } from '../../support/memory-log.ts';
import { createPlayedGuard } from '../../support/played-guard.ts';

const BOARD = { id: 'boom', outputs: { open: 1, hold: 2 } };

async function online(entry: object = BOARD, guard = createPlayedGuard()) {
	const bench = createLinkBench(hidRelay, [entry], { guard });
	await bench.start();
	await bench.clock.advanceAsync(600);
	return { bench, guard };
}

function pulse(bench: LinkBench) {
	let outcome: CommandOutcome | undefined;
	const deadlineMonotonicMs = bench.clock.monotonicMs() + 3_000;
	void bench
		.device('boom')
		.opens?.pulse({ output: 'open', durationMs: 500, deadlineMonotonicMs })
		.then((ended) => {
			outcome = ended;
		});
	return { outcome: () => outcome };
}

const isOn = (bench: LinkBench) => bench.wire.outputs('boom')['open'] === true;

describe('a HID relay board', () => {
	test('tells its serial and its relays, and pulses by feature reports, guarded', async () => {
		const { bench, guard } = await online();
		expect(bench.device('boom').status()).toMatchObject({ state: 'online', identity: { name: 'BITFT' } });
		const { outcome } = pulse(bench);
		await bench.clock.advanceAsync(100);
		expect(outcome()).toEqual({ result: 'done' });
		expect(isOn(bench)).toBe(true);
		expect(guard.armed.map(({ off }) => off.toHex().toUpperCase())).toEqual(['00FD01000000000000']);
		await bench.clock.advanceAsync(600);
		expect(isOn(bench)).toBe(false);
		await bench.clock.advanceAsync(1_500);
		expect(bench.device('boom').status().outputs).toEqual({ open: false, hold: false });
		expect(guard.released).toContain(guard.armed[0]?.key);
	});

	test('is not told to switch on while nobody would end it', async () => {
		const { bench, guard } = await online();
		guard.answers = false;
		const { outcome } = pulse(bench);
		await bench.clock.advanceAsync(200);
		expect(outcome()).toMatchObject({ result: 'failed' });
		expect(isOn(bench)).toBe(false);
	});

	test('with another serial than it should have is faulted, names both, and switches nothing on', async () => {
		const { bench } = await online({ ...BOARD, serial: 'BITFT' });
		expect(bench.device('boom').status().state).toBe('online');
		const config = parseEntry(hidRelay, { ...BOARD, serial: 'OTHER' });
		const other = createLinkBench(hidRelay, [BOARD], { guard: createPlayedGuard() });
		const link = hidRelay.createLink(
			{
				clock: other.clock,
				log: createMemoryLog(),
				events: { onObservation: () => undefined, onInput: () => undefined, onStatus: () => undefined },
				newId: () => 'id',
				randomBytes: (length) => new Uint8Array(length),
			},
			[config],
		);
		const port: Port = other.wire.createPort('hid', { onBytes: () => undefined, onClosed: () => undefined });
		await port.open();
		link.start({ ...port, hid: port.hid });
		await other.clock.advanceAsync(600);
		const [device] = link.devices;
		expect(device?.status()).toMatchObject({ state: 'faulted', problem: expect.stringMatching(/BITFT, not OTHER/) });
		const refused = device?.opens?.pulse({
			output: 'open',
			durationMs: 500,
			deadlineMonotonicMs: other.clock.monotonicMs() + 1_000,
		});
		expect(await refused).toMatchObject({ result: 'failed', problem: expect.stringMatching(/OTHER/) });
		expect(isOn(other)).toBe(false);
		link.stop('done');
	});

	test.each([
		['USBRelay2', { open: 2 }, undefined],
		['USBRelay8', { open: 8 }, undefined],
		['USBRelay2', { open: 3 }, /2 relays.*channel 3/],
		['USBasp', { open: 1 }, /"USBasp".*USBRelay/],
		[undefined, { open: 1 }, /without a name/],
	])('is used only if its product name %s says that it is one, with relays enough', (product, outputs, problem) => {
		const found = identityProblem(product === undefined ? {} : { product }, outputs);
		if (problem === undefined) expect(found).toBeUndefined();
		else expect(found).toMatch(problem);
	});

	test('is opened with a guard where it has outputs, unless that is off', () => {
		const settingsOf = (entry: object) =>
			wireDevices(createDriverRegistry(), [parseEntry(hidRelay, { ...BOARD, ...entry })]).lines[0]?.settings;
		expect(settingsOf({})).toBe('guardedHid');
		expect(settingsOf({ guard: 'off' })).toBe('hid');
		expect(settingsOf({ outputs: {} })).toBe('hid');
	});

	test.each([
		[{ serial: 'BIT' }, 'serial'],
		[{ outputs: { open: 9 } }, 'outputs'],
		[{ outputs: { open: 1, hold: 1 } }, 'outputs'],
		[{ port: 'ttyUSB0' }, 'port'],
		[{ guard: true }, 'guard'],
	])('is refused with a wrong setting, which is named: %j', (change, field) => {
		const parsed = hidRelayConfig.safeParse({ driver: 'hid-relay', port: 'sim:x', ...BOARD, ...change });
		expect(parsed.error?.issues.map(({ path: [first] }) => first)).toContain(field);
	});
});
