import { realpath } from 'node:fs/promises';
import path from 'node:path';
import { listOf, orUndefined } from './sysfs.ts';
import type { UsbIdentity } from './usb-identity.ts';

/** A device node by the most stable name there is. */
export interface NamedNode {
	/** What to write as `port:`. */
	readonly address: string;
	/** `id`: follows the device anywhere. `socket`: follows the USB socket it is plugged into. `none`: may change at any start. */
	readonly stability: 'id' | 'socket' | 'none';
	/** Its name of this moment, such as `/dev/ttyUSB0`. */
	readonly device: string;
	/** As the USB device tells them; control characters removed. */
	readonly usb?: UsbIdentity;
}

/** A node with its links of udev's by-id and by-path directories. */
export interface FoundNode {
	readonly device: string;
	readonly id: string | undefined;
	readonly socket: string | undefined;
	readonly usb: UsbIdentity | undefined;
}

/** The name that stays longest. */
export function nameStably(port: FoundNode, all: readonly FoundNode[]): NamedNode {
	const { device, id, socket, usb } = port;
	const entry = { device, ...(usb && { usb }) };
	if (id !== undefined && (socket === undefined || !hasTwin(port, all)))
		return { address: id, stability: 'id', ...entry };
	if (socket !== undefined) return { address: socket, stability: 'socket', ...entry };
	return { address: device, stability: 'none', ...entry };
}

/** Adapters of one model without serial numbers share one by-id name, which points to whichever came last. */
function hasTwin({ device, usb }: FoundNode, all: readonly FoundNode[]): boolean {
	if (usb === undefined || usb.serialNumber !== undefined) return false;
	return all.some(
		(other) => other.device !== device && other.usb?.vendorId === usb.vendorId && other.usb.productId === usb.productId,
	);
}

/** Target device → link; the shortest name where several point to one device. */
export async function readLinks(directory: string): Promise<ReadonlyMap<string, string>> {
	const links = new Map<string, string>();
	for (const name of (await listOf(directory)).sort((a, b) => a.length - b.length || (a < b ? -1 : 1))) {
		const link = path.join(directory, name);
		const target = await orUndefined(realpath(link));
		if (target !== undefined && !links.has(target)) links.set(target, link);
	}
	return links;
}
