import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type BrowserSite, createBrowserSite, faintTexts, smallTargets } from '../../support/console-browser.ts';
import { fillWithPeople } from '../../support/directory-people.ts';

let browser: BrowserSite;
let page: Page;

beforeAll(async () => {
	browser = await createBrowserSite();
	const { edits } = browser.site.services.services;
	fillWithPeople(edits, 'op');
	const always = { validFromMs: null, validToMs: null };
	const limits = { areaIds: ['A1-vip'], scheduleId: null };
	const vip = { id: 'vip', name: 'Visitor places', strategy: 'booking', ...limits };
	const rights = ['h0', 'h2'].map((holderId) => ({
		op: 'create' as const,
		table: 'assignedRights' as const,
		row: { id: `vip-${holderId}`, holderId, specificationId: 'vip', state: 'active', ...always },
	}));
	const answer = edits.edit([{ op: 'create', table: 'rightSpecifications', row: vip }, ...rights], {
		operatorId: 'op',
	});
	if (answer.result === 'refused') throw new Error(JSON.stringify(answer.problems));
	page = await browser.openSignedIn({ viewport: { width: 360, height: 780 }, hasTouch: true });
});
afterAll(() => browser.close());

async function bookChloe(): Promise<void> {
	await page.goto('/bookings?area=A1-vip&date=2026-01-06');
	await page.locator('.agenda__free a').first().click();
	await page.fill('#who', 'Chloé');
	await page.fill('#from', '2026-01-06T10:00');
	await page.fill('#to', '2026-01-06T12:00');
	await page.click('button[type=submit].button--primary');
}

test('N5: on a phone somebody books a free time, is told what stands against a second booking, and gives it up', async () => {
	await bookChloe();
	await page.locator('#release').waitFor();
	expect(await page.textContent('h1')).toBe('Chloé Dubois');
	await bookChloe();
	await page.getByRole('alert').getByText('This right has a booking at this time already.').waitFor();
	// The browser reports the refusal's status; nothing else.
	expect(browser.complaints.splice(0)).toEqual([expect.stringContaining('422')]);
	await page.goto('/bookings?area=A1-vip&date=2026-01-06');
	await page.click('.agenda__booking a');
	await page.click('#release');
	await page.locator('dialog[open]').getByText('Give this booking up?').waitFor();
	await page.click('dialog[open] button.button--danger-primary');
	await page.getByText('Given up', { exact: true }).waitFor();
	await page.click('#undo');
	await page.locator('.pill', { hasText: 'Planned' }).waitFor();
	expect(browser.complaints).toEqual([]);
});

test.each([
	[360, 'light'],
	[768, 'dark'],
	[1440, 'light'],
	[1440, 'dark'],
] as const)('calendar, form and first steps fit at %i pixels (%s)', async (width, colorScheme) => {
	const shown = await browser.openSignedIn({ viewport: { width, height: 900 }, colorScheme });
	const paths = [
		'/bookings?date=2026-01-06',
		'/bookings?view=day',
		'/bookings/new',
		'/start',
		'/start/questions?propose=yes',
	];
	for (const path of [...paths, '/bundles/b-staff/apply']) {
		await shown.goto(path);
		const over = await shown.evaluate(
			() => document.documentElement.scrollWidth - document.documentElement.clientWidth,
		);
		expect([path, over]).toEqual([path, 0]);
		expect([path, await faintTexts(shown)]).toEqual([path, []]);
		expect([path, await smallTargets(shown, 24)]).toEqual([path, []]);
	}
	await shown.context().close();
});
