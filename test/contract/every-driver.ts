import type { PushDriver, SerialDriver } from '../../src/drivers/driver.ts';
import { createDriverRegistry } from '../../src/drivers/registry.ts';
import { SERIAL_DRIVER_CASES, type SerialDriverCase } from './serial-driver-cases.ts';

const { drivers } = createDriverRegistry();

export type EverySerialDriver = SerialDriverCase & { readonly driver: SerialDriver };

/** Every serial driver of the registry with its case; throws for one that has none. */
export function serialDrivers(): readonly EverySerialDriver[] {
	return drivers
		.filter((driver) => driver.carrier === 'serial')
		.map((driver) => {
			const known = SERIAL_DRIVER_CASES[driver.kind];
			if (known === undefined) throw new Error(`${driver.kind} has no case in serial-driver-cases.ts`);
			return { driver, ...known };
		});
}

export function pushDrivers(): readonly PushDriver[] {
	return drivers.filter((driver) => driver.carrier === 'push');
}
