import { afterAll, beforeAll, expect, test } from 'vitest';
import { decideAccess } from '../../../../src/gateway/core/access/decide-access.ts';
import { type CollectedRead, idleLane } from '../../../../src/gateway/core/lane/lane-state.ts';
import type { ReasonCode } from '../../../../src/gateway/core/reason.ts';
import { createSeededRandom } from '../../../../src/gateway/core/seeded-random.ts';
import { createSiteBench, usualSite } from '../../../support/site-bench.ts';

type Row = { readonly table: string; readonly id: string } & Readonly<Record<string, unknown>>;

const DAYS = [1, 2, 3, 4, 5, 6, 7];
const limits = { validFromMs: null, validToMs: null };
const hours = (to: string): Row => ({
	...{ table: 'schedules', id: 's', name: 'S', specialDays: [] },
	periods: [{ days: DAYS, from: '00:00', to }],
});
const specification = (areaIds: readonly string[]): Row => ({
	...{ table: 'rightSpecifications', id: 'spec', name: 'Staff', strategy: 'firstCome', areaIds, scheduleId: 's' },
});

/** What can be taken from Anna and given back, and what she is told then; in the order of the rules. */
const ASPECTS: readonly { readonly of: (good: boolean) => Row; readonly reason: ReasonCode }[] = [
	{
		of: (good) => ({
			...{ table: 'credentials', id: 'c', holderId: 'anna', kind: 'tag', value: 'A1', label: null, ...limits },
			state: good ? 'active' : 'lost',
		}),
		reason: 'CREDENTIAL_LOST',
	},
	{
		of: (good) => ({
			...{ table: 'holders', id: 'anna', kind: 'person', name: 'Anna', email: null },
			status: good ? 'active' : 'blocked',
		}),
		reason: 'HOLDER_BLOCKED',
	},
	{ of: (good) => specification(good ? [] : ['elsewhere']), reason: 'WRONG_AREA' },
	{
		of: (good) => ({
			...{ table: 'assignedRights', id: 'r', holderId: 'anna', specificationId: 'spec', ...limits },
			state: good ? 'active' : 'suspended',
		}),
		reason: 'RIGHT_SUSPENDED',
	},
	{ of: (good) => hours(good ? '24:00' : '00:01'), reason: 'OUTSIDE_SCHEDULE' },
];

let site: Awaited<ReturnType<typeof createSiteBench>>;
beforeAll(async () => {
	site = await createSiteBench();
	await site.give(ASPECTS.map(({ of }) => of(true)));
});
afterAll(() => site.close());

/** As the lane decides on what it loads now. */
function decideNow(): ReasonCode | null {
	const [lane] = usualSite.lanes;
	if (lane === undefined) throw new Error('the site has no lane');
	const shown = { observationId: 'o', deviceId: 'reader-1', confidence: 1, reads: 1, firstMonotonicMs: 0 };
	const read: CollectedRead = { kind: 'tag', value: 'A1', label: 'A1', ...shown };
	const idle = idleLane(site.clock.nowMs());
	const present = { ...idle, loops: { ...idle.loops, arming: true } };
	return decideAccess(site.service.loadFacts(lane, present, [read], site.clock.nowMs()).access).headline;
}

test('whatever central takes or gives back in whatever order, the very next decision is made on it', async () => {
	const random = createSeededRandom(3);
	const isGood = ASPECTS.map(() => true);
	const seen = new Set<ReasonCode | null>([decideNow()]);
	for (let step = 0; step < 60; step += 1) {
		const place = random.pick([...ASPECTS.keys()]);
		isGood[place] = !isGood[place];
		await site.give(ASPECTS.flatMap(({ of }, n) => (n === place ? [of(isGood[n] === true)] : [])));
		const expected = ASPECTS.find((_, n) => !isGood[n])?.reason ?? null;
		expect(decideNow(), `step ${step}`).toBe(expected);
		seen.add(expected);
	}
	expect(seen.size, 'each was met').toBe(ASPECTS.length + 1);
}, 30_000);
