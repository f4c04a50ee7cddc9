import { afterAll, beforeAll, expect, test } from 'vitest';
import { annasRows, createSiteBench } from '../../../support/site-bench.ts';

let site: Awaited<ReturnType<typeof createSiteBench>>;
const plate = (id: string, value: string, state = 'active') => ({
	...{ table: 'credentials', holderId: 'anna', kind: 'plate', label: null, validFromMs: null, validToMs: null },
	...{ id, value, state },
});

beforeAll(async () => {
	site = await createSiteBench();
	await site.give([
		...annasRows(),
		plate('belgian', '1ABC230'),
		plate('other', '1ABC23O'),
		plate('lone', '2XYZ111'),
		plate('lost', 'FF8', 'lost'),
	]);
	for (const loop of ['arming', 'safety', 'closing']) site.input(loop, false);
});
afterAll(() => site.close());

const cases: readonly [situation: string, read: string, country: string | undefined, headline: string | null][] = [
	['exact', '1ABC230', undefined, null],
	['the only plate of its class', 'ZXYZ1I1', undefined, null],
	['two plates of one class', '1ABC23Q', undefined, 'AMBIGUOUS_PLATE'],
	['two plates of one class, and the country knows a digit there', '1ABC23Q', 'BE', null],
	['two plates of one class, and the country knows nothing', '1ABC23Q', 'DE', 'AMBIGUOUS_PLATE'],
	['a class with a lost plate alone', 'FFB', undefined, 'UNKNOWN_CREDENTIAL'],
	['one edit away from a known one', '1ABC239', undefined, 'UNKNOWN_CREDENTIAL'],
];

test.each(cases)('N3: %s: %s (%s) → %s', (_, read, country, headline) => {
	site.input('arming', true);
	const now = { atMs: site.clock.nowMs(), monotonicMs: site.clock.monotonicMs() };
	const seen = { plate: read, confidence: 0.99, direction: 'approaching', dedupeKey: read, historical: false } as const;
	const observation = { kind: 'plate', id: `o-${now.monotonicMs}`, deviceId: 'cam-1', ...seen, ...now } as const;
	site.service.events.onObservation(country === undefined ? observation : { ...observation, country });
	site.clock.advance(2_000);
	const [last] = site.accessLog.list({ limit: 1 }).items;
	expect(last?.headline).toBe(headline);
	site.input('arming', false);
	site.clock.advance(60_000);
});
