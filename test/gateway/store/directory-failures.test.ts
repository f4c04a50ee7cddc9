import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { openTempDirectory } from '../../support/directory-bench.ts';
import { inMountNamespace } from '../../support/mount-namespace.ts';
import { tempDir } from '../../support/temp-store.ts';

const PROGRAM = 'test/support/stage-snapshots.ts';

test('a disk that fills up under a snapshot: told as such, the old state stays live, nothing is left over', async () => {
	const dir = tempDir();
	const [command = '', ...args] = inMountNamespace(`mount -t tmpfs -o size=2m none "${dir}"`);
	const { stdout } = await promisify(execFile)(command, [...args, process.execPath, PROGRAM, dir, '40000', '2']);
	const [first, second] = stdout
		.trim()
		.split('\n')
		.map((line) => JSON.parse(line));
	expect(first).toMatchObject({ result: 'live', live: 1, found: 'c7', credentials: 500 });
	expect(second).toEqual({ result: 'STORE_FULL', live: 1, found: 'c7', credentials: 500, files: first.files });
});

test('killed while a snapshot is staged or swapped: one whole state is live, and only its file stays', async () => {
	const dir = tempDir();
	for (const delayMs of [0, 60, 120, 200, 300]) {
		const program = spawn(process.execPath, [PROGRAM, dir, '4000', '1000'], { stdio: ['ignore', 'pipe', 'inherit'] });
		await once(program.stdout, 'data');
		const killing = setTimeout(() => program.kill('SIGKILL'), delayMs);
		await once(program, 'close');
		clearTimeout(killing);
		const { reader, close } = openTempDirectory(dir);
		const live = reader.stream('access')?.rev ?? 0;
		expect(live).toBeGreaterThan(0);
		expect(reader.counts()).toMatchObject({ credentials: live === 1 ? 500 : 4_000 });
		for (const n of [0, 7, 499]) expect(reader.credential('tag', `${live}:${n}`)?.id).toBe(`c${n}`);
		expect(readdirSync(dir).filter((name) => /^directory-\d+\.db$/.test(name))).toHaveLength(1);
		await close();
	}
}, 180_000);
