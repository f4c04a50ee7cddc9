import { z } from 'zod';

/** What may befall one chunk of bytes on a simulated wire; chances are 0–1 for each chunk. */
export interface WireFaults {
	/** The whole chunk is lost. */
	readonly drop?: number;
	/** Its end is lost. */
	readonly truncate?: number;
	/** One of its bytes changes. */
	readonly corrupt?: number;
	/** It arrives twice. */
	readonly duplicate?: number;
	/** Up to eight stray bytes come before it. */
	readonly noise?: number;
	/** It arrives in two pieces. */
	readonly split?: number;
	/** It arrives up to `maxDelayMs` late. */
	readonly delay?: number;
	readonly maxDelayMs?: number;
	/** The device says random bytes unasked: the chance for each `BABBLE_MS`. */
	readonly babble?: number;
}

export const BABBLE_MS = 100;
const LONGEST_BABBLE = 64;
const USUAL_DELAY_MS = 300;

const chance = z.number().min(0).max(1);
const faultsSchema = z
	.strictObject({
		...{ drop: chance, truncate: chance, corrupt: chance, duplicate: chance, noise: chance, chunk: chance },
		...{ delay: chance, babble: chance },
		maxDelayMs: z.number().min(0).max(60_000).default(USUAL_DELAY_MS),
	})
	.partial();

/** Faults as people name them, such as `drop=0.2 chunk=1`; `none` ends them. A sentence: what is wrong. */
export function parseWireFaults(words: readonly string[]): WireFaults | string {
	if (words.length === 1 && words[0] === 'none') return {};
	const given = words.map((word) => word.split('='));
	const parsed = faultsSchema.safeParse(Object.fromEntries(given.map(([name, value]) => [name, Number(value)])));
	if (!parsed.success || given.some(([, value]) => value === undefined || value === ''))
		return 'faults are drop, truncate, corrupt, duplicate, noise, chunk, delay and babble, each with a chance from 0 to 1 such as drop=0.2, and maxDelayMs';
	const { chunk: split, maxDelayMs = USUAL_DELAY_MS, ...faults } = parsed.data;
	const told = Object.entries(faults).filter(([, value]) => value !== undefined);
	return { ...Object.fromEntries(told), maxDelayMs, ...(split !== undefined && { split }) };
}

/** What a babbling device says in one `BABBLE_MS`; undefined: it is silent. */
export function babbleOf({ babble = 0 }: WireFaults, random: () => number): Uint8Array | undefined {
	if (babble === 0 || random() >= babble) return undefined;
	return Uint8Array.from({ length: 1 + Math.floor(random() * LONGEST_BABBLE) }, () => Math.floor(random() * 256));
}

export interface DisturbedChunk {
	readonly bytes: Uint8Array;
	readonly lateMs: number;
}

/** @param random [0, 1), seeded where a run must be repeatable. */
export function disturb(bytes: Uint8Array, faults: WireFaults, random: () => number): readonly DisturbedChunk[] {
	const happens = (chance: number | undefined) => chance !== undefined && chance > 0 && random() < chance;
	const below = (limit: number) => Math.floor(random() * limit);
	if (bytes.length === 0 || happens(faults.drop)) return [];
	let wire = bytes.slice();
	if (happens(faults.truncate)) wire = wire.slice(0, below(wire.length));
	if (wire.length > 0 && happens(faults.corrupt)) {
		const position = below(wire.length);
		wire[position] = (wire[position] ?? 0) ^ (1 + below(255));
	}
	if (happens(faults.noise))
		wire = joined(
			Uint8Array.from({ length: 1 + below(8) }, () => below(256)),
			wire,
		);
	if (happens(faults.duplicate)) wire = joined(wire, wire);
	const lateMs = happens(faults.delay) ? random() * (faults.maxDelayMs ?? 0) : 0;
	const cut = happens(faults.split) ? below(wire.length) : 0;
	return [wire.slice(0, cut), wire.slice(cut)]
		.filter((part) => part.length > 0)
		.map((part) => ({ bytes: part, lateMs }));
}

/** USB checks what it carries: a HID report comes whole and right, or late, or twice, or not at all. */
export function disturbReport(
	bytes: Uint8Array,
	{ drop = 0, duplicate = 0, delay = 0, maxDelayMs = 0 }: WireFaults,
	random: () => number,
): readonly DisturbedChunk[] {
	if (random() < drop) return [];
	const lateMs = random() < delay ? random() * maxDelayMs : 0;
	const report = { bytes: bytes.slice(), lateMs };
	return random() < duplicate ? [report, { ...report, lateMs: 0 }] : [report];
}

function joined(first: Uint8Array, second: Uint8Array): Uint8Array<ArrayBuffer> {
	const both = new Uint8Array(first.length + second.length);
	both.set(first);
	both.set(second, first.length);
	return both;
}
