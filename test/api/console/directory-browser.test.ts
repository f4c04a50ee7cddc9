import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { tagFromBits } from '../../../src/gateway/core/tag.ts';
import { type BrowserSite, createBrowserSite, flawsOf, LOOKS } from '../../support/console-browser.ts';
import { aDevice } from '../../support/console-site.ts';
import { fillWithPeople } from '../../support/directory-people.ts';

const PHONE = { viewport: { width: 360, height: 780 }, hasTouch: true };

let host: BrowserSite;
beforeAll(async () => {
	host = await createBrowserSite();
	fillWithPeople(host.site.services.services.edits, 'somebody-else');
	fillWithCharges(host.site);
});
afterAll(() => host.close());
afterEach(() => host.closePages());
beforeEach(() => {
	host.complaints.length = 0;
});

/** A wallet, and what stays cost of it. */
function fillWithCharges({ bench, services }: BrowserSite['site']): void {
	const { edits, rightStandings } = services.services;
	const strategy = { strategy: 'credits', areaIds: [], scheduleId: null, creditCost: 2 };
	const given = { holderId: 'h0', state: 'active', validFromMs: null, validToMs: null };
	const made = edits.edit(
		[
			{
				op: 'create',
				table: 'rightSpecifications',
				row: { id: 'wallet', name: 'Credits of the canteen', ...strategy },
			},
			{ op: 'create', table: 'assignedRights', row: { id: 'paid', specificationId: 'wallet', ...given } },
		],
		{ operatorId: null },
	);
	expect(made.result).toBe('done');
	rightStandings.adjust({ rightId: 'paid', amount: 12_500, operatorId: 'op', reason: 'At the desk', key: '1' });
	const { store, clock } = bench;
	const about = { rightId: 'paid', segment: 0, holderId: 'h0', atMs: clock.nowMs() };
	store.transaction(() => {
		store.consumption.charge({ ...about, stayId: 's1', price: { minor: 123_450, currency: 'EUR' }, credits: 0 });
		store.consumption.charge({ ...about, stayId: 's2', segment: 1, price: null, credits: 2 });
	});
}

describe('a list in a browser', () => {
	test('searches while one types, filters as one chooses, and keeps the focus', async () => {
		const page = await host.openSignedIn();
		await page.goto('/holders');
		await page.fill('#q', 'lam');
		await page.waitForFunction(() => document.querySelectorAll('.row').length === 1);
		expect(await page.evaluate(() => document.activeElement?.id)).toBe('q');
		expect(page.url()).toContain('q=lam');
		await page.fill('#q', '');
		await page.selectOption('#status', 'blocked');
		await page.waitForFunction(() => document.querySelectorAll('.row').length === 1);
		await page.waitForSelector('.chip >> text=Blocked');
		expect(await page.textContent('#rows-count')).toContain('1 person');
		await page.click('.chip');
		await page.waitForFunction(() => document.querySelectorAll('.row').length > 20);
		expect(host.complaints).toEqual([]);
	});

	test('says how far a list is that is taken along, and how many rows were in it', async () => {
		const page = await host.openSignedIn();
		await page.goto('/holders');
		const download = page.waitForEvent('download');
		await page.click('#rows-count a >> text=CSV');
		expect((await download).suggestedFilename()).toMatch(/^holders-.*\.csv$/);
		await page.waitForSelector('#export-status >> text=rows are in the file');
		expect(host.complaints).toEqual([]);
	});

	test('counts what is ticked, ticks all, and asks in the dialog before it does anything', async () => {
		const page = await host.openSignedIn();
		await page.goto('/holders?q=visitor');
		expect(await page.isVisible('.bulk')).toBe(false);
		await page.check('[data-selects-all] input');
		const shown = await page.locator('tbody .tick input').count();
		expect(await page.textContent('.bulk__count')).toBe(`Chosen: ${shown}`);
		await page.uncheck('[data-row=n0] .tick input');
		expect(await page.textContent('.bulk__count')).toBe(`Chosen: ${shown - 1}`);
		await page.click('button[value="set.status"]');
		await page.waitForSelector('dialog[open] >> text=Inactive');
		await page.check('dialog [name=value][value=inactive]');
		await page.click('dialog button[type=submit]');
		await page.waitForSelector('dialog[open] >> text=These will change');
		await page.click('dialog button[value=confirm]');
		await page.waitForSelector(`.done-notice >> text=${shown - 1} changed.`);
		await page.click('#undo');
		await page.waitForSelector('text=everything is as it was');
		expect(host.complaints).toEqual([]);
	});
});

