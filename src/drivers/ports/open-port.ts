import type { Clock } from '../../gateway/core/clock.ts';
import { GatewayError } from '../../gateway/core/gateway-error.ts';
import { HID } from './hid-list.ts';
import { createHidPorts } from './hid-port.ts';
import type { OpenPort, Port } from './port.ts';
import { absentGuard } from './pulse-guard.ts';
import { createSerialPort } from './serial-port.ts';
import type { SimulatedWire } from './simulated-wire.ts';
import { createTcpPort, TCP } from './tcp-port.ts';

/** Addresses that begin so name a simulated line. */
export const SIMULATED = 'sim:';

/** The other end hangs up with the gateway, and nobody knows which pulses it leaves behind. */
const NO_GUARD_OVER_TCP =
	'pulses over TCP that software ends have no guard if Parkgate dies; take a board that ends them, or guard: preferred';

/** Real ports by their path or HID address, those over TCP by `tcp://HOST:PORT`, simulated ones by `sim:NAME`. */
export function createOpenPort(clock: Clock, wire: (address: string) => SimulatedWire | undefined): OpenPort {
	const createHidPort = createHidPorts({ clock });
	return (address, settings, events) => {
		if (address.startsWith(SIMULATED)) return wire(address)?.createPort(settings, events) ?? absentPort(address);
		if (typeof settings === 'string') return createHidPort(address, events, settings === 'guardedHid');
		if (address.startsWith(TCP)) {
			const port = createTcpPort(clock, address, events);
			return settings.guarded === true ? { ...port, guard: absentGuard(NO_GUARD_OVER_TCP) } : port;
		}
		if (address.startsWith(HID)) return wrongPort(`${address} is a HID device, and this driver needs a serial port`);
		return createSerialPort(clock, address, settings, events);
	};
}

function absentPort(address: string): Port {
	return wrongPort(`there is no simulated device at ${address}`);
}

function wrongPort(problem: string): Port {
	const refuse = () => Promise.reject(new GatewayError('PORT_UNAVAILABLE', problem));
	return { open: refuse, write: refuse, setBaud: refuse, close: () => Promise.resolve() };
}
