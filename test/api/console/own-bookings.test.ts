import { afterAll, beforeAll, expect, test } from 'vitest';
import { type ConsoleSite, createConsoleSite, SITE, type Visitor } from '../../support/console-site.ts';
import { addAnnAndBob } from '../../support/own-access-people.ts';

const SPACES = ['S1', 'S2'].map((id) => ({ id, name: `Bay <${id}>` }));

let site: ConsoleSite;
let ann: Visitor;
beforeAll(async () => {
	const areas = SITE.areas.map((area) => (area.id === 'A1' ? { ...area, spaces: SPACES } : area));
	site = createConsoleSite({ site: { ...SITE, areas } });
	addAnnAndBob(site.services.services.edits);
	ann = await site.signIn('user');
	site.bench.store.offboardings.setHolder(ann.operatorId, 'ann');
});
afterAll(() => site.close());

const field = (hours: number) =>
	new Date(Math.ceil(site.bench.clock.nowMs() / 3_600_000) * 3_600_000 + (hours + 1) * 3_600_000)
		.toISOString()
		.slice(0, 16);
const BOOK = '/my-access/book';

test('X12 one space is chosen among those that are free at the typed time, and the booking is changed on its own page', async () => {
	const times = { from: field(1), to: field(3), right: 'ann-booked' };
	const looked = await ann.post(BOOK, { ...times, look: 'yes', area: '' });
	const form = await looked.text();
	expect([looked.status, form]).toEqual([200, expect.stringContaining('<optgroup label="Deck">')]);
	expect(form).toContain('Deck: any free space');
	expect(form).toContain('<option value="space:S2">Bay &lt;S2&gt;</option>');
	expect((await ann.post(BOOK, { ...times, area: 'space:S2' })).status).toBe(303);
	const page = await ann.page('/my-access');
	expect(page).toContain('Deck, Bay &lt;S2&gt;');
	const move = /href="(\/my-access\/bookings\/[^"]+\/move)"/.exec(page)?.[1] ?? '';
	const again = await ann.post(BOOK, { ...times, look: 'yes', area: '' });
	expect(await again.text(), 'booked since').not.toContain('space:S2');
	expect(await ann.page(move)).toContain('<option value="space:S2" selected');
	const moved = await ann.post(move, { from: field(2), to: field(5), area: 'space:S1', vehicle: 'car-ann', note: '' });
	expect([moved.status, moved.headers.get('location')]).toEqual([303, '/my-access?done=yes']);
	expect(await ann.page('/my-access')).toContain('Deck, Bay &lt;S1&gt; · Car of Ann Peeters');
	const past = await ann.post(move, {
		from: '2020-01-01T08:00',
		to: '2020-01-01T09:00',
		area: 'space:S1',
		vehicle: '',
	});
	expect([past.status, await past.text()]).toEqual([422, expect.stringContaining('Choose a later time.')]);
	const elsewhere = await ann.post(move, { from: field(2), to: field(5), area: 'A1-none' });
	expect(elsewhere.status).toBe(422);
	expect((await ann.get('/my-access/bookings/nothing/move')).status).toBe(404);
});

test('X12 where the site lets nobody book, none of it is offered', async () => {
	const { ownAccessRules } = site.services.services;
	ownAccessRules.set({ ...ownAccessRules.get(), mayBook: false }, null);
	const page = await ann.page('/my-access');
	expect(page).not.toContain('/move"');
	expect(page, 'giving back is').toContain('/release"');
});
