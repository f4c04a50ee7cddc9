import { execFile } from 'node:child_process';
import process from 'node:process';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { inMountNamespace } from '../../support/mount-namespace.ts';
import { tempDir } from '../../support/temp-store.ts';

const told = z.object({ outcomes: z.array(z.string()), whenFull: z.array(z.string()), atLast: z.number() });

test('I15: pictures on a disk that is full leave nothing behind: what is there is whole, and there is room again once some went', async () => {
	const dir = tempDir();
	const [command = '', ...args] = inMountNamespace(`mount -t tmpfs -o size=400k none "${dir}"`);
	const program = [process.execPath, 'test/support/fill-with-evidence.ts', dir];
	const { stdout } = await promisify(execFile)(command, [...args, ...program]);
	const { outcomes, whenFull, atLast } = told.parse(JSON.parse(stdout));
	const kept = outcomes.slice(0, 12).filter((outcome) => outcome === 'kept').length;
	expect(kept).toBeGreaterThan(3);
	expect(kept).toBeLessThan(12);
	expect(outcomes.slice(kept, 12)).toEqual(Array.from({ length: 12 - kept }, () => 'ENOSPC'));
	// Of each picture that was kept the large form and the small one, and half of none.
	expect(whenFull.filter((name) => name.endsWith('-0.jpg'))).toHaveLength(kept);
	expect(whenFull.filter((name) => name.endsWith('-0-small.jpg'))).toHaveLength(kept);
	expect(whenFull).toHaveLength(2 * kept);
	expect([outcomes.at(-1), atLast]).toEqual(['kept', 2 * kept]);
});
