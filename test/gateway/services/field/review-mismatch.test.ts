import { afterEach, expect, test } from 'vitest';
import { LIMITS } from '../../../../src/gateway/core/limits.ts';
import type { Site } from '../../../../src/gateway/core/site.ts';
import { createTestFieldWork } from '../../../support/field-work-bench.ts';
import { annasRows, createSiteBench, usualSite } from '../../../support/site-bench.ts';

const ANNAS_CARD = 'A1';
const BOBS_PLATE = '1BOB123';

let bench: Awaited<ReturnType<typeof createSiteBench>>;
afterEach(() => bench.close());

/** A lane that goes by the tag when tag and plate are two people's; Anna has a card, Bob a plate. */
async function opened(identify: 'either' | 'both') {
	const [entry, ...others] = usualSite.lanes;
	if (entry === undefined) throw new Error('the usual site has an entry');
	const lane = { ...entry, identify, cameras: ['cam-1'], rules: { ...entry.rules, onMismatch: 'useTag' as const } };
	const site: Site = { ...usualSite, lanes: [lane, ...others] };
	bench = await createSiteBench({ site });
	const bob = { id: 'bob', kind: 'person', name: 'Bob Maes', email: null, status: 'active' };
	const plate = { id: 'bob-plate', holderId: 'bob', kind: 'plate', value: BOBS_PLATE, label: null, state: 'active' };
	await bench.give([
		...annasRows(),
		{ table: 'holders', ...bob },
		{ table: 'credentials', ...plate, validFromMs: null, validToMs: null },
	]);
	for (const loop of ['arming', 'safety', 'closing']) bench.input(loop, false);
	const { store, clock, accessLog, directory } = bench;
	const whatIf = {
		check: () => {
			throw new Error('not asked');
		},
	};
	const { fieldWork } = createTestFieldWork({
		...{ site, store, clock, accessLog, directory: directory.reader, whatIf },
	});
	return fieldWork.review('op-1');
}

function plateRead(plate: string): void {
	const { clock, service } = bench;
	service.events.onObservation({
		...{ kind: 'plate', id: `plate-${clock.nowMs()}`, deviceId: 'cam-1', plate, confidence: 0.97 },
		...{ direction: 'approaching', dedupeKey: plate, historical: false },
		...{ atMs: clock.nowMs(), monotonicMs: clock.monotonicMs() },
	});
	clock.advance(1);
}

const granted = {
	why: 'PLATE_TAG_MISMATCH',
	decision: { outcome: 'granted', headline: null, holderName: 'Anna Peeters' },
	reads: [
		{ kind: 'tag', value: ANNAS_CARD, holderName: 'Anna Peeters' },
		{ kind: 'plate', value: BOBS_PLATE, deviceId: 'cam-1', confidence: 0.97, holderName: 'Bob Maes' },
	],
};

test('I15: who was let in by the tag though the plate is somebody else’s waits in the queue, with both', async () => {
	const queue = await opened('both');
	bench.input('arming', true);
	bench.tag(ANNAS_CARD);
	plateRead(BOBS_PLATE);
	await bench.clock.advanceAsync(5_000);
	expect(bench.pulses).toHaveLength(1);
	const { items } = await queue.list({ limit: 10 });
	expect(items).toMatchObject([granted]);

	const decisionId = items[0]?.decision.id ?? '';
	const asked = { decisionId, verdict: 'corrected', plate: BOBS_PLATE, operatorId: 'op-1' } as const;
	expect(queue.review(asked)).toMatchObject({ result: 'reviewed', review: { deviceId: 'cam-1' } });
	expect((await queue.list({ limit: 10 })).items).toEqual([]);
	expect(queue.reopen(decisionId, 'op-1')).toBe(true);
	expect((await queue.list({ limit: 10 })).items).toHaveLength(1);
});

test('I15: so does a plate that is read once the tag has opened; among the others in their order, and for some days', async () => {
	const queue = await opened('either');
	bench.input('arming', true);
	bench.tag('26:00000000');
	await bench.clock.advanceAsync(5_000);
	bench.input('arming', false);
	await bench.clock.advanceAsync(30_000);
	bench.input('arming', true);
	bench.tag(ANNAS_CARD);
	await bench.settle();
	plateRead(BOBS_PLATE);
	await bench.clock.advanceAsync(1_000);
	plateRead(BOBS_PLATE);
	await bench.clock.advanceAsync(60_000);
	bench.input('arming', false);
	bench.input('arming', true);
	plateRead('9LOW999');
	await bench.clock.advanceAsync(10_000);
	expect((await queue.list({ limit: 10 })).items).toMatchObject([granted]);

	bench.clock.advance(LIMITS.reviewMs);
	expect((await queue.list({ limit: 10 })).items).toEqual([]);
});

test('I15: a grant whose reads agree is in nobody’s way', async () => {
	const queue = await opened('either');
	await bench.enter(ANNAS_CARD);
	await bench.clock.advanceAsync(60_000);
	const [entry] = bench.accessLog.list({}).items;
	expect(entry?.outcome).toBe('granted');
	expect((await queue.list({ limit: 10 })).items).toEqual([]);
	expect(queue.review({ decisionId: entry?.id ?? '', verdict: 'confirmed', operatorId: 'op-1' })).toEqual({
		...{ result: 'refused', because: 'notFound' },
	});
});
