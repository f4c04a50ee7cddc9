import { readFileSync } from 'node:fs';
import process from 'node:process';
import { describe, expect, test } from 'vitest';
import type { AuditEntry } from '../../../src/gateway/core/journal.ts';
import { createDirectoryExports, type ExportAsk } from '../../../src/gateway/services/directory/export-directory.ts';
import { openTable } from '../../../src/gateway/services/tables/read-table.ts';
import { SITE_FILE } from '../../../src/gateway/store/site-store.ts';
import { holder, plate, put, rowOf } from '../../support/directory-bench.ts';
import { openTempLists } from '../../support/directory-lists.ts';

const JANUARY = Date.UTC(2026, 0, 1);
const JULY = Date.UTC(2026, 6, 1);
const FORMULA = '=HYPERLINK("http://evil","x")';

async function opened() {
	const bench = openTempLists();
	const { store, directory, updates, clock, log, dir } = bench;
	const audited: AuditEntry[] = [];
	let made = 0;
	const exports = createDirectoryExports({
		...{ directory, log, siteFile: `${dir}/${SITE_FILE}`, timeZone: 'Europe/Brussels', nowMs: clock.nowMs },
		newId: () => `export-${made++}`,
		audit(entry) {
			store.journal.append(entry);
			audited.push(entry);
		},
	});
	const people = [
		put('holders', { ...holder('h1'), name: 'Anna; "Peeters"', phone: '+32 470', tags: ['vip', 'staff'] }),
		put('holders', { ...holder('h2'), name: FORMULA, status: 'blocked', organisationId: 'h1' }),
		put('holders', { ...holder('v1'), kind: 'vehicle', name: 'Van 1', make: 'VW' }),
	];
	await updates.applyDelta({ stream: 'people', centralEpoch: 'e1', from: 0, to: 1, ops: people });
	const specification = { id: 's1', name: 'Staff', strategy: 'firstCome', areaIds: [], scheduleId: null };
	const right = { id: 'r1', holderId: 'h1', specificationId: 's1', state: 'active' };
	const access = [
		put('credentials', plate('c1', '1ABC234', { holderId: 'h1' })),
		put('credentials', plate('c2', '1XYZ999', { holderId: 'gone', state: 'lost' })),
		put('rightSpecifications', specification),
		put('assignedRights', { ...right, validFromMs: JANUARY, validToMs: JULY }),
	];
	await updates.applyDelta({ stream: 'access', centralEpoch: 'e1', from: 0, to: 1, ops: access });
	const export_ = (ask: Partial<ExportAsk>, by: Partial<Parameters<typeof exports.export>[1]> = {}) =>
		exports.export(
			{ face: 'holders', format: 'csv', language: 'en', sight: { personal: true, codes: false }, ...ask },
			{ operatorId: 'op', ...by },
		);
	return { ...bench, exports, export: export_, audited };
}

async function bytesOf(bytes: AsyncIterable<Uint8Array>): Promise<Buffer> {
	return Buffer.concat(await Array.fromAsync(bytes));
}

/** Heading → cell of every row. */
async function rowsOf(file: Uint8Array): Promise<readonly Record<string, string>[]> {
	const opening = await openTable(file, {});
	if (opening.result === 'refused') throw new Error(JSON.stringify(opening.problem));
	const { columns, items } = opening.table;
	const all = await Array.fromAsync(items);
	return all.flatMap((item) =>
		item.kind === 'row'
			? [Object.fromEntries(columns.map(({ heading, index }) => [heading, item.row.cells[index] ?? '']))]
			: [],
	);
}

