import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { aPlateRead, facts } from '../../support/access-facts.ts';
import { type ConsoleSite, createConsoleSite, type Visitor } from '../../support/console-site.ts';
import { aPerson, STAFF } from '../../support/directory-seed.ts';

const textOf = (html: string) => html.replaceAll(/<[^>]*>/g, ' ').replaceAll(/\s+/g, ' ');

let seesAll: boolean;
let site: ConsoleSite;
let guard: Visitor;
beforeEach(async () => {
	seesAll = true;
	site = createConsoleSite({ seesPersonalData: () => seesAll });
	await site.services.fillDirectory([
		STAFF,
		...aPerson({ id: 'anna', name: 'Anna Peeters', plate: '1ABC234' }),
		...aPerson({ id: 'evil', name: '<img src=x onerror=alert(1)>', plate: '2EVIL22' }),
	]);
	for (const [id, holderId] of [
		['s-anna', 'anna'],
		['s-evil', 'evil'],
	] as const) {
		site.bench.store.parkingSessions.open({
			...{ id, holderId, credentialId: `${holderId}-plate`, decisionId: null, areaId: 'A1', counted: true },
			...{ laneInId: 'L1', openedAtMs: site.bench.clock.nowMs() },
		});
	}
	const read = aPlateRead({ value: '1ABC23A', match: { how: 'none' } });
	const atMs = site.bench.clock.nowMs();
	site.decide({ facts: facts({ presented: [read], rights: [], atMs }), subject: '1ABC23A', holderName: null });
	guard = await site.signIn('security');
});
afterEach(() => site.close());

const audits = () =>
	site.bench.store.journal.after(0, 1_000).flatMap(({ entry }) => (entry?.type === 'audit' ? [entry.action] : []));

describe('I15 pages on the ground', () => {
	test('a scan shows whose it is, and that somebody looked is written down once', async () => {
		const text = textOf(await guard.page('/scan?q=1-abc-234'));
		expect(text).toContain('Anna Peeters');
		expect(text).toContain('Where it is now Deck');
		expect(text).toContain('North entry Opens');
		await guard.page('/scan?q=1ABC234');
		expect(audits().filter((action) => action === 'personViewed')).toHaveLength(1);
	});

	test('an unknown plate offers a visitor with it', async () => {
		const kind = { name: 'Visitors', areaIds: [], useLimit: null };
		site.services.services.visitors.addSpecification(kind, { operatorId: 'op-1' });
		const html = await guard.page('/scan?q=9-zzz-999');
		expect(html).toContain('/visitors/new?plate=9ZZZ999');
		expect(await guard.page('/visitors/new?plate=9ZZZ999')).toContain('value="9ZZZ999"');
	});

	test('markup in names and in what is scanned is text', async () => {
		for (const path of ['/scan?q=2EVIL22', '/logistic', '/logistic/s-evil']) {
			expect(await guard.page(path)).not.toContain('<img');
		}
		expect(await guard.page(`/scan?q=${encodeURIComponent('<script>alert(1)</script>')}`)).not.toContain(
			'<script>alert',
		);
	});

	test('a move without scripts: said, told, undone; what is gone leads back to the list', async () => {
		const answer = await guard.post('/logistic/s-anna', { place: 'A1-vip' });
		const done = answer.headers.get('location') ?? '';
		expect(textOf(await guard.page(done))).toContain('Moved to Visitors');
		const moveId = new URLSearchParams(done.split('?')[1]).get('done') ?? '';
		const undone = await guard.post(`/logistic/moves/${moveId}/undo`, {});
		expect(textOf(await guard.page(undone.headers.get('location') ?? ''))).toContain('it stands in Deck again');
		expect((await guard.post(`/logistic/moves/${moveId}/undo`, {})).status).toBe(422);
		const gone = await guard.post('/logistic/gone', { place: 'A1' });
		expect([gone.status, textOf(await gone.text())]).toEqual([422, expect.stringContaining('has left')]);
	});

	test('who sees first letters only finds, presents and corrects nothing', async () => {
		seesAll = false;
		for (const path of ['/scan?q=1ABC234', '/scan?q=1ABC23A', '/logistic?q=peeters', '/logistic/s-anna', '/review']) {
			const html = await guard.page(path);
			expect(textOf(html), path).not.toContain('Peeters');
			if (!path.startsWith('/scan')) expect(html, path).not.toContain('1ABC23');
		}
		expect(await guard.page('/scan?q=1ABC23A'), 'no hint').not.toContain('1ABC234');
		expect((await guard.get('/scan/present?device=reader-1&after=0')).status).toBe(403);
		const [item] = (await site.services.services.fieldWork.review('op').list({ limit: 1 })).items;
		const path = `/review/${item?.decision.id}`;
		expect((await guard.post(path, { plate: '1ABC234' })).status).toBe(403);
		expect((await guard.post(path, { verdict: 'dismissed' })).status).toBe(303);
	});

	test.each(['fr', 'nl'])('stand in %s too', async (language) => {
		for (const path of ['/scan?q=1ABC234', '/scan?q=1ABC23A', '/logistic', '/logistic/s-anna', '/review']) {
			const html = await guard.page(path, { 'accept-language': language });
			expect(html).toContain(`lang="${language}"`);
		}
	});
});
