import type { z } from 'zod';
import { adviseName } from '../gateway/core/nearest-name.ts';
import type { ConfigFile } from './file-schema.ts';
import type { ConfiguredDevice } from './gateway-config.ts';
import { type DriverSchemas, type JsonSchema, keysAt } from './json-schema.ts';
import { formatPath } from './problem.ts';
import type { ProblemReport } from './problem-report.ts';
import { reportIssues, reportUnknownKey } from './zod-problems.ts';

/**
 * Each entry through its driver's schema, in the file's order.
 * @returns undefined for entries with problems
 */
export function parseDevices(
	entries: ConfigFile['devices'],
	drivers: DriverSchemas,
	root: { readonly value: unknown; readonly schema: JsonSchema },
	report: ProblemReport,
): (ConfiguredDevice | undefined)[] {
	return entries.map((entry, index) => {
		const driver = drivers.get(entry.driver);
		if (driver === undefined) {
			const kinds = [...drivers.keys()];
			report.error(['devices', index, 'driver'], {
				found: `the unknown driver ${report.show(['driver'], entry.driver)}`,
				expected: `one of ${kinds.join(', ')}`,
				fix: adviseName(entry.driver, kinds, 'Write the name of a driver'),
			});
			return undefined;
		}
		return parseDevice(entry, index, driver, root, report);
	});
}

function parseDevice(
	entry: ConfigFile['devices'][number],
	index: number,
	driver: z.ZodType,
	root: { readonly value: unknown; readonly schema: JsonSchema },
	report: ProblemReport,
): ConfiguredDevice | undefined {
	const path = ['devices', index];
	const known = keysAt(root.schema, path, root.value);
	const unknown = Object.keys(entry).filter((key) => !known.includes(key));
	for (const key of unknown) reportUnknownKey(report, [...path, key], known);
	const parsed = driver.safeParse(entry);
	if (parsed.success) return unknown.length === 0 ? (parsed.data as ConfiguredDevice) : undefined;
	const issues = parsed.error.issues.filter((issue) => issue.code !== 'unrecognized_keys' || issue.path.length > 0);
	reportIssues(report, issues, root, path);
	return undefined;
}

/** What one entry alone cannot show: shared ids, lines, addresses and paths. */
export function checkDevices(
	entries: ConfigFile['devices'],
	devices: readonly (ConfiguredDevice | undefined)[],
	report: ProblemReport,
): void {
	reportDuplicates(
		entries.map((entry) => entry.id),
		(index) => ['devices', index, 'id'],
		'a device of its own id',
		report,
	);
	const paths = new Map<string, string>();
	const lines = new Map<string, Line[number][]>();
	devices.forEach((device, index) => {
		if (device?.path !== undefined) {
			const other = paths.get(device.path);
			if (other !== undefined)
				report.error(['devices', index, 'path'], {
					found: `the path ${device.path}, which ${other} has already`,
					expected: 'a path of its own for every camera',
					fix: `Write another path, such as ${freeId(
						device.path,
						devices.map((camera) => camera?.path),
					)}, and set it in the camera`,
				});
			paths.set(device.path, device.id);
		}
		if (device?.port === undefined) return;
		warnOfPassingName(device.port, index, report);
		const line = lines.get(device.port) ?? [];
		lines.set(device.port, line);
		line.push({ index, device });
	});
	for (const line of lines.values()) checkLine(line, report);
}

type Line = readonly { readonly index: number; readonly device: ConfiguredDevice }[];

/** One line has one driver, one speed, and each address once: two masters or two answers at once destroy every frame. */
function checkLine(line: Line, report: ProblemReport): void {
	const [first, ...others] = line;
	if (first === undefined) return;
	const addressed = line.some(({ device }) => device['address'] !== undefined || device['unit'] !== undefined);
	for (const { index, device } of others) {
		const sameDriver = device.driver === first.device.driver;
		if (sameDriver && addressed) {
			checkSpeed(device, index, first.device, report);
			continue;
		}
		report.error(['devices', index, 'port'], {
			found: `the port of ${first.device.id}${sameDriver ? '' : `, which has the driver ${first.device.driver}`}`,
			expected: sameDriver ? `a port of its own: ${device.driver} knows no addresses` : 'one driver on one port',
			fix: `Give ${device.id} a port of its own`,
		});
	}
	for (const setting of ['address', 'unit']) checkAddresses(line, setting, report);
}

function checkSpeed(device: ConfiguredDevice, index: number, first: ConfiguredDevice, report: ProblemReport): void {
	for (const setting of ['baud', 'parity', 'stopBits'])
		if (device[setting] !== first[setting])
			report.error(['devices', index, setting], {
				found: `${setting} ${report.show([setting], device[setting])}`,
				expected: `${report.show([setting], first[setting])} as ${first.id} on ${first.port}: one line has one speed and format`,
				fix: `Set both devices and both entries to the same ${setting}`,
			});
}

function checkAddresses(line: Line, setting: string, report: ProblemReport): void {
	const taken = new Map<unknown, string>();
	for (const { index, device } of line) {
		const address = device[setting];
		if (address === undefined) continue;
		const other = taken.get(address);
		if (other !== undefined)
			report.error(['devices', index, setting], {
				found: `the ${setting} ${report.show([setting], address)}, which ${other} has on the same port`,
				expected: `another ${setting} for each device of one line`,
				fix: `Give ${device.id} a free ${setting} and set it in the device`,
			});
		taken.set(address, device.id);
	}
}

function warnOfPassingName(port: string, index: number, report: ProblemReport): void {
	if (!/^\/dev\/(?:ttyUSB|ttyACM|hidraw|video)\d+$/.test(port)) return;
	report.warning(['devices', index, 'port'], {
		found: `${port}, a name that can change at every start`,
		expected: stableNameFor(port),
		fix: 'Run: parkgate devices list',
	});
}

function stableNameFor(port: string): string {
	if (port.includes('hidraw')) return 'a stable name that begins with hid:';
	return `a stable name below ${port.includes('video') ? '/dev/v4l/by-id/' : '/dev/serial/by-id/'}`;
}

/** One problem for every id that stood before. */
export function reportDuplicates(
	ids: readonly string[],
	pathOf: (index: number) => (string | number)[],
	expected: string,
	report: ProblemReport,
): void {
	const first = new Map<string, number>();
	ids.forEach((id, index) => {
		const earlier = first.get(id);
		if (earlier === undefined) {
			first.set(id, index);
			return;
		}
		report.error(pathOf(index), {
			found: `the id ${id} a second time (first at ${formatPath(pathOf(earlier).slice(0, -1))})`,
			expected,
			fix: `Write another id, such as ${freeId(id, ids)}`,
		});
	});
}

function freeId(id: string, ids: readonly (string | undefined)[]): string {
	const stem = id.replace(/-?\d+$/, '');
	let number = 2;
	while (ids.includes(`${stem}-${number}`)) number++;
	return `${stem}-${number}`;
}
