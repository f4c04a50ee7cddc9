import path from 'node:path';
import type { SerialListRoots } from './serial-list.ts';
import { type FoundNode, type NamedNode, nameStably, readLinks } from './stable-names.ts';
import { byNumber, listOf, readText } from './sysfs.ts';
import { readUsbIdentity } from './usb-identity.ts';

/** Cameras of this machine (Linux, V4L2) by their stable names; a UVC camera's further nodes carry no pictures. Never rejects. */
export async function listCameras(
	roots: SerialListRoots = { dev: '/dev', sys: '/sys' },
): Promise<readonly NamedNode[]> {
	const byId = await readLinks(path.join(roots.dev, 'v4l', 'by-id'));
	const byPath = await readLinks(path.join(roots.dev, 'v4l', 'by-path'));
	const directory = path.join(roots.sys, 'class', 'video4linux');
	const found: FoundNode[] = [];
	for (const name of (await listOf(directory)).filter((node) => /^video\d+$/.test(node)).sort(byNumber)) {
		const node = path.join(directory, name);
		if ((await readText(path.join(node, 'index'))) !== '0') continue;
		const device = path.join(roots.dev, name);
		const usb = await readUsbIdentity(path.join(node, 'device'));
		// What is not on USB is a decoder or a sensor of the board itself.
		if (usb !== undefined) found.push({ device, id: byId.get(device), socket: byPath.get(device), usb });
	}
	return found.map((camera) => nameStably(camera, found));
}
