// Takes the pictures of docs/pictures from a running gateway, such as the demo of `npm start`:
//   PARKGATE_PASSWORD=… node scripts/screenshots.mjs http://127.0.0.1:8080 ada@example.org
// With PARKGATE_CLAIM_CODE=… it claims an unclaimed gateway for that address first.
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { chromium } from 'playwright-core';

const [baseURL, email] = process.argv.slice(2);
const password = process.env.PARKGATE_PASSWORD;
const claimCode = process.env.PARKGATE_CLAIM_CODE;
if (baseURL === undefined || email === undefined || password === undefined) {
	console.error('Usage: PARKGATE_PASSWORD=… node scripts/screenshots.mjs URL E-MAIL');
	process.exit(2);
}

const pictures = path.join(path.dirname(import.meta.dirname), 'docs/pictures');
mkdirSync(pictures, { recursive: true });

const DESK = { width: 1440, height: 900 };
const PHONE = { width: 360, height: 780 };

const browser = await chromium.launch({
	executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium-headless-shell',
	chromiumSandbox: false,
	args: [
		'--disable-gpu',
		'--no-first-run',
		'--disable-background-networking',
		'--disable-component-update',
		'--disable-sync',
	],
});
let storageState;
try {
	if (claimCode !== undefined) await claim();
	// Once: a second login of an account ends the first.
	storageState = await signIn();
	await visit({ viewport: DESK, colorScheme: 'light' }, async (page) => {
		await live(page);
		await take(page, 'live-light');
		await page.click('.lane .button');
		await page.waitForSelector('dialog[open]');
		await take(page, 'open-barrier');
		await page.goto('/log?outcome=refused');
		await take(page, 'access-log');
		await page.click('.decision-row__link');
		await page.waitForSelector('.verdicts');
		await take(page, 'decision');
		await page.goto('/devices');
		await take(page, 'devices');
		await page.goto('/holders?status=active');
		await take(page, 'people');
		await page.click('.row__link');
		await page.waitForSelector('.detail');
		await take(page, 'person');
		await page.goto('/right-specifications');
		await page.click('.row__link');
		await page.click('#edit');
		await page.waitForSelector('#row-form');
		await take(page, 'kind-of-right');
		await page.goto('/schedules/new');
		await page.fill('#name', 'Office hours');
		await page.click('#step-add-periods');
		await page.waitForSelector('.week__open');
		await take(page, 'schedule');
	});
	await visit({ viewport: DESK, colorScheme: 'dark' }, async (page) => {
		await live(page);
		await take(page, 'live-dark');
	});
	await visit({ viewport: PHONE, colorScheme: 'dark', deviceScaleFactor: 2, hasTouch: true }, async (page) => {
		await live(page);
		await take(page, 'live-phone');
		await page.goto('/holders');
		await take(page, 'people-phone');
		await page.click('.row__link');
		await page.click('#quick-credentials');
		await page.waitForSelector('dialog[open]');
		await take(page, 'credential-phone');
	});
} finally {
	await browser.close();
}

async function claim() {
	const context = await browser.newContext({ baseURL });
	const page = await context.newPage();
	await page.goto(`/claim?code=${encodeURIComponent(claimCode)}`);
	await page.fill('#name', 'Ada Admin');
	await page.fill('#email', email);
	await page.fill('#password', password);
	await page.click('.button--primary');
	await page.waitForSelector('.lanes');
	await context.close();
}

/** Signs in as a person does; what its browser keeps of it. */
async function signIn() {
	const context = await browser.newContext({ baseURL, ignoreHTTPSErrors: true });
	const page = await context.newPage();
	await page.goto('/login');
	await page.fill('#email', email);
	await page.fill('#password', password);
	await page.click('.button--primary');
	// An earlier login of the account stands: it is taken over.
	await page.waitForSelector('.dashboard, [name="takeOver"]', { state: 'attached' });
	if ((await page.locator('.dashboard').count()) === 0) {
		await page.fill('#password', password);
		await page.click('.button--primary');
		await page.waitForSelector('.dashboard');
	}
	const state = await context.storageState();
	await context.close();
	return state;
}

/** A signed-in person's look, in a browser of its own. */
async function visit(options, run) {
	const context = await browser.newContext({
		...{ baseURL, locale: 'en-GB', ignoreHTTPSErrors: true, storageState },
		...options,
	});
	await run(await context.newPage());
	await context.close();
}

/** Waits for traffic: a picture of an empty site says little. */
async function live(page) {
	await page.goto('/');
	await page.waitForSelector('#connection[data-state=live]');
	await page.waitForFunction(() => document.querySelectorAll('.decision-row').length >= 8, null, { timeout: 120_000 });
	await page.waitForSelector('.lane--good, .lane--bad, .lane--active', { timeout: 60_000 });
}

async function take(page, name) {
	await page.screenshot({ path: path.join(pictures, `${name}.png`), animations: 'disabled' });
	console.log(`docs/pictures/${name}.png`);
}
