import path from 'node:path';
import Database from 'better-sqlite3';
import fc from 'fast-check';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { DirectoryOp, KeyedRow, MendAnswer } from '../../../src/gateway/core/directory-change.ts';
import { decodeSums, differingBuckets } from '../../../src/gateway/core/directory-digest.ts';
import { bucketOf } from '../../../src/gateway/store/row-digests.ts';
import { holder, openTempDirectory, put } from '../../support/directory-bench.ts';
import { digestOfRows } from '../../support/row-digest.ts';

const CENTRAL = { stream: 'people', centralEpoch: 'e1' } as const;
const PEOPLE = Array.from({ length: 600 }, (_, n) => holder(`h${n}`));

/** A site of 600 people with a row that it can't use, and central's rows. */
async function synced() {
	const bench = openTempDirectory();
	const rows = new Map<string, unknown>();
	let rev = 0;
	async function change(ops: readonly DirectoryOp[]): Promise<void> {
		for (const { op, table, key, row } of ops) {
			if (op === 'put') rows.set(`${table}/${key}`, row);
			else rows.delete(`${table}/${key}`);
		}
		for (let at = 0; at < ops.length; at += 500) {
			const slice = ops.slice(at, at + 500);
			await bench.updates.applyDelta({ ...CENTRAL, from: rev, to: rev + 1, ops: slice });
			rev += 1;
		}
	}
	await change([...PEOPLE.map((row) => put('holders', row)), put('spaceships', { id: 's1', crew: ['é'] })]);
	const file = new Database(path.join(bench.dir, 'directory-1.db'));
	onTestFinished(() => void file.close());
	return { ...bench, file, rows, change, rev: () => rev };
}

type Site = Awaited<ReturnType<typeof synced>>;

/** As central answers: the rows of these buckets. */
function mendOf({ rows, rev }: Site, buckets: readonly number[], atRev = rev()) {
	const keyed = [...rows].map(([name, row]): KeyedRow => {
		const [table = '', key = ''] = name.split('/');
		return { table, key, row };
	});
	const { sums } = digestOfRows(rows);
	return {
		...CENTRAL,
		rev: atRev,
		buckets: buckets.map((bucket) => ({ bucket, sum: (sums[bucket] ?? 0n).toString(16).padStart(16, '0') })),
		rows: keyed.filter(({ table, key }) => buckets.includes(bucketOf(table, key))),
	};
}

/** Verifies, and mends what then differs. */
async function repair(site: Site): Promise<{ damaged: number; differing: number[]; answer: MendAnswer }> {
	const found = await site.updates.verifyStream('people');
	if (found.result !== 'verified') throw new Error(found.result);
	const central = digestOfRows(site.rows);
	const ours = decodeSums(found.sums);
	if (ours === undefined) throw new Error('no sums');
	const differing = differingBuckets(ours, BigUint64Array.from(central.sums));
	expect(found.root === central.root).toBe(differing.length === 0);
	return { damaged: found.damaged, differing, answer: await site.updates.mendStream(mendOf(site, differing)) };
}

function expectPeople({ updates, reader, rows }: Site): void {
	expect(updates.streams()[0]).toMatchObject({ root: digestOfRows(rows).root });
	for (const { id } of PEOPLE) expect(reader.holder(id)).toEqual(rows.get(`holders/${id}`));
	expect(reader.counts()['holders']).toBe([...rows.keys()].filter((name) => name.startsWith('holders/')).length);
}

