import { symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { findHid, listHidDevices } from '../../../src/drivers/ports/hid-list.ts';
import { createHidMachine, type HidMachine } from '../../support/hid-devices.ts';

const SYCREADER = { vendorId: 'ffff', productId: '0035', product: 'SYC ID&IC USB Reader', types: true } as const;

describe('the list of HID devices', () => {
	let machine: HidMachine;
	beforeEach(() => {
		machine = createHidMachine();
	});
	afterEach(() => machine[Symbol.dispose]());

	const addresses = async () => (await listHidDevices(machine.roots)).map(({ address }) => address);

	test('names a device by its serial number, wherever it is plugged in, and says what it is', async () => {
		const usb = {
			vendorId: '0c27',
			productId: '3bfa',
			manufacturer: 'RFIDeas',
			product: 'pcProx',
			serialNumber: 'A-1',
		};
		machine.plug('hidraw0', { ...usb, socket: 'usb-0000:00:14.0-2', types: true });
		expect(await listHidDevices(machine.roots)).toMatchObject([
			{
				address: 'hid:by-id/0c27:3bfa-A-1/input0',
				stability: 'id',
				device: path.join(machine.roots.dev, 'hidraw0'),
				usb,
				types: true,
				names: ['hid:by-id/0c27:3bfa-A-1/input0', 'hid:by-path/usb-0000:00:14.0-2/input0'],
			},
		]);
	});

	test('names devices without serial numbers by their sockets, and each interface of its own', async () => {
		machine.plug('hidraw10', { ...SYCREADER, socket: 'usb-0000:00:14.0-2' });
		machine.plug('hidraw2', { ...SYCREADER, socket: 'usb-0000:00:14.0-1.3' });
		machine.plug('hidraw3', { ...SYCREADER, socket: 'usb-0000:00:14.0-1.3', interface: 1, types: false });
		expect(await addresses()).toEqual([
			'hid:by-path/usb-0000:00:14.0-1.3/input0',
			'hid:by-path/usb-0000:00:14.0-1.3/input1',
			'hid:by-path/usb-0000:00:14.0-2/input0',
		]);
		expect((await listHidDevices(machine.roots)).map(({ types }) => types)).toEqual([true, false, true]);
	});

	test('names devices that all have the same serial number by their sockets', async () => {
		const twin = { ...SYCREADER, serialNumber: '0000' };
		machine.plug('hidraw0', { ...twin, socket: 'usb-0000:00:14.0-1' });
		machine.plug('hidraw1', { ...twin, socket: 'usb-0000:00:14.0-2' });
		expect(await addresses()).toEqual([
			'hid:by-path/usb-0000:00:14.0-1/input0',
			'hid:by-path/usb-0000:00:14.0-2/input0',
		]);
		await expect(findHid('hid:by-id/ffff:0035-0000/input0', machine.roots)).rejects.toThrow(/by its socket/);
	});

	test('lets a serial number of strange characters into no name', async () => {
		machine.plug('hidraw0', { ...SYCREADER, serialNumber: 'a/../b\u001b[2J c', socket: 'usb-0000:00:14.0-1' });
		expect(await addresses()).toEqual(['hid:by-id/ffff:0035-a_.._b_2J_c/input0']);
	});

	test('finds a device by each of its names, its node and a link to it, in another socket by its serial number', async () => {
		const usb = { vendorId: '0c27', productId: '3bfa', serialNumber: 'A1' };
		machine.plug('hidraw0', { ...usb, socket: 'usb-0000:00:14.0-2' });
		const link = path.join(machine.roots.dev, 'gate-reader');
		symlinkSync('hidraw0', link);
		const node = path.join(machine.roots.dev, 'hidraw0');
		for (const name of ['hid:by-id/0c27:3bfa-A1/input0', 'hid:by-path/usb-0000:00:14.0-2/input0', node, link])
			expect((await findHid(name, machine.roots)).device).toBe(node);
		machine.unplug('hidraw0');
		machine.plug('hidraw4', { ...usb, socket: 'usb-0000:00:14.0-5' });
		expect((await findHid('hid:by-id/0c27:3bfa-A1/input0', machine.roots)).device).toMatch(/hidraw4$/);
		await expect(findHid('hid:by-path/usb-0000:00:14.0-2/input0', machine.roots)).rejects.toMatchObject({
			code: 'PORT_UNAVAILABLE',
			cause: { code: 'ENOENT' },
		});
	});

	test('says of another kind of device what it is not', async () => {
		const tty = path.join(machine.roots.dev, 'ttyUSB0');
		writeFileSync(tty, '');
		await expect(findHid(tty, machine.roots)).rejects.toThrow(/no HID device/);
	});

	test('is empty on a machine without HID devices', async () => {
		expect(await listHidDevices({ dev: '/nowhere', sys: '/nowhere' })).toEqual([]);
	});
});
