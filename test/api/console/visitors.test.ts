import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { facts } from '../../support/access-facts.ts';
import { aDevice, type ConsoleSite, createConsoleSite, type Visitor } from '../../support/console-site.ts';
import { aPerson, STAFF } from '../../support/directory-seed.ts';
import { HOUR_MS } from '../../support/visitors-bench.ts';

const textOf = (html: string) => html.replaceAll(/<[^>]*>/g, ' ').replaceAll(/\s+/g, ' ');
const VISITORS = { name: 'Visitors', areaIds: [], useLimit: null };
const BY = { operatorId: 'op-1' };

let site: ConsoleSite;
let reception: Visitor;
beforeEach(async () => {
	site = createConsoleSite();
	await site.services.fillDirectory([STAFF, ...aPerson({ id: 'anna', name: 'Anna Peeters', plate: '1ANN001' })]);
	reception = await site.signIn('reception');
});
afterEach(() => site.close());

const visitors = () => site.services.services.visitors;
const allowVisitors = () => expect(visitors().addSpecification(VISITORS, BY)).toEqual([]);
const nowMs = () => site.bench.clock.nowMs();

function unknownPlate(value: string) {
	const { presented } = facts();
	const [read] = presented;
	if (read === undefined) throw new Error('nothing was read');
	const unknown = { ...read, kind: 'plate', value, match: { how: 'none' } } as const;
	return site.decide({
		facts: facts({ presented: [unknown], rights: [], atMs: nowMs() }),
		subject: value,
		holderName: null,
	});
}

const sent = (change: Record<string, string> = {}) => ({
	...{ name: 'Jan Maes', kind: 'plate', value: '1-ABC-234', from: '', to: '2026-01-06T12:00', language: 'nl' },
	...change,
});

function made(name = 'Jan Maes', change: object = {}) {
	const answer = visitors().create(
		{
			...{ name, credential: { kind: 'qr' }, validFromMs: nowMs() - HOUR_MS, validToMs: nowMs() + HOUR_MS },
			...change,
		},
		{ operatorId: reception.operatorId },
	);
	if (answer.result !== 'done') throw new Error(JSON.stringify(answer));
	return answer.visit;
}

