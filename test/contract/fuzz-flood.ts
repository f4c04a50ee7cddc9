import process from 'node:process';
import { expect } from 'vitest';
import { heapAfterGc } from './heap-after-gc.ts';

/** `npm run soak` sets more. */
const bytes = Number(process.env['PARKGATE_FUZZ_BYTES'] ?? 200_000);
export const FUZZ = {
	bytes,
	seed: Number(process.env['PARKGATE_FUZZ_SEED'] ?? 20_260_105),
	testMs: 60_000 + bytes / 2,
} as const;
/** What a codec may keep is far less; the rest is the engine's own. */
const GROWTH_BYTES = 4_000_000;

/** Gives about FUZZ.bytes to `take`, and holds what stays in memory after a tenth of them against what stays in the end. */
export async function flood(next: () => Uint8Array, take: (chunk: Uint8Array) => void | Promise<void>): Promise<void> {
	let given = 0;
	let warmHeap: number | undefined;
	while (given < FUZZ.bytes) {
		const chunk = next();
		given += chunk.length;
		await take(chunk);
		if (warmHeap === undefined && given > FUZZ.bytes / 10) warmHeap = heapAfterGc();
	}
	expect(heapAfterGc() - (warmHeap ?? 0)).toBeLessThan(GROWTH_BYTES);
}
