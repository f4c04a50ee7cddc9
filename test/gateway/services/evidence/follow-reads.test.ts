import { afterEach, beforeEach, expect, test } from 'vitest';
import type { EvidenceImage, PlateObservation } from '../../../../src/gateway/core/observation.ts';
import { createReadFollower, type DecidedRead } from '../../../../src/gateway/services/evidence/follow-reads.ts';
import { aReadWith } from '../../../support/evidence-bench.ts';
import { solidJpeg } from '../../../support/images.ts';
import { annasRows, createSiteBench } from '../../../support/site-bench.ts';

let bench: Awaited<ReturnType<typeof createSiteBench>>;
let told: DecidedRead[];

beforeEach(async () => {
	told = [];
	bench = await createSiteBench({ onCommitted: createReadFollower((read) => told.push(read)) });
	await bench.give([
		...annasRows(),
		{
			...{ table: 'credentials', id: 'anna-plate', holderId: 'anna', kind: 'plate', value: '1ABC123', label: null },
			...{ state: 'active', validFromMs: null, validToMs: null },
		},
	]);
	for (const loop of ['arming', 'safety', 'closing']) bench.input(loop, false);
});

afterEach(() => bench.close());

/** The camera of the entry tells a plate, with a picture. */
function reads(plate: string, change: Partial<PlateObservation> = {}): string {
	const now = { atMs: bench.clock.nowMs(), monotonicMs: bench.clock.monotonicMs() };
	const observation = aReadWith([solidJpeg(plate)], { ...now, plate, confidence: 0.99, ...change });
	bench.service.events.onObservation(observation);
	bench.clock.advance(1);
	return observation.id;
}

const decisions = () => bench.journal().flatMap((entry) => (entry.type === 'decision' ? [entry.id] : []));
/** The last that was told of a read. */
const decisionOf = (id: string) => told.findLast(({ observationId }) => observationId === id)?.decisionId;

test('I15: a picture belongs to the decision that its read was made on', () => {
	bench.input('arming', true);
	const read = reads('1-ABC-123');
	expect(decisions()).toHaveLength(1);
	expect(decisionOf(read)).toBe(decisions()[0]);
	expect(told[0]).toEqual({ observationId: read, laneId: 'L1', decisionId: null });
});

test('I15: reads that were too unsure alone belong to the decision they made together', () => {
	bench.input('arming', true);
	const first = reads('1-ABC-123', { confidence: 0.3 });
	expect(decisions()).toEqual([]);
	const second = reads('1-ABC-123', { confidence: 0.3 });
	expect(decisions()).toHaveLength(1);
	expect([decisionOf(first), decisionOf(second)]).toEqual([decisions()[0], decisions()[0]]);
});

test('I15: the picture of a vehicle that its tag let in belongs to that decision', async () => {
	bench.input('arming', true);
	bench.tag('A1');
	await bench.settle();
	const read = reads('1-ABC-123');
	expect(decisions()).toHaveLength(1);
	expect(decisionOf(read)).toBe(decisions()[0]);
});

test('I15: a refused plate that is told again, with a better picture, makes no decision and keeps the picture', () => {
	bench.input('arming', true);
	const first = reads('9-ZZZ-999');
	bench.clock.advance(10_000);
	const again = reads('9-ZZZ-999');
	expect(decisions()).toHaveLength(1);
	expect([decisionOf(first), decisionOf(again)]).toEqual([decisions()[0], decisions()[0]]);
});

test('I15: a picture of before, or of a vehicle that drove on, belongs to no later decision', () => {
	const buffered = reads('1-ABC-123', { historical: true });
	bench.input('arming', true);
	const passing = reads('7-OLD-777', { confidence: 0.2 });
	bench.input('arming', false);
	bench.clock.advance(60_000);
	bench.input('arming', true);
	reads('1-ABC-123');
	expect(decisions().length).toBeGreaterThan(0);
	expect([decisionOf(buffered), decisionOf(passing)]).toEqual([null, null]);
});

test('I15: a read without a picture is told of to nobody', () => {
	bench.input('arming', true);
	reads('1-ABC-123', { evidence: undefined as unknown as readonly EvidenceImage[] });
	expect(told).toEqual([]);
});
