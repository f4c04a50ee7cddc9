import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { aggregateOf } from '../../../src/gateway/core/directory.ts';
import { STANDALONE_EPOCH } from '../../../src/gateway/core/directory-change.ts';
import { GatewayError } from '../../../src/gateway/core/gateway-error.ts';
import { followBundles } from '../../../src/gateway/services/directory/bundle-rights.ts';
import type { DirectoryChange } from '../../../src/gateway/services/directory/directory-edits.ts';
import { createDirectoryEdits } from '../../../src/gateway/services/directory/edit-directory.ts';
import { createEditFolding } from '../../../src/gateway/services/directory/fold-edits.ts';
import { ROW_RULES } from '../../../src/gateway/services/directory/row-rules.ts';
import { holder, openTempDirectory, plate, put } from '../../support/directory-bench.ts';
import { tempDir } from '../../support/temp-store.ts';

const BY = { operatorId: 'op-1' };
const access = (from: number, ops: ReturnType<typeof put>[]) =>
	({ stream: 'access', centralEpoch: 'e1', from, to: from + 1, ops }) as const;
const people = (from: number, ops: ReturnType<typeof put>[]) => ({ ...access(from, ops), stream: 'people' }) as const;

function openEdits(
	dir?: string,
	{ hasCentral = true, storeProblem }: { hasCentral?: boolean; storeProblem?: GatewayError } = {},
) {
	const bench = openTempDirectory(dir);
	const { store, reader, updates, clock, log } = bench;
	let made = 0;
	const folding = createEditFolding({ store, directory: updates, log });
	const edits = createDirectoryEdits({
		...{ store, clock, hasCentral },
		...(storeProblem && { storeProblem }),
		directory: reader,
		newId: () => `id-${String(made++).padStart(6, '0')}-${store.journal.lastSeq()}`,
		rules: ROW_RULES,
		follow: followBundles,
		isWired: (to, id) => `${to} ${id}` === 'area A1',
		edited: () => {
			if (!hasCentral) folding.fold();
		},
	});
	return { ...bench, edits, folding };
}

const anna = { op: 'create', table: 'holders', row: { ...holder('anna'), name: 'Anna Peeters' } } as const;
const herPlate = { op: 'create', table: 'credentials', row: plate('c1', '1ABC234') } as const;

