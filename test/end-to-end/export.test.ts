import { readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { createSiteFiles, startDaemon } from '../support/daemon.ts';
import { parkgate } from '../support/program.ts';

const files = createSiteFiles({}, 'exports');
afterAll(() => files[Symbol.dispose]());

it('X7: lists are taken along beside the running gateway, and its journal keeps that they were', async () => {
	await using daemon = await startDaemon({ configFile: files.configFile });
	const at = ['--config', files.configFile];
	const csv = await parkgate(['export', 'holders', ...at]);
	expect(csv).toMatchObject({ code: 0, stderr: '' });
	expect(csv.stdout).toMatch(/^\uFEFFId,Name,Kind,/);
	const output = path.join(files.dir, 'rights.xlsx');
	expect(await parkgate(['export', 'rights', ...at, '-o', output])).toMatchObject({
		code: 0,
		stdout: `0 rows in ${output}\n`,
	});
	expect(readFileSync(output).subarray(0, 2).toString()).toBe('PK');
	expect(statSync(output).mode & 0o777).toBe(0o600);
	const refused = await parkgate(['export', 'holders', ...at, '--where', 'nothing=1']);
	expect(refused).toMatchObject({ code: 1, stdout: '', stderr: expect.stringContaining('nothing') });
	const nowhere = await parkgate(['export', 'holders', ...at, '-o', path.join(files.dir, 'no/such.csv')]);
	expect(nowhere).toMatchObject({ code: 1, stderr: expect.stringContaining('no/such.csv') });
	const journal = JSON.parse((await parkgate(['journal', 'verify', ...at, '--json'])).stdout) as Record<
		string,
		unknown
	>;
	expect(journal).toMatchObject({ broken: null });
	expect(journal['rows']).toBeGreaterThanOrEqual(3);
	expect(await daemon.stop()).toMatchObject({ code: 0 });
	expect(daemon.log().filter(({ level }) => level === 'error')).toEqual([]);
});
