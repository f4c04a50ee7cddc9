import { describe, expect, test } from 'vitest';
import { definePushDriver } from '../../../src/drivers/driver.ts';
import { hikvisionConfigSchema } from '../../../src/drivers/hikvision-push/config.ts';
import { type WiredDevice, wireDevices } from '../../../src/drivers/lines.ts';
import { createDriverRegistry } from '../../../src/drivers/registry.ts';
import type { DeviceStatus } from '../../../src/gateway/core/device.ts';
import { createSupervisorBench } from '../../support/supervisor-bench.ts';
import { createVirtualClock } from '../../support/virtual-clock.ts';

const registry = createDriverRegistry();

/** Entries as their drivers' schemas leave them. */
function parsed(...entries: readonly object[]): readonly WiredDevice[] {
	return entries.map((entry) => {
		const { driver } = entry as { driver: string };
		return registry.get(driver).config.parse(entry);
	});
}

const reader = { id: 'reader', driver: 'osdp', port: '/dev/x', address: 1 };
const boom = { id: 'boom', driver: 'modbus-relay', port: '/dev/x', unit: 1 };
const camera = { id: 'cam', driver: 'hikvision-push', path: 'cam-1' };

describe('the registry of drivers', () => {
	test('has the drivers of this gateway', () => {
		expect(registry.kinds).toEqual(expect.arrayContaining(['osdp', 'modbus-relay', 'hikvision-push']));
	});

	test('fails at the start when two drivers have one name', () => {
		const [driver] = registry.drivers;
		if (driver === undefined) throw new Error('no drivers');
		expect(() => createDriverRegistry([driver, driver])).toThrow(/two drivers are named/);
	});

	test('lists the drivers to who names an unknown one, and advises the nearest', () => {
		expect(() => registry.get('ospd')).toThrow(/"ospd".*osdp, modbus-relay.*hikvision-push.*Write osdp/);
	});
});

describe('wiring devices to lines', () => {
	test('puts devices of one port on one line', () => {
		const { lines, pushed } = wireDevices(
			registry,
			parsed(boom, { ...boom, id: 'boom-2', unit: 2 }, { ...reader, port: '/dev/y' }, camera),
		);
		expect(lines.map(({ address, devices }) => [address, devices.map(({ id }) => id)])).toEqual([
			['/dev/x', ['boom', 'boom-2']],
			['/dev/y', ['reader']],
		]);
		expect(pushed.map(({ device }) => device.id)).toEqual(['cam']);
	});

	test.each<[string, readonly object[], RegExp]>([
		['two drivers on one line', [reader, boom], /reader \(osdp\) and boom \(modbus-relay\).*one driver/],
		['two speeds on one line', [boom, { ...boom, id: 'fast', unit: 2, baud: 19200 }], /boom and fast.*baud/],
		['one id twice', [boom, { ...boom, port: '/dev/y' }], /two devices have the id boom/],
		['one path twice', [camera, { ...camera, id: 'cam-2' }], /cam-2 and cam have the same path cam-1/],
	])('refuses %s, naming both', (_, entries, message) => {
		expect(() => wireDevices(registry, parsed(...entries))).toThrow(message);
		expect(() => createSupervisorBench(createVirtualClock(), parsed(...entries))).toThrow(message);
	});

	test('refuses a serial device without a port', () => {
		expect(() => wireDevices(registry, [{ id: 'x', driver: 'osdp' }])).toThrow('x (osdp) needs a port');
	});
});

describe('push receivers', () => {
	test('are found by their path, are devices like others, and have no line to tap', () => {
		const { supervisor } = createSupervisorBench(createVirtualClock(), parsed(camera));
		expect(supervisor.receiver('cam-1')?.device.id).toBe('cam');
		expect(supervisor.receiver('other')).toBeUndefined();
		expect(supervisor.statuses()).toMatchObject([{ id: 'cam', state: 'starting' }]);
		expect(supervisor.tap('cam', () => undefined)).toBeUndefined();
	});

	test('that throw are caught: the camera gets a 500, a failing timer is logged', () => {
		const clock = createVirtualClock();
		const broken = definePushDriver({
			carrier: 'push',
			kind: 'broken',
			config: hikvisionConfigSchema,
			createReceiver(deps, { id, driver, path }) {
				const fail = () => {
					throw new Error('a bug');
				};
				deps.clock.after(10, fail);
				const status = (): DeviceStatus => ({
					id,
					driver,
					address: path,
					state: 'starting',
					sinceMs: 0,
					identity: {},
					capabilities: [],
					statistics: {},
					inputs: {},
				});
				return { device: { id, status }, handle: fail };
			},
			createSimulator: () => ({ plate: () => ({ contentType: '', body: new Uint8Array() }) }),
			decode: () => [],
		});
		const { supervisor, log } = createSupervisorBench(clock, [{ id: 'cam', driver: 'broken', path: 'cam' }], {
			registry: createDriverRegistry([broken]),
		});
		const request = { method: 'POST', headers: new Map(), body: new Uint8Array(), remoteAddress: '10.0.0.1' };
		expect(supervisor.receiver('cam')?.handle(request)).toEqual({ status: 500 });
		clock.advance(20);
		expect(log.lines.map(({ message }) => message)).toEqual([
			'the driver of a camera failed',
			'the driver of a camera failed',
		]);
	});

	test('leave no timer behind at a stop', async () => {
		const clock = createVirtualClock();
		const { supervisor } = createSupervisorBench(clock, parsed({ ...camera, offlineAfterMinutes: 5 }));
		supervisor.start();
		await supervisor.stop();
		expect(clock.pendingTimers()).toBe(0);
	});
});
