import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { CONNECTION_STEPS } from '../../../src/gateway/services/connection-test.ts';
import { aConnectionTest } from '../../support/connection-tests.ts';
import { type BrowserSite, createBrowserSite, flawsOf } from '../../support/console-browser.ts';
import { type ConsoleSite, createConsoleSite, IDLE_SYNC } from '../../support/console-site.ts';

const CONNECTED = { ...IDLE_SYNC, configured: true, connected: true } as const;
const EXPIRED = 'Broker mqtts://broker.example:8883: its certificate has expired; renew it at the broker.';
const FAILED = aConnectionTest('failed', {
	tls: { result: 'failed', text: EXPIRED },
	login: { result: 'skipped', durationMs: null, text: null },
});
const RUNNING = aConnectionTest('running', {
	tls: { result: 'running', durationMs: null, text: null },
	login: { result: 'waiting', durationMs: null, text: null },
});

describe('D: the Sync page and its connection test', () => {
	let site: ConsoleSite;
	beforeEach(() => {
		site = createConsoleSite();
		site.sync = CONNECTED;
	});
	afterEach(() => site.close());

	test('shows each step with its result and what to do, as text', async () => {
		site.connectionTest.found = aConnectionTest('failed', {
			login: { result: 'failed', text: 'called <b>broker</b>.' },
		});
		const page = await (await site.signIn('technician')).page('/sync');
		expect(page.match(/link-test__step link-test__step--/g)).toHaveLength(CONNECTION_STEPS.length);
		expect(page).toContain('1 step failed');
		expect(page).toContain('called &lt;b&gt;broker&lt;/b&gt;.');
		expect(page).not.toContain('hx-get="/live/sync/test"');
	});

	test('is fetched again while it runs, and no more when it is over', async () => {
		site.connectionTest.found = RUNNING;
		const technician = await site.signIn('technician');
		const running = await technician.page('/live/sync/test');
		expect(running).toContain('hx-get="/live/sync/test"');
		expect(running).toMatch(/<button[^>]* disabled/);
		site.connectionTest.found = FAILED;
		const over = await technician.page('/live/sync/test');
		expect(over).toContain(EXPIRED);
		expect(over).not.toContain('hx-get=');
		expect(over).not.toMatch(/<button[^>]* disabled/);
	});

	test('works by a plain form too: the answer comes when the test is over', async () => {
		const answer = await (await site.signIn('administrator')).post('/sync/test', {});
		expect(answer.status).toBe(303);
		expect(answer.headers.get('location')).toBe('/sync#connection-test');
		expect(site.connectionTest.runs).toBe(1);
	});

	test('has no test where the site stands alone, and no button for who may not', async () => {
		const admin = await site.signIn('administrator');
		site.sync = { ...IDLE_SYNC };
		expect(await admin.page('/sync')).not.toContain('connection-test');
		const answer = await (await site.signIn('reception')).post('/sync/test', {});
		expect(answer.status).toBe(403);
		expect(site.connectionTest.runs).toBe(0);
	});

	test('counts refused messages by reason, and tells what is wrong while connected', async () => {
		site.sync = { ...CONNECTED, refused: { topic: 3, oversized: 1_204 }, problem: 'Central is offline. Events wait.' };
		const page = await (await site.signIn('administrator')).page('/sync');
		expect(page).toMatch(/Too large<\/th><td class="figures">1,204<\/td>.*Not a topic of this site<\/th>/);
		expect(page).toContain('The broker is reached, but something is wrong');
		expect(page).toContain('Central is offline. Events wait.');
	});
});

describe('D: the Sync page in a browser', () => {
	let host: BrowserSite;
	beforeAll(async () => {
		host = await createBrowserSite();
		const stream = { stream: 'people', rev: 12_345, syncedAtMs: Date.UTC(2026, 0, 1) } as const;
		host.site.sync = {
			...CONNECTED,
			refused: { malformed: 2 },
			streams: [
				{ ...stream, digest: 'same', parked: 0 },
				{ ...stream, stream: 'access', digest: 'differs', parked: 2 },
			],
		};
	});
	afterAll(() => host.close());
	afterEach(() => host.closePages());

	test('a press of the button fills the list as the test goes', async () => {
		const page = await host.openSignedIn({ viewport: { width: 360, height: 780 } });
		await page.goto('/sync');
		host.site.connectionTest.found = RUNNING;
		await page.click('#run-connection-test');
		await page.getByText('The test is running').waitFor();
		expect(await page.locator('.link-test__step--ok').count()).toBe(CONNECTION_STEPS.length - 2);
		host.site.connectionTest.found = FAILED;
		await page.getByText(EXPIRED).waitFor();
		await page.getByText('1 step failed').waitFor();
		expect(await page.locator('#run-connection-test').isEnabled()).toBe(true);
		expect(host.complaints).toEqual([]);
	});

	test.each([360, 768, 1440])('fits %d pixels, light and dark, with every state', async (width) => {
		const flaws: string[] = [];
		for (const colorScheme of ['light', 'dark'] as const) {
			const page = await host.openSignedIn({ viewport: { width, height: 900 }, colorScheme });
			for (const found of [null, RUNNING, FAILED, aConnectionTest()]) {
				host.site.connectionTest.found = found;
				await page.goto('/sync');
				flaws.push(...(await flawsOf(page, `/sync ${found?.result} ${colorScheme}`)));
			}
		}
		expect(flaws).toEqual([]);
	});
});
