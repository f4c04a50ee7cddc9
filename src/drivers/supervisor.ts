import type { Cancel } from '../gateway/core/clock.ts';
import { createClockScope } from '../gateway/core/clock-scope.ts';
import type { Device, DeviceEvents, DeviceStatus } from '../gateway/core/device.ts';
import type { Log } from '../gateway/core/log.ts';
import type { DeviceSetup, DriverDeps, HeldAnswer, PushReceiver, PushReply, PushRequest } from './driver.ts';
import { guardTimers } from './guard-timers.ts';
import type { TapListener } from './line-taps.ts';
import { type WiredDevice, wireDevices } from './lines.ts';
import type { HttpExchange } from './ports/http-exchange.ts';
import type { OpenPort } from './ports/port.ts';
import type { TakeStill } from './ports/still-capture.ts';
import type { OpenSubscription, Subscription, SubscriptionEvents } from './ports/subscription.ts';
import type { DriverRegistry } from './registry.ts';
import { createSupervisedLine, type SupervisedLine } from './supervised-line.ts';

export interface SupervisorDeps extends DriverDeps {
	readonly registry: DriverRegistry;
	readonly openPort: OpenPort;
	readonly openSubscription: OpenSubscription;
	/** How cameras are asked. */
	readonly exchange: HttpExchange;
	readonly takeStill: TakeStill;
	/** [0, 1), for the jitter of waits. */
	readonly random: () => number;
}

/** All devices of the site, each kept running as well as its hardware allows. */
export interface Supervisor {
	start(): void;
	/** In the order of the configuration. */
	statuses(): readonly DeviceStatus[];
	device(deviceId: string): Device | undefined;
	/** The camera behind `/ingest/{path}`. */
	receiver(path: string): PushReceiver | undefined;
	/** What can be changed in the device itself; undefined when nothing can. */
	setup(deviceId: string): DeviceSetup | undefined;
	/** Bytes of the line a device is on, in both directions; undefined for a device without a line. */
	tap(deviceId: string, listener: TapListener): Cancel | undefined;
	/** Resolves within about a second, also when ports hang. */
	stop(): Promise<void>;
}

/**
 * Makes all devices; nothing is opened before `start`. Throws CONFIG_INVALID for an unknown driver, or
 * for devices that cannot share a line.
 */
export function createSupervisor(deps: SupervisorDeps, configured: readonly WiredDevice[]): Supervisor {
	const { lines, pushed, subscribed, stills } = wireDevices(deps.registry, configured);
	const scope = createClockScope(deps.clock);
	const events = guardEvents(deps.events, deps.log);
	const supervised = lines.map((line) => createSupervisedLine({ ...deps, events }, line));
	const depsOf = (deviceId: string): DriverDeps => ({
		...{ ...deps, events },
		clock: guardTimers(scope.clock, (error) => tellFailure(deps.log, deviceId, error)),
	});
	const receivers = new Map(
		pushed.map(({ driver, device }) => {
			const receiver = driver.createReceiver(depsOf(device.id), device);
			return [device.path, guardReceiver(receiver, deps.log)];
		}),
	);
	const listeners = subscribed.map(({ driver, device }) => {
		return { settings: driver.subscription(device), ...driver.createReceiver(depsOf(device.id), device) };
	});
	const cameras = stills.map(({ driver, device }) =>
		driver.createCamera({ ...depsOf(device.id), takeStill: deps.takeStill, exchange: deps.exchange }, device),
	);
	let endings: readonly Cancel[] = [];
	let subscriptions: readonly Subscription[] = [];
	const devices = new Map<string, { readonly device: Device; readonly line?: SupervisedLine }>();
	for (const line of supervised) for (const device of line.devices) devices.set(device.id, { device, line });
	for (const { device } of [...receivers.values(), ...listeners, ...cameras]) devices.set(device.id, { device });

	return {
		start() {
			for (const line of supervised) line.start();
			subscriptions = listeners.map(({ device, settings, events: told }) =>
				deps.openSubscription(device.id, settings, guardSubscription(told, device.id, deps.log)),
			);
			endings = [
				...[...receivers.values()].flatMap((receiver) => receiver.begin?.(deps.exchange) ?? []),
				...cameras.map((camera) => camera.begin()),
			];
		},
		statuses: () => configured.flatMap(({ id }) => devices.get(id)?.device.status() ?? []),
		device: (deviceId) => devices.get(deviceId)?.device,
		receiver: (path) => receivers.get(path),
		setup: (deviceId) => devices.get(deviceId)?.line?.setup(deviceId),
		tap: (deviceId, listener) => devices.get(deviceId)?.line?.tap(listener),
		async stop() {
			for (const end of endings) end();
			scope.end();
			await Promise.all([
				...supervised.map((line) => line.stop()),
				...subscriptions.map((subscription) => subscription.close()),
			]);
		},
	};
}

/** What a lane does with an event must not look like a fault of the device that told it. */
function guardEvents(events: DeviceEvents, log: Log): DeviceEvents {
	const guard = (deviceId: string, call: () => void) => {
		try {
			call();
		} catch (error) {
			log.error({ err: error, deviceId }, 'an event of a device was not taken');
		}
	};
	return {
		onObservation: (observation) => guard(observation.deviceId, () => events.onObservation(observation)),
		onInput: (change) => guard(change.deviceId, () => events.onInput(change)),
		onStatus: (status) => guard(status.id, () => events.onStatus(status)),
	};
}

function guardReceiver(receiver: PushReceiver, log: Log): PushReceiver {
	const { begin, ownPath } = receiver;
	return {
		device: receiver.device,
		...(begin && { begin }),
		...(ownPath && { ownPath }),
		handle(request): PushReply {
			try {
				return receiver.handle(request);
			} catch (error) {
				tellFailure(log, receiver.device.id, error);
				return { status: 500 };
			}
		},
		...(receiver.handleHeld !== undefined && {
			handleHeld(request: PushRequest, answer: HeldAnswer): void {
				try {
					receiver.handleHeld?.(request, answer);
				} catch (error) {
					tellFailure(log, receiver.device.id, error);
					answer.send({ status: 500 });
				}
			},
		}),
	};
}

function guardSubscription(events: SubscriptionEvents, deviceId: string, log: Log): SubscriptionEvents {
	const guard = (call: () => void) => {
		try {
			call();
		} catch (error) {
			tellFailure(log, deviceId, error);
		}
	};
	return {
		onUp: () => guard(() => events.onUp()),
		onDown: (problem) => guard(() => events.onDown(problem)),
		onMessage: (message) => guard(() => events.onMessage(message)),
	};
}

function tellFailure(log: Log, deviceId: string, error: unknown): void {
	log.error({ err: error, deviceId }, 'the driver of a camera failed');
}
