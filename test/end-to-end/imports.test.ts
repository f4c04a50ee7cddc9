import { Buffer } from 'node:buffer';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { importsEn as words } from '../../src/api/console/catalogue/imports/en.ts';
import { claimByForm, launchChromium, openWatched } from '../support/console-browser.ts';
import { ADMINISTRATOR, claimCode, createSiteFiles, type Daemon, startDaemon } from '../support/daemon.ts';

const PEOPLE = [
	'Who;Address;Status;Licence plate',
	'Zoë Łukasz;zoe@example.org;active;1-ABC-123',
	'Jan <i>Maes</i>;jan@example.org;retired;1-XYZ-789',
	'',
].join('\r\n');
const LONG_MS = 60_000;

/** Chromium as wide as a phone, before the built gateway of a site without central. */
describe('an administrator with a list of people and a phone', () => {
	const files = createSiteFiles({}, 'imports');
	const complaints: string[] = [];
	let daemon: Daemon;
	let browser: Browser;
	let page: Page;

	beforeAll(async () => {
		[daemon, browser] = await Promise.all([startDaemon({ configFile: files.configFile }), launchChromium()]);
		const phone = { baseURL: daemon.url, viewport: { width: 360, height: 740 } };
		page = await openWatched(browser, phone, complaints);
		page.setDefaultTimeout(8_000);
		await claimByForm(page, await claimCode(files.configFile), ADMINISTRATOR);
	});

	afterAll(async () => {
		await browser?.close();
		await daemon?.kill();
		files[Symbol.dispose]();
	});

	const bringIn = async (text: string) => {
		await page.goto('/holders');
		await page.click('.import-link');
		await page.setInputFiles('#file', { name: 'people.csv', mimeType: 'text/csv', buffer: Buffer.from(text) });
		await page.click(`button >> text=${words['import.upload']}`);
		await page.waitForSelector('#import[data-stage=previewed]', { timeout: LONG_MS });
	};

	it('X7 sees which row is wrong and why, and that nothing can be applied', async () => {
		await bringIn(PEOPLE.replace('Who', 'Name'));
		await page.waitForSelector('.import-problem >> text=Row 3, column C (Status)');
		await page.waitForSelector('.import-problem >> text=“retired” is not one of the choices');
		expect(await page.locator('#import-apply').count()).toBe(0);
	});

	it('X7 brings the mended list in, says which column is what, applies it and finds the person', {
		timeout: 120_000,
	}, async () => {
		await bringIn(PEOPLE.replace('retired', 'inactive'));
		await page.selectOption('#column-0', 'name');
		await page.selectOption('#column-1', 'email');
		await page.click('#remap');
		await page.waitForSelector('#import-apply', { timeout: LONG_MS });
		await page.click('.segment >> text=New');
		await page.waitForSelector('.import-change >> text=Jan <i>Maes</i>');
		expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(360);
		await page.click('#import-apply');
		await page.waitForSelector('#import[data-stage=applied]', { timeout: LONG_MS });
		await page.goto('/holders?q=zoe');
		await page.waitForSelector('.row >> text=Zoë Łukasz');
		await page.goto('/credentials?q=1-abc-123');
		await page.locator('.row', { hasText: '1-ABC-123' }).waitFor();
	});

	it('X7 undoes it: the people are gone, and nothing was complained about', async () => {
		await page.goto('/imports');
		await page.click('.import-line a >> nth=0');
		await page.click('.import-undo summary');
		await page.click('#import-undo');
		await page.waitForSelector('#import[data-stage=undone]', { timeout: LONG_MS });
		await page.goto('/holders?q=zoe');
		await page.waitForSelector('.empty');
		expect(complaints).toEqual([]);
		expect(daemon.log().filter(({ level }) => level === 'error')).toEqual([]);
	});
});
