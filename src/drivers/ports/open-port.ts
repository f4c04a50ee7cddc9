import type { Clock } from '../../gateway/core/clock.ts';
import { GatewayError } from '../../gateway/core/gateway-error.ts';
import type { OpenPort, Port } from './port.ts';
import { createSerialPort } from './serial-port.ts';
import type { SimulatedWire } from './simulated-wire.ts';

/** Addresses that begin so name a simulated line. */
export const SIMULATED = 'sim:';

/** Real ports by their path, simulated ones by `sim:NAME`. */
export function createOpenPort(clock: Clock, wire: (address: string) => SimulatedWire | undefined): OpenPort {
	return (address, line, events) => {
		if (!address.startsWith(SIMULATED)) return createSerialPort(clock, address, line, events);
		return wire(address)?.createPort(line, events) ?? absentPort(address);
	};
}

function absentPort(address: string): Port {
	const absent = () =>
		Promise.reject(new GatewayError('PORT_UNAVAILABLE', `there is no simulated device at ${address}`));
	return { open: absent, write: absent, setBaud: absent, close: () => Promise.resolve() };
}
