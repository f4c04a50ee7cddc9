import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import type { VisitRequest } from '../../../src/gateway/services/visitors/visit-request.ts';
import { type BrowserSite, createBrowserSite, flawsOf, LOOKS } from '../../support/console-browser.ts';
import { aDevice } from '../../support/console-site.ts';
import { aPerson, STAFF } from '../../support/directory-seed.ts';
import { aVisit, HOUR_MS } from '../../support/visitors-bench.ts';

const BY = { operatorId: 'op-1' };
const CARD = '26:9ADDDF00';

let host: BrowserSite;
const visits: Record<'now' | 'coming', string> = { now: '', coming: '' };
beforeAll(async () => {
	host = await createBrowserSite();
	const { services, bench, devices } = host.site;
	await services.fillDirectory([STAFF, ...aPerson({ id: 'anna', name: 'Anna Peeters', tag: 'A1B2' })]);
	devices.push(aDevice(), aDevice({ id: 'reader-2', state: 'offline' }));
	const { visitors } = services.services;
	visitors.addSpecification({ name: 'Visitors', areaIds: [], useLimit: null }, BY);
	const made = (change: Partial<VisitRequest>) => {
		const answer = visitors.create(aVisit(bench.clock.nowMs(), change), BY);
		if (answer.result !== 'done') throw new Error(JSON.stringify(answer));
		return answer.visit.id;
	};
	const validFromMs = bench.clock.nowMs() + 30 * HOUR_MS;
	visits.now = made({ name: 'W'.repeat(120), credential: { kind: 'qr' }, hostId: 'anna', note: 'x'.repeat(300) });
	visits.coming = made({ validFromMs, validToMs: validFromMs + 5 * HOUR_MS });
});
afterEach(async () => {
	await host.closePages();
	host.complaints.length = 0;
});
afterAll(() => host.close());

const present = (tag: string) =>
	host.site.enrolments.take({ kind: 'tag', id: 'read', deviceId: 'reader-1', tag, atMs: 0, monotonicMs: 0 });

test('a known card is named in the dialog, another one fills the field', async () => {
	const page = await host.openSignedIn({}, 'reception');
	await page.goto('/visitors/new');
	await page.check('input[name=kind][value=tag]');
	await page.click('.present-tag');
	await page.click('#dialog button >> text=Wait for the tag');
	await page.waitForSelector('#dialog >> text=Hold the card in front of reader-1 now');
	expect(present('A1B2')).toBe(false);
	await page.waitForSelector('#dialog [role=alert] >> text=it belongs to Anna Peeters');
	expect(present(CARD)).toBe(true);
	await page.click('#dialog >> text=Use this tag');
	expect(await page.inputValue('#value')).toBe(CARD);
	expect(host.complaints).toEqual([]);
});

test('without scripts a tag is presented first, and stands in the form afterwards', async () => {
	host.site.bench.clock.advance(60_000);
	const page = await host.openSignedIn({ javaScriptEnabled: false }, 'reception');
	await page.goto('/visitors/new');
	await page.check('input[name=kind][value=tag]');
	await page.click('.present-tag');
	await page.click('main button >> text=Wait for the tag');
	await page.waitForSelector('text=Hold the card in front of reader-1 now');
	expect(present('26:9ADDDF40')).toBe(true);
	await page.reload();
	await page.click('text=Use this tag');
	expect(await page.inputValue('#value')).toBe('26:9ADDDF40');
	expect(await page.isChecked('input[name=kind][value=tag]')).toBe(true);
});

test('X6: the pass prints on one sheet of A6', async () => {
	const page = await host.openSignedIn();
	await page.goto(`/visitors/${visits.now}/pass`);
	const pdf = (await page.pdf({ preferCSSPageSize: true })).toString('latin1');
	expect(pdf.match(/\/Type ?\/Page\b/g)).toHaveLength(1);
	// Points of 1/72 inch: 105 × 148 mm.
	const [, width = '', height = ''] = /MediaBox ?\[0 0 ([\d.]+) ([\d.]+)\]/.exec(pdf) ?? [];
	expect([Math.round(Number(width)), Math.round(Number(height))]).toEqual([298, 420]);
});

test.each(LOOKS)(
	'%i pixels wide, %s: no sideways scrolling, readable text, targets that a finger hits',
	async (width, colorScheme) => {
		const page = await host.openSignedIn({
			...{ colorScheme, viewport: { width, height: 800 }, reducedMotion: 'reduce' },
			hasTouch: width === 360,
		});
		const findings: string[] = [];
		for (const address of [
			'/visitors',
			'/visitors?when=past',
			'/visitors/new',
			'/visitors/kinds/new',
			`/visitors/${visits.now}?done=made`,
			`/visitors/${visits.coming}`,
			`/visitors/${visits.now}/pass`,
			'/enrolments/new?field=value&back=/visitors/new',
		]) {
			await page.goto(address);
			findings.push(...(await flawsOf(page, address)));
		}
		expect(findings).toEqual([]);
		expect(host.complaints).toEqual([]);
	},
);
