import { z } from 'zod';

/** Antennas of a reader in use. */
export function antennasField(most: number) {
	return z
		.array(z.int().min(1).max(most))
		.min(1)
		.max(most)
		.refine((list) => new Set(list).size === list.length, 'each antenna once')
		.default([1])
		.describe('Antennas in use, looked at in turn');
}
