import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { anna, aPlateRead, aTagRead, facts } from '../../support/access-facts.ts';
import { aLaneView, type ConsoleSite, createConsoleSite, LANES, type Visitor } from '../../support/console-site.ts';
import { aPerson } from '../../support/directory-seed.ts';

let site: ConsoleSite;
let admin: Visitor;
beforeEach(async () => {
	site = createConsoleSite();
	admin = await site.signIn('administrator');
});
afterEach(() => site.close());

const textOf = (html: string) => html.replaceAll(/<[^>]*>/g, ' ').replaceAll(/\s+/g, ' ');
const rows = (html: string) => [...html.matchAll(/class="subject"><bdi>([^<]*)</g)].map(([, subject]) => subject);
const counts = (html: string) =>
	Object.fromEntries([...html.matchAll(/id="recent-(\w+)"[^>]*>(\d+)</g)].map(([, name, count]) => [name, count]));

const unknownPlate = (value: string) =>
	facts({
		atMs: site.bench.clock.nowMs(),
		presented: [aPlateRead({ value, match: { how: 'none' } })],
		rights: [],
	});

describe('the last 30 minutes', () => {
	beforeEach(() => {
		const nowMs = site.bench.clock.nowMs();
		const decide = (subject: string, agoMs: number, sequel?: 'passed' | 'openFailed' | 'openUnknown') =>
			site.decide({
				facts: facts({ atMs: nowMs - agoMs }),
				subject,
				holderName: anna.name,
				...(sequel !== undefined && { sequel }),
			});
		decide('too-old', 31 * 60_000, 'passed');
		decide('passed', 29 * 60_000, 'passed');
		decide('broken', 60_000, 'openFailed');
		decide('silent', 50_000, 'openUnknown');
		site.decide({ facts: unknownPlate('9ZZZ999'), subject: '9-ZZZ-999', holderName: null });
	});

	test('are counted by outcome: denied is policy, failed is hardware', async () => {
		const html = await admin.page('/');
		expect(counts(html)).toEqual({ all: '4', granted: '1', refused: '1', failed: '2' });
		expect(rows(html)).toEqual(['9-ZZZ-999', 'silent', 'broken', 'passed']);
	});

	test('are filtered and searched in place, and the address keeps the filter', async () => {
		const part = await admin.get('/live/decisions?show=failed&q=peeters', { 'hx-request': 'true' });
		const html = await part.text();
		expect(rows(html)).toEqual(['silent', 'broken']);
		expect(counts(html)).toEqual({ all: '3', granted: '1', refused: '0', failed: '2' });
		expect(html.match(/hx-swap-oob="true"/g)).toHaveLength(4);
		expect(part.headers.get('hx-replace-url')).toBe('/?show=failed&q=peeters');
		expect(rows(await admin.page('/?show=refused&q=9zzz'))).toEqual(['9-ZZZ-999']);
	});

	test('say when nothing fits', async () => {
		expect(textOf(await admin.page('/?q=nobody-has-this'))).toContain('Nothing of the last 30 minutes fits');
	});
});

describe('fire', () => {
	test('stands above everything else and on the lane', async () => {
		const exit = LANES[2];
		if (exit === undefined) throw new Error('no lane');
		expect(textOf(await admin.page('/live/fire'))).not.toContain('Fire');
		site.lanes.set('L3', aLaneView(exit, { fire: true, phase: 'heldOpen' }));
		const html = await admin.page('/');
		expect(textOf(html)).toContain('Fire: the fire input is active At Exit.');
		expect(html).toMatch(/class="lane card lane--fire" id="lane-L3"/);
		expect(html).not.toContain('href="/lanes/L3/vend"');
	});
});

describe('a clock that can’t be trusted', () => {
	beforeEach(() => site.services.setClockTrust('untrusted'));

	test('is told on the live page, and confirmed by an administrator only, in the journal', async () => {
		const reception = await site.signIn('reception');
		expect(textOf(await reception.page('/'))).toContain('The clock of this gateway can’t be trusted');
		expect(await reception.page('/')).not.toContain('href="/clock"');
		expect((await reception.post('/clock', {})).status).toBe(403);
		expect(await admin.page('/')).toContain('href="/clock"');
		const sent = await admin.post('/clock', {});
		expect(sent.status).toBe(303);
		expect(textOf(await admin.page(sent.headers.get('location') ?? ''))).toContain('The time is confirmed');
		expect(site.bench.audits().at(-1)).toMatchObject({
			operatorId: admin.operatorId,
			action: 'clockConfirmed',
			detail: { trustBefore: 'untrusted' },
		});
		expect(textOf(await admin.page('/'))).not.toContain('can’t be trusted');
	});
});

describe('what a decision’s page tells besides', () => {
	test('the known plates one character away, as a hint', async () => {
		await site.services.fillDirectory(aPerson({ id: 'anna', name: 'Anna Peeters', plate: '1ABC234', right: null }));
		const id = site.decide({ facts: unknownPlate('1ABC235'), subject: '1-ABC-235', holderName: null });
		const html = await admin.page(`/log/${id}`);
		expect(textOf(html)).toContain('Did the camera misread? known 1ABC234 , Anna Peeters');
		expect(html).toContain('href="/explain?holder=anna&amp;lane=L1"');
	});

	test('what can be done, by whom; opening only while it is the newest at its lane, visitors not yet', async () => {
		const id = site.decide({ facts: unknownPlate('9ZZZ999'), subject: '9-ZZZ-999', holderName: null });
		const before = await admin.page(`/log/${id}`);
		expect(textOf(before)).toContain('What can be done Driver Present the tag again');
		expect(textOf(before)).toContain('Operator Open once, with a reason');
		expect(before).not.toContain('href="/lanes/L1/vend"');
		const [north] = LANES;
		if (north === undefined) throw new Error('no lane');
		site.lanes.set('L1', aLaneView(north, { lastDecision: site.accessLog.summary(id) ?? null }));
		const after = await admin.page(`/log/${id}`);
		expect(after).toContain('href="/lanes/L1/vend"');
		expect(after).not.toContain('makeVisitor');
	});

	test('the nearest reason of ONVIF and BACnet', async () => {
		const id = site.decide({ facts: unknownPlate('9ZZZ999'), subject: '9-ZZZ-999', holderName: null });
		const text = textOf(await admin.page(`/log/${id}`));
		expect(text).toContain('ONVIF Unauthorized BACnet denied-unknown-credential');
	});

	test('whether the stored facts still give the same, to those who may replay', async () => {
		const id = site.decide({ facts: facts({ presented: [aTagRead()] }), subject: 'tag', holderName: anna.name });
		const words = 'Decided again on the stored facts: the same decision';
		expect(textOf(await admin.page(`/log/${id}`))).toContain(words);
		const reception = await site.signIn('reception');
		expect(textOf(await reception.page(`/log/${id}`))).not.toContain(words);
	});
});
