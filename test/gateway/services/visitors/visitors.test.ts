import { beforeEach, describe, expect, test } from 'vitest';
import { createBundleApplication } from '../../../../src/gateway/services/directory/apply-bundle.ts';
import type { VisitRequest } from '../../../../src/gateway/services/visitors/visit-request.ts';
import { holder, openTempDirectory, plate, put } from '../../../support/directory-bench.ts';
import { aVisit, createVisitorServices, HOUR_MS } from '../../../support/visitors-bench.ts';

const BY = { operatorId: 'op-1' };
const DAY_MS = 24 * HOUR_MS;

function openVisitors() {
	const bench = openTempDirectory();
	const services = createVisitorServices({ ...bench, directory: bench.reader });
	const { visitors, edits } = services;
	const now = bench.clock.nowMs;
	return {
		...bench,
		...services,
		now,
		give: (table: 'holders' | 'credentials' | 'bundles' | 'rightSpecifications', row: object) =>
			expect(edits.edit([{ op: 'create', table, row: { ...row } }], BY)).toMatchObject({ result: 'done' }),
		make: (change: Partial<VisitRequest> = {}) => visitors.create(aVisit(now(), change), BY),
		made(change: Partial<VisitRequest> = {}) {
			const answer = visitors.create(aVisit(now(), change), BY);
			if (answer.result !== 'done') throw new Error(JSON.stringify(answer));
			return answer.visit;
		},
	};
}

