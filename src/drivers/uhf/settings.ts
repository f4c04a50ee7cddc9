import { z } from 'zod';

/** Bands a reader may be set to; NA2 and NA3 are parts of the US band. */
export type Region = 'EU' | 'US' | 'NA2' | 'NA3' | 'CN' | 'KR' | 'JP' | 'IN' | 'AU' | 'NZ';

/** How a reader is meant to be set; what is left out is not looked at. */
export interface WantedSettings {
	readonly powerDbm?: number | undefined;
	readonly region?: Region | undefined;
	readonly onDifference: 'tell' | 'set';
}

/** What a kind of reader can be set to: power in these steps, and these bands. */
export function settingFields<const Known extends readonly Region[]>(
	power: { lowestDbm: number; highestDbm: number; stepDbm: 1 | 0.01 },
	known: Known,
) {
	return {
		powerDbm: z
			.number()
			.min(power.lowestDbm)
			.max(power.highestDbm)
			.multipleOf(power.stepDbm)
			.optional()
			.describe('Power the reader is to have, dBm; left out: not looked at'),
		region: z
			.enum(known)
			.optional()
			.describe('Band the reader is to send in, as the law asks; left out: not looked at'),
		onDifference: z
			.enum(['tell', 'set'])
			.default('tell')
			.describe('When the reader has other settings: tell them as a fault, or set those that stand here'),
		pollMs: z.int().min(10).max(2_000).default(50).describe('From one look for tags to the next, ms'),
	};
}

/** What a reader told of its settings, held against what is wanted. */
export interface Settings {
	power(dbm: number): void;
	region(name: string): void;
	forget(): void;
	/** It is another than the wanted one, and is to be set. */
	mustSetPower(): boolean;
	mustSetRegion(): boolean;
	fault(): string | undefined;
	identity(): Readonly<Record<string, string>>;
}

/** @param canSetRegion false: this kind of reader is set to another band by its vendor's tool only */
export function createSettings(wanted: WantedSettings, canSetRegion = true): Settings {
	let powerDbm: number | undefined;
	let region: string | undefined;
	const powerDiffers = () =>
		wanted.powerDbm !== undefined && powerDbm !== undefined && Math.abs(powerDbm - wanted.powerDbm) > 0.005;
	const regionDiffers = () => wanted.region !== undefined && region !== undefined && region !== wanted.region;
	return {
		power(dbm) {
			powerDbm = dbm;
		},
		region(name) {
			region = name;
		},
		forget() {
			powerDbm = undefined;
			region = undefined;
		},
		mustSetPower: () => wanted.onDifference === 'set' && powerDiffers(),
		mustSetRegion: () => canSetRegion && wanted.onDifference === 'set' && regionDiffers(),
		fault() {
			const differences = [
				...(powerDiffers() ? [`it sends with ${powerDbm} dBm, powerDbm says ${wanted.powerDbm}`] : []),
				...(regionDiffers() ? [`it is set to ${region}, region says ${wanted.region}`] : []),
			];
			if (differences.length === 0) return undefined;
			const advice =
				wanted.onDifference === 'tell'
					? 'set one or the other, or onDifference'
					: regionDiffers() && !canSetRegion
						? "its band is changed with the vendor's tool"
						: 'it did not take what was set';
			return `${differences.join('; ')}: ${advice}`;
		},
		identity: () => ({
			...(powerDbm !== undefined && { power: `${powerDbm} dBm` }),
			...(region !== undefined && { region }),
		}),
	};
}

/** Bands by what they allow, the narrowest of those that overlap first. */
const RANGES: readonly (readonly [name: Region, lowestMhz: number, highestMhz: number])[] = [
	['EU', 865, 868],
	['CN', 920, 925],
	['KR', 917, 923.5],
	['US', 902, 928],
];

/** The band that channels from one frequency to another are of; as figures when they are of none. */
export function regionOfRange(lowestMhz: number, highestMhz: number): string {
	const band = RANGES.find(([, from, to]) => lowestMhz >= from && highestMhz <= to);
	return band?.[0] ?? `${lowestMhz}–${highestMhz} MHz`;
}
