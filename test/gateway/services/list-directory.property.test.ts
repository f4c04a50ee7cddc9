import fc from 'fast-check';
import { expect, test } from 'vitest';
import { foldText } from '../../../src/gateway/core/fold-text.ts';
import type { DirectoryChange } from '../../../src/gateway/services/directory/directory-edits.ts';
import type { ListQuery } from '../../../src/gateway/services/directory/directory-lists.ts';
import { holder, put } from '../../support/directory-bench.ts';
import { type ListBench, openTempLists } from '../../support/directory-lists.ts';

interface Person {
	readonly id: string;
	readonly name: string;
	readonly status: 'active' | 'blocked';
	readonly tags: readonly string[];
}

const word = fc.constantFrom('an', 'Ann', 'Éva', 'bo', "O'Bo", 'Żoł', '7', '𝒜x', 'ﬀ', '🚗', '%', 'ﺀ');
const name = fc.array(word, { minLength: 1, maxLength: 3 }).map((words) => words.join(' '));
const person = fc.record({
	id: fc.integer({ min: 0, max: 60 }).map((n) => `h${n}`),
	name,
	status: fc.constantFrom('active' as const, 'blocked' as const),
	tags: fc.uniqueArray(fc.constantFrom('vip', 'a"b', '\\', 'é'), { maxLength: 2 }),
});
const people = fc.uniqueArray(person, { minLength: 1, maxLength: 40, selector: ({ id }) => id });
const query = fc.record({
	q: fc.array(word, { maxLength: 2 }).map((words) => words.join(' ')),
	descending: fc.boolean(),
	status: fc.option(fc.constantFrom('active', 'blocked')),
	tag: fc.option(fc.constantFrom('vip', 'a"b', '\\', '')),
});
type Asked = typeof query extends fc.Arbitrary<infer T> ? T : never;

/** Each run has rows of its own in one store: what was there is replaced. */
function bringIn({ updates, reader }: ListBench, sent: readonly Person[]): Promise<unknown> {
	const from = reader.stream('people')?.rev ?? 0;
	const gone = Array.from({ length: 61 }, (_, n) => ({ op: 'delete', table: 'holders', key: `h${n}` }) as const);
	const ops = [...gone, ...sent.map((row) => put('holders', { ...holder(row.id), ...row }))];
	return updates.applyDelta({ stream: 'people', centralEpoch: 'e1', from, to: from + 1, ops });
}

function settleAll({ store }: ListBench): void {
	for (const edit of store.localEdits.list(1_000)) store.localEdits.settle(edit);
}

function change({ edits }: ListBench, row: Person, isThere: boolean): void {
	const { id: key, ...fields } = row;
	const wanted: DirectoryChange = isThere
		? { op: 'update', table: 'holders', key, fields }
		: { op: 'create', table: 'holders', row: { ...holder(key), ...row } };
	expect(edits.edit([wanted], { operatorId: null })).toMatchObject({ result: 'done' });
}

function listed(rows: Iterable<Person>, { q, descending, status, tag }: Asked): string[] {
	const words = q.split(' ').map(foldText).filter(Boolean);
	const key = (row: Person) => Buffer.from(`${foldText(row.name)}\0${row.id}`);
	const found = [...rows]
		.filter((row) => status === null || row.status === status)
		.filter((row) => tag === null || (tag === '' ? row.tags.length === 0 : row.tags.includes(tag)))
		.filter((row) => {
			const has = foldText(row.name).split(' ');
			return q === '' || (words.length > 0 && words.every((wanted) => has.some((part) => part.startsWith(wanted))));
		})
		.toSorted((a, b) => Buffer.compare(key(a), key(b)))
		.map(({ id }) => id);
	return descending ? found.reverse() : found;
}

function asQuery({ q, descending, status, tag }: Asked): ListQuery {
	const where = { ...(status !== null && { status: [status] }), ...(tag !== null && { tags: [tag] }) };
	return { table: 'holders', q, descending, where };
}

async function paged({ lists }: ListBench, asked: ListQuery, limit: number, between: () => void = () => undefined) {
	const ids: string[] = [];
	let cursor: string | undefined;
	do {
		const { items, next } = await lists.page(asked, { limit, ...(cursor !== undefined && { cursor }) });
		ids.push(...items.map(({ id }) => String(id)));
		expect(items.length === limit || next === null).toBe(true);
		cursor = next ?? undefined;
		between();
	} while (cursor !== undefined);
	return ids;
}

test('pages put together are the whole list, in its order, whatever was edited, searched and narrowed', async () => {
	const bench = openTempLists();
	await fc.assert(
		fc.asyncProperty(
			people,
			people,
			query,
			fc.integer({ min: 1, max: 9 }),
			fc.integer({ min: 0, max: 10 }),
			async (sent, edited, asked, limit, edits) => {
				settleAll(bench);
				await bringIn(bench, sent);
				const rows = new Map(sent.map((row) => [row.id, row]));
				for (const row of edited.slice(0, edits)) {
					change(bench, row, rows.has(row.id));
					rows.set(row.id, row);
				}
				const whole = listed(rows.values(), asked);
				expect(await paged(bench, asQuery(asked), limit)).toEqual(whole);
				expect(await bench.lists.count(asQuery(asked))).toBe(whole.length);
				const exported = (await Array.fromAsync(bench.lists.rows(asQuery(asked)))).flat();
				expect(exported.map(({ id }) => id)).toEqual(whole);
			},
		),
		{ numRuns: 60 },
	);
}, 180_000);

test('while others are edited, a row that stays as it is comes once, and none comes twice unless it was moved', async () => {
	const bench = openTempLists();
	await fc.assert(
		fc.asyncProperty(
			people,
			people,
			fc.boolean(),
			fc.integer({ min: 1, max: 5 }),
			async (sent, edited, descending, limit) => {
				settleAll(bench);
				await bringIn(bench, sent);
				const there = new Set(sent.map(({ id }) => id));
				const waiting = [...edited];
				const moved = new Set<string>();
				const ids = await paged(bench, { table: 'holders', descending }, limit, () => {
					const next = waiting.shift();
					if (next === undefined) return;
					change(bench, next, there.has(next.id));
					there.add(next.id);
					moved.add(next.id);
				});
				const still = sent.map(({ id }) => id).filter((id) => !moved.has(id));
				expect(ids.filter((id) => !moved.has(id)).toSorted()).toEqual(still.toSorted());
			},
		),
		{ numRuns: 40 },
	);
}, 180_000);
