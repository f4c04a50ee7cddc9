import { GatewayError } from '../../gateway/core/gateway-error.ts';
import { defineHidDriver } from '../driver.ts';
import { type HidRelayConfig, hidRelayConfig } from './config.ts';
import { decodeCapture } from './decode.ts';
import { createHidRelayLink } from './link.ts';
import { createHidRelaySimulator } from './simulator.ts';

/** USB relay boards of DCTTECH and kin, built with V-USB; see docs/drivers/hid-relay.md. */
export const hidRelay = defineHidDriver<HidRelayConfig>({
	carrier: 'hid',
	kind: 'hid-relay',
	config: hidRelayConfig,
	isGuarded: ({ guard, outputs }) => guard !== 'off' && Object.keys(outputs).length > 0,
	createLink: (deps, [device]) => createHidRelayLink(deps, only(device)),
	createSimulator: (_, [device]) => createHidRelaySimulator(only(device)),
	decode: decodeCapture,
});

function only(device: HidRelayConfig | undefined): HidRelayConfig {
	if (device === undefined) throw new GatewayError('INTERNAL', 'a HID link has one device');
	return device;
}
