import { hasPort, type PortDriver } from '../../src/drivers/driver.ts';
import { createGuardWatch } from '../../src/drivers/ports/guard-watch.ts';
import type { PulseGuard } from '../../src/drivers/ports/pulse-guard.ts';
import { createSimulatedWire } from '../../src/drivers/ports/simulated-wire.ts';
import { createDriverRegistry } from '../../src/drivers/registry.ts';
import { vzenithPush } from '../../src/drivers/vzenith-push/index.ts';
import type { Clock } from '../../src/gateway/core/clock.ts';
import { createClockScope } from '../../src/gateway/core/clock-scope.ts';
import { createSeededRandom } from '../../src/gateway/core/seeded-random.ts';
import { parseEntry } from '../support/link-bench.ts';
import { createMemoryLog } from '../support/memory-log.ts';
import { createPushBench, jsonFixture, pushOf } from '../support/push-camera.ts';
import { createVirtualClock } from '../support/virtual-clock.ts';
import type { BarrierCase, PlayedBarrier } from './barrier-contract.ts';

/** Shorter than the shortest pulse: nothing goes on and off unseen. */
const LOOK_MS = 20;

/** A relay board or reader whose output `open` opens, behind its driver and a simulated line; what is killed stays dead. */
export function boardCase(
	name: string,
	kind: string,
	settings: object,
	{ settleMs, answers = true, hold }: { readonly settleMs: number; readonly answers?: boolean; readonly hold?: string },
): BarrierCase {
	const driver = createDriverRegistry().get(kind);
	if (!hasPort(driver)) throw new Error(`${kind} has no port`);
	const create = () => playBoard(driver, { id: 'boom', ...settings }, { settleMs, hold });
	return { name, create, output: 'open', answers, takesLength: true, ...(hold !== undefined && { hold }) };
}

async function playBoard(
	driver: PortDriver,
	entry: object,
	{ settleMs, hold }: { readonly settleMs: number; readonly hold: string | undefined },
): Promise<PlayedBarrier> {
	const clock = createVirtualClock();
	const life = createClockScope(clock);
	const config = parseEntry(driver, entry);
	const simulator = driver.createSimulator(clock, [config]);
	const random = createSeededRandom(7);
	const wire = createSimulatedWire({ clock, address: config.port, simulator, paced: true, random: random.next });
	let [isAlive, isPlugged, isDeaf] = [true, true, false];
	const link = driver.createLink(
		{
			...{ clock: life.clock, log: createMemoryLog(), newId: () => 'id' },
			events: { onObservation: () => undefined, onInput: () => undefined, onStatus: () => undefined },
			randomBytes: (length) => Uint8Array.from({ length }, () => random.between(0, 255)),
		},
		[config],
	);
	const guard = createGuard(clock, (off) => {
		if (!isPlugged) return 'gone';
		if (simulator.hid === undefined) simulator.receive(off);
		else simulator.hid.sendFeature(off);
		return 'written';
	});
	let openings = 0;
	let wasOn = false;
	const isOn = () => wire.outputs('boom')['open'] === true;
	const look = () => {
		if (isOn() && !wasOn) openings += 1;
		wasOn = isOn();
	};
	async function pass(ms: number): Promise<void> {
		for (let left = ms; left > 0; left -= LOOK_MS) {
			await clock.advanceAsync(Math.min(left, LOOK_MS));
			look();
		}
		await clock.advanceAsync(0);
		look();
	}
	async function start(): Promise<void> {
		const port = wire.createPort(driver.carrier === 'hid' ? 'hid' : driver.line(config), {
			onBytes: (chunk) => void (isAlive && !isDeaf && link.onBytes(chunk)),
			onClosed: (problem) => void (isAlive && link.stop(problem)),
		});
		await port.open();
		const never = new Promise<never>(() => undefined);
		const { hid } = port;
		link.start({
			...{ ...port, guard: guard.of },
			write: (bytes) => (isAlive ? port.write(bytes) : never),
			hid: hid && {
				...hid,
				sendFeature: (...report) => (isAlive ? hid.sendFeature(...report) : never),
				getFeature: (...asked) => (isDeaf ? Promise.reject(new Error('nothing is heard')) : hid.getFeature(...asked)),
			},
		});
		await pass(settleMs);
	}

	await start();
	const [device] = link.devices;
	if (device?.opens === undefined) throw new Error('it opens nothing');
	if (device.status().state !== 'online') throw new Error(`it is ${device.status().state}: ${device.status().problem}`);
	return {
		...{ clock, opens: device.opens, holds: device.holds, pass, isOn },
		openings: () => openings,
		isHeld: () => hold !== undefined && wire.outputs('boom')[hold] === true,
		arrive: () => Promise.resolve(),
		lose() {
			isPlugged = false;
			wire.unplug();
		},
		async back() {
			isPlugged = true;
			wire.plugIn();
			await start();
		},
		deafen() {
			isDeaf = true;
		},
		die() {
			isAlive = false;
			life.end();
			guard.gatewayGone();
		},
	};
}

