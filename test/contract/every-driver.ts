import type { PortDriver, PushDriver, SerialDriver } from '../../src/drivers/driver.ts';
import { createDriverRegistry } from '../../src/drivers/registry.ts';
import { SERIAL_DRIVER_CASES, type SerialDriverCase } from './serial-driver-cases.ts';

const { drivers } = createDriverRegistry();

export type EverySerialDriver = EveryPortDriver & { readonly driver: SerialDriver };
export type EveryPortDriver = SerialDriverCase & {
	readonly driver: PortDriver;
	/** Its kind, and which of its kinds of board. */
	readonly name: string;
};

/** Every driver of the registry that has a port, with its cases; throws for one that has none. */
export function portDrivers(): readonly EveryPortDriver[] {
	return drivers
		.filter((driver) => driver.carrier === 'serial' || driver.carrier === 'hid')
		.flatMap((driver) => {
			const cases = Object.entries(SERIAL_DRIVER_CASES).filter(([name]) => name.split(',')[0] === driver.kind);
			if (cases.length === 0) throw new Error(`${driver.kind} has no case in serial-driver-cases.ts`);
			return cases.map(([name, known]) => ({ name, driver, ...known }));
		});
}

export function serialDrivers(): readonly EverySerialDriver[] {
	return portDrivers().flatMap(({ driver, ...known }) => (driver.carrier === 'serial' ? [{ driver, ...known }] : []));
}

export function pushDrivers(): readonly PushDriver[] {
	return drivers.filter((driver) => driver.carrier === 'push');
}
