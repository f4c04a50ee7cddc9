import { describe, expect, it } from 'vitest';
import { parkgate } from '../support/program.ts';

/** `npm run soak` asks for more, and other vehicles each time. */
const SITES = Number(process.env['PARKGATE_FLEET_SITES'] ?? 25);
const SEED = process.env['PARKGATE_FLEET_SEED'] ?? '1';
const isLong = SITES > 100;
/** Of all sites some 17 a second, or what 1,000 real ones make. */
const EVENTS_PER_DAY = isLong ? 2_000 : 60_000;

/** The built program with a Mosquitto and a central of its own, each a process. */
describe('N11: a fleet of simulated sites', () => {
	it('loses nothing, doubles nothing and has central’s rows, though its broker dies and comes back empty', async () => {
		const times = isLong ? ['--duration', '60', '--ramp', '30'] : ['--duration', '8', '--ramp', '2'];
		const flags = [
			'--sites',
			`${SITES}`,
			'--seed',
			SEED,
			'--events-per-day',
			`${EVENTS_PER_DAY}`,
			'--people',
			'20',
			...times,
		];
		const { code, stdout, stderr } = await parkgate(['simulate', 'fleet', ...flags, '--storm', '--json']);
		expect(stderr).toBe('');
		const report = JSON.parse(stdout);
		expect(report).toMatchObject({
			...{ sites: SITES, ledger: { lost: 0, wrong: 0 }, current: SITES },
			storm: { connectedS: expect.any(Number), nothingWaitsS: expect.any(Number) },
		});
		expect(report.produced).toBeGreaterThan(100);
		expect(report.acknowledged).toBe(report.produced);
		expect(code).toBe(0);
	}, 600_000);

	it('has all rows at every site also where central is slower than the events that come', async () => {
		const flags = ['--sites', '12', '--events-per-day', '4000000', '--duration', '8', '--ramp', '8', '--people', '200'];
		const { code, stdout } = await parkgate(['simulate', 'fleet', ...flags, '--json']);
		expect(JSON.parse(stdout)).toMatchObject({ ledger: { lost: 0, wrong: 0 }, current: 12 });
		expect(code).toBe(0);
	}, 600_000);

	it('says what is missing where no broker answers', async () => {
		const flags = ['--sites', '2', '--url', 'mqtt://127.0.0.1:1', '--duration', '1', '--ramp', '0'];
		const { code, stdout } = await parkgate(['simulate', 'fleet', ...flags, '--patience', '3']);
		expect(stdout).toContain('all connected and in sync after not in time');
		expect(code).toBe(1);
	}, 180_000);
});
