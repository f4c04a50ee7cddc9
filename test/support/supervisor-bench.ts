import { z } from 'zod';
import type { Driver, SerialLink } from '../../src/drivers/driver.ts';
import { defineSerialDriver } from '../../src/drivers/driver.ts';
import type { WiredDevice } from '../../src/drivers/lines.ts';
import type { OpenPort, Port, PortEvents } from '../../src/drivers/ports/port.ts';
import { createDriverRegistry } from '../../src/drivers/registry.ts';
import { createSupervisor, type SupervisorDeps } from '../../src/drivers/supervisor.ts';
import type { Clock } from '../../src/gateway/core/clock.ts';
import type { Device, DeviceState, DeviceStatus } from '../../src/gateway/core/device.ts';
import { GatewayError } from '../../src/gateway/core/gateway-error.ts';
import { createSeededRandom } from '../../src/gateway/core/seeded-random.ts';
import { createMemoryLog } from './memory-log.ts';

/** What happens at one address; a test changes it as hardware would. */
export interface PlayedAddress {
	/** How the next openings end. */
	opening: 'opens' | 'missing' | 'busy' | 'hangs' | 'throws';
	closing: 'closes' | 'hangs';
	readonly openedAtMs: number[];
	closes: number;
	readonly written: Uint8Array[];
	/** Of the port that is open now. */
	events: PortEvents | undefined;
	/** Ends openings that hang. */
	finishOpening(): void;
}

export function playAddresses(clock: Clock): {
	readonly at: (address: string) => PlayedAddress;
	readonly open: OpenPort;
} {
	const addresses = new Map<string, PlayedAddress>();
	const hanging = new Map<string, (() => void)[]>();

	function at(address: string): PlayedAddress {
		const known = addresses.get(address);
		if (known !== undefined) return known;
		const played: PlayedAddress = {
			opening: 'opens',
			closing: 'closes',
			openedAtMs: [],
			closes: 0,
			written: [],
			events: undefined,
			finishOpening() {
				for (const finish of hanging.get(address)?.splice(0) ?? []) finish();
			},
		};
		addresses.set(address, played);
		return played;
	}

	function open(address: string, events: PortEvents): Promise<void> {
		const played = at(address);
		played.openedAtMs.push(clock.monotonicMs());
		switch (played.opening) {
			case 'opens':
				played.events = events;
				return Promise.resolve();
			case 'missing': {
				const cause = Object.assign(new Error('ENOENT'), { code: 'ENOENT' });
				return Promise.reject(new GatewayError('PORT_UNAVAILABLE', `nothing is plugged in at ${address}`, { cause }));
			}
			case 'busy':
				return Promise.reject(new GatewayError('PORT_BUSY', `${address} is in use`));
			case 'throws':
				return Promise.reject(new Error('strange'));
			case 'hangs':
				return new Promise((resolve) => {
					hanging.set(address, [...(hanging.get(address) ?? []), resolve]);
				});
		}
	}

	return {
		at,
		open: (address, _, events): Port => ({
			open: () => open(address, events),
			async write(bytes) {
				at(address).written.push(bytes.slice());
			},
			setBaud: () => Promise.resolve(),
			close() {
				const played = at(address);
				played.closes += 1;
				return played.closing === 'hangs' ? new Promise(() => undefined) : Promise.resolve();
			},
		}),
	};
}

/** What the links of the test driver were told, and what they do when told. */
export interface PlayedLink {
	readonly calls: string[];
	onStart: (port: Port, clock: Clock) => void;
	onBytes: (chunk: Uint8Array) => void;
	onStop: (problem: string) => void;
}

/** A driver without a protocol: online once started, offline once stopped. */
export function createPlayedDriver(links: Map<string, PlayedLink>): Driver {
	return defineSerialDriver({
		carrier: 'serial',
		kind: 'played',
		config: z.object({ id: z.string(), driver: z.string(), port: z.string() }),
		line: () => ({ baud: 9600 }),
		createLink(deps, configs): SerialLink {
			let state: DeviceState = 'starting';
			let problem: string | undefined;
			const become = (next: DeviceState, why?: string) => {
				state = next;
				problem = why;
			};
			const port = configs[0]?.port ?? '';
			const link: PlayedLink = {
				calls: [],
				onStart: () => undefined,
				onBytes: () => undefined,
				onStop: () => undefined,
			};
			links.set(port, link);
			const devices = configs.map(
				({ id, driver }): Device => ({
					id,
					status: (): DeviceStatus => ({
						id,
						driver,
						address: port,
						state,
						...(problem === undefined ? {} : { problem }),
						sinceMs: 0,
						identity: {},
						capabilities: [],
						statistics: {},
						inputs: {},
					}),
				}),
			);
			return {
				devices,
				start(opened) {
					link.calls.push('start');
					become('online');
					link.onStart(opened, deps.clock);
				},
				onBytes(chunk) {
					link.calls.push(`bytes ${chunk.toHex()}`);
					link.onBytes(chunk);
				},
				stop(why) {
					link.calls.push(`stop ${why}`);
					become('offline', why);
					link.onStop(why);
				},
			};
		},
		createSimulator: () => ({ receive: () => [], stimulate: () => ({ answers: [] }), outputs: () => ({}) }),
		decode: () => [],
	});
}

export function createSupervisorBench<C extends Clock>(
	clock: C,
	devices: readonly WiredDevice[],
	deps: Partial<SupervisorDeps> = {},
) {
	const links = new Map<string, PlayedLink>();
	const played = playAddresses(clock);
	const log = createMemoryLog();
	const ignored = { onObservation: () => undefined, onInput: () => undefined, onStatus: () => undefined };
	const registry = createDriverRegistry([...createDriverRegistry().drivers, createPlayedDriver(links)]);
	const supervisor = createSupervisor(
		{
			clock,
			log,
			events: ignored,
			newId: () => 'id',
			randomBytes: (length) => new Uint8Array(length),
			registry,
			openPort: played.open,
			openSubscription: () => ({ close: () => Promise.resolve() }),
			exchange: () => Promise.resolve({ result: 'failed', problem: 'nothing is there' }),
			takeStill: () => Promise.resolve({ result: 'failed', problem: 'there is no camera' }),
			random: createSeededRandom(1).next,
			...deps,
		},
		devices,
	);
	const link = (address: string) => {
		const found = links.get(address);
		if (found === undefined) throw new Error(`no link at ${address}`);
		return found;
	};
	const state = (deviceId: string) => supervisor.device(deviceId)?.status().state;
	const problem = (deviceId: string) => supervisor.device(deviceId)?.status().problem;
	return { supervisor, clock, log, at: played.at, link, state, problem };
}
