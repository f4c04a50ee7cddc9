import type {
	PortDriver,
	PushDriver,
	SerialDriver,
	StillDriver,
	SubscriptionDriver,
} from '../../src/drivers/driver.ts';
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

/** One camera of a driver that hears or is posted to, as an entry of `gateway.yaml`. */
export function cameraEntry({ kind, carrier }: PushDriver | SubscriptionDriver): object {
	const entry = { id: 'cam', driver: kind };
	return carrier === 'push' ? { ...entry, path: 'cam' } : { ...entry, url: 'mqtt://127.0.0.1:1883', camera: 'gate' };
}

/** What such a camera sends for a plate, and to tell that it is there. */
export function cameraBodies(
	driver: PushDriver | SubscriptionDriver,
): readonly { readonly body: Uint8Array; readonly contentType: string }[] {
	const read = { plate: '1ABC234', confidence: 0.95, eventId: 'e1', at: new Date(0) };
	const seen = [
		{ ...read, direction: 'approaching' },
		{ ...read, plate: 'X', direction: 'leaving' },
	] as const;
	if (driver.carrier === 'subscription') {
		const camera = driver.createSimulator(driver.config.parse(cameraEntry(driver)));
		return seen
			.flatMap((each) => camera.plate(each))
			.map(({ payload }) => ({ body: new TextEncoder().encode(payload), contentType: 'application/json' }));
	}
	const camera = driver.createSimulator(driver.config.parse(cameraEntry(driver)));
	return [
		...seen.map((each) => camera.plate(each)),
		...(camera.heartbeat === undefined ? [] : [camera.heartbeat(new Date(0))]),
	];
}

export function subscriptionDrivers(): readonly SubscriptionDriver[] {
	return drivers.filter((driver) => driver.carrier === 'subscription');
}

export function stillDrivers(): readonly StillDriver[] {
	return drivers.filter((driver) => driver.carrier === 'still');
}
