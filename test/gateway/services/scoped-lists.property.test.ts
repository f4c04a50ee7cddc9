import fc from 'fast-check';
import { expect, test } from 'vitest';
import { aggregateOf, DIRECTORY_TABLES, type DirectoryTable } from '../../../src/gateway/core/directory.ts';
import type { DirectoryOp } from '../../../src/gateway/core/directory-change.ts';
import { createAccess } from '../../../src/gateway/core/permission/access.ts';
import type { PermissionRules } from '../../../src/gateway/core/permission/decide-permission.ts';
import { placeOfRow } from '../../../src/gateway/core/permission/row-place.ts';
import { rowScopeOf } from '../../../src/gateway/core/permission/row-scope.ts';
import { parseScope, type Scope, WHOLE_SITE } from '../../../src/gateway/core/permission/scope.ts';
import { createRowLook } from '../../../src/gateway/services/directory/row-look.ts';
import { put } from '../../support/directory-bench.ts';
import { type ListBench, openTempLists } from '../../support/directory-lists.ts';
import { PLACES, TWO_PARKS } from '../core/permission/two-parks.ts';

const TABLES = (Object.keys(DIRECTORY_TABLES) as DirectoryTable[]).filter((table) => table !== 'licenceDocuments');
const areaIds = [...TWO_PARKS.areas.map(({ id }) => id), 'P1', 'P2', 'gone'];
const some = (ids: readonly string[], maxLength = 2) => fc.uniqueArray(fc.constantFrom(...ids), { maxLength });
const names = (letter: string, count: number) => Array.from({ length: count }, (_, n) => `${letter}${n}`);
const [groupIds, holderIds, specificationIds, rightIds] = [names('g', 4), names('h', 5), names('s', 4), names('r', 6)];

/** Rows of every table, by which they belong to each other in every way there is. */
const rows = fc.record({
	groups: each(groupIds, (n) => ({ parentId: among(groupIds.slice(0, n)) })),
	holders: each(holderIds, () => ({
		groupIds: some(groupIds),
		sharingGroupId: among(groupIds),
		tags: some(['t0', 't1', 'other']),
	})),
	rightSpecifications: each(specificationIds, () => ({ areaIds: some(areaIds) })),
	bundles: each(['b0', 'b1'], (n) => ({ tag: fc.constant(`t${n}`), specificationIds: some(specificationIds) })),
	assignedRights: each(rightIds, () => ({
		holderId: fc.constantFrom(...holderIds),
		specificationId: fc.constantFrom(...specificationIds),
	})),
	credentials: each(names('c', 4), () => ({ holderId: fc.constantFrom(...holderIds) })),
	plannedUses: each(names('u', 5), () => ({
		holderId: fc.constantFrom(...holderIds),
		rightId: fc.constantFrom(...rightIds),
		areaId: among(areaIds),
		startMs: fc.integer({ min: 0, max: 9 }),
	})),
	pools: each(names('p', 4), () => ({ areaId: among(areaIds), holderId: among(holderIds) })),
	schedules: each(['w0'], () => ({})),
});
type Sent = typeof rows extends fc.Arbitrary<infer T> ? T : never;

const scopeTexts = [
	...['site', 'park:P1', 'park:P2', 'park:gone', ...TWO_PARKS.areas.map(({ id }) => `area:${id}`)],
	...[...groupIds, 'g9'].map((id) => `group:${id}`),
	...['bundle:b0', 'bundle:b1', 'bundle:b9', 'record:holders/h0', 'record:holders/h1', 'record:groups/g0'],
	...['record:credentials/c0', 'record:assignedRights/r0', 'record:plannedUses/u0', 'record:schedules/w0'],
];
const scopeFrom = (texts: readonly string[]) =>
	fc.constantFrom(...texts).map((text): Scope => parseScope(text) ?? WHOLE_SITE);
const rules = fc.record({
	given: fc.array(scopeFrom(scopeTexts), { maxLength: 4 }),
	denied: fc.array(scopeFrom(scopeTexts), { maxLength: 2 }),
});

