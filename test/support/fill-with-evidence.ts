import { createHash } from 'node:crypto';
import { globSync, rmSync } from 'node:fs';
import path from 'node:path';
import { writeEvidence } from '../../src/gateway/store/evidence-files.ts';

// Run as a program: DIR on a small disk. Writes pictures until the disk is full and on, then frees some of it and writes one
// more. Prints what became of each, and the files that are there then.
const [dir = ''] = process.argv.slice(2);
const outcomes: string[] = [];

function write(n: number): void {
	const id = createHash('sha256').update(`${n}`).digest('hex');
	const bytes = Buffer.alloc(50_000, n);
	try {
		writeEvidence(dir, { id, revision: 0, contentType: 'image/jpeg' }, { bytes, thumbnail: bytes.subarray(0, 3_000) });
		outcomes.push('kept');
	} catch (error) {
		outcomes.push(error instanceof Error && 'code' in error ? String(error.code) : 'unknown');
	}
}

const files = () => globSync('*/*', { cwd: dir }).map((file) => path.basename(file));
for (let n = 0; n < 12; n += 1) write(n);
const whenFull = files();
const [first = ''] = whenFull;
rmSync(path.join(dir, first.slice(0, 2)), { recursive: true });
write(99);
process.stdout.write(JSON.stringify({ outcomes, whenFull, atLast: files().length }));
