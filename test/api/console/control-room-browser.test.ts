import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type BrowserSite, createBrowserSite, flawsOf, LOOKS } from '../../support/console-browser.ts';
import { aLaneView, LANES } from '../../support/console-site.ts';
import { aPerson, STAFF } from '../../support/directory-seed.ts';

let host: BrowserSite;
beforeAll(async () => {
	host = await createBrowserSite();
	await host.site.services.fillDirectory([
		STAFF,
		...aPerson({ id: 'anna', name: 'Anna Peeters', plate: '1ABC234' }),
		...aPerson({ id: 'bob', name: 'Bob Peeters', plate: '2DEF567', right: 'suspended' }),
	]);
});
afterAll(() => host.close());
afterEach(() => host.closePages());
beforeEach(() => {
	host.complaints.length = 0;
	host.site.modeChanges.length = 0;
	const [north] = LANES;
	if (north !== undefined) host.site.lanes.set('L1', aLaneView(north, { canHold: true }));
	const { store, clock } = host.site.bench;
	store.occupancy.adjust('P1', 40);
	store.occupancy.adjust('A1', 30);
	store.occupancySamples.add(clock.nowMs() - 5_400_000, [{ areaId: 'P1', occupied: 28 }]);
	store.occupancySamples.add(clock.nowMs() - 1_800_000, [{ areaId: 'P1', occupied: 41 }]);
});

describe.each([true, false])('with scripts: %s', (javaScriptEnabled) => {
	test('a receptionist explains an access', async () => {
		const page = await host.openSignedIn({ javaScriptEnabled }, 'reception');
		await page.click('nav >> text=Explain');
		await page.fill('#q', 'peeters');
		await page.keyboard.press('Enter');
		await page.click('.holder-hit >> text=Bob Peeters');
		expect(await page.textContent('.verdict-head__cause')).toBe('May not enter');
		expect(await page.textContent('.changes')).toContain('The access right is suspended');
		await page.selectOption('#lane', 'L3');
		if (!javaScriptEnabled) await page.click('main button[type=submit]');
		await page.waitForSelector('.verdict-head__cause >> text=May leave');
		expect(new URL(page.url()).searchParams.get('holder')).toBe('bob');
		expect(host.complaints).toEqual([]);
	});

	test('an administrator corrects a count after a look at what it changes', async () => {
		const page = await host.openSignedIn({ javaScriptEnabled });
		await page.click('nav >> text=Occupancy');
		await page.click('#adjust-A1');
		await page.fill('#occupied', '25');
		await page.fill('#reason', 'Counted on foot');
		await page.click('text=Go on');
		await page.waitForSelector('.count-changes');
		expect(host.site.bench.store.occupancy.counter('A1').occupied).toBe(30);
		await page.click('text=Set the count');
		await page.waitForSelector('text=The count of Deck is 25 now');
		expect(host.site.bench.store.occupancy.counter('P1').occupied).toBe(35);
		expect(host.complaints).toEqual([]);
	});

	test('an administrator holds a lane open and gives it back', async () => {
		const page = await host.openSignedIn({ javaScriptEnabled });
		await page.click('#lane-L1-mode');
		await page.check('input[value=hold]');
		await page.fill('#reason', 'Moving day');
		await page.check('input[name=end][value="240"]');
		await page.click('button >> text=Apply');
		await page.waitForSelector('[role=alert] >> text=The lane is held open');
		await page.click('text=Done');
		await page.waitForSelector('#lane-L1 >> text=Moving day');
		expect(await page.locator('#lane-L1-vend').count()).toBe(0);
		await page.click('#lane-L1-mode');
		await page.check('input[value=release]');
		await page.fill('#reason', 'All moved');
		await page.click('button >> text=Apply');
		await page.waitForSelector('[role=alert] >> text=works as usual again');
		await page.click('text=Done');
		await page.waitForSelector('#lane-L1-vend');
		expect(host.site.modeChanges.map(({ change, reason }) => [change, reason])).toEqual([
			['hold', 'Moving day'],
			['release', 'All moved'],
		]);
		expect(host.complaints).toEqual([]);
	});
});

