import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { claimByForm, launchChromium, openWatched } from '../support/console-browser.ts';
import { ADMINISTRATOR, claimCode, createSiteFiles, type Daemon, startDaemon } from '../support/daemon.ts';

const PHONE: BrowserContextOptions = { viewport: { width: 360, height: 780 }, hasTouch: true };

/** One person's life in the directory of the built gateway, as somebody at the desk leads it with a phone. */
describe('people in the console of a running gateway, on a phone', () => {
	const files = createSiteFiles({}, 'directory-console');
	const complaints: string[] = [];
	let daemon: Daemon;
	let browser: Browser;
	let page: Page;

	beforeAll(async () => {
		browser = await launchChromium();
		daemon = await startDaemon({ configFile: files.configFile });
		page = await open();
		await claimByForm(page, await claimCode(files.configFile), ADMINISTRATOR);
	});

	afterAll(async () => {
		await browser?.close();
		await daemon?.kill();
		files[Symbol.dispose]();
	});

	// A form that comes back with what is wrong with it is answered by 422.
	const open = () =>
		openWatched(browser, { baseURL: daemon.url, ...PHONE }, complaints, (text) => text.includes('422'));

	const save = (on = page) => on.click('button[value=save] >> visible=true');

	it('X9: a kind of right is made first, from the menu', async () => {
		await page.click('[popovertarget=menu]');
		await page.click('#menu >> text=Kinds of right');
		await page.click('main >> text=New kind of right >> nth=0');
		await page.fill('#name', 'Staff');
		await page.check('[name=strategy][value=firstCome]');
		await save();
		await page.waitForSelector('.done-notice >> text=Created.');
	});

	it('X7: a person is created, with a card and a right in the fewest taps', async () => {
		await page.goto('/holders');
		await page.click('main >> text=New person >> nth=0');
		await page.fill('#name', 'Inès Vermeulen');
		await page.fill('#email', 'ines@example.org');
		await save();
		await page.waitForSelector('h1 >> text=Inès Vermeulen');
		await page.click('#quick-credentials');
		await page.fill('dialog #value', '26:9addDF00');
		await save();
		await page.waitForSelector('.related >> text=26:9ADDDF00');
		await page.click('#quick-assignedRights');
		await page.waitForSelector('dialog[open] [name=specificationId]:checked');
		await save();
		await page.waitForSelector('.related >> text=Staff');
	});

	it('she is found by any beginning of her name, and the pages say what holds for her', async () => {
		await page.goto('/holders');
		await page.fill('#q', 'verm ines');
		await page.waitForFunction(() => document.querySelectorAll('.row').length === 1);
		await page.click('.row__link');
		await page.waitForSelector('h1 >> text=Inès Vermeulen');
		expect(await page.textContent('#content')).toContain('ines@example.org');
	});

	it('I5: what two people change at once is shown to the second, who decides', async () => {
		const address = page.url().split('?')[0] ?? '';
		const other = await page.context().newPage();
		await page.goto(`${address}/edit`);
		await other.goto(`${address}/edit`);
		await other.fill('#phone', '+32 2 111');
		await save(other);
		await other.waitForSelector('.done-notice >> text=Saved.');
		await page.fill('#phone', '+32 2 222');
		await save();
		await page.waitForSelector('text=Somebody changed this meanwhile');
		expect(await page.textContent('.form-field__now')).toContain('+32 2 111');
		expect(await page.inputValue('#phone')).toBe('+32 2 222');
		await save();
		await page.waitForSelector('.done-notice >> text=Saved.');
		expect(await page.textContent('.detail')).toContain('+32 2 222');
		await page.click('#undo');
		await page.waitForSelector('.done-notice >> text=Undone');
		expect(await page.textContent('.detail__main')).toContain('+32 2 111');
		await other.close();
	});

	it('she is deleted with all that is hers, and brought back with all of it', async () => {
		const address = page.url().split('?')[0] ?? '';
		await page.click('#delete');
		await page.waitForSelector('dialog[open] >> text=1 credential');
		await page.click('dialog button[type=submit]');
		await page.waitForSelector('.done-notice >> text=Deleted.');
		expect(await page.textContent('#content')).not.toContain('Inès');
		await page.click('#undo');
		await page.waitForSelector('.row >> text=Inès Vermeulen');
		await page.goto(address);
		expect(await page.textContent('.detail__side')).toContain('26:9ADDDF00');
		expect(complaints).toEqual([]);
	});
});
