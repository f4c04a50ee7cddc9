import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { aDevice, type ConsoleSite, createConsoleSite, type Visitor } from '../../support/console-site.ts';
import { formOf, sendFields, textOf } from '../../support/directory-console.ts';
import { fillWithPeople } from '../../support/directory-people.ts';

let site: ConsoleSite;
let admin: Visitor;

beforeEach(async () => {
	site = createConsoleSite();
	admin = await site.signIn('administrator');
});
afterEach(() => site.close());

async function step(id: string): Promise<string> {
	const page = await admin.page('/start');
	return textOf(new RegExp(`id="step-${id}">.*?</li>`, 's').exec(page)?.[0] ?? '');
}

describe('X18: getting started', () => {
	test('says of each step how it stands now, and leads to where it is done', async () => {
		expect(await step('devices')).toContain('To do');
		expect(await step('people')).toContain('Add somebody, or bring in a list.');
		expect(await step('lane')).toContain('3 lanes');
		expect(await step('read')).toContain('To do');
		expect(await step('central')).toContain('on its own');
		expect(await admin.page('/start')).toContain('href="/start/questions"');
		site.devices.push(aDevice(), aDevice({ id: 'reader-2', state: 'offline' }));
		expect(await step('devices')).toContain('1 of 2 online');
		site.devices.pop();
		expect(await step('devices')).toContain('Done');
		fillWithPeople(site.services.services.edits, admin.operatorId);
		expect(await step('people')).toMatch(/\d+ people.*Done/);
		expect(await step('kind')).toContain('3 kinds');
		expect(await step('right')).toContain('Done');
		site.services.setClockTrust('untrusted');
		expect(await step('clock')).toContain('To do');
		site.sync = { ...site.sync, configured: true, connected: true };
		expect(await step('central')).toContain('Done');
	});

	test('the four questions propose kinds of right, which are made after they were seen, once, and undone', async () => {
		const asked = '/start/questions?spots=book&staff=yes&pay=credits&visitors=yes&propose=yes';
		const preview = await admin.page(asked);
		const text = textOf(preview);
		for (const words of ['Credits', '10 credits a month', 'Booked places', 'Kept place', 'Visitors']) {
			expect(text).toContain(words);
		}
		const { edits, directoryLists } = site.services.services;
		const kinds = async () => {
			const { items } = await directoryLists.page({ table: 'rightSpecifications' }, { limit: 50 });
			return items.map((row) => row['strategy']).sort();
		};
		expect(await kinds()).toEqual([]);
		const sent = formOf(preview, '/logout');
		const proposal = { ...sent, spots: 'book', staff: 'yes', pay: 'credits', visitors: 'yes' };
		const made = await sendFields(site, admin, '/start/questions', proposal, {});
		expect(made.status).toBe(303);
		expect(await kinds()).toEqual(['booking', 'credits', 'preferential', 'visitor']);
		expect(await admin.page(made.headers.get('location') ?? '')).toContain('id="undo"');
		expect(textOf(await admin.page(asked))).toContain('You have all that fits');
		await sendFields(site, admin, '/start/questions', proposal, {});
		expect(await kinds()).toHaveLength(4);
		const [row] = (await directoryLists.page({ table: 'rightSpecifications' }, { limit: 1 })).items;
		const [entry] = edits.history('rightSpecifications', String(row?.['id']));
		expect(entry).toMatchObject({ operatorId: admin.operatorId, before: null });
	});

	test('is for who looks after the site: reception has no such page', async () => {
		const reception = await site.signIn('reception');
		expect((await reception.get('/start')).status).toBe(403);
		const guard = await site.signIn('security');
		expect((await guard.get('/start')).status).toBe(200);
		expect((await guard.get('/start/questions')).status).toBe(403);
	});
});
