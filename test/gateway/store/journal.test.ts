import { readFileSync } from 'node:fs';
import path from 'node:path';
import Database from 'better-sqlite3';
import { describe, expect, test } from 'vitest';
import { chainStart, commitmentOf, nextChain } from '../../../src/gateway/store/journal-hashes.ts';
import type { SiteStore } from '../../../src/gateway/store/site-store.ts';
import { aPlateRead, aRight, facts, TUESDAY_10H } from '../../support/access-facts.ts';
import { aDecision, aLaneEvent, anAudit, aPassage, aVend } from '../../support/lane-entries.ts';
import { openTempStore, tempDir } from '../../support/temp-store.ts';

describe('what is journalled', () => {
	test('comes back as it went in: every kind of entry and of verdict', () => {
		const store = openTempStore();
		const entries = [
			aDecision('granted'),
			aDecision(
				'refused',
				{ journalledLate: true },
				facts({ presented: [aPlateRead({ match: { how: 'none' } })], rights: [] }),
			),
			aDecision(
				'full',
				{},
				facts({ areas: [{ areaId: 'A1', level: 'area', entering: true, capacity: 1, occupied: 1, reserved: 0 }] }),
			),
			aDecision('out', {}, facts({ direction: 'exit', areas: [], rights: [aRight({ state: 'suspended' })] })),
			aVend('granted', { result: 'unknown', problem: 'no answer' }),
			aPassage('granted'),
			aLaneEvent('refused', 'tailgate'),
			anAudit('a1'),
			{
				type: 'device',
				class: 'telemetry',
				id: 't1',
				atMs: 5,
				deviceId: 'reader-1',
				state: 'offline',
				problem: 'unplugged',
			},
		] as const;
		const results = new Set(
			entries.flatMap((entry) =>
				entry.type === 'decision' ? entry.decision.verdicts.map(({ verdict }) => verdict.result) : [],
			),
		);
		expect([...results].sort()).toEqual(['fail', 'notApplicable', 'pass', 'waived']);
		for (const entry of entries) store.journal.append(entry);
		expect(store.journal.after(0, 100).map(({ entry }) => entry)).toEqual(entries);
	});

	test('is numbered from 1 without gaps, and read on from any seq', () => {
		const store = openTempStore();
		expect(store.journal.lastSeq()).toBe(0);
		expect([1, 2, 3].map((n) => store.journal.append(anAudit(`a${n}`)))).toEqual([1, 2, 3]);
		expect(store.journal.after(1, 1).map(({ seq, entry }) => [seq, entry?.id])).toEqual([[2, 'a2']]);
		expect(store.journal.after(3, 10)).toEqual([]);
	});

	test('N7: is chained so that central can compute the same hashes', () => {
		const dir = tempDir();
		const store = openTempStore(dir);
		for (const id of ['d1', 'd2', 'd3']) store.journal.append(aDecision(id));
		let chain = chainStart(store.journal.gatewayEpoch());
		expect(store.journal.chainAt(0)).toEqual(chain);
		for (const row of store.journal.after(0, 10)) {
			chain = nextChain(chain, row.seq, row.commitment);
			expect(row.chain).toEqual(chain);
			expect(store.journal.chainAt(row.seq)).toEqual(chain);
		}
		expect(store.journal.chainAt(4)).toBeUndefined();
		const stored = raw(dir).prepare('SELECT salt, body FROM journal WHERE position = 1').get() as {
			salt: Uint8Array;
			body: string;
		};
		expect(store.journal.after(0, 1)[0]?.commitment).toEqual(commitmentOf(stored.salt, stored.body));
	});

	test('equal entries have different commitments: what was erased can’t be guessed and tried', () => {
		const store = openTempStore();
		store.journal.append(anAudit('same'));
		store.journal.append(anAudit('same'));
		const [first, second] = store.journal.after(0, 2);
		expect(first?.commitment).not.toEqual(second?.commitment);
	});
});

