import { realpath } from 'node:fs/promises';
import path from 'node:path';
import { byNumber, listOf, orUndefined, readText } from './sysfs.ts';
import { readUsbIdentity, type UsbIdentity } from './usb-identity.ts';

/** A serial port of this machine. */
export interface SerialPortEntry {
	/** What to write as `port:`; the most stable name there is. */
	readonly address: string;
	/** `id`: follows the adapter anywhere. `socket`: follows the USB socket it is plugged into. `none`: may change at any start. */
	readonly stability: 'id' | 'socket' | 'none';
	/** Its name of this moment, such as `/dev/ttyUSB0`. */
	readonly device: string;
	/** As the USB adapter tells them; control characters removed. */
	readonly usb?: UsbIdentity;
}

export interface SerialListRoots {
	readonly dev: string;
	readonly sys: string;
}

/**
 * Serial ports by their stable names, from /dev/serial and sysfs alone (Linux): serialport's own list
 * needs udevadm and fails without it. Never rejects for what is missing: without udev only
 * passing names are known.
 */
export async function listSerialPorts(
	roots: SerialListRoots = { dev: '/dev', sys: '/sys' },
): Promise<readonly SerialPortEntry[]> {
	const byId = await readLinks(path.join(roots.dev, 'serial', 'by-id'));
	const byPath = await readLinks(path.join(roots.dev, 'serial', 'by-path'));
	const classDir = path.join(roots.sys, 'class', 'tty');
	const names = new Set(await listOf(classDir));
	for (const target of [...byId.keys(), ...byPath.keys()]) names.add(path.basename(target));
	const found: FoundPort[] = [];
	for (const name of [...names].sort(byNumber)) {
		const device = path.join(roots.dev, name);
		const id = byId.get(device);
		const socket = byPath.get(device);
		if (id === undefined && socket === undefined && !(await isSerialPort(path.join(classDir, name)))) continue;
		found.push({ device, id, socket, usb: await readUsbIdentity(path.join(classDir, name, 'device')) });
	}
	return found.map((port) => nameStably(port, found));
}

interface FoundPort {
	readonly device: string;
	readonly id: string | undefined;
	readonly socket: string | undefined;
	readonly usb: UsbIdentity | undefined;
}

function nameStably(port: FoundPort, all: readonly FoundPort[]): SerialPortEntry {
	const { device, id, socket, usb } = port;
	const entry = { device, ...(usb && { usb }) };
	if (id !== undefined && (socket === undefined || !hasTwin(port, all)))
		return { address: id, stability: 'id', ...entry };
	if (socket !== undefined) return { address: socket, stability: 'socket', ...entry };
	return { address: device, stability: 'none', ...entry };
}

/** Adapters of one model without serial numbers share one by-id name, which points to whichever came last. */
function hasTwin({ device, usb }: FoundPort, all: readonly FoundPort[]): boolean {
	if (usb === undefined || usb.serialNumber !== undefined) return false;
	return all.some(
		(other) => other.device !== device && other.usb?.vendorId === usb.vendorId && other.usb.productId === usb.productId,
	);
}

/** Target device → link; the shortest name where several point to one device. */
async function readLinks(directory: string): Promise<ReadonlyMap<string, string>> {
	const links = new Map<string, string>();
	for (const name of (await listOf(directory)).sort((a, b) => a.length - b.length || (a < b ? -1 : 1))) {
		const link = path.join(directory, name);
		const target = await orUndefined(realpath(link));
		if (target !== undefined && !links.has(target)) links.set(target, link);
	}
	return links;
}

/** A tty with hardware behind it; virtual consoles have none, and type 0 is an 8250 the board does not have. */
async function isSerialPort(directory: string): Promise<boolean> {
	if ((await orUndefined(realpath(path.join(directory, 'device')))) === undefined) return false;
	return (await readText(path.join(directory, 'type'))) !== '0';
}