describe('on a phone', () => {
	test('the menu opens over the page and leads everywhere', async () => {
		const page = await host.openSignedIn(PHONE);
		expect(await page.isVisible('#menu')).toBe(false);
		await page.click('[popovertarget=menu]');
		await page.click('#menu >> text=Schedules');
		await page.waitForURL('**/schedules');
		expect(await page.textContent('h1')).toBe('Schedules');
		expect(host.complaints).toEqual([]);
	});

	test('a plate and a right are given from a person’s page in the dialog', async () => {
		const page = await host.openSignedIn(PHONE);
		await page.goto('/holders/h10');
		await page.click('#quick-credentials');
		await page.check('dialog [name=kind][value=plate]');
		await page.fill('dialog #value', '2-pho-123');
		await page.click('dialog button[value=save]');
		await page.waitForSelector('.related >> text=2-pho-123');
		await page.click('#quick-assignedRights');
		await page.check('dialog [name=specificationId][value=board]');
		await page.click('dialog button[value=save]');
		await page.waitForSelector('.related >> text=Board');
		expect(host.complaints).toEqual([]);
	});

	test('what is missing in the dialog is told there, with what was typed', async () => {
		const page = await host.openSignedIn(PHONE);
		await page.goto('/holders/h11');
		await page.click('#quick-credentials');
		await page.fill('dialog #value', 'no tag at all');
		await page.click('dialog button[value=save]');
		await page.waitForSelector('dialog #value-error');
		expect(await page.inputValue('dialog #value')).toBe('no tag at all');
	});

	test('somebody among many is found while one types, and stays chosen', async () => {
		const page = await host.openSignedIn(PHONE);
		await page.goto('/rights/new');
		await page.fill('[name="holderId.q"]', 'gert');
		await page.check('#holderId-options input[value=h6]');
		await page.fill('[name="holderId.q"]', 'hanne');
		await page.waitForSelector('#holderId-options >> text=Hanne Maes');
		expect(await page.isChecked('#holderId-options input[value=h6]')).toBe(true);
		expect(host.complaints).toEqual([]);
	});

	test('hours are added in place, with the picture of the week', async () => {
		const page = await host.openSignedIn(PHONE);
		await page.goto('/schedules/new');
		await page.fill('#name', 'Late shift');
		await page.click('text=Add hours');
		await page.waitForSelector('[name="periods.0.from"]');
		expect(await page.inputValue('#name')).toBe('Late shift');
		await page.fill('[name="periods.0.from"]', '18:00');
		await page.fill('[name="periods.0.to"]', '02:00');
		await page.press('[name="periods.0.to"]', 'Enter');
		await page.waitForSelector('.done-notice');
		expect(await page.textContent('.hours')).toContain('Mon–Fri');
		expect(await page.locator('.week__open').count()).toBe(10);
		expect(host.complaints).toEqual([]);
	});
});

