import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { liveEn } from '../../src/api/console/catalogue/live/en.ts';
import { launchChromium } from '../support/console-browser.ts';
import { ADMINISTRATOR, claimCode, createSiteFiles, type Daemon, startDaemon } from '../support/daemon.ts';
import { aPerson, STAFF, seedDirectory } from '../support/directory-seed.ts';
import { until } from '../support/program.ts';
import { createPtyPair, type PtyPair } from '../support/pty-pair.ts';
import { type SimulatedDevice, startSimulatedDevice } from '../support/simulated-device.ts';

const CARD = '26:9ADDDF00';

/** Chromium before the built gateway, which has a reader and a barrier on real ttys behind it. */
describe('the console of a running gateway', () => {
	const files = createSiteFiles({}, 'console');
	const complaints: string[] = [];
	let ptys: readonly PtyPair[] = [];
	let reader: SimulatedDevice;
	let boom: SimulatedDevice;
	let daemon: Daemon;
	let browser: Browser;
	let page: Page;

	beforeAll(async () => {
		const [forReader, forBoom] = await Promise.all([createPtyPair(), createPtyPair()]);
		ptys = [forReader, forBoom];
		files.configure(siteOn(forReader, forBoom));
		await seedDirectory(files.storeDir, [STAFF, ...aPerson({ id: 'ines', name: 'Inès Vermeulen', tag: CARD })]);
		[reader, boom, browser] = await Promise.all([
			startSimulatedDevice('osdp', forReader.far, { address: 5 }),
			startSimulatedDevice('modbus-relay', forBoom.far, { unit: 1, 'outputs.open': 1, 'inputs.arming': 1 }),
			launchChromium(),
		]);
		daemon = await startDaemon({ configFile: files.configFile });
		page = await open();
	});

	afterAll(async () => {
		await browser?.close();
		await daemon?.kill();
		for (const device of [reader, boom]) await device?.program.kill();
		for (const pty of ptys) await pty.close();
		files[Symbol.dispose]();
	});

	async function open(options: BrowserContextOptions = {}): Promise<Page> {
		const context = await browser.newContext({ baseURL: daemon.url, locale: 'en-GB', ...options });
		const opened = await context.newPage();
		opened.setDefaultTimeout(30_000);
		opened.on('pageerror', (error) => complaints.push(String(error)));
		opened.on('requestfailed', (request) => {
			// A page that is left lets go of its event stream.
			if (request.failure()?.errorText !== 'net::ERR_ABORTED')
				complaints.push(`${request.url()} ${request.failure()?.errorText}`);
		});
		opened.on('console', (message) => {
			if (['error', 'warning'].includes(message.type()) || message.text().includes('Content Security Policy'))
				complaints.push(message.text());
		});
		return opened;
	}

	const lanePhase = (phase: string) =>
		page.locator('#lane-L1 .lane__phase', { hasText: phase }).waitFor({ timeout: 30_000 });
	const heading = (on = page) => on.textContent('h1');

	it('is claimed by its link, once: the one who follows it is administrator and inside', async () => {
		await page.goto('/');
		expect(new URL(page.url()).pathname).toBe('/claim');
		const code = await claimCode(files.configFile);
		await page.goto(`/claim?code=${code}`);
		expect(await page.inputValue('#code')).toBe(code);
		await page.fill('#name', ADMINISTRATOR.name);
		await page.fill('#email', ADMINISTRATOR.email);
		await page.fill('#password', ADMINISTRATOR.password);
		await page.click('button[type=submit].button--primary');
		await page.waitForURL(`${daemon.url}/`);
		expect(await page.textContent('.account__name')).toBe(ADMINISTRATOR.name);
		const other = await open();
		await other.goto(`/claim?code=${code}`);
		expect(new URL(other.url()).pathname).toBe('/login');
		await other.context().close();
	});

	it('signs out, refuses a wrong password, and signs in', async () => {
		await page.click('.account__summary');
		await page.click('form[action="/logout"] button');
		await page.waitForSelector('text=You are signed out.');
		await page.goto('/log');
		expect(new URL(page.url()).pathname).toBe('/login');
		await page.fill('#email', ADMINISTRATOR.email);
		await page.fill('#password', 'seven red bicycles');
		await page.click('button[type=submit].button--primary');
		await page.waitForSelector('text=E-mail address or password is wrong.');
		// The browser reports the refusal's status; nothing else.
		expect(complaints.splice(0)).toEqual([expect.stringContaining('401')]);
		await page.fill('#password', ADMINISTRATOR.password);
		await page.click('button[type=submit].button--primary');
		await page.waitForURL(`${daemon.url}/log`);
		expect(await heading()).toBe('Access log');
	});

	it('shows the lanes, and a vehicle and its decision live as they come', async () => {
		await page.goto('/');
		await page.waitForSelector('#connection[data-state=live]');
		const lane = page.locator('#lane-L1');
		await lane.getByText(liveEn['lane.vehicle.absent']).waitFor();
		await boom.stimulate('input arming on');
		await lane.getByText(liveEn['lane.vehicle.present']).waitFor();
		await reader.stimulate(`card ${CARD}`);
		await lane.getByText('Inès Vermeulen').waitFor();
		await page.locator('#last-decisions .decision-row', { hasText: 'Inès Vermeulen' }).waitFor();
		await until(() => expect(boom.pulses('open')).toBe(1));
		await boom.stimulate('input arming off');
		await lane.getByText(liveEn['lane.vehicle.absent']).waitFor();
	});

	it('opens nothing without a vehicle, and says so plainly', async () => {
		await lanePhase(liveEn['phase.idle']);
		await page.click('#lane-L1-vend');
		await page.locator('dialog[open]').getByText(liveEn['vend.noVehicle']).waitFor();
		await page.check('input[value=delivery]');
		await page.click('dialog button[type=submit]');
		const answer = page.locator('dialog [role=alert]');
		await answer.getByText(liveEn['vend.refused'], { exact: true }).waitFor();
		expect(await answer.textContent()).toContain(liveEn['vend.refused.noVehicle']);
		await page.click('dialog >> text=Done');
		expect(boom.pulses('open')).toBe(1);
	});

	it('opens once, with a reason, for the vehicle that waits', async () => {
		await boom.stimulate('input arming on');
		await page.locator('#lane-L1').getByText(liveEn['lane.vehicle.present']).waitFor();
		await page.click('#lane-L1-vend');
		await page.check('dialog[open] input[value=delivery]');
		await page.fill('#detail', 'Parcel <b>4711</b>');
		await page.click('dialog button[type=submit]');
		await page.locator('dialog [role=alert]').getByText(liveEn['vend.opened']).waitFor();
		await page.click('dialog >> text=Done');
		expect(boom.pulses('open')).toBe(2);
		await boom.stimulate('input arming off');
		await lanePhase(liveEn['phase.idle']);
	});

	it('finds a refusal in the access log and explains it, every rule with what it looked at', async () => {
		await boom.stimulate('input arming on');
		await reader.stimulate('card H10301 7 4711');
		await page.locator('#lane-L1').getByText(liveEn['phase.refused'], { exact: true }).first().waitFor();
		await boom.stimulate('input arming off');
		await page.click('nav >> text=Access log');
		await page.locator('#q').pressSequentially('4711');
		await page.waitForFunction(() => document.querySelectorAll('.decision-row').length === 1);
		// As long as a finger presses: leaving the search field must not replace what is pressed.
		await page.click('.decision-row__link', { delay: 150 });
		await page.waitForSelector('.verdicts');
		const explained = (await page.textContent('main')) ?? '';
		expect(explained).toContain('North entry');
		expect(await page.locator('.verdicts li, .verdicts tr').count()).toBeGreaterThan(15);
		await page.goBack();
		await page.fill('#q', 'vermeulen');
		await page.locator('.decision-row', { hasText: 'Inès Vermeulen' }).waitFor();
		expect(await page.locator('.decision-row', { hasText: '4711' }).count()).toBe(0);
	});

	it('shows the devices with what they say of themselves', async () => {
		await page.click('nav >> text=Devices');
		await page.locator('li.device', { hasText: 'reader-1' }).getByText('Online').waitFor();
		await page.click('a[href="/devices/boom-1"]');
		await page.waitForSelector('main >> text=unit 1');
		expect(await page.textContent('main')).toContain('arming');
	});

	it('speaks French and Dutch, and keeps day or night as chosen', async () => {
		for (const [language, title] of [
			['fr', 'Direct'],
			['nl', 'Live'],
			['en', 'Live'],
		] as const) {
			await page.goto('/');
			await page.click('.account__summary');
			await page.click(`.account__panel button[value=${language}]`);
			await page.waitForSelector(`html[lang=${language}] h1 >> text=${title}`);
		}
		for (const theme of ['dark', 'light'] as const) {
			await page.click('.account__summary');
			await page.click(`.account__panel button[value=${theme}]`);
			await page.waitForSelector(`html[data-theme=${theme}]`);
			await page.goto('/devices');
			expect(await page.getAttribute('html', 'data-theme')).toBe(theme);
		}
	});

	it('fits a telephone: no page scrolls sideways at 360 pixels', async () => {
		await page.setViewportSize({ width: 360, height: 740 });
		await page.goto('/log');
		const decision = await page.getAttribute('.decision-row__link', 'href');
		for (const address of ['/', '/log', decision ?? '', '/devices', '/devices/reader-1', '/sync', '/lanes/L1/vend']) {
			await page.goto(address);
			const overflow = () => document.documentElement.scrollWidth - document.documentElement.clientWidth;
			expect({ address, overflow: await page.evaluate(overflow) }).toEqual({ address, overflow: 0 });
		}
	});

	it('signs out on every page at once', async () => {
		const second = await page.context().newPage();
		await second.goto('/');
		await second.waitForSelector('#connection[data-state=live]');
		await page.goto('/');
		await page.click('.account__summary');
		await page.click('form[action="/logout"] button');
		await page.waitForSelector('text=You are signed out.');
		await boom.stimulate('input arming on');
		// Several of its requests may be refused at once, each of which leads there.
		await second.waitForFunction(() => location.pathname === '/login', undefined, { timeout: 20_000 });
		await boom.stimulate('input arming off');
	});

	it('leaves nothing to complain about in the browser, nor in the gateway', () => {
		// The page that was signed out elsewhere hears 401 before it leaves.
		expect(complaints.filter((complaint) => !complaint.includes('401'))).toEqual([]);
		expect(daemon.log().filter(({ level }) => level === 'error')).toEqual([]);
	});
});

