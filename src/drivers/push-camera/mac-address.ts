import { z } from 'zod';
import type { CameraKind } from './camera-intake.ts';

/** Any usual spelling of a MAC address as twelve lower-case hex digits. */
export function parseMac(text: string | undefined): string | undefined {
	const digits = text?.toLowerCase().replaceAll(/[:.-]/g, '') ?? '';
	return /^[0-9a-f]{12}$/.test(digits) ? digits : undefined;
}

/** For cameras whose events tell their MAC address. */
export const cameraMacField = z
	.string()
	.refine((text) => parseMac(text) !== undefined, 'a MAC address such as 44:a6:42:f3:2a:d7')
	.optional()
	.describe("The camera's MAC address; events that tell another one, or none, are refused");

/** `mac:` of the configuration as what events must tell. */
export function macIdentity(configured: string | undefined): Pick<CameraKind, 'identity'> {
	const mac = parseMac(configured);
	return mac === undefined ? {} : { identity: { name: 'MAC address', setting: 'mac', expected: mac } };
}
