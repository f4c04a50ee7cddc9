import type { Clock } from '../gateway/core/clock.ts';
import { GatewayError } from '../gateway/core/gateway-error.ts';
import { type WiredDevice, wireDevices } from './lines.ts';
import { SIMULATED } from './ports/open-port.ts';
import { createSimulatedWire, type SimulatedWire } from './ports/simulated-wire.ts';
import type { DriverRegistry } from './registry.ts';

export interface SimulatedDevicesOptions {
	readonly clock: Clock;
	/** [0, 1), for faults of the wires. */
	readonly random: () => number;
	/** Bytes take the time they take at the line's speed. */
	readonly paced?: boolean;
}

/** The devices of a site behind `sim:` ports, as a simulation of the site touches them. */
export interface SimulatedDevices {
	/** The line at `sim:NAME`; undefined for any other address. */
	wire(address: string): SimulatedWire | undefined;
	wireOf(deviceId: string): SimulatedWire | undefined;
	/** Throws NOT_FOUND for a device that is not simulated, INVALID_REQUEST for what cannot happen to it. */
	stimulate(deviceId: string, what: string): void;
	outputs(deviceId: string): Readonly<Record<string, boolean>>;
}

/** A simulator for every `sim:` line of the configuration. */
export function createSimulatedDevices(
	options: SimulatedDevicesOptions,
	registry: DriverRegistry,
	configured: readonly WiredDevice[],
): SimulatedDevices {
	const wires = new Map<string, SimulatedWire>();
	const byDevice = new Map<string, SimulatedWire>();
	for (const { address, driver, devices } of wireDevices(registry, configured).lines) {
		if (!address.startsWith(SIMULATED)) continue;
		const simulator = driver.createSimulator(options.clock, devices);
		const wire = createSimulatedWire({ ...options, address, simulator });
		wires.set(address, wire);
		for (const { id } of devices) byDevice.set(id, wire);
	}

	function wireAt(deviceId: string): SimulatedWire {
		const wire = byDevice.get(deviceId);
		if (wire === undefined) throw new GatewayError('NOT_FOUND', `${deviceId} is not a simulated device`);
		return wire;
	}

	return {
		wire: (address) => wires.get(address),
		wireOf: (deviceId) => byDevice.get(deviceId),
		stimulate(deviceId, what) {
			const problem = wireAt(deviceId).stimulate(deviceId, what);
			if (problem !== undefined) throw new GatewayError('INVALID_REQUEST', `${deviceId}: ${problem}`);
		},
		outputs: (deviceId) => wireAt(deviceId).outputs(deviceId),
	};
}
