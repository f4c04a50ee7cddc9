import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { interventionHref } from '../../../src/api/console/pages/maintenance/maintenance-paths.ts';
import { anna, aRight, facts, TUESDAY_10H } from '../../support/access-facts.ts';
import { type BrowserSite, createBrowserSite, flawsOf, LOOKS } from '../../support/console-browser.ts';
import { aDevice, aLaneView, LANES } from '../../support/console-site.ts';
import { PASSWORD } from '../../support/operators.ts';

let host: BrowserSite;
beforeAll(async () => {
	host = await createBrowserSite();
});
afterAll(() => host.close());
afterEach(() => host.closePages());
beforeEach(() => {
	host.complaints.length = 0;
	host.site.vends.length = 0;
	host.site.answerVend = async () => ({ result: 'opened', vendId: 'v-1' });
});

const lane = (id: 'L1' | 'L2', change: Parameters<typeof aLaneView>[1]) => {
	const found = LANES.find((known) => known.id === id);
	if (found === undefined) throw new Error(`no lane ${id}`);
	const view = aLaneView(found, change);
	host.site.lanes.set(id, view);
	host.site.feed.publish({ type: 'lane', lane: view });
};
const refuse = (subject: string) =>
	host.site.decide({
		facts: facts({ rights: [aRight({ validToMs: TUESDAY_10H - 1 })] }),
		subject,
		holderName: anna.name,
	});

describe('a person at the keyboard', () => {
	test('claims a new gateway by its link and is inside', async () => {
		const page = await host.open();
		await page.goto(`/claim?code=${host.site.bench.operators.newClaimCode()}`);
		await page.keyboard.type('Ada Admin');
		await page.keyboard.press('Tab');
		await page.keyboard.type('ada@example.org');
		await page.keyboard.press('Tab');
		await page.keyboard.type(PASSWORD);
		await page.keyboard.press('Tab');
		await page.keyboard.press('Enter');
		expect(await page.getAttribute('#password', 'type'), 'the eye shows the password').toBe('text');
		await page.keyboard.press('Tab');
		await page.keyboard.press('Enter');
		await page.waitForURL(`${host.url}/`);
		expect(await page.textContent('.account__name')).toBe('Ada Admin');
		expect(host.complaints).toEqual([]);
	});

	test('opens a barrier: dialog, reason, answer, and back where it began', async () => {
		lane('L1', { vehiclePresent: true });
		const page = await host.openSignedIn();
		await page.focus('#lane-L1-vend');
		await page.keyboard.press('Enter');
		await page.waitForSelector('dialog[open] input[name=reason]:focus');
		await page.keyboard.press('ArrowDown');
		await page.keyboard.press('Tab');
		await page.keyboard.type('Parcel for Anna');
		await page.keyboard.press('Enter');
		await page.waitForSelector('dialog[open] [role=alert]');
		expect(await page.textContent('dialog [role=alert]')).toContain('The barrier was opened');
		expect(host.site.vends.map(({ reason }) => reason)).toEqual(['Delivery or service: Parcel for Anna']);
		await page.waitForSelector('dialog[open] a:focus');
		await page.keyboard.press('Enter');
		await page.waitForSelector('dialog:not([open])', { state: 'attached' });
		expect(await page.evaluate(() => document.activeElement?.id)).toBe('lane-L1-vend');
		expect(host.complaints).toEqual([]);
	});

	test('is told in the dialog what is missing, and leaves it with Escape having opened nothing', async () => {
		const page = await host.openSignedIn();
		await page.click('#lane-L1-vend');
		await page.waitForSelector('dialog[open]');
		await page.check('input[value=other]');
		await page.click('dialog button[type=submit]');
		await page.waitForSelector('#detail-error');
		expect(await page.getAttribute('#detail', 'aria-describedby')).toContain('detail-error');
		await page.keyboard.press('Escape');
		await page.waitForSelector('dialog:not([open])', { state: 'attached' });
		expect(host.site.vends).toEqual([]);
	});

	test('skips the menu, and closes the account menu with Escape', async () => {
		const page = await host.openSignedIn();
		await page.keyboard.press('Tab');
		await page.keyboard.press('Enter');
		expect(await page.evaluate(() => document.activeElement?.id)).toBe('content');
		await page.focus('.account__summary');
		await page.keyboard.press('Enter');
		await page.waitForSelector('.account[open]');
		await page.keyboard.press('Escape');
		await page.waitForSelector('.account:not([open])');
		expect(await page.evaluate(() => document.activeElement?.className)).toBe('account__summary');
	});

	test.each([360, 1_440])('chooses another language in the account menu, %i pixels wide', async (width) => {
		const page = await host.openSignedIn({ viewport: { width, height: 800 } });
		await page.click('.account__summary');
		for (const [language, title] of [
			['fr', 'Direct'],
			['en', 'Live'],
		] as const) {
			await page.click(`.account__panel button[value=${language}]`);
			await page.waitForSelector(`html[lang=${language}] h1 >> text=${title}`);
			await page.click('.account__summary');
		}
		expect(host.complaints).toEqual([]);
	});

	test('searches the log while typing, and comes back to it', async () => {
		refuse('9-ZZZ-001');
		refuse('9-YYY-002');
		const page = await host.openSignedIn();
		await page.goto('/log');
		await page.fill('#q', 'zzz');
		await page.waitForFunction(() => document.querySelectorAll('.decision-row').length === 1);
		expect(page.url()).toBe(`${host.url}/log?q=zzz&lane=&outcome=&reason=&from=&to=`);
		await page.focus('.decision-row__link');
		await page.keyboard.press('Enter');
		await page.waitForSelector('.verdicts');
		await page.goBack();
		await page.waitForFunction(() => document.querySelectorAll('.decision-row').length === 1);
		expect(await page.inputValue('#q')).toBe('zzz');
		expect(host.complaints).toEqual([]);
	});
});