describe('X6 a visitor', () => {
	let site: ReturnType<typeof openVisitors>;
	const problems = (answer: { result: string; problems?: readonly { code: string }[] }) =>
		(answer.problems ?? []).map(({ code }) => code);

	beforeEach(() => {
		site = openVisitors();
		expect(site.visitors.addSpecification({ name: 'Visitors', areaIds: [], useLimit: null }, BY)).toEqual([]);
	});

	test('is a holder, a credential and a right within a validity, made in one batch that is undone as one', () => {
		const { edits, reader, make, now } = site;
		const answer = make({ email: 'jan@example.org', language: 'nl' });
		expect(answer).toMatchObject({
			result: 'done',
			visit: { name: 'Jan Maes', language: 'nl', state: 'now', credential: { kind: 'plate', value: '1ABC234' } },
		});
		const known = reader.credential('plate', '1ABC234');
		expect(known).toMatchObject({ label: '1-ABC-234', state: 'active' });
		const [right] = reader.rightsOf(known?.holderId ?? '');
		expect(right).toMatchObject({
			right: { state: 'active', validFromMs: now(), validToMs: now() + 2 * HOUR_MS },
			specification: { strategy: 'visitor' },
		});
		const [entry] = edits.history('holders', known?.holderId ?? '');
		expect(edits.undo(entry?.batchId ?? '', BY).result).toBe('done');
		expect(reader.credential('plate', '1ABC234')).toBeUndefined();
	});

	test('says who made it', () => {
		const { id } = site.made();
		expect(site.visitors.madeBy(id)).toEqual({ operatorId: 'op-1', atMs: site.now() });
		site.visitors.changeEnd(id, site.now() + DAY_MS, { operatorId: 'op-2' });
		expect(site.visitors.madeBy(id)).toMatchObject({ operatorId: 'op-1' });
	});

	test('can not be made where nothing says what visitors may, and says so', () => {
		const bare = openVisitors();
		expect(problems(bare.make())).toEqual(['noSpecification']);
		expect(bare.visitors.specifications()).toEqual([]);
		expect(bare.reader.credential('plate', '1ABC234')).toBeUndefined();
	});

	test('of a site with several kinds of visit gets the one that was chosen', () => {
		site.visitors.addSpecification({ name: 'Once', areaIds: ['A1'], useLimit: 1 }, BY);
		const [once] = site.visitors.specifications();
		expect(once).toMatchObject({ name: 'Once', useLimit: 1, usePeriod: 'validity', areaIds: ['A1'] });
		expect(problems(site.make())).toEqual(['chooseSpecification']);
		expect(problems(site.make({ specificationId: 'nothing' }))).toEqual(['unknownSpecification']);
		expect(site.made({ specificationId: once?.id ?? '' }).specification.name).toBe('Once');
	});

	test('gets nothing by the default bundle: the right of the visit is all they have', () => {
		site.give('rightSpecifications', { id: 's', name: 'Staff', strategy: 'firstCome', areaIds: [], scheduleId: null });
		site.give('bundles', { id: 'b', name: 'All', tag: 'all', specificationIds: ['s'], isDefault: true });
		const visit = site.made();
		expect(site.reader.rightsOf(visit.holderId).map(({ right }) => right.id)).toEqual([visit.id]);
	});

	test('X10: gets nothing without an end by a bundle of their own tag that central sent, now or when it reaches back', async () => {
		const none = { validFromMs: null, validToMs: null };
		const bundle = { id: 'b', name: 'Guests', tag: 'visitor', specificationIds: ['s'], isDefault: false };
		const staff = { id: 's', name: 'Staff', strategy: 'firstCome', areaIds: [], scheduleId: null };
		await site.updates.applyDelta({
			...{ stream: 'access', centralEpoch: 'e1', from: 0, to: 1 },
			ops: [put('rightSpecifications', staff), put('bundles', bundle)],
		});
		const visit = site.made();
		const rights = () => site.reader.rightsOf(visit.holderId).map(({ right }) => right.id);
		expect(rights()).toEqual([visit.id]);
		const application = createBundleApplication({ ...site, directory: site.reader, newId: () => 'new' });
		expect(await application.preview('b')).toMatchObject({ holders: 0 });
		expect(await application.apply('b', BY)).toMatchObject({ result: 'done', holders: 0 });
		expect(rights()).toEqual([visit.id]);
		// What one had from it before goes when their tags are next touched.
		const given = {
			...none,
			id: 'old',
			holderId: visit.holderId,
			specificationId: 's',
			state: 'active',
			bundleId: 'b',
		};
		await site.updates.applyDelta({
			...{ stream: 'access', centralEpoch: 'e1', from: 1, to: 2 },
			ops: [put('assignedRights', given)],
		});
		const tags = ['visitor', 'parking'];
		site.edits.edit([{ op: 'update', table: 'holders', key: visit.holderId, fields: { tags } }], BY);
		expect(rights()).toEqual([visit.id]);
	});

	test('notes the host, who may go without taking the visitor along', () => {
		site.give('holders', { ...holder('anna'), name: 'Anna Peeters' });
		const { id } = site.made({ hostId: 'anna' });
		expect(site.visitors.get(id)?.host).toEqual({ id: 'anna', name: 'Anna Peeters' });
		site.edits.edit([{ op: 'delete', table: 'holders', key: 'anna' }], BY);
		expect(site.visitors.get(id)).toMatchObject({ name: 'Jan Maes', host: null });
	});

	test.each<[string, Partial<VisitRequest> | ((now: number) => Partial<VisitRequest>), object]>([
		[
			'a plate that is none',
			{ credential: { kind: 'plate', value: '—' } },
			{ field: 'credential', code: 'invalidPlate' },
		],
		['a tag that is none', { credential: { kind: 'tag', value: 'card' } }, { field: 'credential', code: 'invalidTag' }],
		['no name', { name: ' ' }, { field: 'name', code: 'invalid' }],
		['a host there is not', { hostId: 'nobody' }, { field: 'hostId', code: 'unknownReference' }],
		['an end in the past', (now) => ({ validToMs: now }), { field: 'validToMs', code: 'endsInThePast' }],
		[
			'an end before the beginning',
			(now) => ({ validFromMs: now + DAY_MS, validToMs: now + HOUR_MS }),
			{ field: 'validToMs', code: 'endsBeforeStart' },
		],
		['years', (now) => ({ validToMs: now + 800 * DAY_MS }), { field: 'validToMs', code: 'tooLong' }],
	])('with %s is refused at its field, and nothing is kept', (_what, change, problem) => {
		const before = site.store.journal.lastSeq();
		const answer = site.make(typeof change === 'function' ? change(site.now()) : change);
		expect(answer).toMatchObject({ result: 'refused', problems: [problem] });
		expect(site.store.journal.lastSeq()).toBe(before);
	});

	test('never takes over what somebody else carries', () => {
		site.give('holders', holder('anna'));
		site.give('credentials', plate('c1', '1ABC234'));
		expect(site.make()).toMatchObject({
			problems: [{ field: 'credential', code: 'belongsToHolder', detail: { holderId: 'anna', name: 'Person anna' } }],
		});
	});

	test('who is visiting already is not made twice, but can be given longer', () => {
		const { id } = site.made();
		expect(site.make()).toMatchObject({ problems: [{ code: 'alreadyVisiting', detail: { visitId: id } }] });
		expect(site.visitors.changeEnd(id, site.now() + DAY_MS, BY)).toMatchObject({
			result: 'done',
			visit: { validToMs: site.now() + DAY_MS },
		});
	});

	test('who comes again by the same plate is the same holder; somebody else in that car is not', () => {
		const first = site.made();
		site.clock.advance(3 * HOUR_MS);
		expect(site.visitors.get(first.id)?.state).toBe('over');
		const again = site.made({ name: 'JAN MAES' });
		expect(again.holderId).toBe(first.holderId);
		site.clock.advance(3 * HOUR_MS);
		const other = site.made({ name: 'Els Claes' });
		expect(other.holderId).not.toBe(first.holderId);
		expect(site.reader.credential('plate', '1ABC234')?.holderId).toBe(other.holderId);
		expect(site.visitors.get(first.id)).toMatchObject({ name: 'JAN MAES', credential: null });
		expect(site.visitors.changeEnd(first.id, site.now() + HOUR_MS, BY)).toMatchObject({
			problems: [{ code: 'noCredential' }],
		});
	});

	test('a plate that was reported, or whose visitor was blocked, makes no new visitor', () => {
		const visit = site.made();
		expect(site.visitors.block(visit.id, true, BY)).toMatchObject({ visit: { state: 'blocked' } });
		site.clock.advance(3 * HOUR_MS);
		expect(problems(site.make())).toEqual(['notUsable']);
		expect(site.visitors.block(visit.id, false, BY)).toMatchObject({ visit: { state: 'over' } });
		const { id = '' } = visit.credential ?? {};
		site.edits.edit([{ op: 'update', table: 'credentials', key: id, fields: { state: 'stolen' } }], BY);
		expect(problems(site.make({ name: 'Els Claes' }))).toEqual(['notUsable']);
	});

	test('is ended now; one that has not begun is gone, with a visitor who has no other visit', () => {
		const running = site.made();
		site.clock.advance(HOUR_MS);
		expect(site.visitors.end(running.id, BY)).toMatchObject({ visit: { state: 'over', validToMs: site.now() } });
		expect(site.visitors.end(running.id, BY)).toMatchObject({ problems: [{ code: 'over' }] });
		const tomorrow = { validFromMs: site.now() + DAY_MS, validToMs: site.now() + 2 * DAY_MS };
		const next = site.made(tomorrow);
		expect(next).toMatchObject({ state: 'coming', holderId: running.holderId });
		expect(site.visitors.end(next.id, BY)).toEqual({ result: 'cancelled' });
		expect(site.reader.holder(running.holderId)).toBeDefined();
		const els = site.made({ ...tomorrow, name: 'Els', credential: { kind: 'qr' } });
		expect(site.visitors.end(els.id, BY)).toEqual({ result: 'cancelled' });
		expect(site.reader.holder(els.holderId)).toBeUndefined();
		expect(site.visitors.get(els.id)).toBeUndefined();
	});

	test('has a QR code of 128 random bits in letters that an address may hold, and none twice', () => {
		const values = Array.from({ length: 20 }, () => site.made({ credential: { kind: 'qr' } }).credential);
		expect(new Set(values.map((credential) => credential?.value)).size).toBe(20);
		for (const credential of values) {
			expect(credential?.value).toMatch(/^[\w-]{22}$/);
			// What lists and the log show opens nothing.
			expect(credential?.label).toBe(`QR …${credential?.value.slice(-4)}`);
		}
	});

	test('has a PIN of six digits that nobody else has', () => {
		const pins = Array.from({ length: 20 }, () => site.made({ credential: { kind: 'pin' } }).credential?.value);
		expect(pins.every((pin) => /^\d{6}$/.test(pin ?? ''))).toBe(true);
		expect(new Set(pins).size).toBe(20);
	});
});

