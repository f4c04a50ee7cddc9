import { word } from '../uhf/epc.ts';
import { regionOfRange } from '../uhf/settings.ts';

const BYTES = 25;
const POWER_AT = 15;
const WORK_MODE_AT = 2;
export const WORK_MODES = ['answer', 'active', 'trigger'] as const;

/** What of the block of all parameters matters here. */
export interface CfParameters {
	readonly workMode: (typeof WORK_MODES)[number] | undefined;
	readonly antennas: readonly number[];
	readonly region: string;
	/** Such as `902.75–926.75 MHz`. */
	readonly band: string;
	readonly powerDbm: number;
}

/** @param block data of the answer to 0x0072; undefined when it is shorter than the manual's */
export function parseParameters(block: Uint8Array): CfParameters | undefined {
	if (block.length < BYTES) return undefined;
	const mask = block[6] ?? 0;
	const firstMhz = word(block, 8) + word(block, 10) / 1_000;
	const lastMhz = firstMhz + (Math.max(1, block[14] ?? 1) - 1) * (word(block, 12) / 1_000);
	const [from, to] = [rounded(firstMhz), rounded(lastMhz)];
	return {
		workMode: WORK_MODES[block[WORK_MODE_AT] ?? 0xff],
		antennas: [1, 2, 3, 4, 5, 6, 7, 8].filter((antenna) => (mask & (1 << (antenna - 1))) !== 0),
		region: regionOfRange(from, to),
		band: `${from}–${to} MHz`,
		powerDbm: block[POWER_AT] ?? 0,
	};
}

function rounded(mhz: number): number {
	return Math.round(mhz * 1_000) / 1_000;
}

/** First channel in MHz and kHz, step in kHz, number of channels. */
const CHANNELS = {
	EU: [865, 100, 200, 15],
	US: [902, 750, 500, 49],
	CN: [920, 125, 250, 20],
	KR: [917, 100, 200, 32],
} as const;

/** The block of a reader of the vendor's shop, with another mode, power and band. */
export function buildParameters(settings: {
	readonly workMode: number;
	readonly powerDbm: number;
	readonly antennaMask: number;
	readonly band: keyof typeof CHANNELS;
}): readonly number[] {
	const [mhz, khz, stepKhz, count] = CHANNELS[settings.band];
	const pair = (value: number) => [value >>> 8, value & 0xff];
	return [
		...[0, 0, settings.workMode, 0x80, 4, 0, settings.antennaMask, 1],
		...[...pair(mhz), ...pair(khz), ...pair(stepKhz), count, settings.powerDbm],
		...[1, 4, 0, 0, 0x0c, 0, 3, 1, 5],
	];
}