test('A9 Z5 Z7 for any scopes, lists, counts and names show exactly the records for which the permission function says yes', async () => {
	const bench = openTempLists();
	await fc.assert(
		fc.asyncProperty(
			rows,
			rows,
			fc.nat(12),
			rules,
			fc.nat(3),
			async (sent, edited, edits, { given, denied }, limit) => {
				await bringIn(bench, sent);
				edit(bench, edited, edits);
				for (const table of TABLES) {
					const permission = `${table}:read` as const;
					const said: PermissionRules = {
						grants: given.map((scope) => ({
							...{ permissions: new Set([permission]), scope, source: { kind: 'role', id: 'r', name: 'r' } },
						})),
						denials: denied.map((scope) => ({ permission, scope, source: { kind: 'operator' } })),
					};
					const access = createAccess(said, PLACES);
					const look = createRowLook(bench.reader);
					const ids = bench.reader.find(table, {}, 1_000);
					const allowed = ids.filter((id) => {
						const row = bench.reader.row(table, id);
						return row !== undefined && access.may(permission, placeOfRow(table, row, look));
					});
					const scope = rowScopeOf(access.reach(permission), PLACES);
					const query = { table, ...(scope !== undefined && { scopes: [scope] }) };
					const shown = (await Array.fromAsync(bench.lists.rows(query))).flat().map(({ id }) => String(id));
					expect([...shown].sort(), `${table} of ${JSON.stringify(said.grants)}`).toEqual([...allowed].sort());
					expect(await bench.lists.count(query)).toBe(allowed.length);
					const page = await bench.lists.page(query, { limit: limit + 1 });
					expect(page.items.map(({ id }) => id)).toEqual(shown.slice(0, limit + 1));
					if (table === 'plannedUses') {
						const between = { startMs: { from: 3, below: 7 }, endMs: { from: 2_000, below: 2_001 } };
						const ranged = (await Array.fromAsync(bench.lists.rows({ ...query, between }))).flat();
						const isIn = (id: string) => {
							const startMs = bench.reader.row(table, id)?.startMs ?? 0;
							return 3 <= startMs && startMs < 7;
						};
						expect(ranged.map(({ id }) => String(id))).toEqual(shown.filter(isIn));
					}
					const titled = await bench.lists.titles(table, ids, scope && [scope]);
					expect([...titled.keys()].sort()).toEqual([...allowed].sort());
				}
			},
		),
		{ numRuns: 50 },
	);
}, 120_000);

function among(ids: readonly string[]): fc.Arbitrary<string | null> {
	return ids.length === 0 ? fc.constant(null) : fc.option(fc.constantFrom(...ids));
}

function each<F extends Record<string, fc.Arbitrary<unknown>>>(
	ids: readonly string[],
	fields: (n: number) => F,
): fc.Arbitrary<readonly Readonly<Record<string, unknown>>[]> {
	return fc.tuple(...ids.map((id, n) => fc.record({ id: fc.constant(id), ...fields(n) })));
}

const PLAIN: Readonly<Partial<Record<DirectoryTable, Readonly<Record<string, unknown>>>>> = {
	groups: { name: 'Group', kind: 'company' },
	holders: { kind: 'person', name: 'Person', email: null, status: 'active' },
	rightSpecifications: { name: 'Right', strategy: 'firstCome', scheduleId: null },
	bundles: { name: 'Bundle' },
	assignedRights: { state: 'active', validFromMs: null, validToMs: null },
	credentials: { kind: 'tag', label: null, state: 'active', validFromMs: null, validToMs: null },
	plannedUses: { startMs: 1_000, endMs: 2_000 },
	pools: { name: 'Pool', capacity: 1 },
	schedules: { name: 'Always', periods: [], specialDays: [] },
};

function asOp(table: DirectoryTable, row: Readonly<Record<string, unknown>>): DirectoryOp {
	const id = String(row['id']);
	const value = table === 'credentials' ? { value: `E200${id}` } : {};
	return put(table, { ...PLAIN[table], ...value, ...row, id });
}

/** What was there before is replaced; nothing of it stays edited. */
async function bringIn({ updates, reader, store }: ListBench, sent: Sent): Promise<void> {
	for (const one of store.localEdits.list(1_000)) store.localEdits.settle(one);
	for (const stream of ['people', 'access'] as const) {
		const tables = (Object.keys(sent) as (keyof Sent)[]).filter((table) => aggregateOf(table).stream === stream);
		const ops = tables.flatMap((table) => sent[table].map((row) => asOp(table, row)));
		const from = reader.stream(stream)?.rev ?? 0;
		const answer = await updates.applyDelta({ stream, centralEpoch: 'e1', from, to: from + 1, ops });
		expect(reader.stream(stream)?.rev, JSON.stringify(answer)).toBe(from + 1);
		expect(reader.parked(stream, 5)).toEqual([]);
	}
}

/** The first changes of those that are wanted, whatever they are of. */
function edit({ edits }: ListBench, wanted: Sent, count: number): void {
	const all = (Object.keys(wanted) as (keyof Sent)[]).flatMap((table) =>
		wanted[table].map((fields) => ({ op: 'update', table, key: String(fields['id']), fields }) as const),
	);
	const step = Math.max(1, Math.floor(all.length / (count + 1)));
	const chosen = all.filter((_, n) => n % step === 0).slice(0, count);
	if (chosen.length > 0) expect(edits.edit(chosen, { operatorId: null })).toMatchObject({ result: 'done' });
}
