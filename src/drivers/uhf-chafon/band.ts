import type { Region } from '../uhf/settings.ts';

interface Band {
	readonly name: string;
	readonly firstMhz: number;
	readonly stepMhz: number;
}

/** By the upper two bits of the highest and the lowest channel (UHFReader18 manual 8.4.2, UR-series manual 8.4.2). */
const BANDS: Readonly<Record<number, Band>> = {
	1: { name: 'CN', firstMhz: 920.125, stepMhz: 0.25 },
	2: { name: 'US', firstMhz: 902.75, stepMhz: 0.5 },
	3: { name: 'KR', firstMhz: 917.1, stepMhz: 0.2 },
	4: { name: 'EU', firstMhz: 865.1, stepMhz: 0.2 },
	6: { name: 'Ukraine', firstMhz: 868, stepMhz: 0.1 },
	7: { name: 'Peru', firstMhz: 916.2, stepMhz: 0.9 },
	8: { name: 'CN 840 MHz', firstMhz: 840.125, stepMhz: 0.25 },
	9: { name: 'EU3', firstMhz: 865.7, stepMhz: 0.6 },
	10: { name: 'Taiwan', firstMhz: 922.25, stepMhz: 0.5 },
	12: { name: 'US3', firstMhz: 902, stepMhz: 0.5 },
};

/** Whole bands, as the highest and the lowest channel are set. */
export const WHOLE_BANDS: Readonly<Partial<Record<Region, readonly [highest: number, lowest: number]>>> = {
	EU: [0x4e, 0x00],
	US: [0x31, 0x80],
	CN: [0x13, 0x40],
	KR: [0x1f, 0xc0],
};

/** Name of a band and what of it is used, such as `865.1–867.9 MHz`. */
export function readBand(highest: number, lowest: number): { readonly name: string; readonly range?: string } {
	const number = ((highest >>> 6) << 2) | (lowest >>> 6);
	const band = BANDS[number];
	if (band === undefined) return { name: `unknown (${number})` };
	const at = (channel: number) => Math.round((band.firstMhz + (channel & 0x3f) * band.stepMhz) * 1_000) / 1_000;
	return { name: band.name, range: `${at(lowest)}–${at(highest)} MHz` };
}
