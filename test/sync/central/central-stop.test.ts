import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type CentralBench, createCentralBench } from '../../support/central-bench.ts';
import { plate, put } from '../../support/directory-bench.ts';

const VEND = { op: 'vend', target: 'L1', reason: 'a delivery', by: 'Anna' } as const;
const HOUR_MS = 3_600_000;

/** What is planned for later must not run into a store that is closed. */
describe('N11: a central that stops', () => {
	let bench: CentralBench;
	beforeEach(() => {
		bench = createCentralBench();
		bench.central.start();
	});
	afterEach(() => bench.end());

	const troubles = () => bench.log.lines.filter(({ level }) => level === 'error' || level === 'warn');

	it('says of commands under way that their outcome is unknown, and leaves no timer', async () => {
		const site = await bench.site('site-1');
		site.born();
		await bench.settle();
		const { commandId, answered } = bench.central.ask('site-1', VEND);
		await bench.settle();
		expect(site.heard.map(({ type }) => type)).toContain('command');
		await bench.central.stop();
		expect(await answered).toEqual({
			...{ commandId, outcome: 'unknown', report: null },
			because: 'central stopped before the site answered',
		});
		await bench.clock.advanceAsync(HOUR_MS);
		expect(bench.clock.pendingTimers()).toBe(0);
		expect(troubles()).toEqual([]);
	});

	it('says no more that a configuration on trial may stay', async () => {
		const site = await bench.site('site-1');
		const runs = { version: 'a'.repeat(64), source: 'version' } as const;
		site.born([], 0, { ...runs, trial: null });
		await bench.settle();
		const asked = { op: 'configApply', target: runs.version, withinS: 600, keep: 'byItself', force: false } as const;
		const { commandId } = bench.central.ask('site-1', { ...asked, reason: 'new lane', by: 'Anna' });
		site.born([], 0, { ...runs, trial: { target: runs.version, commandId } });
		await bench.clock.advanceAsync(60_000);
		const keeps = () =>
			site.heard.filter(({ type, body }) => type === 'command' && (body as { op: string }).op === 'configKeep').length;
		const before = keeps();
		expect(before).toBeGreaterThan(1);
		await bench.central.stop();
		await bench.clock.advanceAsync(HOUR_MS);
		expect(keeps()).toBe(before);
		expect(bench.clock.pendingTimers()).toBe(0);
	});

	it('ends a snapshot that is being made, without a word of trouble', async () => {
		const rows = Array.from({ length: 5_000 }, (_, n) => put('credentials', plate(`c${n}`, `1P${n}`)));
		bench.central.change('access', rows);
		const site = await bench.site('site-1');
		site.born();
		await bench.settle();
		site.asks('snapshotRequest', { stream: 'access', snapshotId: null, atLeastRev: 0 });
		// Promises do not settle on the way: the first rows are in, the rest waits for its turn.
		bench.clock.advance(10);
		await bench.central.stop();
		await bench.clock.advanceAsync(HOUR_MS);
		expect(site.heard.map(({ type }) => type)).not.toContain('manifest');
		expect(bench.clock.pendingTimers()).toBe(0);
		expect(troubles()).toEqual([]);
	});
});
