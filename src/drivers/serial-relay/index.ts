import { GatewayError } from '../../gateway/core/gateway-error.ts';
import { defineSerialDriver } from '../driver.ts';
import { createRelayLink } from '../plain-relays/link.ts';
import { type SerialRelayConfig, serialRelayConfig } from './config.ts';
import { decodeCapture } from './decode.ts';
import { relayDialect } from './dialect.ts';
import { createSerialRelaySimulator } from './simulator.ts';

/** USB relays behind a serial port: LCUS and KMtronic; see docs/drivers/serial-relay.md. */
export const serialRelay = defineSerialDriver<SerialRelayConfig>({
	carrier: 'serial',
	kind: 'serial-relay',
	config: serialRelayConfig,
	line: ({ baud, guard }) => ({ baud, guarded: guard !== 'off' }),
	createLink(deps, [config, other]) {
		if (config === undefined) throw new GatewayError('INTERNAL', 'a line without a board');
		if (other !== undefined)
			throw new GatewayError(
				'CONFIG_INVALID',
				`${config.id} and ${other.id} share the port ${config.port}; these boards know no addresses: give ${other.id} a port of its own`,
			);
		return createRelayLink(deps, { ...config, identity: { board: config.board } }, relayDialect(config));
	},
	createSimulator: createSerialRelaySimulator,
	decode: decodeCapture,
});
