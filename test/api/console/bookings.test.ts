import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ConsoleSite, Visitor } from '../../support/console-site.ts';
import { createDirectoryConsole, formOf, sendFields, sendForm, textOf } from '../../support/directory-console.ts';

let site: ConsoleSite;
let admin: Visitor;
let dayMs: number;

beforeAll(async () => {
	({ site, admin } = await createDirectoryConsole());
	// Monday 8:00 at the site, some weeks on.
	dayMs = Date.parse('2026-03-23T00:00:00+01:00');
	const rights = ['h0', 'h1', 'h2'].map((holderId) => ({
		op: 'create' as const,
		table: 'assignedRights' as const,
		row: {
			...{ id: `vip-${holderId}`, holderId, specificationId: 'vip', state: 'active' },
			...{ validFromMs: null, validToMs: null },
		},
	}));
	const specification = {
		id: 'vip',
		name: 'Visitors’ places',
		strategy: 'booking',
		areaIds: ['A1-vip'],
		scheduleId: null,
	};
	const answer = site.services.services.edits.edit(
		[{ op: 'create', table: 'rightSpecifications', row: specification }, ...rights],
		{ operatorId: admin.operatorId },
	);
	if (answer.result === 'refused') throw new Error(JSON.stringify(answer.problems));
});
afterAll(() => site.close());

async function book(fields: Record<string, string>): Promise<Response> {
	return sendForm({ site, visitor: admin }, '/bookings/new', fields);
}

const bookings = () => site.services.services.bookings;
const made = () => bookings().list({ fromMs: dayMs, toMs: dayMs + 7 * 86_400_000 });

describe('N5: bookings in the console', () => {
	test('a free time of the calendar leads to the form, a booking to its page, with undo', async () => {
		const calendar = await admin.page('/bookings?date=2026-03-24');
		expect(textOf(calendar)).toContain('Bookings');
		const link = /href="(\/bookings\/new\?[^"]*area=A1-vip[^"]*)"/.exec(calendar)?.[1]?.replaceAll('&amp;', '&') ?? '';
		const form = formOf(await admin.page(link), '/bookings/new');
		expect(form).toMatchObject({ area: ['A1-vip'] });
		const answer = await sendFields(site, admin, '/bookings/new', {
			...form,
			...{ who: 'Bram', from: '2026-03-24T09:00', to: '2026-03-24T12:00' },
		});
		expect(answer.status).toBe(303);
		const page = await admin.page(answer.headers.get('location') ?? '');
		expect(textOf(page)).toContain('Bram Claes');
		expect(textOf(page)).toContain('09:00–12:00');
		expect(page).toContain('id="undo"');
		const again = textOf(await admin.page('/bookings?date=2026-03-24'));
		expect(again).toContain('Bram Claes');
	});

	test('says beside the field what stands against it, and asks who is meant and by which right', async () => {
		const twice = await book({ who: 'Bram', area: 'A1-vip', from: '2026-03-24T10:00', to: '2026-03-24T11:00' });
		expect(twice.status).toBe(422);
		expect(textOf(await twice.text())).toContain('This right has a booking at this time already.');
		const many = await book({ who: 'Visitor', area: 'A1', from: '2026-03-24T10:00', to: '2026-03-24T11:00' });
		expect(textOf(await many.text())).toContain('Choose one of these.');
		const nobody = await book({ who: 'Gert', area: 'A1', from: '2026-03-24T10:00', to: '2026-03-24T11:00' });
		expect(textOf(await nobody.text())).toContain('They have no right that can be booked by.');
		const nowhere = await book({ who: 'Anna', from: '2026-03-24T10:00', to: '2026-03-24T09:00' });
		const text = textOf(await nowhere.text());
		expect(text).toContain('The start must be before the end.');
		expect(text).toContain('Choose an area or a vehicle.');
	});

	test('the hour that is lost in March is lost in the calendar', async () => {
		const answer = await book({ who: 'Chloé', area: 'A1-vip', from: '2026-03-29T01:00', to: '2026-03-29T04:00' });
		expect(answer.status).toBe(303);
		const last = made().at(-1);
		expect((last?.endMs ?? 0) - (last?.startMs ?? 0)).toBe(2 * 3_600_000);
		const page = await admin.page('/bookings?view=day&date=2026-03-29');
		// Two of 23 hours, from the second on.
		expect(page).toContain(`x="${(100 / 23).toFixed(4)}%"`);
		expect(page).toContain('width="8.69565');
	});

	test('moves and gives up after asking', async () => {
		const [first] = made();
		const path = `/bookings/${first?.id}`;
		const moved = await sendForm({ site, visitor: admin }, `${path}/move`, { to: '2026-03-24T13:00' });
		expect(moved.status).toBe(303);
		expect(bookings().get(first?.id ?? '')?.endMs).toBe(Date.parse('2026-03-24T13:00:00+01:00'));
		const past = await sendForm({ site, visitor: admin }, `${path}/move`, { from: '2020-03-24T13:00' });
		expect(textOf(await past.text())).toContain('This lies in the past.');
		expect(textOf(await admin.page(`${path}/release`))).toContain('Give this booking up?');
		const released = await sendForm({ site, visitor: admin }, `${path}/release`, {});
		expect(released.status).toBe(303);
		expect(textOf(await admin.page(released.headers.get('location') ?? ''))).toContain('Given up');
	});

	test('X13: a shared vehicle has its own line, and is booked by who shares it', async () => {
		expect(textOf(await admin.page('/bookings'))).toContain('Shared vehicles');
		const shared = { op: 'update', table: 'holders', key: 'h0', fields: { groupIds: ['pool-cars'] } } as const;
		site.services.services.edits.edit([shared], { operatorId: admin.operatorId });
		const times = { from: '2026-03-25T10:00', to: '2026-03-25T11:00' };
		const stranger = await book({ who: 'Bram', vehicle: 'v1', ...times });
		expect(textOf(await stranger.text())).toContain('They are not in the group that shares this vehicle.');
		const several = await book({ who: 'Anna', vehicle: 'v1', ...times });
		expect(textOf(await several.text())).toContain('Choose the right.');
		const done = await book({ who: 'Anna', vehicle: 'v1', rightId: 'r0', ...times });
		expect(done.status).toBe(303);
		expect(textOf(await admin.page('/bookings?vehicle=v1&date=2026-03-25'))).toContain('Anna Peeters · Pool car 1');
	});

	test('is read by who may read, changed by who may change', async () => {
		const guard = await site.signIn('security');
		expect(textOf(await guard.page('/bookings'))).not.toContain('New booking');
		expect((await guard.get('/bookings/new')).status).toBe(403);
		expect((await guard.get('/bookings/nothing')).status).toBe(404);
	});
});
