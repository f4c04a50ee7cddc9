import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, test } from 'vitest';
import { ADMINISTRATOR, claimAndSignIn, createSiteFiles, signIn, startDaemon } from '../support/daemon.ts';
import { startProgram } from '../support/program.ts';

const DOCUMENT = readFileSync(path.join(import.meta.dirname, '../../docs/api.md'), 'utf8');

test('the examples of docs/api.md do what it says, one after the other', async () => {
	using files = createSiteFiles();
	await using daemon = await startDaemon({ configFile: files.configFile });
	await claimAndSignIn(daemon);
	const dir = mkdtempSync(path.join(tmpdir(), 'parkgate-examples-'));
	const script = [...DOCUMENT.matchAll(/^```sh\n(.*?)^```$/gms)].map(([, block]) => block).join('\n');
	const { email: EMAIL, password: PASSWORD } = ADMINISTRATOR;
	try {
		const env = { GATE: daemon.url, EMAIL, PASSWORD };
		const run = startProgram(['sh', '-eu', '-c', `cd '${dir}'\n${script}`], { env });
		const { code } = await run.exited;
		expect(code, `${run.stdout()}\n${run.stderr()}`).toBe(0);
		const wrote = (name: string): unknown => JSON.parse(readFileSync(path.join(dir, name), 'utf8'));
		expect(wrote('found.json')).toMatchObject({ items: [{ id: 'anna', tags: ['staff'] }], count: 1, nextCursor: null });
		expect(readFileSync(path.join(dir, 'people.csv'), 'utf8')).toContain('Anna Peeters');
		expect(wrote('batch.json')).toMatchObject({ rows: [{ id: 'bob' }, { id: 'anna', row: { note: 'Knows Bob' } }] });
		expect(wrote('preview.json')).toMatchObject({ rows: [{ id: 'anna-card' }, { id: 'anna-staff' }, { id: 'anna' }] });
		expect(wrote('availability.json')).toMatchObject({ areaId: 'A1', bookable: 50 });
		const shown = JSON.parse(/^```json\n(.*?)^```$/ms.exec(DOCUMENT)?.[1] ?? '') as { errors: object; code: string };
		expect(wrote('problem.json')).toMatchObject({ status: 422, code: shown.code, errors: shown.errors });
		const api = await signIn(daemon.url);
		expect(await api.get('holders/anna')).toMatchObject({ language: 'nl', note: null });
		expect(await api.get('holders?q=maes')).toMatchObject({ items: [] });
	} finally {
		rmSync(dir, { recursive: true });
	}
});
