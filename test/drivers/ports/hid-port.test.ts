import { readFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { createHidPorts } from '../../../src/drivers/ports/hid-port.ts';
import type { Port } from '../../../src/drivers/ports/port.ts';
import { createHidMachine, type HidMachine, type PluggedHid } from '../../support/hid-devices.ts';
import { createVirtualClock, type VirtualClock } from '../../support/virtual-clock.ts';

const SOCKET = 'usb-0000:00:14.0-2';
const ADDRESS = `hid:by-path/${SOCKET}/input0`;
const READER: PluggedHid = { vendorId: 'ffff', productId: '0035', product: 'Reader', socket: SOCKET, types: true };

describe('a HID port', () => {
	let machine: HidMachine;
	let clock: VirtualClock;
	let problems: string[];
	beforeEach(() => {
		machine = createHidMachine();
		clock = createVirtualClock();
		problems = [];
	});
	afterEach(() => machine[Symbol.dispose]());

	function create(): Port {
		const ports = createHidPorts({ clock, roots: machine.roots, openNode: machine.openNode });
		return ports(ADDRESS, { onBytes: () => undefined, onClosed: (problem) => void problems.push(problem) });
	}

	async function open(): Promise<Port> {
		const port = create();
		const opening = port.open();
		await settle();
		await opening;
		return port;
	}

	/** File system calls are real, the clock is not. */
	async function settle(ms = 2_000): Promise<void> {
		for (let passed = 0; passed < ms; passed += 50) {
			await new Promise((resolve) => setTimeout(resolve, 1));
			await clock.advanceAsync(50);
		}
	}

	test('tells who the device is, and has what only a HID device has', async () => {
		machine.plug('hidraw0', READER);
		const port = await open();
		expect(port.hid?.identity).toEqual({ vendorId: 'ffff', productId: '0035', product: 'Reader' });
		machine.setFeature('hidraw0', Uint8Array.of(1, 2, 3));
		await port.hid?.sendFeature(Uint8Array.of(0, 0x8f));
		expect(await port.hid?.getFeature(0, 9)).toEqual(Uint8Array.of(1, 2, 3));
		await port.write(Uint8Array.of(0, 7));
		expect(machine.heard('hidraw0')).toEqual([Uint8Array.of(0, 0x8f), Uint8Array.of(0, 7)]);
		await port.close();
		expect(port.hid).toBeUndefined();
		expect(machine.opened).toBe(0);
		expect(clock.pendingTimers()).toBe(0);
	});

	test('knows whether what the device types reaches the console, and keeps it back where it may', async () => {
		machine.plug('hidraw0', { ...READER, inhibited: false });
		const kept = await open();
		expect(readFileSync(machine.inhibitedFile('hidraw0'), 'latin1')).toBe('1');
		expect(kept.hid?.typesOnConsole).toBe(false);
		await kept.close();
		machine.unplug('hidraw0');
		// Nothing can be written to a directory, as to a file of somebody else: an old system, or no udev rule.
		machine.plug('hidraw0', { ...READER, inhibited: 'never' });
		const typing = await open();
		expect(typing.hid?.typesOnConsole).toBe(true);
		await typing.close();
	});

	test('says why a report was refused, and goes on', async () => {
		machine.plug('hidraw0', READER);
		const port = await open();
		machine.setFeature('hidraw0', null);
		await expect(port.hid?.getFeature(0, 9)).rejects.toMatchObject({ code: 'PORT_UNAVAILABLE' });
		await port.write(Uint8Array.of(0, 1));
		expect(problems).toEqual([]);
		await port.close();
	});

	test('is lost when the device takes nothing any more, and rejects all that waits', async () => {
		machine.plug('hidraw0', READER);
		const port = await open();
		machine.hang('hidraw0');
		const waiting = [port.write(Uint8Array.of(0, 1)), port.write(Uint8Array.of(0, 2)), port.hid?.getFeature(0, 9)];
		const ended = Promise.allSettled(waiting);
		await settle(12_000);
		expect(problems).toEqual([`${ADDRESS} was lost: it takes no more reports`]);
		for (const { status } of await ended) expect(status).toBe('rejected');
		expect(machine.opened).toBe(0);
	});

	test('sends nothing whose time was over when its turn came', async () => {
		machine.plug('hidraw0', READER);
		const port = await open();
		await expect(port.write(Uint8Array.of(0, 1), clock.monotonicMs() - 1)).rejects.toMatchObject({ code: 'PORT_LOST' });
		await expect(port.hid?.sendFeature(Uint8Array.of(0, 1), clock.monotonicMs() - 1)).rejects.toMatchObject({
			code: 'PORT_LOST',
		});
		expect(machine.heard('hidraw0')).toEqual([]);
		await port.close();
	});

	test('takes a bounded number of reports at once', async () => {
		machine.plug('hidraw0', READER);
		const port = await open();
		machine.hang('hidraw0');
		const waiting = Array.from({ length: 100 }, () =>
			port.write(Uint8Array.of(0)).catch((error: Error) => error.message),
		);
		expect(await waiting.at(-1)).toContain('as fast as they come');
		await port.close();
		await Promise.all(waiting);
	});

	test('is lost when another device took its place between two looks', async () => {
		machine.plug('hidraw0', READER);
		await open();
		machine.unplug('hidraw0');
		machine.plug('hidraw0', READER);
		await settle(600);
		await vi.waitFor(() => expect(problems).toHaveLength(1), 30_000);
	});
});