describe('N12: rows changed in the directory’s file behind its back', () => {
	it('are found by reading them again, and nothing else is', async () => {
		const site = await synced();
		const { root } = digestOfRows(site.rows);
		const found = await site.updates.verifyStream('people');
		expect(found).toMatchObject({ result: 'verified', rev: site.rev(), root, damaged: 0 });
		expect(await site.updates.verifyStream('access')).toEqual({ result: 'unknown' });
	});

	it('a changed, a missing and an added row, and a damaged raw one, are put right; the other rows are not touched', async () => {
		const site = await synced();
		site.file.exec(`UPDATE holders SET status = 1 WHERE id = 'h7'; UPDATE holders SET name = 'x' WHERE id = 'h8';
			DELETE FROM holders WHERE id = 'h9';
			UPDATE parked SET raw = 'not JSON' WHERE key = 's1'`);
		const columns = site.file.pragma('table_info(holders)') as readonly { readonly name: string }[];
		const others = columns.map(({ name }) => name).filter((name) => name !== 'id');
		site.file.exec(`INSERT INTO holders (id, ${others}) SELECT 'intruder', ${others} FROM holders WHERE id = 'h1'`);
		expect(site.reader.holder('intruder')?.status).toBe('active');
		const { damaged, differing, answer } = await repair(site);
		// What was added carries the check of another id.
		expect(damaged).toBe(4);
		expect(differing).toHaveLength(5);
		expect(answer).toMatchObject({ result: 'mended', rev: site.rev(), root: digestOfRows(site.rows).root });
		const keys = answer.result === 'mended' ? answer.changed.map(({ key }) => key).toSorted() : [];
		expect(keys).toEqual(['h7', 'h8', 'h9', 'intruder', 's1']);
		expectPeople(site);
		expect(site.reader.holdersByName('Person', 1_000)).toHaveLength(600);
		expect(await site.updates.verifyStream('people')).toMatchObject({ damaged: 0, root: digestOfRows(site.rows).root });
	});

	it('any of them, with changes of central before, between and after, come to central’s rows', async () => {
		const key = fc.integer({ min: 0, max: 599 }).map((n) => `h${n}`);
		const damage = fc.oneof(
			key.map((id) => `UPDATE holders SET name = name || '!' WHERE id = '${id}'`),
			key.map((id) => `UPDATE holders SET digest = 5 WHERE id = '${id}'`),
			key.map((id) => `DELETE FROM holders WHERE id = '${id}'`),
			fc.constant("UPDATE streams SET sums = zeroblob(8192) WHERE stream = 'people'"),
		);
		const change = fc
			.tuple(key, fc.boolean())
			.map(
				([id, isGone]): DirectoryOp =>
					isGone ? { op: 'delete', table: 'holders', key: id } : put('holders', holder(id, { status: 'blocked' })),
			);
		const site = await synced();
		await fc.assert(
			fc.asyncProperty(
				fc.array(damage, { maxLength: 4 }),
				fc.tuple(fc.array(change), fc.array(change), fc.array(change)),
				async (damages, [before, between, after]) => {
					for (const sql of damages) site.file.exec(sql);
					if (before.length > 0) await site.change(before);
					const verifying = site.updates.verifyStream('people');
					if (between.length > 0) await site.change(between);
					const found = await verifying;
					if (found.result !== 'verified') throw new Error(found.result);
					const { sums } = digestOfRows(site.rows);
					const differing = differingBuckets(decodeSums(found.sums) ?? new BigUint64Array(), BigUint64Array.from(sums));
					const mend = mendOf(site, differing);
					const mending = site.updates.mendStream(mend);
					if (after.length > 0) await site.change(after);
					expect(await mending).toMatchObject({ result: 'mended' });
					await repair(site);
					expectPeople(site);
				},
			),
			{ numRuns: 25 },
		);
	}, 180_000);

	it('rows that central changed after its answer stay as they are, and its answer is taken for the rest', async () => {
		const site = await synced();
		site.file.exec("UPDATE holders SET status = 0 WHERE id IN ('h1', 'h2')");
		await site.change([put('holders', holder('h2', { status: 'blocked' }))]);
		site.file.exec("DELETE FROM holders WHERE id IN ('h3', 'h4')");
		expect(await site.updates.verifyStream('people')).toMatchObject({ result: 'verified' });
		const wrong = ['h3', 'h4', 'h5'].map((id) => bucketOf('holders', id));
		const answer = mendOf(site, wrong);
		await site.change([
			put('holders', holder('h4', { status: 'blocked' })),
			{ op: 'delete', table: 'holders', key: 'h5' },
		]);
		expect(await site.updates.mendStream(answer)).toMatchObject({ result: 'mended', rev: site.rev() });
		expect(site.reader.holder('h4')?.status).toBe('blocked');
		expect(site.reader.holder('h5')).toBeUndefined();
		expectPeople(site);
	});

	it('nothing is replaced by rows that do not add up, were not asked for, or are of another history', async () => {
		const site = await synced();
		site.file.exec("DELETE FROM holders WHERE id = 'h3'");
		const good = mendOf(site, [bucketOf('holders', 'h3')]);
		const [first] = good.buckets;
		expect(await site.updates.mendStream(good)).toMatchObject({ result: 'refused' });
		await site.updates.verifyStream('people');
		const before = site.updates.streams();
		for (const bad of [
			{ ...good, rows: good.rows.slice(1) },
			{ ...good, rows: [...good.rows, ...good.rows] },
			{ ...good, rows: [...good.rows, { table: 'holders', key: 'h1', row: holder('h1') }] },
			{ ...good, buckets: [{ bucket: first?.bucket ?? 0, sum: '0000000000000001' }] },
			{ ...good, centralEpoch: 'e2' },
			{ ...good, rev: site.rev() + 1 },
			{ ...good, rev: site.rev() - 1 },
		]) {
			expect(await site.updates.mendStream(bad)).toMatchObject({ result: 'refused' });
		}
		expect(site.updates.streams()).toEqual(before);
		expect(await site.updates.mendStream(good)).toMatchObject({ result: 'mended' });
		expectPeople(site);
	});

	it('more damaged rows than are worth mending are told as such', async () => {
		const site = await synced();
		site.file.exec('CREATE TABLE spare AS SELECT * FROM holders');
		for (let copy = 0; copy < 20; copy += 1)
			site.file.exec(`UPDATE spare SET id = 'copy-${copy}-' || id; INSERT INTO holders SELECT * FROM spare`);
		expect(await site.updates.verifyStream('people')).toEqual({ result: 'beyondRepair' });
	});
});