describe('an export of the directory', () => {
	test.each(['csv', 'xlsx'] as const)(
		'X14: is a table for people: labels, words, titles beside ids, local times (%s)',
		async (format) => {
			const { export: take } = await opened();
			const people = await rowsOf(await bytesOf(take({ format }).bytes));
			expect(people).toHaveLength(3);
			expect(people.find(({ Id }) => Id === 'h1')).toMatchObject({
				Name: 'Anna; "Peeters"',
				Kind: 'Person',
				Status: 'Active',
				Tags: 'vip, staff',
			});
			expect(people.find(({ Id }) => Id === 'h2')).toMatchObject({
				Organisation: 'Anna; "Peeters"',
				'Organisation (Id)': 'h1',
			});
			const [right] = await rowsOf(await bytesOf(take({ format, face: 'rights' }).bytes));
			expect(right).toMatchObject({
				Id: 'r1',
				'Valid from': '2026-01-01T01:00:00+01:00',
				'Valid until': '2026-07-01T02:00:00+02:00',
			});
			expect(Object.values(right ?? {})).toEqual(expect.arrayContaining(['h1', 'Anna; "Peeters"', 's1', 'Staff']));
		},
	);

	test('runs nothing in a spreadsheet', async () => {
		const { export: take } = await opened();
		const text = (await bytesOf(take({}).bytes)).toString();
		expect(text).toContain(`'=HYPERLINK`);
		expect(text).toContain(`'+32 470`);
		expect(text).not.toMatch(/(^|[,;"])[=+@]/m);
	});

	test('is in the language asked for, and narrowed as the list is', async () => {
		const { export: take, edits } = await opened();
		edits.edit([{ op: 'update', table: 'holders', key: 'h2', fields: { name: 'Zoë' } }], { operatorId: null });
		const french = await rowsOf(await bytesOf(take({ language: 'fr', where: { status: ['blocked'] } }).bytes));
		expect(french).toMatchObject([{ Nom: 'Zoë' }]);
		const vehicles = await rowsOf(
			await bytesOf(take({ face: 'vehicles', q: 'van', where: { kind: ['person'] } }).bytes),
		);
		expect(vehicles).toMatchObject([{ Name: 'Van 1', Make: 'VW' }]);
		expect(vehicles[0]).not.toHaveProperty('E-mail');
	});

	test('is lines of JSON for programs', async () => {
		const { export: take } = await opened();
		const text = (await bytesOf(take({ face: 'rights', format: 'jsonl' }).bytes)).toString();
		expect(
			text
				.trimEnd()
				.split('\n')
				.map((line) => JSON.parse(line)),
		).toEqual([
			{
				...{ id: 'r1', holderId: 'h1', specificationId: 's1', state: 'active', poolId: null, spaceId: null },
				...{ validFrom: '2026-01-01T01:00:00+01:00', validTo: '2026-07-01T02:00:00+02:00' },
			},
		]);
	});

	test.each(['csv', 'jsonl'] as const)('has no names and plates for who may not see them (%s)', async (format) => {
		const { export: take } = await opened();
		for (const face of ['holders', 'credentials', 'rights']) {
			const text = (await bytesOf(take({ face, format, sight: { personal: false, codes: false } }).bytes)).toString();
			expect(text).not.toMatch(/Anna|Peeters|HYPER|1ABC|Van 1|32 470/);
		}
	});

	test('is journalled with who took what, narrowed how, and how many rows', async () => {
		const { export: take, audited, store } = await opened();
		const file = take({ face: 'credentials', q: 'anna', where: { state: ['active'] } });
		expect(file).toMatchObject({
			fileName: 'credentials-1970-01-01.csv',
			mediaType: expect.stringContaining('text/csv'),
		});
		expect(audited).toEqual([]);
		expect(await rowsOf(await bytesOf(file.bytes))).toHaveLength(1);
		expect(audited).toMatchObject([
			{
				...{ operatorId: 'op', action: 'directoryExported', target: 'credentials' },
				detail: { format: 'csv', rows: 1, isWhole: true, isMasked: false, filter: '{"q":"anna","state":["active"]}' },
			},
		]);
		expect(store.journal.verify(0, 10)).toMatchObject({ result: 'holds' });
	});

	test('tells who takes it how far it is, and nobody else; for a minute after its end', async () => {
		const { exports, export: take, clock } = await opened();
		expect(exports.progress('op', 'holders')).toBeUndefined();
		const bytes = take({}).bytes[Symbol.asyncIterator]();
		await bytes.next();
		expect(exports.progress('op', 'holders')).toEqual({ rows: expect.any(Number), total: 3, state: 'running' });
		expect(exports.progress('other', 'holders')).toBeUndefined();
		expect(exports.progress('op', 'vehicles')).toBeUndefined();
		while ((await bytes.next()).done !== true);
		expect(exports.progress('op', 'holders')).toEqual({ rows: 3, total: 3, state: 'done' });
		const stopped = take({ face: 'credentials' }).bytes[Symbol.asyncIterator]();
		await stopped.next();
		await stopped.return?.();
		expect(exports.progress('op', 'credentials')).toMatchObject({ state: 'ended' });
		clock.advance(61_000);
		expect(exports.progress('op', 'holders')).toBeUndefined();
	});

	test('refuses what is no list, no filter, or one too many', async () => {
		const { export: take, exports } = await opened();
		expect(() => take({ face: 'operators' })).toThrow(expect.objectContaining({ code: 'NOT_FOUND' }));
		await expect(bytesOf(take({ where: { no: ['x'] } }).bytes)).rejects.toMatchObject({ code: 'INVALID_REQUEST' });
		const started = [take({}), take({})].map(({ bytes }) => bytes[Symbol.asyncIterator]());
		for (const bytes of started) await bytes.next();
		await expect(bytesOf(take({}).bytes)).rejects.toMatchObject({ code: 'TOO_MANY' });
		for (const bytes of started) await bytes.return?.();
		expect((await bytesOf(take({}).bytes)).length).toBeGreaterThan(100);
		expect(exports).toBeDefined();
	});
});

describe('a long export', () => {
	const ROWS = 4_000;

	async function crowded() {
		const bench = await opened();
		const rows = Array.from({ length: ROWS }, (_, n) => rowOf('holders', { ...holder(`p${n}`), name: `Person ${n}` }));
		const { updates } = bench;
		await updates.beginSnapshot({ stream: 'people', centralEpoch: 'e1', rev: 2, rows: ROWS });
		await updates.pushRows(rows);
		expect(await updates.finishSnapshot()).toMatchObject({ result: 'live' });
		return bench;
	}

	test('tells how far it is, leaves the event loop alone, and has every row once', async () => {
		const { export: take } = await crowded();
		const told: [number, number][] = [];
		const before = [process.cpuUsage(), process.threadCpuUsage()] as const;
		const { bytes } = take({ format: 'xlsx' }, { onProgress: (rows, total) => told.push([rows, total]) });
		const file = await bytesOf(bytes);
		const [all, own] = [process.cpuUsage(before[0]), process.threadCpuUsage(before[1])];
		expect(own.user, 'it is made on another thread').toBeLessThan(all.user / 2);
		expect(told.at(-1)).toEqual([ROWS, ROWS]);
		const ids = (await rowsOf(file)).map(({ Id }) => Id);
		expect([ids.length, new Set(ids).size]).toEqual([ROWS, ROWS]);
	});

	test('ends when it is cancelled or nobody takes it, and says so', async () => {
		const { export: take, audited } = await crowded();
		const cancel = new AbortController();
		const { bytes } = take({}, { signal: cancel.signal, onProgress: (rows) => void (rows > 500 && cancel.abort()) });
		await expect(bytesOf(bytes)).rejects.toMatchObject({ name: 'AbortError' });
		for await (const _ of take({}).bytes) break;
		expect(audited.map(({ detail }) => detail['isWhole'])).toEqual([false, false]);
		expect(Number(audited[0]?.detail['rows'])).toBeLessThan(ROWS);
	});

	test('goes on in the file of a snapshot that comes meanwhile, and lets the old one go', async () => {
		const { export: take, updates, directory, dir } = await crowded();
		const old = directory.liveFile();
		const iterator = take({ format: 'jsonl' }).bytes[Symbol.asyncIterator]();
		const first = await iterator.next();
		const rows = Array.from({ length: ROWS }, (_, n) => rowOf('holders', { ...holder(`p${n}`), name: `Person ${n}` }));
		await updates.beginSnapshot({ stream: 'people', centralEpoch: 'e1', rev: 3, rows: ROWS });
		await updates.pushRows(rows);
		await updates.finishSnapshot();
		const open = readFileSync('/proc/self/maps', 'utf8');
		expect(open).not.toContain(`${old}-shm`);
		expect(open).toContain(`${directory.liveFile()}-shm`);
		const parts = [Buffer.from(first.value ?? [])];
		for (let step = await iterator.next(); step.done !== true; step = await iterator.next())
			parts.push(Buffer.from(step.value));
		expect(Buffer.concat(parts).toString().trimEnd().split('\n')).toHaveLength(ROWS);
		expect(dir).toBeTruthy();
	});
});
