import type { DeviceSimulator } from '../driver.ts';
import type { HidRelayConfig } from './config.ts';
import { decodeSwitch, encodeReport, MAX_CHANNELS } from './frame.ts';

const SERIAL = 'BITFT';

/** A V-USB board of eight relays: what is on stays on until told otherwise, also when nobody is there any more. */
export function createHidRelaySimulator(config: HidRelayConfig): DeviceSimulator {
	const relays = Array.from({ length: MAX_CHANNELS }, () => false);
	let isPowered = true;
	return {
		receive: () => [],
		stimulate(deviceId, what) {
			if (deviceId !== config.id) return { problem: `there is no board ${deviceId}` };
			const [kind, level] = what.trim().split(/\s+/);
			if (kind !== 'power' || (level !== 'on' && level !== 'off'))
				return { problem: 'a relay board knows "power on|off"' };
			isPowered = level === 'on';
			relays.fill(false);
			return { answers: [] };
		},
		outputs(deviceId) {
			if (deviceId !== config.id) return {};
			const named = Object.entries(config.outputs);
			return Object.fromEntries(named.map(([output, channel]) => [output, relays[channel - 1] === true]));
		},
		hid: {
			identity: { vendorId: '16c0', productId: '05df', manufacturer: 'www.dcttech.com', product: 'USBRelay8' },
			sendFeature(report) {
				const told = isPowered ? decodeSwitch(report) : undefined;
				if (told !== undefined) relays[told.channel - 1] = told.on;
				return isPowered;
			},
			getFeature: () => (isPowered ? encodeReport(config.serial ?? SERIAL, relays) : undefined),
		},
	};
}