/** The work of the second process, here on the same clock: it outlives the gateway's own timers. */
function createGuard(clock: Clock, write: (off: Uint8Array) => 'written' | 'gone') {
	const armed = new Map<number, () => void>();
	let number = 0;
	const watch = createGuardWatch({
		...{ clock, write, onDone: () => undefined },
		say(message) {
			if (message.type === 'armed') armed.get(message.number)?.();
		},
	});
	const of: PulseGuard = {
		arm({ key, off, endsInMs }) {
			number += 1;
			const own = number;
			return new Promise((resolve) => {
				armed.set(own, () => resolve(true));
				watch.take({ type: 'arm', number: own, key, endsInMs, off });
			});
		},
		release: (key) => watch.take({ type: 'release', key }),
		watch(listener) {
			listener({ problem: undefined, ends: 0 });
			return () => undefined;
		},
	};
	return { of, gatewayGone: watch.gatewayGone };
}

/** A camera that opens by its answer to what it read. */
export const answeringCamera: BarrierCase = {
	...{ name: 'vzenith-push, by its answer', output: 'open', answers: true, takesLength: false },
	create: () => Promise.resolve(playCamera()),
};

function playCamera(): PlayedBarrier {
	const camera = createPushBench(vzenithPush, { outputs: { open: 1 } });
	const { opens } = camera.receiver.device;
	if (opens === undefined) throw new Error('it opens nothing');
	let [plateid, openings, isDeaf, isAlive] = [5_000, 0, false, true];
	let hangUp: () => void = () => undefined;

	/** The camera's end of one request. */
	function send(id: number): void {
		let isOpen = true;
		const body = jsonFixture('vzenith-plate').replace('1187', `${id}`);
		hangUp = () => {
			isOpen = false;
		};
		camera.receiver.handleHeld?.(pushOf(body, 'application/json'), {
			isOpen: () => isOpen,
			send(reply, onReceipt) {
				if (!isOpen || !isAlive) return false;
				isOpen = false;
				if (JSON.parse(reply.body ?? '{}').Response_AlarmInfoPlate?.info === 'ok') openings += 1;
				camera.clock.after(isDeaf ? 1_000 : 15, () => onReceipt?.(!isDeaf));
				return true;
			},
		});
	}

	const pass = (ms: number) => camera.clock.advanceAsync(ms);
	return {
		...{ clock: camera.clock, opens, pass, openings: () => openings, isOn: () => false, isHeld: () => false },
		async arrive() {
			plateid += 1;
			send(plateid);
			await pass(5);
		},
		lose: () => hangUp(),
		/** It sends what was not answered again. */
		async back() {
			send(plateid);
			await pass(5);
		},
		deafen() {
			isDeaf = true;
		},
		die() {
			isAlive = false;
		},
	};
}
