import { describe, expect, it } from 'vitest';
import { parkgate } from '../support/program.ts';

/** The built program with a Mosquitto and a central of its own, each a process. */
describe('N11: a fleet of simulated sites', () => {
	it('loses nothing, doubles nothing and has central’s rows, though its broker dies and comes back empty', async () => {
		const flags = ['--sites', '25', '--duration', '8', '--ramp', '2', '--events-per-day', '60000', '--people', '20'];
		const { code, stdout, stderr } = await parkgate(['simulate', 'fleet', ...flags, '--storm', '--json']);
		expect(stderr).toBe('');
		const report = JSON.parse(stdout);
		expect(report).toMatchObject({
			...{ sites: 25, ledger: { lost: 0, wrong: 0 }, current: 25 },
			storm: { connectedS: expect.any(Number), nothingWaitsS: expect.any(Number) },
		});
		expect(report.produced).toBeGreaterThan(100);
		expect(report.acknowledged).toBe(report.produced);
		expect(code).toBe(0);
	}, 600_000);

	it('says what is missing where no broker answers', async () => {
		const flags = ['--sites', '2', '--url', 'mqtt://127.0.0.1:1', '--duration', '1', '--ramp', '0'];
		const { code, stdout } = await parkgate(['simulate', 'fleet', ...flags, '--patience', '3']);
		expect(stdout).toContain('all connected and in sync after not in time');
		expect(code).toBe(1);
	}, 120_000);
});
