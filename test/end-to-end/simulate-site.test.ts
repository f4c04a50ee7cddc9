import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { parkgate } from '../support/program.ts';

/** The built program: gateway, drivers, broker and central are the real ones, only what is before them is made up. */
describe('parkgate simulate site', () => {
	const dir = mkdtempSync(path.join(tmpdir(), 'parkgate-simulate-site-'));
	afterAll(() => rmSync(dir, { recursive: true, force: true }));

	it('lets vehicles through the demo site, counts as many as are inside, and has told central all of it', async () => {
		const flags = ['--vehicles', '12', '--every', '700', '--seed', '5', '--patience', '120'];
		const { code, stdout, stderr } = await parkgate(['simulate', 'site', ...flags, '--json']);
		expect(stderr).toBe('');
		const report = JSON.parse(stdout);
		expect(report).toMatchObject({ site: 'demo', seed: 5, equal: true, unsettled: [], reservations: 0 });
		const through = report.lanes.reduce((sum: number, lane: { through: number }) => sum + lane.through, 0);
		// How many get through in real time is the machine's doing.
		expect(through).toBeGreaterThan(0);
		expect(report.decisions['granted']).toBeGreaterThan(0);
		expect(report.occupancy.find(({ area }: { area: string }) => area === 'P1').inside).toBeLessThanOrEqual(through);
		expect(report.events.atCentral).toBeGreaterThan(through * 2);
		expect(code).toBe(0);
	}, 240_000);

	it('takes a site with real devices, opens none of them, needs none of its secrets and leaves its store alone', async () => {
		const store = path.join(dir, 'store');
		const file = path.join(dir, 'gateway.yaml');
		const demo = readFileSync(path.join(import.meta.dirname, '../../config/demo.yaml'), 'utf8');
		writeFileSync(
			file,
			demo
				.replace('../var/demo', store)
				.replaceAll('sim:', '/dev/serial/by-id/nothing-')
				.replace('key: 7C1E5D0943A8F26B90D4E3157A2C86BF', `key: "\${credential:no-such}"`)
				.replace(/^simulation:\n.*\n/m, ''),
		);
		const before = readdirSync(dir);
		const flags = ['--config', file, '--vehicles', '2', '--every', '500', '--patience', '120'];
		const { code, stdout, stderr } = await parkgate(['simulate', 'site', ...flags]);
		expect(stderr).toBe('');
		expect(stdout).toMatch(/Site +demo, \d+ vehicles/);
		expect(stdout).not.toContain('NOT EQUAL');
		expect(code).toBe(0);
		expect(readdirSync(dir)).toEqual(before);
	}, 240_000);

	it('says where a configuration is wrong', async () => {
		const file = path.join(dir, 'wrong.yaml');
		writeFileSync(file, 'site: { id: Wrong }\n');
		const { code, stderr } = await parkgate(['simulate', 'site', '--config', file]);
		expect(stderr).toContain('wrong.yaml:1:');
		expect(code).toBe(1);
	});
});