describe('X6 making a visitor', () => {
	test('from the form: the plate as it is written, until the end that was chosen', async () => {
		allowVisitors();
		const empty = await reception.page('/visitors/new');
		expect(textOf(empty)).toContain('May go to: every area. As often as they like.');
		const answer = await reception.post('/visitors/new', sent({ to: '2026-01-06T12:00', host: 'peeters' }));
		expect(answer.status).toBe(303);
		const page = textOf(await reception.page(answer.headers.get('location') ?? ''));
		expect(page).toContain('Jan Maes may come in');
		expect(page).toMatch(/Visits Anna Peeters .* Made by The reception/);
		expect(site.services.directory.credential('plate', '1ABC234')).toMatchObject({ label: '1-ABC-234' });
		expect(textOf(await reception.page('/visitors'))).toMatch(/Jan Maes Visits Anna Peeters Number plate 1-ABC-234/);
	});

	test('from an unknown read in the log and on Live: its plate stands in the form, and the lane can be opened', async () => {
		allowVisitors();
		const decision = unknownPlate('1XYZ999');
		for (const page of [`/log`, `/log/${decision}`, '/']) {
			expect(await reception.page(page)).toContain(`href="/visitors/new?decision=${decision}"`);
		}
		const form = await reception.page(`/visitors/new?decision=${decision}`);
		expect(form).toMatch(/name="value"[^>]*value="1XYZ999"/);
		expect(textOf(form)).toContain('Read at North entry');
		const answer = await reception.post('/visitors/new', sent({ value: '1XYZ999', decision }));
		const done = await reception.page(answer.headers.get('location') ?? '');
		expect(done).toContain('href="/lanes/L1/vend"');
		expect(textOf(await reception.page(`/log/${decision}`))).toContain('Make a visitor of what was read');
	});

	test('is not offered to who may not, and refused to them', async () => {
		allowVisitors();
		const decision = unknownPlate('1XYZ999');
		const technician = await site.signIn('technician');
		expect(await technician.page('/log')).not.toContain('/visitors/new');
		expect(await technician.page(`/log/${decision}`)).not.toContain('/visitors/new');
		expect(await technician.page('/visitors')).not.toContain('/visitors/new');
		const { id } = made();
		expect((await technician.get('/visitors/new')).status).toBe(403);
		expect((await technician.get(`/visitors/${id}/pass`)).status).toBe(403);
		expect((await technician.post(`/visitors/${id}/end`, {})).status).toBe(403);
		expect(await technician.page(`/visitors/${id}`)).not.toContain('<form class="visit-page__act"');
	});

	test('of somebody’s plate says whose it is, and makes nothing', async () => {
		allowVisitors();
		const answer = await reception.post('/visitors/new', sent({ value: '1ANN001' }));
		expect(answer.status).toBe(422);
		expect(textOf(await answer.text())).toContain('This belongs to Anna Peeters, who is no visitor.');
	});

	test('keeps what was typed beside what is wrong', async () => {
		allowVisitors();
		const answer = await reception.post('/visitors/new', sent({ name: '', value: '—', to: '2020-01-01T12:00' }));
		expect(answer.status).toBe(422);
		const html = await answer.text();
		expect(textOf(html)).toContain('Fill this in.');
		expect(html).toMatch(/name="value"[^>]*value="—"/);
		const again = await reception.post('/visitors/new', sent({ value: '—', to: '2020-01-01T12:00' }));
		const words = textOf(await again.text());
		expect(words).toContain('This is no number plate.');
		expect(words).toContain('This is in the past.');
	});

	test('lets the host be chosen where several fit, and mended where nobody does', async () => {
		allowVisitors();
		await site.services.services.edits.edit(
			[
				{
					op: 'create',
					table: 'holders',
					row: { id: 'p2', kind: 'person', name: 'Piet Peeters', email: null, status: 'active' },
				},
			],
			BY,
		);
		const several = await reception.post('/visitors/new', sent({ host: 'peeters' }));
		const html = await several.text();
		expect(textOf(html)).toContain('Which one?');
		expect(html).toMatch(/name="hostId" value="p2"/);
		const nobody = await reception.post('/visitors/new', sent({ host: 'zz' }));
		expect(textOf(await nobody.text())).toContain('Nobody here is called that.');
		const chosen = await reception.post('/visitors/new', sent({ host: 'peeters', hostId: 'p2' }));
		expect(chosen.status).toBe(303);
	});

	test('where nothing says what visitors may: an administrator makes a kind of visit and goes on', async () => {
		const decision = unknownPlate('1XYZ999');
		const words = textOf(await reception.page('/visitors/new'));
		expect(words).toContain('Nothing here says yet what visitors may');
		expect(words).toContain('An administrator can make one.');
		expect((await reception.get('/visitors/kinds/new')).status).toBe(403);
		const admin = await site.signIn('administrator');
		expect(await admin.page(`/visitors/new?decision=${decision}`)).toContain(
			`/visitors/kinds/new?decision=${decision}`,
		);
		const wrong = await admin.post('/visitors/kinds/new', { name: 'Visitors', uses: '0' });
		expect(textOf(await wrong.text())).toContain('Give a whole number from 1 to 100,000');
		const kind = { name: 'Visitors', uses: '2', 'area.A1-vip': 'yes', decision };
		const answer = await admin.post('/visitors/kinds/new', kind);
		expect(answer.headers.get('location')).toBe(`/visitors/new?decision=${decision}`);
		expect(visitors().specifications()).toMatchObject([{ name: 'Visitors', areaIds: ['A1-vip'], useLimit: 2 }]);
		expect(textOf(await admin.page('/visitors/new'))).toContain('May go to: Visitors. 2 entries.');
	});
});

describe('X6 one visit', () => {
	beforeEach(allowVisitors);

	test('is extended, ended, blocked and unblocked', async () => {
		const { id } = made();
		const post = async (act: string, fields = {}) => reception.post(`/visitors/${id}/${act}`, fields);
		expect((await post('extend', { to: '2026-01-06T09:00' })).status).toBe(303);
		expect(visitors().get(id)?.validToMs).toBe(Date.parse('2026-01-06T09:00+01:00'));
		const wrong = await post('extend', { to: '2020-01-01T09:00' });
		expect(textOf(await wrong.text())).toContain('This is in the past.');
		await post('block');
		expect(visitors().get(id)?.state).toBe('blocked');
		await post('unblock');
		await post('end');
		expect(visitors().get(id)?.state).toBe('over');
	});

	test('that has not begun is cancelled, after a second look', async () => {
		const { id } = made('Els', { validFromMs: nowMs() + 24 * HOUR_MS, validToMs: nowMs() + 48 * HOUR_MS });
		expect(textOf(await reception.page(`/visitors/${id}`))).toContain('Cancel this visit?');
		const answer = await reception.post(`/visitors/${id}/end`, {});
		expect(textOf(await reception.page(answer.headers.get('location') ?? ''))).toContain('The visit was cancelled');
		expect((await reception.get(`/visitors/${id}`)).status).toBe(404);
	});

	test('never shows the code that opens, but on its pass', async () => {
		const { id, credential } = made();
		for (const page of [`/visitors/${id}`, '/visitors', '/visitors?q=jan']) {
			expect(await reception.page(page)).not.toContain(credential?.value);
		}
	});

	test('shows names as text, whatever they hold', async () => {
		const { id } = made('<img src=x onerror=alert(1)>\u202Egnp');
		for (const page of [`/visitors/${id}`, '/visitors', `/visitors/${id}/pass`]) {
			const html = await reception.page(page);
			expect(html).not.toContain('<img src=x');
		}
	});
});

