import { Buffer } from 'node:buffer';
import { GatewayError } from '../../gateway/core/gateway-error.ts';

/** An open HID device as the system gives it. */
export interface HidNode {
	write(report: Uint8Array): Promise<void>;
	sendFeature(report: Uint8Array): Promise<void>;
	getFeature(reportId: number, length: number): Promise<Uint8Array>;
	close(): Promise<void>;
}

export interface HidNodeEvents {
	onReport(report: Uint8Array): void;
	/** Reading ended: the device is gone. */
	onError(error: Error): void;
}

export type OpenHidNode = (path: string, events: HidNodeEvents) => Promise<HidNode>;

/** Opens a hidraw device of Linux by node-hid. Rejects with SYSTEM_PART_MISSING, or as node-hid does. */
export const openHidNode: OpenHidNode = async (path, events) => {
	const { HIDAsync } = await loadNodeHid();
	const device = await HIDAsync.open(path);
	device.on('error', (error) => events.onError(error instanceof Error ? error : new Error(String(error))));
	device.on('data', (report: Buffer) => events.onReport(report));
	return {
		async write(report) {
			await device.write(Buffer.from(report));
		},
		async sendFeature(report) {
			await device.sendFeatureReport(Buffer.from(report));
		},
		getFeature: (reportId, length) => device.getFeatureReport(reportId, length),
		close: () => device.close(),
	};
};

/** Loaded at the first HID device: without libusb its native part does not load. Rejects with SYSTEM_PART_MISSING. */
export async function loadNodeHid() {
	try {
		// A CommonJS package: its names are found only by default once it is bundled.
		const { default: nodeHid } = await import('node-hid');
		nodeHid.getHidapiVersion();
		return nodeHid;
	} catch (cause) {
		const why = cause instanceof Error ? cause.message : String(cause);
		throw new GatewayError(
			'SYSTEM_PART_MISSING',
			`HID devices cannot be used, a system library is missing (on Debian: apt install libusb-1.0-0 libudev1): ${why}`,
			{ cause },
		);
	}
}
