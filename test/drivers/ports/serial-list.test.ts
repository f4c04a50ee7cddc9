import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { listSerialPorts } from '../../../src/drivers/ports/serial-list.ts';

describe('the list of serial ports', () => {
	let root: string;
	beforeEach(() => {
		root = mkdtempSync(join(tmpdir(), 'parkgate-dev-'));
		mkdirSync(join(root, 'dev/serial/by-id'), { recursive: true });
		mkdirSync(join(root, 'dev/serial/by-path'), { recursive: true });
		mkdirSync(join(root, 'sys/class/tty'), { recursive: true });
	});
	afterEach(() => rmSync(root, { recursive: true, force: true }));

	const list = () => listSerialPorts({ dev: join(root, 'dev'), sys: join(root, 'sys') });
	const dev = (name: string) => join(root, 'dev', name);

	/** A USB adapter as sysfs shows it: the tty below its interface, that below the device. */
	function plug(name: string, usb: Readonly<Record<string, string>>): void {
		const device = join(root, 'sys/devices/usb1', name);
		mkdirSync(join(device, 'interface', name), { recursive: true });
		for (const [file, text] of Object.entries(usb)) writeFileSync(join(device, file), `${text}\n`);
		mkdirSync(join(root, 'sys/class/tty', name));
		symlinkSync(join(device, 'interface', name), join(root, 'sys/class/tty', name, 'device'));
		writeFileSync(dev(name), '');
	}

	function link(kind: 'by-id' | 'by-path', name: string, target: string): string {
		const path = join(root, 'dev/serial', kind, name);
		rmSync(path, { force: true });
		symlinkSync(`../../${target}`, path);
		return path;
	}

	test('names an adapter by its id, with what it says of itself', async () => {
		plug('ttyUSB0', { idVendor: '0403', idProduct: '6001', manufacturer: 'FTDI', product: 'RS\u00485', serial: 'A1' });
		const address = link('by-id', 'usb-FTDI_A1-if00-port0', 'ttyUSB0');
		link('by-path', 'pci-0-usb-1', 'ttyUSB0');
		expect(await list()).toEqual([
			{
				address,
				stability: 'id',
				device: dev('ttyUSB0'),
				usb: { vendorId: '0403', productId: '6001', manufacturer: 'FTDI', product: 'RSH5', serialNumber: 'A1' },
			},
		]);
	});

	test('names twins without serial numbers by their sockets, because they share one id', async () => {
		for (const name of ['ttyUSB0', 'ttyUSB1']) plug(name, { idVendor: '1a86', idProduct: '7523' });
		link('by-id', 'usb-1a86_USB_Serial-if00-port0', 'ttyUSB1');
		const sockets = [link('by-path', 'pci-0-usb-1', 'ttyUSB0'), link('by-path', 'pci-0-usb-2', 'ttyUSB1')];
		const entries = await list();
		expect(entries.map(({ address }) => address)).toEqual(sockets);
		expect(entries.every(({ stability }) => stability === 'socket')).toBe(true);
	});

	test('works without udev: passing names, marked so, and no ports that are only names', async () => {
		rmSync(join(root, 'dev/serial'), { recursive: true });
		plug('ttyACM0', { idVendor: '2341', idProduct: '0043' });
		for (const name of ['tty1', 'ttyS0', 'ttyS1']) mkdirSync(join(root, 'sys/class/tty', name));
		for (const name of ['ttyS0', 'ttyS1']) {
			mkdirSync(join(root, 'sys/devices/serial8250', name), { recursive: true });
			symlinkSync(join(root, 'sys/devices/serial8250', name), join(root, 'sys/class/tty', name, 'device'));
		}
		writeFileSync(join(root, 'sys/class/tty/ttyS0/type'), '4\n');
		writeFileSync(join(root, 'sys/class/tty/ttyS1/type'), '0\n');
		expect((await list()).map(({ address, stability }) => [address, stability])).toEqual([
			[dev('ttyACM0'), 'none'],
			[dev('ttyS0'), 'none'],
		]);
	});

	test('keeps a hostile name on one line', async () => {
		plug('ttyUSB0', { idVendor: '1a86', idProduct: '7523', product: 'fake\u001b[2J\nlevel=error' });
		link('by-path', 'pci-0-usb-1', 'ttyUSB0');
		const [entry] = await list();
		expect(entry?.usb?.product).toBe('fake[2Jlevel=error');
	});

	test('is empty where nothing is, and rejects nowhere', async () => {
		expect(await listSerialPorts({ dev: '/nowhere', sys: '/nowhere' })).toEqual([]);
		await expect(listSerialPorts()).resolves.toBeInstanceOf(Array);
	});
});
