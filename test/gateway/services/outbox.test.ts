import { describe, expect, test } from 'vitest';
import { LIMITS } from '../../../src/gateway/core/limits.ts';
import { createOutbox } from '../../../src/gateway/services/journal/outbox.ts';
import { chainStart, nextChain } from '../../../src/gateway/store/journal-hashes.ts';
import { TUESDAY_10H } from '../../support/access-facts.ts';
import { anAudit } from '../../support/lane-entries.ts';
import { openTempStore, tempDir } from '../../support/temp-store.ts';

test('the journal leaves with hashes central can follow, and a cursor of its own', () => {
	const store = openTempStore();
	const outbox = createOutbox({ store, nowMs: () => 5, newId: () => 'n', rest: async () => undefined });
	const epoch = outbox.gatewayEpoch();
	store.journal.append(anAudit('a1'));
	store.journal.append(anAudit('a2'));
	expect(outbox.after(epoch, 0, 10).map(({ seq, entry }) => [seq, entry])).toEqual([
		[1, anAudit('a1')],
		[2, anAudit('a2')],
	]);
	let chain = chainStart(epoch);
	expect(outbox.chainAt(epoch, 0)).toBe(chain.toHex());
	for (const event of outbox.after(epoch, 0, 10)) {
		chain = nextChain(chain, event.seq, Uint8Array.fromHex(event.commitment));
		expect(event.chain).toBe(chain.toHex());
	}
	outbox.setAcked(epoch, 2);
	expect(outbox.epochs()).toEqual([
		{ gatewayEpoch: epoch, reason: 'new', startedAtMs: TUESDAY_10H, lastSeq: 2, ackedSeq: 2 },
	]);
	store.journal.erase([1]);
	expect(outbox.after(epoch, 0, 1)).toMatchObject([
		{ entry: null, commitment: expect.stringMatching(/^[0-9a-f]{64}$/) },
	]);
});

