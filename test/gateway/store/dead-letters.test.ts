import { describe, expect, test } from 'vitest';
import { LIMITS } from '../../../src/gateway/core/limits.ts';
import { anAudit } from '../../support/lane-entries.ts';
import { openTempStore, tempDir } from '../../support/temp-store.ts';

describe('dead letters', () => {
	test('are kept once each, newest first, with what they told of, over a restart', () => {
		const dir = tempDir();
		const store = openTempStore(dir);
		for (const id of ['a1', 'a2', 'a3']) store.journal.append(anAudit(id));
		const epoch = store.journal.gatewayEpoch();
		store.deadLetters.add(epoch, [{ seq: 1, code: 'invalidData' }], 5);
		const both = [1, 3].map((seq) => ({ seq, code: 'other' }));
		store.deadLetters.add(epoch, both, 6);
		store.journal.erase([3]);
		const kept = [
			{ gatewayEpoch: epoch, seq: 3, code: 'other', atMs: 6, type: null, id: null },
			{ gatewayEpoch: epoch, seq: 1, code: 'invalidData', atMs: 5, type: 'audit', id: 'a1' },
		];
		expect([store.deadLetters.list(10), store.deadLetters.count()]).toEqual([kept, 2]);
		store.close();
		const again = openTempStore(dir);
		expect([again.deadLetters.list(10), again.deadLetters.count()]).toEqual([kept, 2]);
	});

	test('that are known already cost no commit', () => {
		const store = openTempStore();
		store.deadLetters.add('e', [{ seq: 1, code: 'c' }], 5);
		store.deadLetters.add('e', [{ seq: 1, code: 'c' }], 6);
		expect(store.deadLetters.list(10)).toMatchObject([{ atMs: 5 }]);
	});

	test('of the same seq in another epoch are others; unknown events are told as far as they are known', () => {
		const store = openTempStore();
		for (const epoch of ['e1', 'e2']) store.deadLetters.add(epoch, [{ seq: 1, code: 'c' }], 5);
		expect(store.deadLetters.list(10)).toMatchObject([
			{ gatewayEpoch: 'e2', type: null },
			{ gatewayEpoch: 'e1', type: null },
		]);
	});

	test('are bounded: the oldest are forgotten', () => {
		const store = openTempStore();
		const many = Array.from({ length: LIMITS.deadLettersKept + 7 }, (_, n) => ({ seq: n + 1, code: 'c' }));
		store.deadLetters.add('e', many, 5);
		expect(store.deadLetters.count()).toBe(LIMITS.deadLettersKept);
		expect(store.deadLetters.list(1)[0]?.seq).toBe(many.length);
		expect(store.deadLetters.list(2_000).at(-1)?.seq).toBe(8);
	});

	test('that could not be committed are not counted', () => {
		const store = openTempStore();
		expect(() =>
			store.transaction(() => {
				store.deadLetters.add('e', [{ seq: 1, code: 'c' }], 5);
				throw new Error('rolled back');
			}),
		).toThrow('rolled back');
		expect([store.deadLetters.count(), store.deadLetters.list(9)]).toEqual([0, []]);
	});
});
