import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { quickRow } from '../../../src/gateway/core/directory/quick-row.ts';
import { aggregateOf, DIRECTORY_TABLES, type DirectoryTable } from '../../../src/gateway/core/directory.ts';

const TABLES = Object.keys(DIRECTORY_TABLES) as DirectoryTable[];

/** What fields take, what they just do not, and anything. */
function valueFor({ input }: ReturnType<typeof aggregateOf>['fields'][string]) {
	const edges = fc.constantFrom<unknown>(
		...['', ' ', 'a', ' a', 'x'.repeat(40), 'x'.repeat(64), 'x'.repeat(65), 'x'.repeat(200), 'x'.repeat(201), '\ud800'],
		...[0, -0, 1, -1, 1.5, NaN, Infinity, 2 ** 53 - 1, 2 ** 53, 8.64e15, -8.64e15, 8.64e15 + 1, 1_000_000, 1_000_001],
		...[true, false, null, undefined, [], {}, [[]], ['a'], ['a', 'a'], ['a', ''], [1], [' a'], { length: 1 }],
	);
	const own: fc.Arbitrary<unknown> = (() => {
		switch (input.kind) {
			case 'choice':
				return fc.constantFrom(...input.options);
			case 'count':
				return fc.integer({ min: input.minimum - 1, max: input.maximum + 1 });
			case 'instant':
				return fc.oneof(fc.integer(), fc.maxSafeInteger());
			case 'flag':
				return fc.boolean();
			case 'words':
			case 'reference':
			case 'wiring':
				return fc.oneof(
					fc.string({ maxLength: 70 }),
					fc.array(fc.oneof(fc.string({ minLength: 1, maxLength: 45 }), fc.integer()), { maxLength: 120 }),
				);
			default:
				return fc.string({ unit: 'binary', maxLength: 220 });
		}
	})();
	return fc.oneof(
		{ weight: 12, arbitrary: own },
		{ weight: 2, arbitrary: edges },
		{ weight: 1, arbitrary: fc.jsonValue() },
	);
}

describe('a row that is checked quickly', () => {
	it.each(TABLES)('of %s is what the schema makes of it, or is left to the schema', (table) => {
		const { fields, row: schema } = aggregateOf(table);
		const quick = quickRow(fields);
		const rows = fc.record(Object.fromEntries(Object.entries(fields).map(([name, field]) => [name, valueFor(field)])), {
			requiredKeys: [],
		});
		const some = fc.oneof(
			{ weight: 20, arbitrary: rows },
			{ weight: 2, arbitrary: rows.map((row) => ({ ...row, unknown: 1, ['__proto__']: { id: 'a' } })) },
			{ weight: 1, arbitrary: fc.anything() },
		);
		fc.assert(
			fc.property(some, (raw) => {
				const row = quick(raw);
				if (row !== undefined) expect(schema.safeParse(raw)).toStrictEqual({ success: true, data: row });
			}),
			{ numRuns: 400 },
		);
	});

	it('is checked quickly in fact: what central sends of people and credentials', () => {
		const unlimited = { label: null, state: 'active', validFromMs: null, validToMs: 1 };
		const credential = { id: 'c', holderId: 'h', kind: 'plate', value: '1ABC123', ...unlimited };
		expect(quickRow(DIRECTORY_TABLES.credentials.fields)(credential)).toEqual({ ...credential, note: null });
		const right = { id: 'r', holderId: 'h', specificationId: 's', state: 'active', validFromMs: 1, validToMs: null };
		expect(quickRow(DIRECTORY_TABLES.assignedRights.fields)(right)).toMatchObject(right);
		const holder = { id: 'h', kind: 'person', name: 'Anna', email: null, status: 'active' };
		for (const lists of [{ groupIds: ['g1', 'g2'], tags: ['a b'] }, { groupIds: [], tags: [] }, {}])
			expect(quickRow(DIRECTORY_TABLES.holders.fields)({ ...holder, ...lists })).toMatchObject({ ...holder, ...lists });
		expect(quickRow(DIRECTORY_TABLES.credentials.fields)({ ...credential, kind: 'key' })).toBeUndefined();
	});
});
