import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { LaneEvent, LaneEventEntry } from '../../../src/gateway/core/journal.ts';
import { type ConsoleSite, createConsoleSite, type Visitor } from '../../support/console-site.ts';

const MINUTE_MS = 60_000;

let site: ConsoleSite;
let guard: Visitor;
beforeAll(async () => {
	site = createConsoleSite();
	guard = await site.signIn('security');
	happened('old', 'forcedOpen', { atMs: site.bench.clock.nowMs() - 31 * MINUTE_MS });
	happened('back', 'backedOut');
	happened('follower', 'tailgate');
	happened('healed', 'missedExit', { detail: { area: 'A1-vip', holder: 'SECRET' } });
});
afterAll(() => site.close());

function happened(id: string, event: LaneEvent, change: Partial<LaneEventEntry> = {}): void {
	const about = { laneId: 'L2', decisionId: null, detail: {} };
	const atMs = site.bench.clock.nowMs();
	site.bench.store.journal.append({ type: 'lane', class: 'decision', id, atMs, event, ...about, ...change });
}

const textOf = (html: string) => html.replaceAll(/<[^>]*>/g, ' ').replaceAll(/\s+/g, ' ');

describe('N4 alarms of lanes', () => {
	test('stand on the live page for half an hour, with what to do', async () => {
		const text = textOf(await guard.page('/'));
		expect(text).toContain('1 alarm in the last 30 minutes South entry · A second vehicle followed');
		expect(text).toContain('Check who followed, and correct the occupancy if needed.');
		expect(text).not.toContain('forced open');
		expect(textOf(await guard.page('/live/alarms'))).toContain('South entry');
	});

	test('are listed with all else that happened, and narrowed by lane and kind', async () => {
		const all = textOf(await guard.page('/log/lanes'));
		for (const words of ['backed out', 'second vehicle', 'forced open', 'missed exit', 'Visitors']) {
			expect(all).toContain(words);
		}
		expect(all).not.toContain('SECRET');
		const rows = (html: string) => textOf(html.split('<tbody>')[1] ?? '');
		const alarms = rows(await guard.page('/log/lanes?only=alarms'));
		expect(alarms).toMatch(/second vehicle.*forced open/);
		expect(alarms).not.toContain('backed out');
		expect(rows(await guard.page('/log/lanes?lane=L1'))).toBe('');
		expect(await guard.page('/log')).toContain('href="/log/lanes"');
	});

	test('a page that is no longer there leads to the newest', async () => {
		expect(textOf(await guard.page('/log/lanes?cursor=forged'))).toMatch(/no longer exists.*second vehicle/);
	});
});
