import { z } from 'zod';
import type { DeviceConfig, PushDeviceConfig } from '../driver.ts';
import { ioName } from '../io-name.ts';
import { pushAuthSchema } from '../ports/http-push-auth.ts';
import { parseNetwork } from '../ports/http-push-sources.ts';

const inputName = ioName('arming');
const network = z
	.string()
	.refine((text) => parseNetwork(text) !== undefined, 'an address or network such as 10.0.0.21 or 10.0.0.0/24');

/** What every camera that posts to us is configured with; a driver's schema spreads it beside its own fields. */
export const pushCameraFields = {
	id: z.string().regex(/^[a-zA-Z0-9-]{1,64}$/, 'an id of 1 to 64 letters, digits and dashes'),
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
	offlineAfterMinutes: z
		.number()
		.min(0.1)
		.max(1_440)
		.optional()
		.describe('Offline after this silence, for cameras set to send heartbeats'),
};

/** For cameras whose times may come without an offset. */
export const cameraTimeZoneField = z
	.string()
	.refine(isTimeZone, 'a time zone such as Europe/Brussels')
	.optional()
	.describe("IANA zone of the camera's clock, for firmwares that send times without an offset");

/** For cameras whose events tell a serial number. */
export const cameraSerialField = z
	.string()
	.min(1)
	.max(64)
	.optional()
	.describe("The camera's serial number as its events tell it; events that tell another one, or none, are refused");

/** For cameras that tell no confidence. */
export const assumedConfidenceField = z
	.number()
	.min(0)
	.max(1)
	.optional()
	.describe(
		'Confidence of reads the camera tells none with, 0 to 1; without it they wait for a second read that agrees',
	);

/** For cameras with digital inputs. */
export const cameraInputFields = {
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
};

/** For cameras that tell the way a vehicle moves in the picture. */
export const approachDegreesField = z
	.number()
	.min(0)
	.max(360)
	.optional()
	.describe('Direction in the picture, degrees as the camera tells them, of a vehicle that comes toward the camera');

export interface CameraInputs {
	readonly inputs?: Readonly<Record<string, number>> | undefined;
	readonly inputReleaseMs?: number | undefined;
}

/** What is looked at of every camera, whatever carries its events and whatever else its entry says. */
export interface CameraConfig extends DeviceConfig, CameraInputs {
	readonly path?: string | undefined;
	readonly offlineAfterMinutes?: number | undefined;
	readonly timeZone?: string | undefined;
	readonly serial?: string | undefined;
	readonly assumedConfidence?: number | undefined;
}

export type PushCameraConfig = PushDeviceConfig & CameraConfig;

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
