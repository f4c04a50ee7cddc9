import { defineSerialDriver } from '../driver.ts';
import { osdpConfig } from './config.ts';
import { decodeOsdp } from './decode.ts';
import { createOsdpLink } from './link.ts';
import { createOsdpMask } from './mask-secrets.ts';
import { createOsdpSimulator } from './simulator.ts';

/** Readers that speak OSDP v2 (SIA OSDP, IEC 60839-11-5) on RS-485; the gateway is the panel. */
export const osdp = defineSerialDriver({
	carrier: 'serial',
	kind: 'osdp',
	config: osdpConfig,
	line: ({ baud }) => ({ baud }),
	createLink: createOsdpLink,
	createSimulator: (clock, devices) => createOsdpSimulator(clock, devices),
	decode: decodeOsdp,
	createMask() {
		const mask = createOsdpMask();
		return { push: (chunk) => [mask(chunk)] };
	},
});