describe('the chart', () => {
	test('is drawn from the figures of the table, which stays as the reader left it', async () => {
		const page = await host.openSignedIn();
		await page.goto('/occupancy?area=P1&period=today');
		await page.waitForSelector('.chart canvas');
		expect(await page.textContent('.chart .u-legend')).toMatch(/Highest/);
		expect(await page.locator('.history__table').getAttribute('open')).toBeNull();
		await page.click('.history__table summary');
		expect(await page.textContent('.history__table tbody')).toContain('41');
		expect(host.complaints).toEqual([]);
	});

	test('shows one count alone as a point, and since when', async () => {
		const { store, clock } = host.site.bench;
		store.occupancySamples.add(clock.nowMs() - 30_000, [{ areaId: 'A1-vip', occupied: 6 }]);
		const page = await host.openSignedIn();
		await page.goto('/occupancy?area=A1-vip&period=week');
		await page.waitForSelector('.chart canvas');
		expect(await page.textContent('#history')).toContain('Recorded since');
		const drawn = await page.locator('.chart canvas').evaluate((canvas: HTMLCanvasElement) => {
			const probe = document.createElement('span');
			probe.className = 'chart__line';
			canvas.closest('.chart')?.append(probe);
			const context = canvas.getContext('2d');
			if (context === null) return 0;
			const pixels = context.getImageData(0, 0, canvas.width, canvas.height).data;
			// The browser says itself what the style sheet's colour is in red, green and blue.
			const one = new OffscreenCanvas(1, 1).getContext('2d');
			if (one === null) return 0;
			one.fillStyle = getComputedStyle(probe).color;
			one.fillRect(0, 0, 1, 1);
			const [red, green, blue] = one.getImageData(0, 0, 1, 1).data;
			let count = 0;
			for (let at = 0; at < pixels.length; at += 4)
				if (pixels[at] === red && pixels[at + 1] === green && pixels[at + 2] === blue) count += 1;
			return count;
		});
		expect(drawn).toBeGreaterThan(20);
		expect(host.complaints).toEqual([]);
	});

	test('without scripts the table stands open in its place', async () => {
		const page = await host.openSignedIn({ javaScriptEnabled: false });
		await page.goto('/occupancy?area=P1&period=week');
		expect(await page.locator('.history__table tbody tr').first().isVisible()).toBe(true);
		expect(await page.locator('.chart').isVisible()).toBe(false);
	});
});

describe('searching the last half hour', () => {
	test('happens in place and survives what arrives meanwhile', async () => {
		const page = await host.openSignedIn();
		await page.waitForSelector('#connection[data-state=live]');
		await page.fill('#q', 'nobody');
		await page.waitForSelector('#last-decisions >> text=Nothing of the last 30 minutes fits');
		const [north] = LANES;
		if (north !== undefined) host.site.feed.publish({ type: 'lane', lane: aLaneView(north) });
		expect(await page.inputValue('#q')).toBe('nobody');
		expect(page.url()).toBe(`${host.url}/?q=nobody`);
		await page.check('input[name=show][value=failed]');
		await page.waitForURL(`${host.url}/?show=failed&q=nobody`);
		expect(host.complaints).toEqual([]);
	});
});

describe('every page fits, by day and by night', () => {
	test.each(LOOKS)(
		'%i pixels wide, %s: no sideways scrolling, readable text, targets that a finger hits',
		async (width, colorScheme) => {
			const [north] = LANES;
			const mode = { kind: 'heldOpen', ownerId: 'x', reason: 'W'.repeat(80), sinceMs: 0, untilMs: null } as const;
			if (north)
				host.site.lanes.set('L1', aLaneView(north, { canHold: true, fire: true, mode: { ...mode, confirmed: false } }));
			const page = await host.openSignedIn({
				colorScheme,
				viewport: { width, height: 800 },
				hasTouch: width === 360,
				reducedMotion: 'reduce',
			});
			const findings: string[] = [];
			for (const address of [
				'/',
				'/lanes/L1/mode',
				'/explain?q=peeters',
				'/explain?holder=bob',
				'/occupancy?area=P1&period=month',
				'/occupancy/A1/adjust',
				'/occupancy/presence?q=peeters',
				'/occupancy/presence?who=all',
				'/clock',
			]) {
				await page.goto(address);
				findings.push(...(await flawsOf(page, address)));
			}
			expect(findings).toEqual([]);
			expect(host.complaints).toEqual([]);
		},
	);
});
