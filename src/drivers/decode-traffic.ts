import type { DecodedLine, DeviceConfig, PortDriver } from './driver.ts';
import type { TappedBytes } from './line-taps.ts';
import { createTrafficGroups, type TrafficGroup } from './traffic-groups.ts';

/** A decoded line, with the moment its group began. */
export type TimedLine = Omit<DecodedLine, 'offset'> & { readonly atMs: number };

type Device = DeviceConfig & { readonly port: string };

/** Frames, errors and observations of a group. */
export function decodeGroup(driver: PortDriver, { atMs, bytes }: TrafficGroup, device?: Device): readonly TimedLine[] {
	return Array.from(driver.decode(bytes, device), ({ offset: _, ...line }) => ({ atMs, ...line }));
}

/** The same of traffic that was recorded. */
export function* decodeTraffic(
	driver: PortDriver,
	traffic: Iterable<TappedBytes>,
	device?: Device,
): Iterable<TimedLine> {
	const groups = createTrafficGroups();
	for (const tapped of traffic) {
		const group = groups.add(tapped);
		if (group !== undefined) yield* decodeGroup(driver, group, device);
	}
	const last = groups.end();
	if (last !== undefined) yield* decodeGroup(driver, last, device);
}
