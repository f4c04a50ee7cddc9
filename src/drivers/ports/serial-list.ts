import { realpath } from 'node:fs/promises';
import path from 'node:path';
import { type FoundNode, type NamedNode, nameStably, readLinks } from './stable-names.ts';
import { byNumber, listOf, orUndefined, readText } from './sysfs.ts';
import { readUsbIdentity } from './usb-identity.ts';

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
): Promise<readonly NamedNode[]> {
	const byId = await readLinks(path.join(roots.dev, 'serial', 'by-id'));
	const byPath = await readLinks(path.join(roots.dev, 'serial', 'by-path'));
	const classDir = path.join(roots.sys, 'class', 'tty');
	const names = new Set(await listOf(classDir));
	for (const target of [...byId.keys(), ...byPath.keys()]) names.add(path.basename(target));
	const found: FoundNode[] = [];
	for (const name of [...names].sort(byNumber)) {
		const device = path.join(roots.dev, name);
		const id = byId.get(device);
		const socket = byPath.get(device);
		if (id === undefined && socket === undefined && !(await isSerialPort(path.join(classDir, name)))) continue;
		found.push({ device, id, socket, usb: await readUsbIdentity(path.join(classDir, name, 'device')) });
	}
	return found.map((port) => nameStably(port, found));
}

/** A tty with hardware behind it; virtual consoles have none, and type 0 is an 8250 the board does not have. */
async function isSerialPort(directory: string): Promise<boolean> {
	if ((await orUndefined(realpath(path.join(directory, 'device')))) === undefined) return false;
	return (await readText(path.join(directory, 'type'))) !== '0';
}