describe('a credential', () => {
	const present = (tag: string) =>
		host.site.enrolments.take({ kind: 'tag', id: 'read', deviceId: 'reader-1', tag, atMs: 0, monotonicMs: 0 });
	const asBits = (text: string) => {
		const bytes = new TextEncoder().encode(text);
		return tagFromBits(bytes, bytes.length * 8);
	};
	beforeEach(() => {
		if (host.site.devices.length === 0) host.site.devices.push(aDevice());
		host.site.bench.clock.advance(600_000);
	});

	test('is filled by the card that is presented at a reader, a scanned code as what it is', async () => {
		const page = await host.openSignedIn(PHONE, 'reception');
		await page.goto('/credentials/new');
		await page.check('[name=kind][value=plate]');
		expect(await page.isVisible('.present-tag')).toBe(false);
		await page.check('[name=kind][value=tag]');
		await page.click('.present-tag');
		await page.click('#dialog button >> text=Wait for the tag');
		await page.waitForSelector('#dialog >> text=Hold the card in front of reader-1 now');
		expect(present(asBits('A-code-of-many-letters'))).toBe(true);
		await page.click('#dialog >> text=Use this tag');
		expect(await page.inputValue('#value')).toBe('A-code-of-many-letters');
		expect(await page.isChecked('[name=kind][value=qr]')).toBe(true);
		expect(host.complaints).toEqual([]);
	});

	test('of one person is filled too: from the dialog of their page, and the right person is known afterwards', async () => {
		const page = await host.openSignedIn(PHONE, 'reception');
		await page.goto('/holders/h11');
		await page.click('#quick-credentials');
		await page.click('dialog .present-tag');
		await page.click('main button >> text=Wait for the tag');
		await page.waitForSelector('text=Hold the card in front of reader-1 now');
		expect(present('26:9ADDDF80')).toBe(true);
		await page.click('text=Use this tag');
		expect(await page.inputValue('#value')).toBe('26:9ADDDF80');
		await page.click('button[value=save]');
		await page.waitForURL('**/holders/h11*');
		await page.waitForSelector('.related >> text=26:9ADDDF80');
		expect(host.complaints).toEqual([]);
	});

	test('that is there is given another card without scripts', async () => {
		const page = await host.openSignedIn({ javaScriptEnabled: false }, 'reception');
		const row = { id: 'worn', holderId: 'h9', kind: 'tag', value: '26:00000040', label: 'worn out', state: 'active' };
		host.site.services.services.edits.edit(
			[{ op: 'create', table: 'credentials', row: { ...row, validFromMs: null, validToMs: null } }],
			{ operatorId: null },
		);
		await page.goto('/credentials/worn/edit');
		await page.click('.present-tag');
		await page.click('main button >> text=Wait for the tag');
		await page.waitForSelector('text=Hold the card in front of reader-1 now');
		expect(present('26:9ADDDFC0')).toBe(true);
		await page.reload();
		await page.click('text=Use this tag');
		await page.click('button[value=save]');
		expect(host.site.services.services.edits.get('credentials', 'worn')?.row).toMatchObject({
			...{ value: '26:9ADDDFC0', label: 'worn out' },
		});
	});
});

describe('without scripts', () => {
	test('a person is added, found, changed and deleted', async () => {
		const page = await host.openSignedIn({ ...PHONE, javaScriptEnabled: false });
		await page.goto('/holders');
		await page.click('main >> text=New person');
		await page.fill('#name', 'Zoé Sansscript');
		await page.click('button[value=save]');
		expect(await page.textContent('h1')).toBe('Zoé Sansscript');
		await page.goto('/holders?q=sansscript');
		await page.click('.row__link');
		await page.click('#edit');
		await page.fill('#phone', '12345');
		await page.click('button[value=save]');
		expect(await page.textContent('main')).toContain('12345');
		await page.click('#delete');
		await page.click('main button[type=submit]');
		expect(await page.textContent('.done-notice')).toContain('Deleted.');
		await page.click('#undo');
		expect(await page.textContent('main')).toContain('everything is as it was');
		expect(host.complaints).toEqual([]);
	});
});

describe('every page of the directory fits, by day and by night', () => {
	const ADDRESSES = [
		'/holders?status=active',
		'/holders/h0',
		'/holders/h0/edit',
		'/holders/h0/delete',
		'/vehicles/v1',
		'/credentials',
		'/rights?state=suspended',
		'/right-specifications/board',
		'/right-specifications/board/edit',
		'/planned-uses/new',
		'/schedules',
		'/schedules/office',
		'/schedules/office/edit',
		'/bundles/b-staff/edit',
		'/pools?q=nothing',
		'/rights/paid',
		'/rights/paid/credits',
		'/charges',
	];
	test.each(LOOKS)('%i pixels wide, %s', async (width, colorScheme) => {
		const page = await host.openSignedIn({
			colorScheme,
			viewport: { width, height: 800 },
			hasTouch: width === 360,
			reducedMotion: 'reduce',
		});
		const findings: string[] = [];
		for (const address of ADDRESSES) {
			await page.goto(address);
			findings.push(...(await flawsOf(page, address)));
		}
		expect(findings).toEqual([]);
		expect(host.complaints).toEqual([]);
	});
});