describe('a new gateway epoch', () => {
	function filled(count: number) {
		const store = openTempStore();
		const rests: number[] = [];
		const rest = async () => {
			rests.push(1);
			store.journal.append(anAudit(`while-hashing-${rests.length}`));
		};
		const outbox = createOutbox({ store, nowMs: () => 5, newId: () => 'note', rest });
		store.transaction(() => {
			for (let n = 1; n <= count; n += 1) store.journal.append(anAudit(`a${n}`));
		});
		return { store, outbox, rests, old: outbox.gatewayEpoch() };
	}

	test('tells rows again that central may not have, under new names and with their first ones; the rest keeps its own', async () => {
		const { store, outbox, old } = filled(250);
		outbox.setAcked(old, 100);
		const epoch = await outbox.startEpoch('ackAhead', { gatewayEpoch: old, seq: 100 });
		expect(outbox.gatewayEpoch()).toBe(epoch);
		expect(outbox.epochs()).toMatchObject([
			{ gatewayEpoch: old, lastSeq: 100, ackedSeq: 100 },
			{ gatewayEpoch: epoch, reason: 'ackAhead', startedAtMs: 5, lastSeq: 151, ackedSeq: 0 },
		]);
		const told = outbox.after(epoch, 0, 1_000);
		expect(told.map(({ seq }) => seq)).toEqual(Array.from({ length: 151 }, (_, n) => n + 1));
		expect(told[0]).toMatchObject({ entry: { id: 'a101' }, first: { gatewayEpoch: old, seq: 101 } });
		expect(told[149]).toMatchObject({ entry: { id: 'a250' }, first: { gatewayEpoch: old, seq: 250 } });
		const detail = { reason: 'ackAhead', before: old, toldAgain: 150 };
		expect(told[150]).toMatchObject({ entry: { type: 'audit', action: 'gatewayEpoch', target: epoch, detail } });
		expect(told[150]?.first).toBeNull();
		expect(outbox.after(old, 0, 1_000)).toHaveLength(100);
		expect(store.journal.append(anAudit('next'))).toBe(152);
	});

	test('N7: has a chain of its own from its first row on; read from any place it is the same, and both verify', async () => {
		const { store, outbox, old } = filled(250);
		const epoch = await outbox.startEpoch('chainMismatch', { gatewayEpoch: old, seq: 13 });
		store.journal.append(anAudit('next'));
		let chain = chainStart(epoch);
		const chains = outbox.after(epoch, 0, 1_000).map((row) => {
			chain = nextChain(chain, row.seq, Uint8Array.fromHex(row.commitment));
			expect(row.chain).toBe(chain.toHex());
			return row.chain;
		});
		for (const seq of [1, 99, 100, 101, 199, 236, 237, 238, 239]) {
			expect(outbox.chainAt(epoch, seq)).toBe(chains[seq - 1]);
			expect(outbox.after(epoch, seq - 1, 3).map((row) => row.chain)).toEqual(chains.slice(seq - 1, seq + 2));
		}
		expect(outbox.chainAt(epoch, 240)).toBeUndefined();
		expect(store.journal.verify(0, 100, old)).toMatchObject({ result: 'holds', upTo: 100, finished: false });
		expect(store.journal.verify(0, 1_000, old)).toMatchObject({ result: 'holds', upTo: 250, finished: true });
		expect(store.journal.verify(0, 150, epoch)).toMatchObject({ result: 'holds', upTo: 150, finished: false });
		expect(store.journal.verify(150, 1_000, epoch)).toMatchObject({ result: 'holds', upTo: 239, finished: true });
	});

	test('hashes many rows in slices; what is written meanwhile belongs to it', async () => {
		const { outbox, rests, old } = filled(LIMITS.rowsHashedTogether * 3);
		const epoch = await outbox.startEpoch('ackAhead', { gatewayEpoch: old, seq: 0 });
		expect(rests.length).toBeGreaterThan(1);
		const told = outbox.after(epoch, LIMITS.rowsHashedTogether * 3, 100);
		expect(told.slice(0, -1).every(({ first }) => first?.gatewayEpoch === old)).toBe(true);
		expect(told.map(({ entry }) => entry?.id)).toEqual([...rests.map((_, n) => `while-hashing-${n + 1}`), 'note']);
	});

	test('waits for central again with what it tells, and ends waiting with the last of it', async () => {
		const { store, outbox, old } = filled(10);
		outbox.setAcked(old, 4);
		expect([outbox.waiting(), store.journal.acknowledgedPosition()]).toEqual([6, 4]);
		const epoch = await outbox.startEpoch('ackAhead', { gatewayEpoch: old, seq: 4 });
		expect([outbox.waiting(), store.journal.acknowledgedPosition()]).toEqual([7, 4]);
		outbox.setAcked(epoch, 3);
		expect([outbox.waiting(), store.journal.acknowledgedPosition()]).toEqual([4, 7]);
		outbox.setAcked(epoch, 7);
		expect([outbox.waiting(), store.journal.acknowledgedPosition()]).toEqual([0, 11]);
		expect(() => outbox.setAcked(old, 5)).toThrow('central acknowledged event 5');
	});

	test('after another one tells everything after the place that was agreed, whichever epoch it was written in', async () => {
		const { store, outbox, old } = filled(4);
		const second = await outbox.startEpoch('ackAhead', { gatewayEpoch: old, seq: 2 });
		store.journal.append(anAudit('b1'));
		const third = await outbox.startEpoch('chainMismatch', { gatewayEpoch: second, seq: 1 });
		expect(outbox.epochs().map(({ gatewayEpoch, lastSeq }) => [gatewayEpoch, lastSeq])).toEqual([
			[old, 2],
			[second, 1],
			[third, 4],
		]);
		expect(outbox.after(third, 0, 10).map(({ entry, first }) => [entry?.id, first?.gatewayEpoch, first?.seq])).toEqual([
			['a4', old, 4],
			['note', second, 3],
			['b1', second, 4],
			['note', undefined, undefined],
		]);
		expect(store.journal.verify(0, 100)).toMatchObject({ result: 'holds', upTo: 4 });
	});

	test('is the same after a restart', async () => {
		const dir = tempDir();
		const store = openTempStore(dir);
		const outbox = createOutbox({ store, nowMs: () => 5, newId: () => 'note', rest: async () => undefined });
		for (const id of ['a1', 'a2', 'a3']) store.journal.append(anAudit(id));
		const epoch = await outbox.startEpoch('ackAhead', { gatewayEpoch: outbox.gatewayEpoch(), seq: 1 });
		outbox.setAcked(epoch, 2);
		const before = [outbox.epochs(), outbox.after(epoch, 0, 10)];
		store.close();
		const opened = openTempStore(dir);
		const again = createOutbox({ store: opened, nowMs: () => 6, newId: () => 'note', rest: async () => undefined });
		expect([again.epochs(), again.after(epoch, 0, 10)]).toEqual(before);
		expect(opened.journal.append(anAudit('a4'))).toBe(4);
		expect(opened.journal.verify(0, 10)).toMatchObject({ result: 'holds', upTo: 4 });
	});

	test('of a restored copy tells nothing again: what was not acknowledged goes under its own name', () => {
		const { store, outbox, old } = filled(5);
		outbox.setAcked(old, 3);
		const epoch = store.journal.startEpoch(7);
		store.journal.append(anAudit('b1'));
		expect(outbox.epochs()).toMatchObject([
			{ gatewayEpoch: old, lastSeq: 5, ackedSeq: 3 },
			{ gatewayEpoch: epoch, reason: 'restored', lastSeq: 1, ackedSeq: 0 },
		]);
		expect(outbox.waiting()).toBe(3);
		outbox.setAcked(epoch, 1);
		expect(store.journal.acknowledgedPosition()).toBe(3);
	});
});