describe('verifying', () => {
	const filled = (dir: string): SiteStore => {
		const store = openTempStore(dir);
		for (let n = 1; n <= 10; n += 1) store.journal.append(aDecision(`d${n}`));
		return store;
	};

	test('goes through the journal in slices', () => {
		const store = filled(tempDir());
		expect(store.journal.verify(0, 4)).toEqual({ result: 'holds', upTo: 4, erased: 0, finished: false });
		expect(store.journal.verify(4, 100)).toEqual({ result: 'holds', upTo: 10, erased: 0, finished: true });
	});

	test.each([
		['a changed body', "UPDATE journal SET body = replace(body, 'Anna', 'Jane') WHERE position = 6", 6],
		['a changed hash', 'UPDATE journal SET chain = zeroblob(32) WHERE position = 6', 6],
		['a removed row', 'DELETE FROM decisions WHERE position = 6; DELETE FROM journal WHERE position = 6', 6],
		[
			'two exchanged rows',
			`UPDATE journal SET salt = (SELECT salt FROM journal WHERE position = 7), body = (SELECT body FROM journal WHERE position = 7) WHERE position = 6`,
			6,
		],
	])('finds %s', (_, sql, seq) => {
		const dir = tempDir();
		filled(dir).close();
		raw(dir).exec(sql);
		expect(openTempStore(dir).journal.verify(0, 100)).toMatchObject({ result: 'broken', seq });
	});

	test('an erased row says nothing any more and the chain still holds', () => {
		const dir = tempDir();
		const store = filled(dir);
		const before = store.journal.after(0, 100);
		expect(store.journal.erase([3, 4, 4, 99])).toBe(2);
		expect(store.journal.verify(0, 100)).toEqual({ result: 'holds', upTo: 10, erased: 2, finished: true });
		const after = store.journal.after(0, 100);
		expect(after.map(({ commitment, chain }) => [commitment, chain])).toEqual(
			before.map(({ commitment, chain }) => [commitment, chain]),
		);
		expect(after.map(({ entry }) => entry?.id ?? null).slice(1, 5)).toEqual(['d2', null, null, 'd5']);
		expect(store.decisions.byId('d3')).toBeUndefined();
		expect(store.journal.withSequel('d3')).toEqual([]);
		store.journal.append(aDecision('d11'));
		expect(store.journal.verify(0, 100)).toMatchObject({ result: 'holds', upTo: 11 });
	});

	test('after scrubbing nothing of it is left in the files', () => {
		const dir = tempDir();
		const store = openTempStore(dir);
		store.journal.append(aDecision('d1', { subject: 'SECRET-PLATE-77' }));
		store.journal.append(aDecision('d2'));
		expect(bytesOf(dir).includes('SECRET-PLATE-77')).toBe(true);
		store.journal.erase([1]);
		store.scrub();
		expect(bytesOf(dir).includes('SECRET-PLATE-77')).toBe(false);
		expect(bytesOf(dir).includes('secretplate77')).toBe(false);
		expect(store.journal.verify(0, 10)).toMatchObject({ result: 'holds', erased: 1 });
	});
});

describe('what followed from a decision', () => {
	test('is found with it, in order, and nothing else', () => {
		const store = openTempStore();
		for (const entry of [
			aDecision('d1'),
			aDecision('d2'),
			aVend('d1', { result: 'done' }),
			aVend('d2', { result: 'done' }),
			aPassage('d1'),
		]) {
			store.journal.append(entry);
		}
		expect(store.journal.withSequel('d1').map(({ seq, entry }) => [seq, entry.type])).toEqual([
			[1, 'decision'],
			[3, 'vend'],
			[5, 'passage'],
		]);
		expect(store.journal.withSequel('unknown')).toEqual([]);
	});

	test('a vend is open from the grant or the operator’s request until its outcome, over a restart', () => {
		const dir = tempDir();
		const store = openTempStore(dir);
		store.journal.append(aDecision('d1'));
		store.journal.append(aDecision('d2'));
		store.journal.append(aVend('d2', { result: 'done' }));
		store.journal.append(aVend(null, 'requested', { vendId: 'op-vend', operatorId: 'op-1', reason: 'delivery' }));
		store.close();
		const again = openTempStore(dir);
		expect(again.vends.withoutOutcome()).toEqual([
			{ vendId: 'd1', laneId: 'L1', decisionId: 'd1', operatorId: null, requestedAtMs: TUESDAY_10H },
			{ vendId: 'op-vend', laneId: 'L1', decisionId: null, operatorId: 'op-1', requestedAtMs: TUESDAY_10H + 100 },
		]);
		again.journal.append(aVend('d1', { result: 'unknown', problem: 'restart' }));
		again.journal.append(aVend(null, { result: 'failed', problem: 'relay' }, { vendId: 'op-vend' }));
		expect(again.vends.withoutOutcome()).toEqual([]);
	});
});

describe('central’s cursor', () => {
	test('moves both ways within what was written, and stays', () => {
		const dir = tempDir();
		const store = openTempStore(dir);
		for (const id of ['a', 'b', 'c']) store.journal.append(anAudit(id));
		store.journal.setAcked(3);
		store.journal.setAcked(1);
		store.close();
		const again = openTempStore(dir);
		expect(again.journal.ackedSeq()).toBe(1);
		expect(() => again.journal.setAcked(4)).toThrow(
			expect.objectContaining({ code: 'CONFLICT', message: expect.stringMatching(/event 4.*ends at 3/) }),
		);
		expect(again.journal.ackedSeq()).toBe(1);
	});

	test('a new epoch begins at 1 again; rows of the old one keep their number', () => {
		const store = openTempStore();
		const first = store.journal.gatewayEpoch();
		store.journal.append(aDecision('old'));
		store.journal.append(aVend('old', { result: 'done' }));
		store.journal.setAcked(2);
		const second = store.journal.startEpoch(TUESDAY_10H);
		expect(second).not.toBe(first);
		expect([store.journal.gatewayEpoch(), store.journal.lastSeq(), store.journal.ackedSeq()]).toEqual([second, 0, 0]);
		expect(store.journal.chainAt(0)).toEqual(chainStart(second));
		expect(store.journal.append(aPassage('old'))).toBe(1);
		expect(store.journal.after(0, 10).map(({ entry }) => entry?.type)).toEqual(['passage']);
		expect(store.journal.verify(0, 10)).toMatchObject({ result: 'holds', upTo: 1, finished: true });
		expect(store.journal.withSequel('old').map(({ seq }) => seq)).toEqual([1, 2, 1]);
		expect(store.decisions.byId('old')).toMatchObject({ seq: 1, sequel: 'passed' });
	});
});

function raw(dir: string): Database.Database {
	return new Database(path.join(dir, 'site.db'));
}

function bytesOf(dir: string): string {
	return ['site.db', 'site.db-wal'].map((name) => readFileSync(path.join(dir, name), 'latin1')).join('');
}
