import { createFrameSearch, type FrameFormat, type FrameSearch } from '../frame-search.ts';

/**
 * Feature reports of rf IDeas pcProx readers, without report id: eight bytes asked, eight bytes answered
 * (protocol.md of micolous/pcprox).
 */
export const REPORT_BYTES = 8;

export const COMMAND = { page0: 0x80, page1: 0x81, page2: 0x82, info: 0x8a, cardInfo: 0x8e, card: 0x8f } as const;

export type PcproxCommand = (typeof COMMAND)[keyof typeof COMMAND];

const COMMANDS: readonly number[] = Object.values(COMMAND);

/** A question with its answer: an answer alone does not tell to what. */
export interface PcproxExchange {
	readonly kind: 'exchange';
	readonly command: number;
	readonly answer: Uint8Array;
	/** Both as they went. */
	readonly bytes: Uint8Array;
}

const format: FrameFormat<PcproxExchange> = {
	longest: 2 * REPORT_BYTES,
	scan(bytes, at) {
		const command = bytes[at];
		if (command === undefined || !COMMANDS.includes(command)) return { result: 'none' };
		const asked = bytes.subarray(at + 1, at + REPORT_BYTES);
		if (asked.some((byte) => byte !== 0)) return { result: 'none' };
		const end = at + 2 * REPORT_BYTES;
		if (bytes.length < end) return { result: 'partial' };
		const both = bytes.slice(at, end);
		return {
			result: 'frame',
			frame: { kind: 'exchange', command, answer: both.subarray(REPORT_BYTES), bytes: both },
			end,
		};
	},
};

export function createPcproxSearch(): FrameSearch<PcproxExchange> {
	return createFrameSearch(format);
}

export function encodeCommand(command: PcproxCommand): Uint8Array {
	const report = new Uint8Array(REPORT_BYTES);
	report[0] = command;
	return report;
}

/** All zeros: it has nothing to tell. */
export function isNothing(answer: Uint8Array): boolean {
	return answer.every((byte) => byte === 0);
}

/** How many bits in front and at the end the reader takes away; it never checks them. */
export interface StrippedBits {
	readonly leading: number;
	readonly trailing: number;
}

/** Of configuration page 0: iLeadParityBitCnt, iTrailParityBitCnt. */
export function decodeStripped(page0: Uint8Array): StrippedBits {
	const counts = page0[2] ?? 0;
	return { leading: counts & 0x0f, trailing: counts >> 4 };
}

/** Firmware such as `7.3.0`, and the type of device. */
export function decodeInfo(info: Uint8Array): Readonly<Record<string, string>> {
	const [, , minor = 0, major = 0, , low = 0, high = 0] = info;
	return {
		firmware: `${major}.${minor >> 4}.${minor & 0x0f}`,
		'device type': `0x${((high << 8) | low).toString(16).padStart(4, '0')}`,
	};
}