describe('the live page', () => {
	test('shows what happens without being asked, and keeps the focus where it is', async () => {
		lane('L2', { phase: 'idle' });
		refuse('1-OLD-001');
		const page = await host.openSignedIn();
		await page.waitForSelector('#connection[data-state=live]');
		await page.focus('.live__decisions .decision-row__link');
		const focused = await page.evaluate(() => document.activeElement?.id);
		lane('L2', { phase: 'openWait', barrier: 'open', vehiclePresent: true });
		await page.waitForSelector('#lane-L2.lane--good >> text=Open, waiting');
		refuse('1-NEW-002');
		await page.waitForSelector('.decision-row.is-new >> text=1-NEW-002');
		expect(await page.evaluate(() => document.activeElement?.id)).toBe(focused);
		expect(host.complaints).toEqual([]);
	});

	test('shows the last of a burst of changes', async () => {
		const page = await host.openSignedIn();
		await page.waitForSelector('#connection[data-state=live]');
		for (const phase of ['arrived', 'identifying', 'opening', 'openWait', 'passing'] as const) {
			lane('L2', { phase });
		}
		lane('L2', { phase: 'closedToAll' });
		await page.waitForSelector('#lane-L2 >> text=Closed to all');
	});

	test('says that the connection is lost, and catches up when it is back', async () => {
		const page = await host.openSignedIn();
		await page.waitForSelector('#connection[data-state=live]');
		await host.stopServer();
		await page.waitForSelector('#connection[data-state=lost]');
		const told = await page.textContent('#connection');
		lane('L2', { phase: 'heldOpen' });
		await host.startServer();
		expect(told).toMatch(/Connection lost.*This page shows the state of \d\d:\d\d:\d\d/s);
		await page.waitForSelector('#connection[data-state=live]', { timeout: 30_000 });
		await page.waitForSelector('#lane-L2 >> text=Held open');
	});

	test('leads to the sign-in when the login has ended', async () => {
		const page = await host.openSignedIn({}, 'technician');
		await page.waitForSelector('#connection[data-state=live]');
		const [cookie] = await page.context().cookies();
		host.site.bench.operators.logout(cookie?.value ?? '');
		lane('L2', { phase: 'idle' });
		await page.waitForURL(`${host.url}/login`);
	});
});

