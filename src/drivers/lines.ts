import { GatewayError } from '../gateway/core/gateway-error.ts';
import type { DeviceConfig, PortDriver, PushDriver, StillDriver, SubscriptionDriver } from './driver.ts';
import type { PortSettings } from './ports/port.ts';
import type { DriverRegistry } from './registry.ts';

/** A device entry after its driver's schema: devices on a port have one, push drivers a path. */
export interface WiredDevice extends DeviceConfig {
	readonly port?: string;
	readonly path?: string;
}

/** One port and all the devices on it: a byte line with several, or one HID device. */
export interface Line {
	readonly address: string;
	readonly driver: PortDriver;
	readonly settings: PortSettings;
	readonly devices: readonly (DeviceConfig & { readonly port: string })[];
}

export interface PushedDevice {
	readonly driver: PushDriver;
	readonly device: DeviceConfig & { readonly path: string };
}

export interface SubscribedDevice {
	readonly driver: SubscriptionDriver;
	readonly device: DeviceConfig;
}

export interface StillDevice {
	readonly driver: StillDriver;
	readonly device: DeviceConfig;
}

export interface WiredDevices {
	readonly lines: readonly Line[];
	readonly pushed: readonly PushedDevice[];
	readonly subscribed: readonly SubscribedDevice[];
	readonly stills: readonly StillDevice[];
}

/**
 * Devices by the line or path they are reached by. Throws CONFIG_INVALID, naming both devices, for two
 * drivers or two speeds on one line, and for an id or path used twice.
 */
export function wireDevices(registry: DriverRegistry, devices: readonly WiredDevice[]): WiredDevices {
	refuseSharedIds(devices);
	const lines = new Map<string, Line>();
	const pushed = new Map<string, PushedDevice>();
	const subscribed: SubscribedDevice[] = [];
	const stills: StillDevice[] = [];
	for (const device of devices) {
		const driver = registry.get(device.driver);
		if (driver.carrier === 'subscription') {
			subscribed.push({ driver, device });
			continue;
		}
		if (driver.carrier === 'still') {
			stills.push({ driver, device });
			continue;
		}
		if (driver.carrier !== 'push') {
			const entry = { ...device, port: required(device, 'port') };
			lines.set(entry.port, joinLine(lines.get(entry.port), driver, entry));
			continue;
		}
		const entry = { ...device, path: required(device, 'path') };
		const other = pushed.get(entry.path);
		if (other !== undefined)
			throw invalid(`${device.id} and ${other.device.id} have the same path ${entry.path}; give each its own`);
		pushed.set(entry.path, { driver, device: entry });
	}
	return { lines: [...lines.values()], pushed: [...pushed.values()], subscribed, stills };
}

function joinLine(line: Line | undefined, driver: PortDriver, device: Line['devices'][number]): Line {
	const settings = settingsOf(driver, device);
	const first = line?.devices[0];
	if (line === undefined || first === undefined) return { address: device.port, driver, settings, devices: [device] };
	if (line.driver !== driver)
		throw invalid(
			`${first.id} (${line.driver.kind}) and ${device.id} (${driver.kind}) share the port ${device.port}; one line has one driver: give ${device.id} a port of its own`,
		);
	if (typeof settings === 'string' || typeof line.settings === 'string')
		throw invalid(`${first.id} and ${device.id} are both at ${device.port}; a HID device has one entry`);
	if (!sameSettings(line.settings, settings))
		throw invalid(
			`${first.id} and ${device.id} share the port ${device.port} with different baud, parity or stopBits; set both devices and both entries to the same`,
		);
	const guarded = line.settings.guarded === true || settings.guarded === true;
	return { ...line, settings: { ...line.settings, guarded }, devices: [...line.devices, device] };
}

function settingsOf(driver: PortDriver, device: Line['devices'][number]): PortSettings {
	if (driver.carrier === 'serial') return driver.line(device);
	return driver.isGuarded?.(device) === true ? 'guardedHid' : 'hid';
}

function sameSettings(a: PortSettings, b: PortSettings): boolean {
	if (typeof a === 'string' || typeof b === 'string') return a === b;
	return a.baud === b.baud && (a.parity ?? 'none') === (b.parity ?? 'none') && (a.stopBits ?? 1) === (b.stopBits ?? 1);
}

function refuseSharedIds(devices: readonly WiredDevice[]): void {
	const ids = new Set<string>();
	for (const { id } of devices) {
		if (ids.has(id)) throw invalid(`two devices have the id ${id}; give each its own`);
		ids.add(id);
	}
}

function required(device: WiredDevice, field: 'port' | 'path'): string {
	const value = device[field];
	if (value === undefined) throw invalid(`${device.id} (${device.driver}) needs a ${field}`);
	return value;
}

function invalid(message: string): GatewayError {
	return new GatewayError('CONFIG_INVALID', message);
}
