import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createWhatIf } from '../../../../src/gateway/services/decisions/what-if.ts';
import type { FieldWork } from '../../../../src/gateway/services/field/field-work.ts';
import type { PresentedReads } from '../../../../src/gateway/services/field/presented-reads.ts';
import type { ScanAnswer } from '../../../../src/gateway/services/field/scan.ts';
import { type ApiSite, createApiSite } from '../../../support/api-site.ts';
import { createTestFieldWork } from '../../../support/field-work-bench.ts';
import { annasRows, usualSite } from '../../../support/site-bench.ts';

let bench: ApiSite;
let fieldWork: FieldWork;
let presentedReads: PresentedReads;
const common = { state: 'active', validFromMs: null, validToMs: null };
beforeEach(async () => {
	bench = await createApiSite({ site: usualSite });
	const { store, clock, accessLog, directory, service } = bench;
	const whatIf = createWhatIf({
		...{ site: usualSite, directory: directory.reader, loadFacts: service.loadFacts, modeOf: store.laneModes.get },
	});
	({ fieldWork, presentedReads } = createTestFieldWork({
		...{ site: usualSite, store, clock, accessLog, directory: directory.reader, whatIf },
		isLicensed: (kind, operatorId) => operatorId !== `no-${kind}`,
	}));
	await bench.give([
		...annasRows(),
		{
			...common,
			table: 'credentials',
			id: 'anna-plate',
			holderId: 'anna',
			kind: 'plate',
			value: '1ABC234',
			label: null,
		},
		{ ...common, table: 'credentials', id: 'anna-qr', holderId: 'anna', kind: 'qr', value: 'c2VjcmV0', label: 'QR' },
		{ ...common, table: 'credentials', id: 'anna-pin', holderId: 'anna', kind: 'pin', value: '123456', label: null },
		{
			...common,
			table: 'credentials',
			id: 'lost',
			holderId: 'anna',
			kind: 'tag',
			value: 'AABBCCDDEE',
			label: null,
			state: 'lost',
		},
	]);
});
afterEach(() => bench.close());

const look = (text: string) => fieldWork.scan('op-1').look(text);
const lanesOf = (answer: ScanAnswer) =>
	answer.result === 'known' ? answer.lanes.map(({ laneId, outcome }) => `${laneId} ${outcome}`) : [];

describe('I15: scanning what somebody holds in their hand', () => {
	test('tells whose it is, by what rights, and what every lane would answer now; nothing is written', async () => {
		const before = bench.store.journal.lastSeq();

		const answer = await look('a1');

		expect(answer).toMatchObject({
			result: 'known',
			credential: { id: 'anna-tag', kind: 'tag', state: 'active' },
			holder: { id: 'anna', name: 'Anna Peeters', status: 'active' },
			rights: [{ id: 'r1', name: 'Staff', time: 'now' }],
			stays: [],
		});
		expect(lanesOf(answer)).toEqual(['L1 granted', 'L2 granted']);
		expect(bench.store.journal.lastSeq()).toBe(before);
	});

	test.each([
		['a plate however it is typed', '1-abc 234', 'anna-plate'],
		['the text of a QR code', ' c2VjcmV0\n', 'anna-qr'],
		['a QR code as a reader tells it', '64:6332566A636D5630', 'anna-qr'],
	])('knows %s', async (_, text, id) => {
		expect(await look(text)).toMatchObject({ result: 'known', credential: { id } });
	});

	test('a lost card is shown as lost, and opens no entry', async () => {
		const answer = await look('AA:BB:CC:DD:EE');
		expect(answer).toMatchObject({ credential: { state: 'lost' } });
		expect(lanesOf(answer)[0]).toBe('L1 refused');
	});

	test('PINs are not asked about', async () => {
		expect(await look('123456')).toMatchObject({ result: 'unknown' });
	});

	test('who is inside is shown where they stand, with their last decisions', async () => {
		await bench.enter('A1');
		const answer = await look('1ABC234');
		if (answer.result !== 'known') throw new Error('unknown');
		expect(answer.stays.map(({ areaId }) => areaId)).toEqual(['A1']);
		expect(answer.decisions.map(({ outcome }) => outcome)).toEqual(['granted']);
	});

	test('an unknown plate comes with the known ones nearest to it', async () => {
		expect(await look('1ABC23A')).toMatchObject({
			result: 'unknown',
			read: { kind: 'plate', value: '1ABC23A' },
			hints: [{ plate: '1ABC234', holderId: 'anna' }],
		});
	});

	test('text from anywhere is a question, never an error', async () => {
		for (const text of ['<b>x</b>', "'; DROP TABLE holders", '\u202e', 'x'.repeat(100_000), '🚗']) {
			expect((await look(text)).result).toBe('unknown');
		}
	});
});

describe('I15: presenting at a reader', () => {
	const read = { id: 'o-1', deviceId: 'reader-1', monotonicMs: 0, atMs: 0 };
	test('tells what was read there after that moment, for a minute', () => {
		const startMs = bench.clock.nowMs();
		bench.clock.advance(10);
		presentedReads.seen({ ...read, kind: 'tag', tag: 'A1' });

		const { lastAt } = fieldWork.scan('op-1');
		expect(lastAt('reader-1', startMs)).toMatchObject({ kind: 'tag', value: 'A1' });
		expect(lastAt('reader-2', startMs)).toBeUndefined();
		expect(lastAt('reader-1', bench.clock.nowMs())).toBeUndefined();
		bench.clock.advance(61_000);
		expect(lastAt('reader-1', startMs)).toBeUndefined();
	});
});

test('I15: each kind of work is asked for its licence in one place', () => {
	expect(() => fieldWork.scan('no-scan')).toThrow('licence of the kind scan');
	expect(() => fieldWork.logistic('no-logistic')).toThrow('logistic');
	expect(() => fieldWork.review('no-review')).toThrow('review');
	expect(fieldWork.review('no-scan')).toBeDefined();
});
