import type { PortDriver, PushDriver, SerialDriver } from '../../src/drivers/driver.ts';
import { createDriverRegistry } from '../../src/drivers/registry.ts';
import { SERIAL_DRIVER_CASES, type SerialDriverCase } from './serial-driver-cases.ts';

const { drivers } = createDriverRegistry();

export type EverySerialDriver = SerialDriverCase & { readonly driver: SerialDriver };
export type EveryPortDriver = SerialDriverCase & { readonly driver: PortDriver };

/** Every driver of the registry that has a port, with its case; throws for one that has none. */
export function portDrivers(): readonly EveryPortDriver[] {
	return drivers
		.filter((driver) => driver.carrier !== 'push')
		.map((driver) => {
			const known = SERIAL_DRIVER_CASES[driver.kind];
			if (known === undefined) throw new Error(`${driver.kind} has no case in serial-driver-cases.ts`);
			return { driver, ...known };
		});
}

export function serialDrivers(): readonly EverySerialDriver[] {
	return portDrivers().flatMap(({ driver, ...known }) => (driver.carrier === 'serial' ? [{ driver, ...known }] : []));
}

export function pushDrivers(): readonly PushDriver[] {
	return drivers.filter((driver) => driver.carrier === 'push');
}