describe('an edit on site', () => {
	test('X7: is seen by decisions and lists at once, journalled with before and after, and kept over a restart', async () => {
		const site = openEdits();
		const { edits, reader, store } = site;
		expect(edits.edit([anna, herPlate], BY)).toMatchObject({ result: 'done' });
		expect(reader.credential('plate', '1ABC234')).toMatchObject({ id: 'c1', holderId: 'anna' });
		expect(reader.holdersByName('peet', 5)).toMatchObject([{ id: 'anna' }]);
		const held = edits.get('holders', 'anna');
		expect(held).toMatchObject({ isPending: true, row: { name: 'Anna Peeters', tags: [] } });
		const renamed = edits.edit([{ op: 'update', table: 'holders', key: 'anna', fields: { name: 'Anna Maes' } }], BY);
		expect(renamed.result).toBe('done');
		expect(edits.history('holders', 'anna').map(({ before, after }) => [before?.['name'], after?.['name']])).toEqual([
			['Anna Peeters', 'Anna Maes'],
			[undefined, 'Anna Peeters'],
		]);
		expect(edits.history('holders', 'anna')[0]).toMatchObject({ operatorId: 'op-1', class: 'audit' });
		expect(reader.holdersByName('peet', 5)).toEqual([]);
		expect(store.journal.verify(0, 100)).toMatchObject({ result: 'holds', upTo: 3 });
		await site.close();
		const again = openEdits(site.dir);
		expect(again.reader.holder('anna')?.name).toBe('Anna Maes');
		expect(again.reader.holdersByName('maes', 5)).toMatchObject([{ id: 'anna' }]);
	});

	test('lies over central’s rows, which stay as they were sent', async () => {
		const { edits, reader, store, updates } = openEdits();
		await updates.applyDelta(people(0, [put('holders', holder('anna'))]));
		await updates.applyDelta(access(0, [put('credentials', plate('c1', '1ABC234'))]));
		edits.edit([{ op: 'update', table: 'credentials', key: 'c1', fields: { state: 'lost' } }], BY);
		expect(reader.credential('plate', '1ABC234')?.state).toBe('lost');
		await updates.applyDelta(access(1, [put('credentials', plate('c1', '1ABC234', { label: 'new' }))]));
		expect(reader.credential('plate', '1ABC234')).toMatchObject({ state: 'lost', label: null });
		const [edit] = store.localEdits.list(10);
		expect(edit).toMatchObject({ table: 'credentials', key: 'c1', baseRev: 1 });
		if (edit !== undefined) store.localEdits.settle(edit);
		expect(reader.credential('plate', '1ABC234')).toMatchObject({ state: 'active', label: 'new' });
	});

	test('X17: the backbone of rows that central has is central’s: each field of it is refused, the rest is the site’s', async () => {
		const specification = {
			...{ id: 's1', name: 'Staff', strategy: 'credits', areaIds: [], scheduleId: null, creditCost: 2 },
			...{ priceMinor: 300, currency: 'EUR', refillAmount: 5, refillPeriod: 'week', mayOverdraw: false },
		};
		const pool = { id: 'p1', name: 'Tenant', capacity: 5 };
		const theirs = {
			...{ strategy: 'firstCome', priceMinor: 1, currency: 'USD', creditCost: 0, refillAmount: 9 },
			...{ refillPeriod: 'year', mayOverdraw: true },
		};
		const declared = (['rightSpecifications', 'pools'] as const).flatMap((table) =>
			Object.entries(aggregateOf(table).fields).flatMap(([name, { owner }]) => (owner === 'central' ? [name] : [])),
		);
		expect(declared).toEqual([...Object.keys(theirs), 'capacity']);
		const rows = [put('rightSpecifications', specification), put('pools', pool)];

		const { edits, updates } = openEdits();
		await updates.applyDelta(access(0, rows));
		const change = (table: 'rightSpecifications' | 'pools', key: string, fields: object) =>
			edits.edit([{ op: 'update', table, key, fields: fields as Record<string, unknown> }], BY);
		for (const [field, value] of Object.entries(theirs)) {
			expect(change('rightSpecifications', 's1', { [field]: value })).toMatchObject({
				result: 'refused',
				problems: [{ field, code: 'centralOwned' }],
			});
		}
		expect(change('pools', 'p1', { capacity: 6 })).toMatchObject({ problems: [{ code: 'centralOwned' }] });
		expect(edits.get('pools', 'p1')?.ownedByCentral).toEqual(['capacity']);
		expect(change('rightSpecifications', 's1', { name: 'All staff', useLimit: 3, creditCost: 2 }).result).toBe('done');

		// What central has not taken yet is a proposal of the site.
		const proposed = { ...specification, id: 's2' };
		expect(edits.edit([{ op: 'create', table: 'rightSpecifications', row: proposed }], BY).result).toBe('done');
		expect(change('rightSpecifications', 's2', { creditCost: 1 }).result).toBe('done');
		expect(edits.get('rightSpecifications', 's2')?.ownedByCentral).toEqual([]);

		const alone = openEdits(undefined, { hasCentral: false });
		await alone.updates.applyDelta({ ...access(0, rows), centralEpoch: STANDALONE_EPOCH });
		const own = { op: 'update', table: 'pools', key: 'p1', fields: { capacity: 6 } } as const;
		expect(alone.edits.edit([own], BY).result).toBe('done');
		await alone.folding.settled();
	});

	test('a deleted holder goes with credentials and rights, and is refused at once', async () => {
		const { edits, reader, updates } = openEdits();
		await updates.applyDelta(people(0, [put('holders', holder('anna'))]));
		await updates.applyDelta(access(0, [put('credentials', plate('c1', '1ABC234'))]));
		const gone = edits.edit([{ op: 'delete', table: 'holders', key: 'anna' }], BY);
		expect(gone).toMatchObject({
			result: 'done',
			rows: [
				{ key: 'c1', row: null },
				{ key: 'anna', row: null },
			],
		});
		expect(reader.credential('plate', '1ABC234')).toBeUndefined();
		expect(reader.holder('anna')).toBeUndefined();
		expect(edits.get('holders', 'anna')).toBeUndefined();
	});

	test.each<[string, DirectoryChange[], object]>([
		[
			'a field that is not allowed',
			[{ ...anna, row: { ...anna.row, status: 'fired' } }],
			{ field: 'status', code: 'invalid' },
		],
		['a field there is not', [{ ...anna, row: { ...anna.row, role: 'x' } }], { field: 'role', code: 'unknownField' }],
		[
			'a plate that is not normalised',
			[anna, { ...herPlate, row: plate('c1', '1-abc-234') }],
			{ change: 1, field: 'value', code: 'invalid' },
		],
		['a holder there is not', [herPlate], { field: 'holderId', code: 'unknownReference' }],
		[
			'the same value twice',
			[anna, herPlate, { ...herPlate, row: plate('c2', '1ABC234') }],
			{ code: 'notUnique', detail: { other: 'c2' } },
		],
		['an id that is taken', [anna, anna], { change: 1, field: 'id', code: 'exists' }],
		['a row there is not', [{ op: 'delete', table: 'holders', key: 'nobody' }], { key: 'nobody', code: 'notFound' }],
		[
			'an end before the beginning',
			[anna, { ...herPlate, row: plate('c1', '1ABC234', { validFromMs: 5, validToMs: 5 }) }],
			{ field: 'validToMs', code: 'invalid' },
		],
	])('X7: %s is refused with its field, and nothing is kept', (_name, changes, problem) => {
		const { edits, store } = openEdits();
		const before = store.journal.lastSeq();
		const answer = edits.edit(changes, BY);
		expect(answer).toMatchObject({ result: 'refused' });
		expect(answer.result === 'refused' && answer.problems[0]).toMatchObject(problem);
		expect(store.journal.lastSeq()).toBe(before);
		expect(store.localEdits.any()).toBe(false);
	});

	test('I5: an ETag that is no longer the row’s is refused', () => {
		const { edits } = openEdits();
		edits.edit([anna], BY);
		const ifMatch = edits.get('holders', 'anna')?.etag ?? '';
		const rename = (name: string) =>
			edits.edit([{ op: 'update', table: 'holders', key: 'anna', fields: { name }, ifMatch }], BY);
		expect(rename('Anna B').result).toBe('done');
		expect(rename('Anna C')).toMatchObject({ result: 'refused', problems: [{ code: 'changed' }] });
	});

	test('X7: what a batch did is undone as a whole, unless somebody changed it since', () => {
		const { edits, reader } = openEdits();
		const made = edits.edit([anna, herPlate], BY);
		const batchId = made.result === 'done' ? made.batchId : '';
		edits.edit([{ op: 'update', table: 'holders', key: 'anna', fields: { note: 'called' } }], BY);
		expect(edits.undo(batchId, BY)).toMatchObject({ result: 'refused', problems: [{ code: 'changed' }] });
		const gone = edits.edit([{ op: 'delete', table: 'holders', key: 'anna' }], BY);
		expect(reader.credential('plate', '1ABC234')).toBeUndefined();
		expect(edits.undo(gone.result === 'done' ? gone.batchId : '', BY).result).toBe('done');
		expect(reader.credential('plate', '1ABC234')).toMatchObject({ holderId: 'anna' });
		expect(edits.get('holders', 'anna')?.row).toMatchObject({ note: 'called' });
	});

	test('without central it becomes the directory itself, and outlasts a crash between', async () => {
		const site = openEdits(tempDir(), { hasCentral: false });
		site.edits.edit([anna, herPlate], BY);
		await site.folding.settled();
		expect(site.store.localEdits.any()).toBe(false);
		expect(site.reader.credential('plate', '1ABC234')?.id).toBe('c1');
		expect(site.reader.stream('access')).toMatchObject({ centralEpoch: STANDALONE_EPOCH, rev: 1 });
		const unfolded = openEdits(undefined, { hasCentral: true });
		unfolded.edits.edit([anna], BY);
		await unfolded.close();
		const later = openEdits(unfolded.dir, { hasCentral: false });
		later.folding.fold();
		await later.folding.settled();
		expect(later.store.localEdits.any()).toBe(false);
		expect(later.reader.holder('anna')?.name).toBe('Anna Peeters');
	});

	test('while the disk takes nothing, nothing is edited: it would be lost with the copy in memory', () => {
		const { edits, store } = openEdits(undefined, { storeProblem: new GatewayError('STORE_FULL', 'no room left') });
		expect(() => edits.edit([anna], BY)).toThrow('no room left');
		expect(edits.preview([anna]).result).toBe('done');
		expect(store.localEdits.any()).toBe(false);
	});

	test('any text in any field is stored as it is', () => {
		const { edits } = openEdits();
		let n = 0;
		const texts = fc.oneof(
			fc.string({ unit: 'grapheme', minLength: 1, maxLength: 60 }),
			fc.constantFrom('<script>alert(1)</script>', "'; DROP TABLE holders;--", '=HYPERLINK("x")', '\u202Egnp.exe'),
		);
		fc.assert(
			fc.property(texts, texts, (name, note) => {
				const id = `h${n++}`;
				expect(edits.edit([{ ...anna, row: { ...holder(id), name, note } }], BY).result).toBe('done');
				expect(edits.get('holders', id)?.row).toMatchObject({ name, note });
			}),
			{ numRuns: 60 },
		);
	});

	const staff = { op: 'create', table: 'rightSpecifications', row: specification('staff') } as const;
	const guest = { op: 'create', table: 'rightSpecifications', row: specification('guest') } as const;
	const bundle = (id: string, tag: string, specificationIds: string[], isDefault = false) =>
		({ op: 'create', table: 'bundles', row: { id, name: id, tag, specificationIds, isDefault } }) as const;

	test('X10: a tag gives the rights of its bundle, losing it takes only those; the default is for who has none', () => {
		const { edits, reader } = openEdits();
		edits.edit([staff, guest, bundle('b1', 'staff', ['staff', 'guest']), bundle('b2', 'all', ['guest'], true)], BY);
		const rightsOf = () =>
			reader
				.rightsOf('anna')
				.map(({ right }) => right.specificationId)
				.toSorted();
		const tag = (tags: string[]) =>
			edits.edit([{ op: 'update', table: 'holders', key: 'anna', fields: { tags } }], BY).result;
		edits.edit([anna], BY);
		expect(rightsOf()).toEqual(['guest']);
		expect(tag(['staff'])).toBe('done');
		expect(rightsOf()).toEqual(['guest', 'staff']);
		const hand = {
			id: 'r9',
			holderId: 'anna',
			specificationId: 'guest',
			state: 'active',
			validFromMs: null,
			validToMs: null,
		};
		edits.edit([{ op: 'create', table: 'assignedRights', row: hand }], BY);
		expect(tag(['other'])).toBe('done');
		expect(rightsOf()).toEqual(['guest', 'guest']);
		expect(reader.rightsOf('anna').map(({ right }) => right.id)).toContain('r9');
	});

	test('X10: a bundle that changes is not retroactive', () => {
		const { edits, reader } = openEdits();
		edits.edit([staff, guest, bundle('b1', 'staff', ['staff'])], BY);
		edits.edit([{ ...anna, row: { ...anna.row, tags: ['staff'] } }], BY);
		edits.edit([{ op: 'update', table: 'bundles', key: 'b1', fields: { specificationIds: ['guest'] } }], BY);
		expect(reader.rightsOf('anna').map(({ right }) => right.specificationId)).toEqual(['staff']);
	});

	test.each<[string, DirectoryChange[], object]>([
		[
			'a second default bundle',
			[bundle('b1', 'a', [], true), bundle('b2', 'b', [], true)],
			{ field: 'isDefault', code: 'conflict' },
		],
		['a bundle for visitors', [bundle('b1', 'visitor', [])], { field: 'tag', code: 'conflict' }],
		['two bundles of one tag', [bundle('b1', 'a', []), bundle('b2', 'a', [])], { field: 'tag', code: 'notUnique' }],
		[
			'an area that the site has not',
			[{ ...staff, row: { ...specification('s'), areaIds: ['A9'] } }],
			{ field: 'areaIds', code: 'unknownReference' },
		],
		[
			'a group within itself',
			[group('g1', null), group('g2', 'g1'), { op: 'update', table: 'groups', key: 'g1', fields: { parentId: 'g2' } }],
			{ field: 'parentId', code: 'conflict' },
		],
		[
			'a specification in use',
			[
				staff,
				anna,
				{
					op: 'create',
					table: 'assignedRights',
					row: {
						id: 'r1',
						holderId: 'anna',
						specificationId: 'staff',
						state: 'active',
						validFromMs: null,
						validToMs: null,
					},
				},
				{ op: 'delete', table: 'rightSpecifications', key: 'staff' },
			],
			{ code: 'inUse', detail: { count: 1 } },
		],
	])('X10, Z6: %s is refused', (_name, changes, problem) => {
		const answer = openEdits().edits.edit(changes, BY);
		expect(answer.result === 'refused' && answer.problems[0]).toMatchObject(problem);
	});
});

function specification(id: string) {
	return { id, name: id, strategy: 'firstCome', areaIds: ['A1'], scheduleId: null };
}

function group(id: string, parentId: string | null) {
	return { op: 'create', table: 'groups', row: { id, name: id, parentId, kind: 'company' } } as const;
}
