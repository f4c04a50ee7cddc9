import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { periodEdges, stretches } from '../../../src/api/console/pages/occupancy/occupancy-history.ts';
import { type ConsoleSite, createConsoleSite, type Visitor } from '../../support/console-site.ts';
import { aPerson } from '../../support/directory-seed.ts';

const textOf = (html: string) => html.replaceAll(/<[^>]*>/g, ' ').replaceAll(/\s+/g, ' ');

describe('how full an area was', () => {
	test('a count stays what it was until the next; before the first nothing is known', () => {
		const samples = [
			{ atMs: 10, occupied: 4 },
			{ atMs: 25, occupied: 8 },
		];
		expect(stretches(samples, [0, 10, 20, 30, 40])).toEqual([
			{ startMs: 0, level: null },
			{ startMs: 10, level: { lowest: 4, average: 4, highest: 4 } },
			{ startMs: 20, level: { lowest: 4, average: 6, highest: 8 } },
			{ startMs: 30, level: { lowest: 8, average: 8, highest: 8 } },
		]);
	});

	test('begins with the level from before the period', () => {
		expect(stretches([{ atMs: -500, occupied: 3 }], [0, 10])).toEqual([
			{ startMs: 0, level: { lowest: 3, average: 3, highest: 3 } },
		]);
	});

	test('days are those of the site: the one when clocks go forward has 23 hours', () => {
		const noon = Date.parse('2026-03-30T12:00:00+02:00');
		const { rows } = periodEdges('week', noon, 'Europe/Brussels');
		const sunday = rows.indexOf(Date.parse('2026-03-29T00:00:00+01:00'));
		expect(sunday).toBeGreaterThan(0);
		expect((rows[sunday + 1] ?? 0) - (rows[sunday] ?? 0)).toBe(23 * 3_600_000);
		expect(rows.at(-1)).toBe(noon);
	});

	test.each(['today', 'week', 'month'] as const)('%s has edges in order, also at midnight', (period) => {
		for (const at of ['2026-01-05T00:00:00+01:00', '2026-01-05T23:59:59+01:00']) {
			const { chart, rows } = periodEdges(period, Date.parse(at), 'Europe/Brussels');
			for (const edges of [chart, rows]) {
				expect(edges.length).toBeGreaterThan(1);
				expect(edges.every((edge, place) => place === 0 || edge > (edges[place - 1] ?? edge))).toBe(true);
			}
			expect(chart.length).toBeLessThan(400);
		}
	});
});

