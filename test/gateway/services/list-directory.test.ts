import { existsSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { Credential } from '../../../src/gateway/core/directory.ts';
import { LIMITS } from '../../../src/gateway/core/limits.ts';
import type { ListQuery } from '../../../src/gateway/services/directory/directory-lists.ts';
import { holder, plate, put, rowOf } from '../../support/directory-bench.ts';
import { type ListBench, openTempLists } from '../../support/directory-lists.ts';

const PEOPLE = [
	holder('h1', { name: 'Anna Peeters', email: 'anna.p@example.org' }),
	holder('h2', { name: 'Élodie Maes', status: 'blocked', email: 'łukasz@example.org' }),
	holder('h3', { name: 'Jan "The Van" O’Brien' }),
	holder('h4', { name: 'Peter Annaert' }),
	holder('h5', { name: 'Tom 100% _under_', kind: 'organisation' }),
];

const CREDENTIALS: readonly Credential[] = [
	plate('c1', '1ABC234', { holderId: 'h1' }),
	plate('c2', '1ABD999', { holderId: 'h2', label: 'Company car 7' }),
	plate('c3', '26:9ADDDF00', { holderId: 'h1', kind: 'tag', label: '00012-345', state: 'lost' }),
	plate('c4', 'xYz-9', { holderId: 'h4', kind: 'qr', validToMs: 5 }),
	plate('c5', '493817', { holderId: 'h4', kind: 'pin', state: 'disabled' }),
];

const RIGHTS = [
	{ id: 'r1', holderId: 'h1', specificationId: 's1', state: 'active', validFromMs: null, validToMs: null },
	{ id: 'r2', holderId: 'h2', specificationId: 's1', state: 'suspended', validFromMs: null, validToMs: null },
];

async function seed(bench: ListBench): Promise<void> {
	const { updates } = bench;
	const people = PEOPLE.map((row, n) => put('holders', { ...row, tags: n % 2 === 0 ? ['vip', 'a"b'] : [] }));
	await updates.applyDelta({ stream: 'people', centralEpoch: 'e1', from: 0, to: 1, ops: people });
	const specification = { id: 's1', name: 'Staff', strategy: 'firstCome', areaIds: ['A1'], scheduleId: null };
	const ops = [
		...CREDENTIALS.map((row) => put('credentials', row)),
		put('rightSpecifications', specification),
		...RIGHTS.map((row) => put('assignedRights', row)),
		put('plannedUses', { id: 'u1', holderId: 'h1', rightId: 'r1', startMs: 2_000, endMs: 3_000 }),
		put('plannedUses', { id: 'u2', holderId: 'h2', rightId: 'r2', startMs: 1_000, endMs: 3_000, areaId: 'A1' }),
	];
	await updates.applyDelta({ stream: 'access', centralEpoch: 'e1', from: 0, to: 1, ops });
}

async function opened(): Promise<ListBench> {
	const bench = openTempLists();
	await seed(bench);
	return bench;
}

async function ids({ lists }: ListBench, query: ListQuery): Promise<unknown[]> {
	const { items } = await lists.page(query, { limit: 100 });
	expect(await lists.count(query)).toBe(items.length);
	return items.map(({ id }) => id);
}

/** With a row of every table edited, though to what it was: everything is read through the overlay. */
function touch({ edits }: ListBench): void {
	const touched = [
		['holders', 'h1', { note: 'edited' }],
		['credentials', 'c1', { note: 'edited' }],
		['credentials', 'c3', { note: 'edited' }],
		['assignedRights', 'r2', { spaceId: 'p1' }],
		['plannedUses', 'u1', { note: 'edited' }],
	] as const;
	const changes = touched.map(([table, key, fields]) => ({ op: 'update', table, key, fields }) as const);
	expect(edits.edit(changes, { operatorId: null })).toMatchObject({ result: 'done' });
}

const ASKED: readonly [string, ListQuery, readonly string[]][] = [
	['in the order of the names', { table: 'holders' }, ['h1', 'h2', 'h3', 'h4', 'h5']],
	['from the end', { table: 'holders', descending: true }, ['h5', 'h4', 'h3', 'h2', 'h1']],
	['by a word’s beginning, without accents', { table: 'holders', q: 'elod' }, ['h2']],
	['by letters that no key has, however they are typed', { table: 'holders', q: 'LUKASZ' }, ['h2']],
	['by any word, in the order of the list', { table: 'holders', q: 'ann' }, ['h1', 'h4']],
	['by all words, in any order', { table: 'holders', q: ' PEET  anna ' }, ['h1']],
	['never by the middle of a word', { table: 'holders', q: 'eeters' }, []],
	['by their e-mail', { table: 'holders', q: 'anna.p@ex' }, ['h1']],
	['by words with signs between', { table: 'holders', q: "o'brien - jan" }, ['h3']],
	['whatever the text is, when it is empty', { table: 'holders', q: '   ' }, ['h1', 'h2', 'h3', 'h4', 'h5']],
	['of one state', { table: 'holders', where: { status: ['blocked'] } }, ['h2']],
	[
		'of several',
		{ table: 'holders', where: { kind: ['person', 'organisation'], status: ['active'] } },
		['h1', 'h3', 'h4', 'h5'],
	],
	['that hold a tag', { table: 'holders', where: { tags: ['vip'] } }, ['h1', 'h3', 'h5']],
	['that hold a tag with a quote', { table: 'holders', where: { tags: ['a"b'] } }, ['h1', 'h3', 'h5']],
	['that hold none', { table: 'holders', where: { tags: [''] } }, ['h2', 'h4']],
	['never by a part of a tag', { table: 'holders', where: { tags: ['vi', 'b', '%', ' "vip"'] } }, []],
	['without a value', { table: 'holders', where: { email: [''] } }, ['h3', 'h4', 'h5']],
	['found and narrowed', { table: 'holders', q: 'ann', where: { tags: ['vip'] } }, ['h1']],
	['by the plate as people write it', { table: 'credentials', q: '1-abc' }, ['c1']],
	['by the plate with spaces', { table: 'credentials', q: '1 abc 234' }, ['c1']],
	['by the beginning of plates', { table: 'credentials', q: '1ab' }, ['c1', 'c2']],
	['by what is written on them', { table: 'credentials', q: '00012' }, ['c3']],
	['by all that is written on them', { table: 'credentials', q: 'company CAR 7' }, ['c2']],
	['by the whole of a code, with small letters', { table: 'credentials', q: 'xYz-9' }, ['c4']],
	['never by the beginning of a code', { table: 'credentials', q: 'xYz-' }, []],
	['never by a PIN', { table: 'credentials', q: '493817' }, []],
	['by the name of their holder', { table: 'credentials', q: 'peeters' }, ['c1', 'c3']],
	['by the name of their holder and the value', { table: 'credentials', q: 'anna 26:9' }, ['c3']],
	['by their holder', { table: 'credentials', where: { holderId: ['h1', 'h4'] } }, ['c1', 'c3', 'c4', 'c5']],
	['that are lost', { table: 'credentials', where: { state: ['lost', 'stolen'], kind: ['tag'] } }, ['c3']],
	['of a rare kind', { table: 'credentials', where: { kind: ['qr', 'pin'] } }, ['c4', 'c5']],
	[
		'that end at a moment, or never',
		{ table: 'credentials', where: { validToMs: ['5', ''] } },
		['c1', 'c2', 'c3', 'c4', 'c5'],
	],
	['rights by their holder’s name', { table: 'assignedRights', q: 'maes' }, ['r2']],
	['rights of a state', { table: 'assignedRights', where: { state: ['suspended'] } }, ['r2']],
	['bookings by their begin', { table: 'plannedUses' }, ['u2', 'u1']],
	['bookings of an area', { table: 'plannedUses', where: { areaId: ['A1'] } }, ['u2']],
	['bookings of nowhere', { table: 'plannedUses', where: { areaId: [''] } }, ['u1']],
	['bookings by their holder’s name', { table: 'plannedUses', q: 'anna' }, ['u1']],
	['specifications by an area', { table: 'rightSpecifications', where: { areaIds: ['A1'] } }, ['s1']],
	['by a flag', { table: 'rightSpecifications', where: { mayOverdraw: ['false'] } }, ['s1']],
];

const HOSTILE: readonly [string, string][] = [
	['quotes', `'; DROP TABLE holders; --"`],
	['a wildcard', '%'],
	['an underscore', '_'],
	['stars', '* "*" NEAR(a b)'],
	['an emoji', '🚗'],
	['a lone surrogate', '\ud83d anna'],
	['a null byte', '\0'],
	['1 MB', 'x'.repeat(1_048_576)],
	['1 MB of words', 'an '.repeat(350_000)],
	['right to left', '\u202eanna'],
];

describe('a list of the directory', () => {
	test.each([
		['as central sent it', () => undefined],
		['with edits over it', touch],
	])('is in order, searched and narrowed, %s', async (_, change) => {
		const bench = await opened();
		change(bench);
		const found: [string, unknown][] = [];
		for (const [how, query] of ASKED) found.push([how, await ids(bench, query)]);
		expect(found).toEqual(ASKED.map(([how, , expected]) => [how, expected]));
	});

	test('X7: shows what was edited on site at once: new, changed, deleted, renamed', async () => {
		const bench = await opened();
		const { edits, lists } = bench;
		const by = { operatorId: null };
		edits.edit(
			[
				{ op: 'create', table: 'holders', row: { ...holder('h0'), name: 'Peer Zoë' } },
				{ op: 'update', table: 'holders', key: 'h4', fields: { name: 'Aaron' } },
				{ op: 'delete', table: 'holders', key: 'h2' },
				{ op: 'create', table: 'credentials', row: plate('c9', '0NEW000', { holderId: 'h0' }) },
			],
			by,
		);
		expect(await ids(bench, { table: 'holders' })).toEqual(['h4', 'h1', 'h3', 'h0', 'h5']);
		expect(await ids(bench, { table: 'holders', q: 'annaert' })).toEqual([]);
		expect(await ids(bench, { table: 'holders', q: 'pee' })).toEqual(['h1', 'h0']);
		expect(await ids(bench, { table: 'credentials', q: 'zoe' })).toEqual(['c9']);
		expect(await ids(bench, { table: 'credentials', q: 'maes' })).toEqual([]);
		const { items } = await lists.page({ table: 'holders', q: 'zoe' }, { limit: 1 });
		expect(items).toEqual([expect.objectContaining({ id: 'h0', name: 'Peer Zoë', tags: [] })]);
	});

	test('takes hostile text as text', async () => {
		const bench = await opened();
		for (const [what, q] of HOSTILE) {
			for (const table of ['holders', 'credentials', 'assignedRights', 'schedules'] as const) {
				const { items } = await bench.lists.page({ table, q }, { limit: 10 });
				expect(items.length, what).toBeLessThan(5);
				expect(await bench.lists.count({ table, q }), what).toBe(items.length);
				expect(await ids(bench, { table, where: { id: [q] } }), what).toEqual([]);
			}
		}
		expect(await ids(bench, { table: 'holders' })).toHaveLength(PEOPLE.length);
	});

	test('refuses to be narrowed by what is no field, no option, no number, or too much', async () => {
		const { lists } = await opened();
		const wheres: readonly NonNullable<ListQuery['where']>[] = [
			{ toString: ['x'] },
			{ 'name; --': ['x'] },
			{ status: ['gone'] },
			{ kind: ['0'] },
			{ tags: Array.from({ length: LIMITS.filterValues + 1 }, String) },
		];
		for (const where of wheres) {
			const asked = { table: 'holders', where } as const;
			await expect(lists.page(asked, { limit: 1 })).rejects.toMatchObject({ code: 'INVALID_REQUEST' });
			await expect(lists.count(asked)).rejects.toMatchObject({ code: 'INVALID_REQUEST' });
		}
		const structure = { table: 'schedules', where: { periods: ['[]'] } } as const;
		await expect(lists.count(structure)).rejects.toMatchObject({ code: 'INVALID_REQUEST' });
		const number = { table: 'credentials', where: { validToMs: ['soon'] } } as const;
		await expect(lists.count(number)).rejects.toMatchObject({ code: 'INVALID_REQUEST' });
	});

	test('refuses cursors that are not its own, and pages that are too long', async () => {
		const { lists } = await opened();
		const own = (text: string) => Buffer.from(text).toString('base64url');
		const cursors = [
			'garbage',
			'',
			'a'.repeat(1_000_000),
			own('["credentials","1",""]'),
			own('["holders",1,""]'),
			own('["holders",{},""]'),
		];
		for (const cursor of cursors) {
			const asked = lists.page({ table: 'holders' }, { cursor, limit: 1 });
			await expect(asked, cursor.slice(0, 20)).rejects.toMatchObject({ code: 'INVALID_REQUEST' });
		}
		const { next } = await lists.page({ table: 'holders' }, { limit: 1 });
		await expect(lists.page({ table: 'holders' }, { cursor: next ?? '', limit: 1 })).resolves.toBeDefined();
		const changed = `${next?.startsWith('A') ? 'B' : 'A'}${next?.slice(1)}`;
		for (const asked of [
			lists.page({ table: 'credentials' }, { cursor: next ?? '', limit: 1 }),
			lists.page({ table: 'holders' }, { cursor: changed, limit: 1 }),
		]) {
			await expect(asked).rejects.toMatchObject({ code: 'INVALID_REQUEST' });
		}
		for (const limit of [0, -1, 1.5, Number.NaN, LIMITS.pageSize + 1]) {
			await expect(lists.page({ table: 'holders' }, { limit })).rejects.toMatchObject({ code: 'INVALID_REQUEST' });
		}
	});

	test('keeps the name that a page ended with out of its cursor', async () => {
		const { lists } = await opened();
		const { items, next } = await lists.page({ table: 'holders' }, { limit: 1 });
		const [word = ''] = String(items[0]?.['name']).toLowerCase().split(' ');
		expect(
			Buffer.from(next ?? '', 'base64url')
				.toString('latin1')
				.toLowerCase(),
		).not.toContain(word);
	});

	test('names rows to people: rights by their specification; edited, deleted and unknown ones', async () => {
		const { lists, edits } = await opened();
		edits.edit(
			[
				{ op: 'update', table: 'holders', key: 'h1', fields: { name: 'Anna Wouters' } },
				{ op: 'delete', table: 'holders', key: 'h4' },
			],
			{ operatorId: null },
		);
		const holders = await lists.titles('holders', ['h1', 'h2', 'h4', 'nobody', 'h1', '"']);
		expect(Object.fromEntries(holders)).toEqual({ h1: 'Anna Wouters', h2: 'Élodie Maes' });
		expect([...(await lists.titles('assignedRights', ['r1']))]).toEqual([['r1', 'Staff']]);
		expect([...(await lists.titles('plannedUses', ['u1']))]).toEqual([['u1', '1970-01-01T00:00:02Z']]);
		expect([...(await lists.titles('holders', []))]).toEqual([]);
	});
});

test('X6: the place of a QR code or PIN in a list tells nothing of what it says, however the list is asked for', async () => {
	const bench = await opened();
	const { updates, edits, lists } = bench;
	// Between them in the order of the values there are others, of one's own: so they would be found step by step.
	const values = ['0001', '2500', '4938', '5000', '9999'];
	const pins = values.map((value, n) =>
		plate(`p${9 - n}`, value, { holderId: 'h3', kind: n % 2 === 0 ? 'pin' : 'qr' }),
	);
	const ops = pins.map((row) => put('credentials', row));
	await updates.applyDelta({ stream: 'access', centralEpoch: 'e1', from: 1, to: 2, ops });
	const paged = async (query: Omit<ListQuery, 'table'>, limit: number) => {
		const found: string[] = [];
		let cursor: string | undefined;
		do {
			const page = await lists.page({ table: 'credentials', ...query }, { limit, ...(cursor && { cursor }) });
			found.push(...page.items.map(({ id }) => String(id)));
			cursor = page.next ?? undefined;
		} while (cursor !== undefined);
		return found;
	};
	const codes = ['c4', 'c5', 'p5', 'p6', 'p7', 'p8', 'p9'];
	const asked: readonly [Omit<ListQuery, 'table'>, readonly string[]][] = [
		[{}, ['c1', 'c2', 'c3', ...codes]],
		[{ where: { kind: ['plate', 'qr'] } }, ['c1', 'c2', 'c4', 'p6', 'p8']],
		[{ where: { kind: ['pin'] } }, ['c5', 'p5', 'p7', 'p9']],
		[{ where: { kind: ['tag'] } }, ['c3']],
		[{ where: { state: ['disabled', 'lost'] } }, ['c3', 'c5']],
		[{ where: { holderId: ['h3', 'h1'] } }, ['c1', 'c3', 'p5', 'p6', 'p7', 'p8', 'p9']],
		[{ q: 'jan' }, ['p5', 'p6', 'p7', 'p8', 'p9']],
	];
	for (const isEdited of [false, true]) {
		if (isEdited) {
			const own = plate('p7', '0000', { holderId: 'h3', kind: 'pin' });
			const { id: _, ...fields } = own;
			const changes = [
				{ op: 'update', table: 'credentials', key: 'p7', fields },
				{ op: 'update', table: 'credentials', key: 'c2', fields: { note: 'edited' } },
			] as const;
			expect(edits.edit(changes, { operatorId: null })).toMatchObject({ result: 'done' });
		}
		for (const [query, expected] of asked) {
			for (const limit of [1, 2, 50]) {
				expect([query, await paged(query, limit)]).toEqual([query, expected]);
				const back = await paged({ ...query, descending: true }, limit);
				expect([query, back.toReversed()]).toEqual([query, expected]);
			}
		}
	}
});

test('finds what fits thousands of rows as it finds few: by looking through the list', async () => {
	const bench = await opened();
	const { updates, edits } = bench;
	const many = 3_600;
	const numbers = Array.from({ length: many }, (_, n) => n);
	const crowd = numbers.map((n) =>
		holder(`p${n}`, { name: `Person ${String(n).padStart(4, '0')}`, email: `x${n}@y.org` }),
	);
	await updates.beginSnapshot({ stream: 'people', centralEpoch: 'e1', rev: 2, rows: many });
	await updates.pushRows(crowd.map((row) => rowOf('holders', row)));
	expect(await updates.finishSnapshot()).toMatchObject({ result: 'live' });
	for (let from = 0; from < many; from += 450) {
		const ops = numbers.slice(from, from + 450).map((n) => {
			return put('credentials', plate(`k${n}`, `2AAA${String(n).padStart(4, '0')}`, { holderId: `p${many - 1 - n}` }));
		});
		const rev = 1 + from / 450;
		await updates.applyDelta({ stream: 'access', centralEpoch: 'e1', from: rev, to: rev + 1, ops });
	}
	for (const isEdited of [false, true]) {
		if (isEdited) {
			edits.edit([{ op: 'update', table: 'holders', key: 'p1', fields: { name: 'Person 9999' } }], {
				operatorId: null,
			});
		}
		const second = isEdited ? ['p0', 'p2'] : ['p0', 'p1'];
		const page = async (query: ListQuery) =>
			(await bench.lists.page(query, { limit: 2 })).items.map(({ id }) => String(id));
		expect(await page({ table: 'holders', q: 'person' })).toEqual(second);
		expect(await page({ table: 'holders', q: 'x pers' })).toEqual(second);
		expect(await page({ table: 'holders', q: 'pers 0012' })).toEqual(['p12']);
		expect(await page({ table: 'credentials', q: 'person' })).toEqual(['k0', 'k1']);
		expect(await page({ table: 'credentials', q: '2-aaa person', descending: true })).toEqual(['k3599', 'k3598']);
		expect(await page({ table: 'credentials', q: 'person 9999' })).toEqual(isEdited ? ['k3598'] : []);
		expect(await page({ table: 'credentials', q: '2aaa 0001' })).toEqual(isEdited ? ['k1'] : ['k1', 'k3598']);
		expect(await bench.lists.count({ table: 'holders', q: 'person' })).toBe(many);
		expect(await bench.lists.count({ table: 'credentials', q: 'person', where: { state: ['active'] } })).toBe(many);
	}
}, 180_000);

describe('the thread of lists', () => {
	test('follows a snapshot to its file, in the middle of a list, and lets the old one go', async () => {
		const { lists, updates, directory } = await opened();
		const before = await lists.page({ table: 'holders' }, { limit: 2 });
		const old = directory.liveFile();
		const rows = [...PEOPLE.slice(2), holder('h9', { name: 'Zita' })].map((row) => rowOf('holders', row));
		await updates.beginSnapshot({ stream: 'people', centralEpoch: 'e1', rev: 2, rows: rows.length });
		await updates.pushRows(rows);
		expect(await updates.finishSnapshot()).toMatchObject({ result: 'live' });
		expect(existsSync(old)).toBe(false);
		const after = await lists.page({ table: 'holders' }, { cursor: before.next ?? '', limit: 10 });
		expect(after.items.map(({ id }) => id)).toEqual(['h3', 'h4', 'h5', 'h9']);
		expect((await lists.page({ table: 'credentials' }, { limit: 10 })).items).toHaveLength(CREDENTIALS.length);
	});

	test('ends when it has rested, comes back when asked, and finishes what was asked when it is closed', async () => {
		const { lists, thread, clock } = await opened();
		const query = { table: 'holders' } as const;
		await lists.count(query);
		await clock.advance(61_000);
		expect(await lists.count(query)).toBe(PEOPLE.length);
		const asked = [lists.count(query), lists.count({ table: 'credentials' })];
		await thread.close();
		expect(await Promise.all(asked)).toEqual([PEOPLE.length, CREDENTIALS.length]);
		await thread.close();
	});

	test('tells of a file that is gone, and reads again once there is one', async () => {
		const { thread, lists } = await opened();
		await lists.count({ table: 'holders' });
		await thread.ask('follow', { file: '/nowhere/directory-1.db' });
		await expect(lists.count({ table: 'holders' })).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' });
		await thread.close();
		expect(await lists.count({ table: 'holders' })).toBe(PEOPLE.length);
	});
});
