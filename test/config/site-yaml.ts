import { z } from 'zod';
import { fileSchema } from '../../src/config/file-schema.ts';
import type { DriverSchemas } from '../../src/config/json-schema.ts';
import { type ConfigInput, type ParsedConfig, parseConfig } from '../../src/config/parse-config.ts';
import { formatProblem } from '../../src/config/problem.ts';

const channel = z.int().min(1).max(32);
const name = z.string().regex(/^[a-z][a-z-]*$/, 'a name of small letters and dashes');

/** Drivers with the shapes of real ones: addressed on a bus, switching and sensing, posting, alone on a line. */
export const testDrivers: DriverSchemas = new Map<string, z.ZodType>([
	[
		'osdp',
		z.strictObject({
			id: z.string(),
			driver: z.literal('osdp'),
			port: z.string(),
			baud: z.literal([9600, 19200, 115200]).default(9600),
			address: z.int().min(0).max(126),
			key: z
				.string()
				.regex(/^[0-9a-fA-F]{32}$/, '32 hexadecimal digits')
				.optional(),
		}),
	],
	[
		'modbus-relay',
		z.object({
			id: z.string(),
			driver: z.literal('modbus-relay'),
			port: z.string(),
			baud: z.int().default(9600),
			unit: z.int().min(0).max(255).default(1),
			outputs: z.record(name, channel).default({}),
			inputs: z.record(name, channel).default({}),
		}),
	],
	['hikvision-push', z.strictObject({ id: z.string(), driver: z.literal('hikvision-push'), path: z.string() })],
	['rdm6300', z.strictObject({ id: z.string(), driver: z.literal('rdm6300'), port: z.string() })],
]);

export const siteYaml = `site: { id: site-1, tenant: acme, name: North car park, timeZone: Europe/Brussels }
store: { dir: store }
parks:
  - id: P1
    capacity: 120
    areas:
      - { id: A1, capacity: 80 }
      - { id: A1-vip, parent: A1, capacity: 10 }
devices:
  - { id: reader-1, driver: osdp, port: "sim:bus-1", address: 5 }
  - { id: boom-1, driver: modbus-relay, port: "sim:boom-1", outputs: { open: 1 }, inputs: { arming: 1, safety: 2, open-limit: 4, fire: 6 } }
  - { id: cam-1, driver: hikvision-push, path: cam-1 }
lanes:
  - id: L1
    kind: entry
    from: outside
    to: A1
    readers: [reader-1]
    cameras: [cam-1]
    barrier: boom-1
    loops: { arming: boom-1.arming }
`;

/** The sections of the file as problems list them. */
export const SECTIONS = Object.keys(fileSchema.shape).join(', ');

export function parse(text: string, changes: Partial<ConfigInput> = {}): ParsedConfig {
	return parseConfig({
		text,
		file: 'gateway.yaml',
		env: {},
		driverSchemas: testDrivers,
		readSecret: () => ({ result: 'refused', found: 'no credential', expected: 'one', fix: 'Make it' }),
		readPem: () => ({ result: 'refused', found: 'no file', expected: 'a PEM file', fix: 'Make it' }),
		...changes,
	});
}

/** Every problem as the line a person reads. */
export function problemsOf(text: string, changes: Partial<ConfigInput> = {}): string[] {
	const parsed = parse(text, changes);
	return (parsed.result === 'valid' ? parsed.warnings : parsed.problems).map(formatProblem);
}

/** The site with one piece of text changed; fails when the piece is not there. */
export function siteWith(piece: string, replacement: string): string {
	if (!siteYaml.includes(piece)) throw new Error(`the site has no ${piece}`);
	return siteYaml.replace(piece, replacement);
}
