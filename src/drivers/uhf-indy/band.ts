import { word } from '../uhf/epc.ts';
import { type Region, regionOfRange } from '../uhf/settings.ts';

/** Names of the manual by code; 4 is a band of the user's own. */
const NAMES: Readonly<Record<number, Region>> = { 1: 'US', 2: 'EU', 3: 'CN' };
const OWN_BAND = 4;

/** Whole bands as they are set: code, first and last of the frequencies of the manual's table (section 4). */
export const WHOLE_BANDS: Readonly<Partial<Record<Region, readonly [code: number, first: number, last: number]>>> = {
	US: [1, 0x07, 0x3b],
	EU: [2, 0x00, 0x06],
	CN: [3, 0x2b, 0x35],
};

/** Frequencies 0 to 6 are from 865, 7 to 59 from 902 MHz, in steps of 0.5. */
function frequencyOf(index: number): number {
	return index < 7 ? 865 + index * 0.5 : 902 + (index - 7) * 0.5;
}

/** @param data of the answer to "get frequency region": code, first, last; or 4, step in 10 kHz, number, first in kHz */
export function readBand(data: Uint8Array): { readonly region: string; readonly band: string } {
	const [code = 0, second = 0, third = 0, fourth = 0] = data;
	if (code === OWN_BAND && data.length >= 6) {
		const firstMhz = ((fourth << 16) | word(data, 4)) / 1_000;
		const lastMhz = Math.round((firstMhz + (Math.max(1, third) - 1) * second * 0.01) * 1_000) / 1_000;
		return { region: regionOfRange(firstMhz, lastMhz), band: `${firstMhz}–${lastMhz} MHz` };
	}
	return { region: NAMES[code] ?? `unknown (${code})`, band: `${frequencyOf(second)}–${frequencyOf(third)} MHz` };
}
