import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { PresentedFact } from '../../../../src/gateway/core/access/facts.ts';
import { LIMITS } from '../../../../src/gateway/core/limits.ts';
import type { ReviewQueue } from '../../../../src/gateway/services/field/review-queue.ts';
import { aPlateRead, aTagRead, facts } from '../../../support/access-facts.ts';
import { type ConsoleSite, createConsoleSite } from '../../../support/console-site.ts';
import { aPerson, STAFF } from '../../../support/directory-seed.ts';

let site: ConsoleSite;
let queue: ReviewQueue;
beforeEach(async () => {
	site = createConsoleSite();
	await site.services.fillDirectory([
		STAFF,
		...aPerson({ id: 'anna', name: 'Anna Peeters', plate: '1ABC234' }),
		...aPerson({ id: 'bob', name: 'Bob Maes', plate: 'ABCI23' }),
		...aPerson({ id: 'carl', name: 'Carl Maes', plate: 'ABC123' }),
	]);
	queue = site.services.services.fieldWork.review('op-1');
});
afterEach(() => site.close());

function decided(presented: readonly PresentedFact[], atMs = site.bench.clock.nowMs()): string {
	const subject = presented.map(({ value }) => value).join(' + ');
	return site.decide({ facts: facts({ presented, rights: [], atMs }), subject, holderName: null });
}
const unread = (value: string, change: Partial<PresentedFact> = {}) =>
	aPlateRead({ value, match: { how: 'none' }, ...change });
const listed = async () => (await queue.list({ limit: 50 })).items;
const journal = () => site.bench.store.journal.after(0, 1_000).map(({ entry }) => entry);

describe('I15: the queue of reads in doubt', () => {
	test('holds reads of low confidence, ambiguous ones, mismatches, and unknown ones that are near a known plate', async () => {
		const low = decided([unread('9ZZZ999', { confidence: 0.4 })]);
		const ambiguous = decided([aPlateRead({ value: 'A8C123', match: { how: 'ambiguous', count: 2 } })]);
		const mismatch = decided([
			aTagRead(),
			aPlateRead({
				match: {
					how: 'exact',
					credential: {
						...{ id: 'bob-plate', holderId: 'bob', kind: 'plate', value: 'ABCI23', label: null, state: 'active' },
						...{ validFromMs: null, validToMs: null },
					},
					holder: { id: 'bob', kind: 'person', name: 'Bob Maes', email: null, status: 'active' },
				},
			}),
		]);
		const near = decided([unread('1ABC23A')]);
		decided([unread('FARAWAY99')]);
		decided([aTagRead({ match: { how: 'none' } })]);

		const items = await listed();

		expect(items.map(({ decision }) => [decision.id, decision.headline])).toEqual([
			[near, 'UNKNOWN_CREDENTIAL'],
			[mismatch, 'PLATE_TAG_MISMATCH'],
			[ambiguous, 'AMBIGUOUS_PLATE'],
			[low, 'LOW_CONFIDENCE'],
		]);
		expect(items[0]).toMatchObject({
			reads: [{ kind: 'plate', value: '1ABC23A', deviceId: 'cam-1', confidence: 0.95 }],
			hints: [{ plate: '1ABC234', holderId: 'anna', holderName: 'Anna Peeters' }],
		});
	});

	test('plates that a camera confuses are hints too', async () => {
		decided([aPlateRead({ value: 'ABCL23', match: { how: 'ambiguous', count: 2 } })]);
		const [item] = await listed();
		expect(item?.hints.map(({ plate }) => plate).toSorted()).toEqual(['ABC123', 'ABCI23']);
	});

	test('only the last days wait', async () => {
		decided([unread('1ABC23A')], site.bench.clock.nowMs() - LIMITS.reviewMs - 1);
		expect(await listed()).toEqual([]);
	});

	test('pages go on where the last one ended, none twice', async () => {
		const ids = Array.from({ length: 7 }, () => decided([unread('1ABC23A')])).toReversed();
		const found: string[] = [];
		let cursor: string | undefined;
		do {
			const page = await queue.list({ limit: 3, ...(cursor !== undefined && { cursor }) });
			found.push(...page.items.map(({ decision }) => decision.id));
			cursor = page.nextCursor ?? undefined;
		} while (cursor !== undefined);
		expect(found).toEqual(ids);
	});

	test('a correction names a known plate; decision and directory stay as they are, the journal says who said it', async () => {
		const id = decided([unread('1ABC23A')]);
		const before = site.accessLog.get(id)?.entry;

		const answer = queue.review({ decisionId: id, verdict: 'corrected', plate: '1-abc-234', operatorId: 'op-1' });

		expect(answer).toMatchObject({
			result: 'reviewed',
			review: {
				decisionId: id,
				verdict: 'corrected',
				credentialId: 'anna-plate',
				deviceId: 'cam-1',
				operatorId: 'op-1',
			},
		});
		expect(await listed()).toEqual([]);
		expect(site.accessLog.get(id)?.entry).toEqual(before);
		expect(site.services.directory.credential('plate', '1ABC23A')).toBeUndefined();
		expect(site.bench.store.localEdits.any()).toBe(false);
		const audit = journal().at(-1);
		expect(audit).toMatchObject({ action: 'readReviewed', operatorId: 'op-1', target: id });
		expect(JSON.stringify(audit), 'no plate stands in what is never erased').not.toContain('1ABC23');
	});

	test('a plate that nobody has, none at all, and what is no read in doubt are refused', () => {
		const id = decided([unread('1ABC23A')]);
		const said = (change: object) =>
			queue.review({ decisionId: id, verdict: 'corrected', plate: '1ABC234', operatorId: 'op-1', ...change });
		expect(said({ plate: '9XXX999' })).toEqual({ result: 'refused', because: 'unknownPlate' });
		expect(said({ plate: '---' })).toEqual({ result: 'refused', because: 'noPlate' });
		expect(said({ decisionId: 'gone' })).toEqual({ result: 'refused', because: 'notFound' });
		const sure = decided([aTagRead()]);
		expect(said({ decisionId: sure })).toEqual({ result: 'refused', because: 'notFound' });
		expect(said({})).toMatchObject({ result: 'reviewed' });
		expect(said({})).toEqual({ result: 'refused', because: 'reviewedBefore' });
	});

	test('cameras are counted by what people said; what is reopened counts no more', async () => {
		const [first, second, third] = ['1ABC23A', '1ABC23B', '1ABC23C'].map((value) => decided([unread(value)]));
		for (const [decisionId, verdict] of [
			[first, 'corrected'],
			[second, 'confirmed'],
			[third, 'dismissed'],
		] as const) {
			queue.review({ decisionId: decisionId ?? '', verdict, plate: '1ABC234', operatorId: 'op-1' });
		}
		expect(queue.cameras()).toEqual([{ deviceId: 'cam-1', reviewed: 3, misread: 1 }]);

		expect(queue.reopen(first ?? '', 'op-2')).toBe(true);
		expect(queue.reopen(first ?? '', 'op-2')).toBe(false);
		expect(queue.cameras()).toEqual([{ deviceId: 'cam-1', reviewed: 2, misread: 0 }]);
		expect((await listed()).map(({ decision }) => decision.id)).toEqual([first]);
		expect(journal().at(-1)).toMatchObject({ action: 'readReviewUndone', operatorId: 'op-2' });
	});
});
