import { afterAll, beforeAll, expect, test } from 'vitest';
import { nearestPlates } from '../../../src/gateway/services/decisions/nearest-plate.ts';
import { annasRows, createSiteBench } from '../../support/site-bench.ts';

let site: Awaited<ReturnType<typeof createSiteBench>>;
beforeAll(async () => {
	site = await createSiteBench();
	const plate = {
		table: 'credentials',
		id: 'anna-plate',
		holderId: 'anna',
		kind: 'plate',
		value: '1ABC234',
		label: null,
	};
	await site.give([...annasRows(), { ...plate, state: 'active', validFromMs: null, validToMs: null }]);
});
afterAll(() => site.close());

test('N3: a plate one edit off is named as a hint, with its holder', async () => {
	const hints = await nearestPlates(site.directory.reader, '1-ABC-239');
	expect(hints).toEqual([{ plate: '1ABC234', holderId: 'anna', holderName: 'Anna Peeters' }]);
});

test('N3: and never opens', () => {
	for (const loop of ['arming', 'safety', 'closing']) site.input(loop, false);
	site.input('arming', true);
	const now = { atMs: site.clock.nowMs(), monotonicMs: site.clock.monotonicMs() };
	const read = {
		plate: '1ABC239',
		confidence: 0.99,
		direction: 'approaching',
		dedupeKey: 'd',
		historical: false,
	} as const;
	site.service.events.onObservation({ kind: 'plate', id: 'o', deviceId: 'cam-1', ...read, ...now });
	site.clock.advance(2_000);
	expect(site.pulses).toHaveLength(0);
});

test.each(['', '???', '9ZZZ999'])('%j has no neighbour here', async (read) => {
	expect(await nearestPlates(site.directory.reader, read)).toEqual([]);
});
