import { realpath } from 'node:fs/promises';
import path from 'node:path';
import { orUndefined, readText } from './sysfs.ts';

/** What a USB device says of itself; control characters removed. */
export interface UsbIdentity {
	readonly vendorId: string;
	readonly productId: string;
	readonly manufacturer?: string;
	readonly product?: string;
	readonly serialNumber?: string;
}

/** The USB device is a few levels above the tty: interface, then device. */
export async function readUsbIdentity(deviceLink: string): Promise<UsbIdentity | undefined> {
	let directory = await orUndefined(realpath(deviceLink));
	for (let level = 0; directory !== undefined && level < 4; level++) {
		const vendorId = await readText(path.join(directory, 'idVendor'));
		const productId = await readText(path.join(directory, 'idProduct'));
		if (vendorId !== undefined && productId !== undefined) {
			const manufacturer = await readText(path.join(directory, 'manufacturer'));
			const product = await readText(path.join(directory, 'product'));
			const serialNumber = await readText(path.join(directory, 'serial'));
			return {
				vendorId,
				productId,
				...(manufacturer && { manufacturer }),
				...(product && { product }),
				...(serialNumber && { serialNumber }),
			};
		}
		directory = path.dirname(directory);
	}
	return undefined;
}
