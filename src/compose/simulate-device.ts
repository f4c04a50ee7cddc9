import type { SimulateDeviceOptions } from '../api/cli/handlers.ts';
import { settingProblems } from '../config/setting-problems.ts';
import { type SimulatorOnTty, serveSimulatorOnTty } from '../drivers/ports/simulator-on-tty.ts';
import { parseWireFaults } from '../drivers/ports/wire-faults.ts';
import { createDriverRegistry } from '../drivers/registry.ts';
import { GatewayError } from '../gateway/core/gateway-error.ts';
import { createSeededRandom } from '../gateway/core/seeded-random.ts';
import { createSystemClock } from '../system-clock.ts';
import { watchOutputs } from './output-watch.ts';
import { simulateCamera } from './simulate-camera.ts';
import { simulateSubscribedCamera } from './simulate-subscribed-camera.ts';

/** The device's side of a tty, with what is typed happening to it, until the signal; throws PORT_LOST when the tty vanishes. */
export async function simulateDevice(options: SimulateDeviceOptions): Promise<void> {
	const { driver, port, settings, faults, seed = Date.now(), stimuli, onNote, signal } = options;
	const registered = createDriverRegistry().get(driver);
	if (registered.carrier === 'push') return simulateCamera(createSystemClock(), registered, options);
	if (registered.carrier === 'subscription') return simulateSubscribedCamera(createSystemClock(), registered, options);
	if (registered.carrier !== 'serial') {
		const advice = 'write port: sim:NAME to have it played within the gateway';
		throw new GatewayError('INVALID_REQUEST', `${driver} has no tty: ${advice}`);
	}
	const parsed = registered.config.safeParse({ id: 'simulated', driver, port, ...settings });
	if (!parsed.success) throw new GatewayError('CONFIG_INVALID', settingProblems(parsed.error.issues, driver, settings));
	const wire = parseWireFaults(faults);
	if (typeof wire === 'string') throw new GatewayError('INVALID_REQUEST', wire);
	const device = parsed.data;
	const clock = createSystemClock();
	const lost = new AbortController();
	const watched = watchOutputs({
		clock,
		simulator: registered.createSimulator(clock, [device]),
		deviceId: device.id,
		onChange: (output, isOn) => onNote(`output ${output} ${isOn ? 'on' : 'off'}`),
	});
	const running = await serveSimulatorOnTty({
		clock,
		path: port,
		line: registered.line(device),
		simulator: watched.simulator,
		random: createSeededRandom(seed).next,
		onLost: (problem) => lost.abort(new GatewayError('PORT_LOST', problem)),
	});
	running.setFaults(wire);
	onNote(`${driver} answers at ${port}`);
	void stimulateFrom(stimuli, (what) => happen(running, device.id, what), onNote);
	await aborted(AbortSignal.any([signal, lost.signal]));
	watched.stop();
	await running.stop();
	lost.signal.throwIfAborted();
}

/** To the device, or to its wire. @returns a problem */
function happen(running: SimulatorOnTty, deviceId: string, what: string): string | undefined {
	const [word, ...words] = what.split(/\s+/);
	if (word !== 'fault') return running.stimulate(deviceId, what);
	const faults = parseWireFaults(words);
	if (typeof faults === 'string') return faults;
	running.setFaults(faults);
	return undefined;
}

async function stimulateFrom(
	stimuli: AsyncIterable<string>,
	stimulate: (what: string) => string | undefined,
	onNote: (note: string) => void,
): Promise<void> {
	for await (const line of stimuli) {
		const what = line.trim();
		if (what === '') continue;
		onNote(stimulate(what) ?? `done: ${what}`);
	}
}

function aborted(signal: AbortSignal): Promise<void> {
	if (signal.aborted) return Promise.resolve();
	return new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
}