describe('X6 the pass', () => {
	beforeEach(allowVisitors);

	test('is in the visitor’s language, says from when to when, how to come in, and carries the code', async () => {
		const { id } = made('Jan Maes', { language: 'nl', hostId: 'anna' });
		const html = await reception.page(`/visitors/${id}/pass`);
		const pass = /<article class="pass" lang="nl">.*<\/article>/s.exec(html)?.[0] ?? '';
		const words = textOf(pass);
		expect(words).toContain('Bezoekerspas');
		expect(words).toMatch(/Geldig maandag 5 januari 2026/);
		expect(words).toMatch(/Bezoekt Anna Peeters/);
		expect(words).toContain('Rijd naar North entry of South entry');
		expect(pass).toMatch(/<svg class="qr-code"[^>]*>/);
		expect(textOf(await reception.page(`/visitors/${id}/pass?language=fr`))).toContain('Laissez-passer visiteur');
	});

	test('of who comes by plate shows the plate and no code', async () => {
		const { id } = made('Jan', { credential: { kind: 'plate', value: '1-ABC-234' }, language: 'en' });
		const html = await reception.page(`/visitors/${id}/pass`);
		expect(textOf(html)).toContain('Number plate 1-ABC-234');
		expect(html).not.toContain('qr-code');
	});
});

describe('enrolment in the console', () => {
	const CARD = '26:9ADDDF00';
	const TARGET = 'field=value&labelField=label&back=%2Fvisitors%2Fnew';
	const part = { 'hx-request': 'true' };
	const present = (tag: string) =>
		site.enrolments.take({ kind: 'tag', id: 'r', deviceId: 'reader-1', tag, label: 'Card 7', atMs: 0, monotonicMs: 0 });

	beforeEach(() => {
		allowVisitors();
		site.devices.push(aDevice(), aDevice({ id: 'reader-2', state: 'offline' }));
	});

	async function waiting(): Promise<string> {
		const answer = await reception.post(`/enrolments/new?${TARGET}`, { device: 'reader-1' });
		return answer.headers.get('location') ?? '';
	}

	test('stands beside the value of the visitor’s form', async () => {
		expect(await reception.page('/visitors/new')).toContain('href="/enrolments/new?field=value');
		const html = await reception.page(`/enrolments/new?${TARGET}`);
		expect(textOf(html)).toMatch(/reader-1 North entry .*reader-2 South entry · does not answer/);
	});

	test('waits, shows what was presented, and fills the form with it', async () => {
		const path = await waiting();
		expect(textOf(await reception.page(path))).toContain('Hold the card in front of reader-1 now');
		expect(present(CARD)).toBe(true);
		const html = await reception.page(path, part);
		expect(textOf(html)).toContain('Read: Card 7');
		expect(html).toContain(`data-fill="${CARD}"`);
		const back = /href="(\/visitors\/new\?[^"]*)"/.exec(await reception.page(path))?.[1]?.replaceAll('&amp;', '&');
		const form = await reception.page(back ?? '');
		expect(form).toMatch(new RegExp(`name="value"[^>]*value="${CARD}"`));
		expect(form).toMatch(/value="tag" checked/);
	});

	test('looks again by itself, and says nothing while nothing happened', async () => {
		const path = await waiting();
		const live = /hx-get="(\/live\/enrolments[^"]*)"/
			.exec(await reception.page(path, part))?.[1]
			?.replaceAll('&amp;', '&');
		expect((await reception.get(`${live}&dialog=yes`, part)).status).toBe(204);
		present(CARD);
		expect(textOf(await reception.page(`${live}&dialog=yes`, part))).toContain('Read: Card 7');
	});

	test('is cancelled, and can be tried again', async () => {
		const path = await waiting();
		const answer = await reception.post(path.replace('?', '/cancel?'), {});
		expect(textOf(await reception.page(answer.headers.get('location') ?? ''))).toContain('No longer waiting');
		expect(present(CARD)).toBe(false);
	});

	test('at a reader that somebody else waits at, or none, says so', async () => {
		await waiting();
		const admin = await site.signIn('administrator');
		const busy = await admin.post(`/enrolments/new?${TARGET}`, { device: 'reader-1' });
		expect(textOf(await busy.text())).toContain('The reception waits for a tag at this reader');
		const none = await admin.post(`/enrolments/new?${TARGET}`, {});
		expect(textOf(await none.text())).toContain('Choose a reader.');
		const offline = await admin.post(`/enrolments/new?${TARGET}`, { device: 'reader-2' });
		expect(textOf(await offline.text())).toContain('does not answer now');
	});

	test('leads nowhere outside', async () => {
		const html = await reception.page('/enrolments/new?field=x&back=https://evil.example/');
		// The address itself stands in the preferences' forms, which check it anew.
		expect(/<main.*<\/main>/s.exec(html)?.[0]).not.toContain('evil.example');
	});

	test('is not for who may not', async () => {
		const security = await site.signIn('security');
		expect(await security.page('/visitors/new')).not.toContain('/enrolments/new');
		expect((await security.get(`/enrolments/new?${TARGET}`)).status).toBe(403);
	});
});
