import { z } from 'zod';
import { LIMITS } from '../../gateway/core/limits.ts';

/** Fields of every reader in `gateway.yaml` that says lines of text. */
export const lineFields = {
	parity: z.enum(['none', 'even', 'odd']).default('none'),
	stopBits: z.literal([1, 2]).default(1),
	start: z
		.enum(['none', 'STX'])
		.default('none')
		.describe('STX: text without an STX (02) before it is noise; where there is one, it is never part of the line'),
	end: z
		.enum(['character', 'silence'])
		.default('character')
		.describe('character: CR, LF, ETX or several of them. silence: a pause of gapMs'),
	gapMs: z.int().min(10).max(2_000).default(100).describe('A pause within a line, ms: it ends the line, or spoils it'),
	longest: z.int().min(4).max(LIMITS.readerLineLength).default(128).describe('Longer lines are given up'),
};
