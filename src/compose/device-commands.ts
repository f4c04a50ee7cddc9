import { randomBytes, randomUUIDv7 } from 'node:crypto';
import type {
	CliHandlers,
	DeviceSetupReport,
	DeviceTestReport,
	FoundPort,
	PortListing,
	SetUpChange,
} from '../api/cli/handlers.ts';
import type { ConfiguredDevice } from '../config/gateway-config.ts';
import { type DeviceSetup, hasPort } from '../drivers/driver.ts';
import { listCameras } from '../drivers/ports/camera-list.ts';
import { listHidDevices } from '../drivers/ports/hid-list.ts';
import { createHttpExchange } from '../drivers/ports/http-exchange.ts';
import { createOpenPort } from '../drivers/ports/open-port.ts';
import { listSerialPorts } from '../drivers/ports/serial-list.ts';
import type { NamedNode } from '../drivers/ports/stable-names.ts';
import { createTakeStill } from '../drivers/ports/take-still.ts';
import { createDriverRegistry } from '../drivers/registry.ts';
import { createSimulatedDevices } from '../drivers/simulated-devices.ts';
import { createSupervisor, type Supervisor } from '../drivers/supervisor.ts';
import type { CommandOutcome, DeviceEvents, DeviceStatus } from '../gateway/core/device.ts';
import { codeName } from '../gateway/core/directory/code-text.ts';
import { GatewayError } from '../gateway/core/gateway-error.ts';
import type { Observation } from '../gateway/core/observation.ts';
import { createLog } from '../log.ts';
import { createMqttLinks } from '../sync/mqtt-link.ts';
import { createSystemClock } from '../system-clock.ts';
import { requireConfig, requireConfigWithoutSecrets } from './configuration.ts';
import { decodeFile } from './decode-file.ts';
import { createSubscriptions } from './device-subscriptions.ts';
import { createMonitoredTraffic } from './monitor-device.ts';
import { simulateDevice } from './simulate-device.ts';
import { watchRunningDevice } from './watch-running-device.ts';

const TEST_PATIENCE_MS = 10_000;
/** A device told to be offline may only be starting up: OSDP readers take 1.5 s. */
const OFFLINE_PATIENCE_MS = 2_500;
const LOOK_EVERY_MS = 50;

/** Commands that work with devices, without a running gateway: a serial port has one user at a time. */
export const deviceCommands: Pick<
	CliHandlers,
	'driverKinds' | 'listPorts' | 'monitorDevice' | 'testDevice' | 'setUpDevice' | 'decode' | 'simulateDevice'
> = {
	driverKinds: createDriverRegistry().kinds,

	async listPorts(): Promise<PortListing> {
		const [serial, hid, cameras] = await Promise.all([listSerialPorts(), listHidDevices(), listCameras()]);
		return {
			ports: [
				...serial.map((port) => portOf('serial', port)),
				...hid.map((port) => portOf('hid', port)),
				...cameras.map((port) => portOf('camera', port)),
			],
			problems: [],
		};
	},

	async monitorDevice({ configFile, deviceId, signal, onLine, onTrace }) {
		const { store, devices } = requireConfigWithoutSecrets(configFile);
		const { port, ...device } = deviceAmong(devices, deviceId, configFile);
		const driver = createDriverRegistry().get(device.driver);
		if (!hasPort(driver) || port === undefined)
			throw new GatewayError('INVALID_REQUEST', `${deviceId} has no line that could be watched`);
		const clock = createSystemClock();
		const note = (text: string, atMs = clock.nowMs()) => onLine({ atMs, direction: 'note', text });
		const traffic = createMonitoredTraffic(clock, driver, { ...device, port }, { onLine, ...(onTrace && { onTrace }) });
		const onTraffic = traffic.take;
		try {
			const onNote = (atMs: number, text: string) => note(text, atMs);
			if (await watchRunningDevice(store.dir, { deviceId, signal, onTraffic, onNote })) return;
			note('no gateway runs here: its line is opened for this');
			await withDevice(configFile, deviceId, note, async (supervisor) => {
				supervisor.tap(deviceId, onTraffic);
				await aborted(signal);
			});
		} finally {
			traffic.end();
		}
	},

	async testDevice({ configFile, deviceId, signal }): Promise<DeviceTestReport> {
		const device = configuredDevice(configFile, deviceId);
		let status: DeviceStatus | undefined;
		await withDevice(
			configFile,
			deviceId,
			() => undefined,
			async (supervisor) => {
				status = await awaitOnline(supervisor, deviceId, signal);
			},
		);
		const online = status?.state === 'online';
		const identity = Object.entries(status?.identity ?? {}).map(([name, value]) => `${name} ${value}`);
		const frames = Object.entries(status?.statistics ?? {}).map(([name, count]) => `${name} ${count}`);
		return {
			deviceId,
			driver: device.driver,
			address: device.port ?? device.path ?? '',
			passed: online,
			steps: [
				{ name: 'answers', passed: online, detail: online ? 'online' : (status?.problem ?? 'no answer') },
				{ name: 'identity', passed: online, detail: identity.join(', ') || 'the device tells none' },
				{ name: 'traffic', passed: online, detail: frames.join(', ') || 'nothing was exchanged' },
			],
		};
	},

	async setUpDevice({ configFile, deviceId, change, signal }): Promise<DeviceSetupReport> {
		let outcome: CommandOutcome = { result: 'failed', problem: 'the device does not answer' };
		await withDevice(
			configFile,
			deviceId,
			() => undefined,
			async (supervisor) => {
				const status = await awaitOnline(supervisor, deviceId, signal);
				const setup = supervisor.setup(deviceId);
				if (setup === undefined) {
					throw new GatewayError('INVALID_REQUEST', `${deviceId} has nothing that can be set over its line`);
				}
				if (status?.state !== 'online') outcome = { result: 'failed', problem: status?.problem ?? 'no answer' };
				else outcome = await applySetup(setup, change);
			},
		);
		return { deviceId, outcome, change };
	},

	decode: decodeFile,

	simulateDevice,
};