describe('on the pages', () => {
	let site: ConsoleSite;
	let admin: Visitor;
	beforeEach(async () => {
		site = createConsoleSite();
		admin = await site.signIn('administrator');
		for (const [areaId, occupied] of [
			['P1', 40],
			['A1', 30],
			['A1-vip', 6],
		] as const) {
			site.bench.store.occupancy.adjust(areaId, occupied);
		}
	});
	afterEach(() => site.close());

	const counts = () =>
		Object.fromEntries(['P1', 'A1', 'A1-vip'].map((id) => [id, site.bench.store.occupancy.counter(id).occupied]));

	test('parks come before their areas, with figures, and the history of the one chosen', async () => {
		const { store, clock } = site.bench;
		store.occupancySamples.add(clock.nowMs() - 5_400_000, [{ areaId: 'A1', occupied: 28 }]);
		const html = await admin.page('/occupancy?area=A1&period=today');
		const text = textOf(html);
		expect(text).toMatch(/North car park Whole park 40 \/ 120 .* Deck 30 \/ 80 .* Visitors 6 \/ 10/);
		expect(text).toContain('How full Deck was');
		expect(text).toContain('08:00 28 28 28 07:00 28 28 28');
		expect(html).toMatch(/data-points="\[\[/);
		expect(text).toContain('Recorded since Mon, 5 Jan 2026, 07:30.');
	});

	test('since when is not said of a period that was recorded from its beginning', async () => {
		const { store, clock } = site.bench;
		store.occupancySamples.add(clock.nowMs() - 3 * 86_400_000, [{ areaId: 'A1', occupied: 28 }]);
		expect(textOf(await admin.page('/occupancy?area=A1&period=today'))).not.toContain('Recorded since');
		expect(textOf(await admin.page('/occupancy?area=A1&period=week'))).toContain('Recorded since');
	});

	test('says when nothing was recorded', async () => {
		expect(textOf(await admin.page('/occupancy'))).toContain('Nothing was recorded in this period');
	});

	test('is corrected after a look at before and after, enclosing areas by the same number', async () => {
		const fields = { occupied: '9', reason: ' Counted on foot ' };
		const asked = await admin.post('/occupancy/A1-vip/adjust', fields);
		expect(textOf(await asked.text())).toContain('Visitors 6 9 Deck 30 33 North car park 40 43');
		expect(counts()).toEqual({ P1: 40, A1: 30, 'A1-vip': 6 });
		const sent = await admin.post('/occupancy/A1-vip/adjust', { ...fields, step: 'confirm', before: '6' });
		expect(sent.status).toBe(303);
		expect(counts()).toEqual({ P1: 43, A1: 33, 'A1-vip': 9 });
		expect(textOf(await admin.page(sent.headers.get('location') ?? ''))).toContain('The count of Visitors is 9 now');
		expect(site.bench.audits().at(-1)).toMatchObject({
			operatorId: admin.operatorId,
			action: 'occupancyAdjusted',
			target: 'A1-vip',
			detail: { before: 6, after: 9, reason: 'Counted on foot' },
		});
	});

	test('is shown again when the count moved meanwhile', async () => {
		const fields = { occupied: '9', reason: 'Counted', step: 'confirm', before: '5' };
		const sent = await admin.post('/occupancy/A1-vip/adjust', fields);
		expect(textOf(await sent.text())).toContain('The count changed meanwhile.');
		expect(counts()).toMatchObject({ 'A1-vip': 6 });
	});

	test.each([
		['', 'Counted', 'Give a whole number from 0 to 100,000.'],
		['-3', 'Counted', 'Give a whole number'],
		['3.5', 'Counted', 'Give a whole number'],
		['100001', 'Counted', 'Give a whole number'],
		['6', 'Counted', 'This is the count already'],
		['7', '  ', 'Say why in a few words.'],
	])('refuses %j for %j', async (occupied, reason, words) => {
		const sent = await admin.post('/occupancy/A1-vip/adjust', { occupied, reason, step: 'confirm', before: '6' });
		expect(sent.status).toBe(422);
		expect(textOf(await sent.text())).toContain(words);
		expect(counts()).toMatchObject({ 'A1-vip': 6 });
	});

	test('presence is reset for one holder, with a reason, in the journal', async () => {
		await site.services.fillDirectory(aPerson({ id: 'anna', name: 'Anna Peeters', right: null }));
		expect(await admin.page('/occupancy/presence?q=peet')).toContain('href="/occupancy/presence?holder=anna"');
		expect((await admin.post('/occupancy/presence', { holder: 'anna' })).status).toBe(422);
		const sent = await admin.post('/occupancy/presence', { holder: 'anna', reason: 'Walked out' });
		expect(textOf(await admin.page(sent.headers.get('location') ?? ''))).toContain('Presence of Anna Peeters is reset');
		expect(site.bench.store.neutralHolders.isNeutral('anna')).toBe(true);
		expect(site.bench.audits().at(-1)).toMatchObject({
			action: 'presenceReset',
			target: 'anna',
			detail: { reason: 'Walked out' },
		});
	});

	test('presence of everybody takes a second yes', async () => {
		const all = { who: 'all', reason: 'Evacuation' };
		const unsure = await admin.post('/occupancy/presence', all);
		expect(unsure.status).toBe(422);
		expect(textOf(await unsure.text())).toContain('Confirm that it is for everybody inside.');
		const sent = await admin.post('/occupancy/presence', { ...all, sure: 'yes' });
		expect(textOf(await admin.page(sent.headers.get('location') ?? ''))).toContain('Presence is reset for 0 holders');
		expect(site.bench.audits().at(-1)).toMatchObject({ action: 'presenceReset', target: 'all' });
	});

	test('what a role may not do is not offered, and refused', async () => {
		const technician = await site.signIn('technician');
		const html = await technician.page('/occupancy');
		expect(html).toContain('href="/occupancy/A1/adjust"');
		expect(html).not.toContain('href="/occupancy/presence"');
		expect((await technician.get('/occupancy/presence')).status).toBe(403);
		expect((await technician.post('/occupancy/presence', { who: 'all', sure: 'yes', reason: 'x' })).status).toBe(403);
	});
});
