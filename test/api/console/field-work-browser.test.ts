import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { aPlateRead, facts } from '../../support/access-facts.ts';
import { type BrowserSite, createBrowserSite, faintTexts, LOOKS, smallTargets } from '../../support/console-browser.ts';
import { aDevice, SITE } from '../../support/console-site.ts';
import { aPerson, STAFF } from '../../support/directory-seed.ts';

const WITH_SPACES = {
	...SITE,
	areas: SITE.areas.map((area) =>
		area.id === 'A1'
			? { ...area, spaces: Array.from({ length: 12 }, (_, n) => ({ id: `S${n + 1}`, name: String(n + 1) })) }
			: area,
	),
};

let host: BrowserSite;
beforeAll(async () => {
	host = await createBrowserSite({ site: WITH_SPACES });
	const { services, bench, devices, decide } = host.site;
	await services.fillDirectory([
		STAFF,
		...aPerson({ id: 'anna', name: 'Anna Peeters', plate: '1ABC234' }),
		...aPerson({ id: 'long', name: 'W'.repeat(120), plate: '2XYZ789' }),
	]);
	devices.push(aDevice());
	const { parkingSessions, occupancy } = bench.store;
	const inside = (id: string, holderId: string, minutes: number) => {
		const stay = { id, holderId, credentialId: `${holderId}-plate`, decisionId: null, areaId: 'A1', counted: true };
		parkingSessions.open({ ...stay, laneInId: 'L1', openedAtMs: bench.clock.nowMs() - minutes * 60_000 });
		occupancy.move({ leave: [], enter: ['A1', 'P1'] });
	};
	inside('s-anna', 'anna', 90);
	inside('s-long', 'long', 10);
	const doubt = (value: string, confidence: number) =>
		decide({
			facts: facts({
				presented: [aPlateRead({ value, confidence, match: { how: 'none' } })],
				rights: [],
				atMs: bench.clock.nowMs() - 60_000,
			}),
			subject: value,
			holderName: null,
		});
	doubt('1ABC23A', 0.91);
	doubt('2XYZ78', 0.55);
	doubt('NEAR1NOBODY', 0.99);
});
afterEach(async () => {
	await host.closePages();
	host.complaints.length = 0;
});
afterAll(() => host.close());

const PHONE = { viewport: { width: 360, height: 740 }, hasTouch: true, isMobile: true } as const;

test('I15: on a phone an unknown plate leads to its neighbour, from there to where it stands, to a move and back', async () => {
	const page = await host.openSignedIn(PHONE, 'security');
	await page.goto('/scan');
	await page.fill('#q', '1-abc-23a');
	await page.tap('text=Look up');
	await page.waitForSelector('text=Nobody here has the plate 1ABC23A');
	await page.tap('.thumb-list >> text=1ABC234');
	await page.waitForSelector('.scan-who >> text=Anna Peeters');
	expect(await page.textContent('.scan-lanes')).toContain('North entry');
	await page.tap('text=It was moved');
	await page.tap('.space >> text="7"');
	await page.waitForSelector('.notice >> text=Moved to Deck · Space 7');
	expect(host.site.bench.store.parkingSessions.openById('s-anna')?.spaceId).toBe('S7');

	await page.goto('/logistic/s-long');
	await page.tap('.space--taken');
	await page.waitForSelector('.notice >> text=Another vehicle stands there: 1ABC234');
	await page.tap('text=It stands there all the same');
	await page.waitForSelector('.notice >> text=Moved to Deck · Space 7');
	await page.tap('.notice >> text=Undo');
	await page.waitForSelector('.notice >> text=Undone: it stands in Deck again');
	// The browser's own word for the page that asked whether it really stands there.
	expect(host.complaints.filter((words) => !words.includes('422'))).toEqual([]);
});

test('I15: what was entered without a connection is kept and sent when it is back', async () => {
	const page = await host.openSignedIn(PHONE, 'security');
	await page.goto('/scan');
	await page.context().setOffline(true);
	await page.fill('#q', '1ABC234');
	await page.tap('text=Look up');
	await page.waitForSelector('[data-offline]:not([hidden])');
	expect(await page.inputValue('#q')).toBe('1ABC234');
	await page.context().setOffline(false);
	await page.waitForSelector('.scan-who >> text=Anna Peeters');
});

test('I15: presenting at a reader shows whose it is by itself', async () => {
	const page = await host.openSignedIn(PHONE, 'security');
	await page.goto('/scan');
	await page.tap('text=Present it at a reader');
	await page.tap('.thumb-list >> text=reader-1');
	await page.waitForSelector('text=Present it at reader-1');
	host.site.bench.clock.advance(10);
	host.site.services.presentedReads.seen({
		...{ kind: 'plate', id: 'r', deviceId: 'reader-1', atMs: 0, monotonicMs: 0, plate: '1ABC234', confidence: 1 },
		...{ direction: 'unknown', dedupeKey: 'k', historical: false },
	});
	await page.waitForSelector('.scan-who >> text=Anna Peeters');
	expect(host.complaints).toEqual([]);
});

test('I15: a read in doubt is one touch: it was that plate; undone it is back', async () => {
	const page = await host.openSignedIn(PHONE, 'security');
	await page.goto('/review');
	expect(await page.locator('.review').count()).toBe(2);
	await page.tap('.review__hint >> text=1ABC234');
	await page.waitForSelector('.notice >> text=Noted: it was another plate');
	expect(await page.locator('.review').count()).toBe(1);
	expect(await page.textContent('main')).toContain('1 of 1');
	await page.tap('.notice >> text=Undo');
	await page.waitForSelector('.notice >> text=Back in the queue');
	expect(await page.locator('.review').count()).toBe(2);
	expect(host.complaints).toEqual([]);
});

test.each(LOOKS)(
	'%i pixels wide, %s: no sideways scrolling, readable text, targets that a finger hits',
	async (width, colorScheme) => {
		const page = await host.openSignedIn({ viewport: { width, height: 800 }, colorScheme });
		const paths = ['/scan?q=1ABC234', '/scan?q=1ABC23A', '/logistic', '/logistic/s-long', '/review'];
		for (const path of paths) {
			await page.goto(path);
			for (const more of await page.locator('main details > summary').all()) await more.click();
			const wide = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
			expect(wide, `${path} scrolls sideways`).toBeLessThanOrEqual(0);
			expect(await faintTexts(page), `${path}: faint`).toEqual([]);
			const small = width === 360 ? await smallTargets(page, 44) : [];
			// The ways back stand at the top of every page.
			expect(
				small.filter((words) => !/"(brand|back-link)"/.test(words)),
				`${path}: small`,
			).toEqual([]);
		}
		expect(host.complaints).toEqual([]);
	},
);
