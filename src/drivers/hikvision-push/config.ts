import { z } from 'zod';
import { pushAuthSchema } from '../ports/http-push-auth.ts';
import { parseNetwork } from '../ports/http-push-sources.ts';
import { parseMac } from './alert.ts';

const inputName = z
	.string()
	.regex(/^[a-zA-Z][a-zA-Z0-9-]{0,31}$/, 'a name of letters, digits and dashes, such as arming');
const network = z
	.string()
	.refine((text) => parseNetwork(text) !== undefined, 'an address or network such as 10.0.0.21 or 10.0.0.0/24');

/** One camera in `gateway.yaml`. */
export const hikvisionConfigSchema = z.strictObject({
	id: z.string().regex(/^[a-zA-Z0-9-]{1,64}$/, 'an id of 1 to 64 letters, digits and dashes'),
	driver: z.literal('hikvision-push'),
	path: z
		.string()
		.regex(/^[a-zA-Z0-9][a-zA-Z0-9_.-]{0,63}$/, 'letters, digits and _.- only, at most 64, a letter or digit first')
		.describe('Last segment of the URL the camera posts to: /ingest/…'),
	auth: pushAuthSchema.default({ type: 'none' }).describe('How the camera proves who it is'),
	allow: z
		.array(network)
		.min(1)
		.optional()
		.describe('Addresses or networks the camera posts from; narrows ingest.allow'),
	mac: z
		.string()
		.refine((text) => parseMac(text) !== undefined, 'a MAC address such as 44:a6:42:f3:2a:d7')
		.optional()
		.describe("The camera's MAC address; events that tell another one, or none, are refused"),
	timeZone: z
		.string()
		.refine(isTimeZone, 'a time zone such as Europe/Brussels')
		.optional()
		.describe("IANA zone of the camera's clock, for firmwares that send times without an offset"),
	inputs: z
		.record(inputName, z.int().min(1).max(64))
		.refine(numbersOnce, 'every name needs a number of its own')
		.optional()
		.describe("The camera's digital inputs by name, such as arming: 1"),
	inputReleaseMs: z
		.int()
		.min(500)
		.max(600_000)
		.optional()
		.describe('An input ends after this silence, for cameras that report it while active but never its end'),
	offlineAfterMinutes: z
		.number()
		.min(0.1)
		.max(1_440)
		.optional()
		.describe('Offline after this silence, for cameras set to send heartbeats'),
});
export type HikvisionConfig = z.infer<typeof hikvisionConfigSchema>;

function numbersOnce(inputs: Readonly<Record<string, number>>): boolean {
	return new Set(Object.values(inputs)).size === Object.keys(inputs).length;
}

function isTimeZone(text: string): boolean {
	try {
		return Boolean(new Intl.DateTimeFormat('en', { timeZone: text }));
	} catch {
		return false;
	}
}
