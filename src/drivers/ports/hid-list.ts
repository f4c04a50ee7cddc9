import { readFile, realpath } from 'node:fs/promises';
import path from 'node:path';
import { GatewayError } from '../../gateway/core/gateway-error.ts';
import type { SerialListRoots } from './serial-list.ts';
import { byNumber, listOf, orUndefined, readText } from './sysfs.ts';
import { readUsbIdentity, type UsbIdentity } from './usb-identity.ts';

/** Addresses that begin so name a HID device. */
export const HID = 'hid:';

/** One interface of a HID device; a reader that types and is also asked may have two. */
export interface HidEntry {
	/** What to write as `port:`; the most stable name there is. */
	readonly address: string;
	/** As for serial ports. */
	readonly stability: 'id' | 'socket' | 'none';
	/** Its name of this moment, such as `/dev/hidraw0`. */
	readonly device: string;
	readonly usb: UsbIdentity;
	/** Its reports are those of a keyboard. */
	readonly types: boolean;
	/** All addresses it can be reached by. */
	readonly names: readonly string[];
	/** Its directory in sysfs. */
	readonly directory: string;
}

const SYSTEM: SerialListRoots = { dev: '/dev', sys: '/sys' };
/** Usage page Generic Desktop, usage Keyboard: so the report descriptor of a keyboard begins (HID 1.11, appendix B.1). */
const KEYBOARD = '05010906';

/**
 * HID devices from sysfs alone (Linux), where the system gives raw reports. Names are made of what the kernel tells:
 * `hid:by-id/` of vendor, product and serial number, `hid:by-path/` of the controller and the sockets on the way; the
 * number at the end is the interface. Never rejects.
 */
export async function listHidDevices(roots: SerialListRoots = SYSTEM): Promise<readonly HidEntry[]> {
	const directory = path.join(roots.sys, 'class', 'hidraw');
	const found: FoundHid[] = [];
	for (const node of (await listOf(directory)).sort(byNumber)) {
		const entry = await readHid(path.join(directory, node, 'device'), path.join(roots.dev, node));
		if (entry !== undefined) found.push(entry);
	}
	return found.map((each) => nameStably(each, found));
}

/** Throws PORT_UNAVAILABLE; its cause has the code `ENOENT` while nothing is plugged in. */
export async function findHid(address: string, roots: SerialListRoots = SYSTEM): Promise<HidEntry> {
	const entries = await listHidDevices(roots);
	const device = address.startsWith(HID) ? undefined : await orUndefined(realpath(address));
	const [entry, twin] = entries.filter((each) => each.names.includes(address) || each.device === device);
	if (entry !== undefined && twin === undefined) return entry;
	if (twin !== undefined)
		throw new GatewayError(
			'PORT_UNAVAILABLE',
			`several devices are named ${address}; name this one by its socket, see: parkgate devices list`,
		);
	if (device !== undefined)
		throw new GatewayError('PORT_UNAVAILABLE', `${address} is no HID device; see: parkgate devices list`);
	const cause = Object.assign(new Error('no such HID device'), { code: 'ENOENT' });
	throw new GatewayError('PORT_UNAVAILABLE', `nothing is plugged in at ${address}`, { cause });
}

type FoundHid = Omit<HidEntry, 'address' | 'stability' | 'names'> & {
	readonly id: string | undefined;
	readonly socket: string | undefined;
};

async function readHid(directory: string, device: string): Promise<FoundHid | undefined> {
	const told = await readUevent(directory);
	const [, vendorId, productId] =
		/^[0-9A-F]{4}:0000([0-9A-F]{4}):0000([0-9A-F]{4})$/.exec(told.get('HID_ID') ?? '') ?? [];
	if (vendorId === undefined || productId === undefined) return undefined;
	const name = told.get('HID_NAME') ?? '';
	const serialNumber = told.get('HID_UNIQ') ?? '';
	const usb = (await readUsbIdentity(directory)) ?? {
		vendorId: vendorId.toLowerCase(),
		productId: productId.toLowerCase(),
		...(name !== '' && { product: name }),
		...(serialNumber !== '' && { serialNumber }),
	};
	const descriptor = await orUndefined(readFile(path.join(directory, 'report_descriptor')));
	const socket = told.get('HID_PHYS') ?? '';
	return {
		device,
		directory,
		usb,
		types: descriptor?.subarray(0, KEYBOARD.length / 2).toString('hex') === KEYBOARD,
		id: idOf(usb, socket),
		socket: /^[!-~]{1,200}$/.test(socket) ? `${HID}by-path/${socket}` : undefined,
	};
}

/** Untrusted: a device writes its own serial number. */
function idOf({ vendorId, productId, serialNumber }: UsbIdentity, socket: string): string | undefined {
	const serial = serialNumber?.replaceAll(/[^A-Za-z0-9._-]/g, '_');
	if (serial === undefined || serial === '') return undefined;
	return `${HID}by-id/${vendorId}:${productId}-${serial}${/\/input\d+$/.exec(socket)?.[0] ?? ''}`;
}

/** Lines of `NAME=text`. */
async function readUevent(directory: string): Promise<ReadonlyMap<string, string>> {
	const text = (await orUndefined(readFile(path.join(directory, 'uevent'), 'utf8'))) ?? '';
	return new Map(
		text.split('\n').map((line) => {
			const [name = '', ...rest] = line.split('=');
			return [
				name,
				rest
					.join('=')
					.replaceAll(/\p{Cc}/gu, '')
					.trim(),
			];
		}),
	);
}

function nameStably({ id, socket, ...entry }: FoundHid, all: readonly FoundHid[]): HidEntry {
	const names = [...(id === undefined ? [] : [id]), ...(socket === undefined ? [] : [socket])];
	const isAlone = all.filter((other) => other.id === id).length === 1;
	if (id !== undefined && (isAlone || socket === undefined)) return { address: id, stability: 'id', names, ...entry };
	if (socket !== undefined) return { address: socket, stability: 'socket', names, ...entry };
	return { address: entry.device, stability: 'none', names, ...entry };
}

/**
 * Has the system give what a device types to nobody but us: since Linux 5.11 an input can be inhibited, by the udev rule
 * that comes with Parkgate or here where we may, while its raw reports still come.
 * @returns false: they also reach consoles and desktops.
 */
export async function keepFromConsole(directory: string, write: (file: string) => Promise<void>): Promise<boolean> {
	const inputs = (await listOf(path.join(directory, 'input'))).filter((name) => /^input\d+$/.test(name));
	let isKept = true;
	for (const input of inputs) {
		const file = path.join(directory, 'input', input, 'inhibited');
		if ((await readText(file)) === '1') continue;
		await orUndefined(write(file));
		if ((await readText(file)) !== '1') isKept = false;
	}
	return isKept;
}