describe('a console on an address that others can reach', () => {
	it('is encrypted by a certificate of its own, and so is its cookie', async () => {
		using files = createSiteFiles({ http: { listen: '0.0.0.0:0' } }, 'tls');
		await using daemon = await startDaemon({ configFile: files.configFile });
		const { url } = daemon;
		expect(url).toMatch(/^https:/);
		await using browser = await launchChromium();
		const context = await browser.newContext({ baseURL: url, ignoreHTTPSErrors: true });
		const page = await context.newPage();
		await page.goto(`/claim?code=${await claimCode(files.configFile)}`);
		await page.fill('#name', ADMINISTRATOR.name);
		await page.fill('#email', ADMINISTRATOR.email);
		await page.fill('#password', ADMINISTRATOR.password);
		await page.click('button[type=submit].button--primary');
		await page.waitForURL(`${url}/`);
		expect(await context.cookies()).toContainEqual(
			expect.objectContaining({ name: '__Host-parkgate', secure: true, httpOnly: true, sameSite: 'Strict' }),
		);
	});
});

function siteOn(forReader: PtyPair, forBoom: PtyPair) {
	return {
		devices: [
			{ id: 'reader-1', driver: 'osdp', port: forReader.near, address: 5, cards: ['H10301'] },
			{
				id: 'boom-1',
				driver: 'modbus-relay',
				port: forBoom.near,
				unit: 1,
				outputs: { open: 1 },
				inputs: { arming: 1 },
			},
		],
		lanes: [
			{
				...{ id: 'L1', name: 'North entry', kind: 'entry', from: 'outside', to: 'A1' },
				...{ readers: ['reader-1'], barrier: 'boom-1', passageTimeoutMs: 5_000 },
			},
		],
	};
}
