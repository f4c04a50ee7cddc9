import { createSeededRandom, type SeededRandom } from '../../src/gateway/core/seeded-random.ts';

const LONGEST_NOISE = 300;

/** Chunks without end: noise, and what a device says and is told, damaged, cut, glued and repeated. */
export function createFuzzChunks(seed: number, corpus: readonly Uint8Array[]): () => Uint8Array {
	const random = createSeededRandom(seed);
	const known = corpus.filter((chunk) => chunk.length > 0);
	return () => {
		if (known.length === 0 || random.next() < 0.3) return noise(random);
		const chunk = random.pick(known);
		switch (random.between(0, 5)) {
			case 0:
				return chunk;
			case 1:
				return chunk.slice(random.between(0, chunk.length - 1));
			case 2:
				return chunk.slice(0, random.between(1, chunk.length));
			case 3:
				return joined(chunk, chunk.subarray(0, random.between(1, chunk.length)), random.pick(known));
			default:
				return damaged(random, chunk);
		}
	};
}

function noise(random: SeededRandom): Uint8Array {
	// One value again and again fills buffers that a start byte opens.
	const same = random.between(0, 255);
	const repeats = random.next() < 0.2;
	return Uint8Array.from({ length: random.between(1, LONGEST_NOISE) }, () => (repeats ? same : random.between(0, 255)));
}

function damaged(random: SeededRandom, chunk: Uint8Array): Uint8Array {
	const bytes = chunk.slice();
	for (let change = random.between(1, 3); change > 0; change--) {
		const at = random.between(0, bytes.length - 1);
		// Lengths and counts are bytes like others: their extremes are tried more often.
		bytes[at] = random.pick([0, 0xff, random.between(0, 255), (bytes[at] ?? 0) ^ (1 << random.between(0, 7))]);
	}
	return bytes;
}

function joined(...chunks: readonly Uint8Array[]): Uint8Array {
	return Uint8Array.from(chunks.flatMap((chunk) => [...chunk]));
}
