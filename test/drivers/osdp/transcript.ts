import { readFileSync } from 'node:fs';
import { z } from 'zod';

const sessionKeys = z.object({
	key: z.string(),
	scbk: z.string(),
	rnd_a: z.string(),
	rnd_b: z.string(),
	s_enc: z.string(),
	s_mac1: z.string(),
	s_mac2: z.string(),
	rmac_i: z.string(),
});

const line = z.object({
	n: z.int(),
	dir: z.enum(['cp', 'pd']),
	hex: z.string(),
	name: z.string(),
	addr: z.int(),
	seq: z.int(),
	crc: z.boolean(),
	scs: z.string().nullable(),
	data: z.string(),
	plain: z.string().nullable(),
	session: sessionKeys.nullable(),
});

export type TranscriptLine = z.infer<typeof line>;

/** Lines of a recorded conversation in test/fixtures/osdp. */
export function readTranscript(name: string): TranscriptLine[] {
	const text = readFileSync(new URL(`../../fixtures/osdp/${name}.jsonl`, import.meta.url), 'utf8');
	return text
		.trim()
		.split('\n')
		.map((json) => line.parse(JSON.parse(json)));
}