function portOf(
	carrier: FoundPort['carrier'],
	{ address, stability, device, usb }: Pick<NamedNode, 'address' | 'stability' | 'device' | 'usb'>,
): FoundPort {
	return {
		carrier,
		address,
		stability,
		node: device,
		manufacturer: usb?.manufacturer ?? null,
		product: usb?.product ?? null,
		serialNumber: usb?.serialNumber ?? null,
		usbId: usb === undefined ? null : `${usb.vendorId}:${usb.productId}`,
	};
}

/** Looks until the device answers, or is known not to. */
async function awaitOnline(
	supervisor: Supervisor,
	deviceId: string,
	signal: AbortSignal,
): Promise<DeviceStatus | undefined> {
	const clock = createSystemClock();
	let status: DeviceStatus | undefined;
	let untilMs = clock.monotonicMs() + TEST_PATIENCE_MS;
	do {
		await new Promise<void>((resolve) => void clock.after(LOOK_EVERY_MS, resolve));
		const wasOffline = status?.state === 'offline';
		status = supervisor.device(deviceId)?.status();
		if (status?.state === 'offline' && !wasOffline) untilMs = clock.monotonicMs() + OFFLINE_PATIENCE_MS;
	} while (status?.state !== 'online' && clock.monotonicMs() < untilMs && !signal.aborted);
	return status;
}

function applySetup(setup: DeviceSetup, change: SetUpChange): Promise<CommandOutcome> {
	switch (change.kind) {
		case 'address':
			return setup.setAddress(change.address);
		case 'baud':
			return setup.setBaud(change.baud);
		case 'key':
			return setup.setKey(change.key);
	}
}

function configuredDevice(configFile: string, deviceId: string): ConfiguredDevice {
	return deviceAmong(requireConfig(configFile).config.devices, deviceId, configFile);
}

function deviceAmong(devices: readonly ConfiguredDevice[], deviceId: string, configFile: string): ConfiguredDevice {
	const device = devices.find(({ id }) => id === deviceId);
	if (device !== undefined) return device;
	throw new GatewayError(
		'NOT_FOUND',
		`${configFile} has no device ${deviceId}; it has ${devices.map(({ id }) => id).join(', ')}`,
	);
}

/** Runs the device's line, with all devices that share it, and nothing else of the site. */
async function withDevice(
	configFile: string,
	deviceId: string,
	note: (text: string) => void,
	work: (supervisor: Supervisor) => Promise<void>,
): Promise<void> {
	const { devices } = requireConfig(configFile).config;
	const wanted = configuredDevice(configFile, deviceId);
	const onLine = devices.filter(({ id, port }) => id === deviceId || (port !== undefined && port === wanted.port));
	const registry = createDriverRegistry();
	const clock = createSystemClock();
	const events: DeviceEvents = {
		onObservation: (observation) => note(`read: ${JSON.stringify(shownRead(observation))}`),
		onInput: ({ input, active }) => note(`input ${input} ${active ? 'on' : 'off'}`),
		onStatus: ({ id, state, problem }) => note(`${id} ${state}${problem === undefined ? '' : `: ${problem}`}`),
	};
	const simulated = createSimulatedDevices({ clock, random: Math.random }, registry, onLine);
	const supervisor = createSupervisor(
		{
			clock,
			log: createLog({ level: 'error', format: 'text', write: () => undefined }),
			registry,
			openPort: createOpenPort(clock, simulated.wire),
			openSubscription: createSubscriptions(
				{ clock, random: Math.random, site: randomUUIDv7() },
				createMqttLinks(clock),
			),
			exchange: createHttpExchange(randomBytes),
			takeStill: createTakeStill(clock),
			random: Math.random,
			newId: randomUUIDv7,
			randomBytes,
			events,
		},
		onLine,
	);
	supervisor.start();
	try {
		await work(supervisor);
	} finally {
		await supervisor.stop();
	}
}

function aborted(signal: AbortSignal): Promise<void> {
	if (signal.aborted) return Promise.resolve();
	return new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
}

/** Pictures are too long for a line, and PINs are nobody's to read. */
function shownRead(observation: Observation): object {
	if (observation.kind === 'pin') return { ...observation, pin: codeName('pin', observation.pin) };
	return { ...observation, evidence: undefined };
}