describe('without scripts', () => {
	test('a person signs in, opens a barrier, searches the log and chooses the dark appearance', async () => {
		lane('L1', { vehiclePresent: true });
		refuse('9-ZZZ-003');
		const page = await host.openSignedIn({ javaScriptEnabled: false });
		expect(await page.textContent('body')).toContain('Live updates need JavaScript');
		await page.click('#lane-L1-vend');
		await page.check('input[value=emergency]');
		await page.click('main button[type=submit]');
		expect(await page.textContent('[role=alert]')).toContain('The barrier was opened');
		await page.reload();
		expect(host.site.vends).toHaveLength(1);
		await page.click('nav >> text=Access log');
		await page.fill('#q', '9-ZZZ-003');
		await page.click('main button[type=submit]');
		expect(await page.locator('.decision-row').count()).toBe(1);
		await page.click('.account__summary');
		await page.click('button[value=dark]');
		expect(await page.getAttribute('html', 'data-theme')).toBe('dark');
		expect(page.url()).toContain('/log?q=9-ZZZ-003');
		expect(host.complaints).toEqual([]);
	});
});

/** Words that nothing can break, in every place that takes any. @returns its number */
function reportLong(): number {
	const { interventions, roster } = host.site.services.services.maintenance;
	const words = 'W'.repeat(150);
	const nowMs = host.site.bench.clock.nowMs();
	const plan = { startMs: nowMs - 7_200_000, endMs: nowMs - 3_600_000 };
	const people = roster.people().map(({ id }) => id);
	const about = { kind: 'repair', target: { kind: 'device', id: 'boom-1' }, priority: 'urgent' } as const;
	const answer = interventions.report({ ...about, title: words, description: words, plan, people }, 'op-1');
	if (answer.result === 'refused') throw new Error(answer.because);
	const { number } = answer.intervention;
	interventions.comment(number, words, 'op-1');
	interventions.addPart(number, { name: words, reference: words, quantity: 100_000 }, 'op-1');
	return number;
}

describe('every page fits, by day and by night', () => {
	test.each(LOOKS)(
		'%i pixels wide, %s: no sideways scrolling, readable text, targets that a finger hits',
		async (width, colorScheme) => {
			host.site.devices.splice(
				0,
				Number.POSITIVE_INFINITY,
				aDevice({ problem: 'Its lid is open.', state: 'faulted', address: `/dev/serial/by-id/usb-${'x'.repeat(80)}` }),
				aDevice({ id: 'boom-1', capabilities: ['opens', 'reads inputs'], inputs: { arming: true, fire: false } }),
				aDevice({ id: 'cam-1', state: 'offline', capabilities: ['reads plates'] }),
			);
			const decision = refuse(`${'W'.repeat(60)}`);
			const lastDecision = host.site.accessLog.summary(decision) ?? null;
			lane('L1', { phase: 'refused', vehiclePresent: true, lastDecision, problems: ['cam-1: silent for 4 min'] });
			const page = await host.openSignedIn({
				colorScheme,
				viewport: { width, height: 800 },
				hasTouch: width === 360,
				reducedMotion: 'reduce',
			});
			const findings: string[] = [];
			for (const address of [
				'/',
				'/log',
				`/log/${decision}`,
				'/devices',
				'/devices/boom-1',
				'/sync',
				'/interventions?overdue=true',
				interventionHref(reportLong()),
				'/roster',
				'/licences',
				'/lanes/L1/vend',
			]) {
				await page.goto(address);
				await page.click('.account__summary');
				findings.push(...(await flawsOf(page, address)));
			}
			expect(findings).toEqual([]);
			expect(host.complaints).toEqual([]);
		},
	);
});