describe('X6 the list of visitors', () => {
	const names = (items: readonly { name: string }[]) => items.map(({ name }) => name);

	test('is of today, of later days, of earlier ones: by days of the site', async () => {
		const site = openVisitors();
		site.visitors.addSpecification({ name: 'Visitors', areaIds: [], useLimit: null }, BY);
		const qr = { credential: { kind: 'qr' } } as const;
		site.made({ ...qr, name: 'Now' });
		site.made({ ...qr, name: 'Later', validFromMs: site.now() + DAY_MS, validToMs: site.now() + 2 * DAY_MS });
		const ended = site.made({ ...qr, name: 'Ended' });
		site.clock.advance(60_000);
		site.visitors.end(ended.id, BY);
		const page = async (when: 'today' | 'coming' | 'past') => names((await site.visitors.page({ when })).items);
		expect(await page('today')).toEqual(['Ended', 'Now']);
		expect(await page('coming')).toEqual(['Later']);
		expect(await page('past')).toEqual([]);
		site.clock.advance(DAY_MS);
		expect(await page('today')).toEqual(['Later']);
		expect(await page('past')).toEqual(['Ended', 'Now']);
	});

	test('comes in pages that leave none out and repeat none', async () => {
		const site = openVisitors();
		site.visitors.addSpecification({ name: 'Visitors', areaIds: [], useLimit: null }, BY);
		const made = Array.from({ length: 25 }, (_, n) => site.made({ name: `V${n}`, credential: { kind: 'qr' } }).name);
		const found: string[] = [];
		let cursor: string | undefined;
		do {
			const page = await site.visitors.page({ when: 'today', limit: 10, ...(cursor !== undefined && { cursor }) });
			expect(page.items.length).toBeLessThanOrEqual(10);
			found.push(...names(page.items));
			cursor = page.nextCursor ?? undefined;
		} while (cursor !== undefined);
		expect(found).toEqual(made.toReversed());
		await expect(async () => site.visitors.page({ when: 'today', cursor: 'x' })).rejects.toThrow('start without one');
	});

	test('finds visitors of any time by name and by plate as people write it, and nobody else', async () => {
		const site = openVisitors();
		site.visitors.addSpecification({ name: 'Visitors', areaIds: [], useLimit: null }, BY);
		site.give('holders', { ...holder('anna'), name: 'Anna Maes' });
		site.give('credentials', plate('c1', '1ABC999'));
		site.made({ name: 'Jan Maes' });
		const search = async (q: string) => names((await site.visitors.page({ when: 'past', q })).items);
		expect(await search('maes')).toEqual(['Jan Maes']);
		site.made({ name: 'Els', credential: { kind: 'tag', value: '26:9ADDDF00' } });
		expect(await search('26:9add')).toEqual(['Els']);
		expect(await search('1-abc 2')).toEqual(['Jan Maes']);
		expect(await search('1-ABC-999')).toEqual([]);
	});
});
