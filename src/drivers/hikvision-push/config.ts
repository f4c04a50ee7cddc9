import { z } from 'zod';
import { pushAuthSchema } from '../ports/http-push-auth.ts';
import { parseNetwork } from '../ports/http-push-sources.ts';
import { parseMac } from './alert.ts';

/** One camera in `gateway.yaml`. */
export const hikvisionConfigSchema = z.strictObject({
	id: z.string(),
	driver: z.literal('hikvision-push'),
	/** Last segment of the URL the camera posts to: `/ingest/…`. */
	path: z
		.string()
		.regex(/^[a-zA-Z0-9][a-zA-Z0-9_.-]{0,63}$/, 'letters, digits and _.- only, at most 64, no dot or dash first'),
	auth: pushAuthSchema.default({ type: 'none' }),
	/** Addresses or networks the camera posts from; narrows `ingest.allow`. */
	allow: z
		.array(
			z
				.string()
				.refine((text) => parseNetwork(text) !== undefined, 'an address or network such as 10.0.0.21 or 10.0.0.0/24'),
		)
		.min(1)
		.optional(),
	/** The camera's MAC address; events that tell another one, or none, are refused. */
	mac: z
		.string()
		.refine((text) => parseMac(text) !== undefined, 'a MAC address such as 44:a6:42:f3:2a:d7')
		.optional(),
	/** IANA zone of the camera's clock, for firmwares that send times without an offset. */
	timeZone: z.string().refine(isTimeZone, 'a time zone such as Europe/Brussels').optional(),
	/** Digital inputs of the camera by name, such as `arming: 1`. */
	inputs: z
		.record(z.string().regex(/^[a-z][a-z0-9-]{0,31}$/, 'small letters, digits and dashes'), z.int().min(1).max(64))
		.refine((inputs) => new Set(Object.values(inputs)).size === Object.keys(inputs).length, 'each number once')
		.optional(),
	/** For cameras that report an input while it is active but never its end: inactive after this silence. */
	inputReleaseMs: z.int().min(500).max(600_000).optional(),
	/** For cameras set to send heartbeats: offline after this silence. */
	offlineAfterMinutes: z.number().min(0.1).max(1_440).optional(),
});
export type HikvisionConfig = z.infer<typeof hikvisionConfigSchema>;

function isTimeZone(text: string): boolean {
	try {
		return Boolean(new Intl.DateTimeFormat('en', { timeZone: text }));
	} catch {
		return false;
	}
}
