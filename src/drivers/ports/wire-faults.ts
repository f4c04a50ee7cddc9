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
