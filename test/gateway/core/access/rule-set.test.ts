import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { decideAccess } from '../../../../src/gateway/core/access/decide-access.ts';
import type { AccessFacts, RightFact } from '../../../../src/gateway/core/access/facts.ts';
import { RULE_SET } from '../../../../src/gateway/core/access/rule-set.ts';
import { STRATEGIES } from '../../../../src/gateway/core/directory.ts';
import { createSeededRandom } from '../../../../src/gateway/core/seeded-random.ts';
import { aCredential, anna, aRight, facts, TUESDAY_10H } from '../../../support/access-facts.ts';

/** What the rules say of 2,000 situations. Another one: raise RULE_SET, then write its hash here. */
const SAID = new Map([[1, '7825410d448f2beb0a1e3aea8a4f0eb683bfbcb299d77d2639dc8468b9b59536']]);

test('N2: rules that say something else have another number, so that old decisions are not called wrong', () => {
	const hash = createHash('sha256');
	const random = createSeededRandom(7);
	const headlines = new Set<string | null>();
	for (let n = 0; n < 2_000; n += 1) {
		const decision = decideAccess(situation(random.next));
		headlines.add(decision.headline);
		hash.update(JSON.stringify(decision));
	}
	expect(headlines.size).toBeGreaterThan(20);
	expect(hash.digest('hex')).toBe(SAID.get(RULE_SET));
});

/** Any mixture of what facts can be; `random`: [0, 1). */
function situation(random: () => number): AccessFacts {
	const chance = (share: number) => random() < share;
	const one = <T>(of: readonly [T, ...T[]]): T => of[Math.floor(random() * of.length)] ?? of[0];
	const direction = one(['entry', 'entry', 'exit'] as const);
	const credential = aCredential({
		state: one(['active', 'active', 'active', 'disabled', 'lost', 'stolen']),
		validToMs: one([null, null, TUESDAY_10H - 1, TUESDAY_10H + 1]),
	});
	const holder = { ...anna, status: one(['active', 'active', 'active', 'inactive', 'blocked'] as const) };
	const base = facts();
	const [read] = base.presented;
	if (read === undefined) throw new Error('the usual facts present a tag');
	const match = one([
		...([{ how: 'exact', credential, holder }] as const),
		...([{ how: 'exact', credential, holder }] as const),
		...([{ how: 'none' }, { how: 'invalid' }, { how: 'ambiguous', count: 2 }] as const),
	]);
	return {
		...base,
		direction,
		clock: one(['synced', 'held', 'untrusted']),
		presented: [{ ...read, match, confidence: one([1, 1, 0.5]) }],
		rights: Array.from({ length: Math.floor(random() * 3) }, (_, place) => right(place, chance, one)),
		areas: chance(0.9)
			? base.areas.map((area) => ({
					...area,
					...{ capacity: one([null, 0, 10]), occupied: one([0, 5, 10]), reserved: one([0, 1]) },
				}))
			: [],
		openSessions: chance(0.2)
			? [{ sessionId: 's1', holderId: anna.id, credentialId: one([null, 'other']), areaId: 'A1', sinceMs: 0 }]
			: [],
		neutralHolderIds: chance(0.1) ? [anna.id] : [],
		equipment: {
			productLicence: one(['commissioning', 'valid', 'grace', 'expired']),
			rfidEnabled: chance(0.9),
			unlicensedCameras: [],
			parkActive: chance(0.9),
		},
		lane: {
			...base.lane,
			vehiclePresent: chance(0.9),
			closed: one(['open', 'open', 'open', 'closed', 'lockdown']),
			fire: chance(0.1),
			wrongWay: chance(0.1),
			rules: { ...base.lane.rules, strictExit: chance(0.3), useReadsWithoutVehicle: chance(0.3) },
		},
		data: { ...base.data, directorySyncedAtMs: one([null, TUESDAY_10H]) },
	};
}

function right(place: number, chance: (share: number) => boolean, one: <T>(of: readonly [T, ...T[]]) => T): RightFact {
	const given = aRight({
		id: `r${place}`,
		state: one(['active', 'active', 'suspended']),
		validFromMs: one([null, null, TUESDAY_10H + 1]),
		validToMs: one([null, null, TUESDAY_10H - 1]),
	});
	if (given.specification === null) return given;
	return {
		...given,
		specification: { ...given.specification, strategy: one(STRATEGIES), areaIds: one([[], ['A1'], ['A9']]) },
		...(chance(0.3) && { uses: { used: one([0, 3]), allowed: 3 } }),
		...(chance(0.3) && { wallet: { balance: one([0, 5]), cost: 2, mayOverdraw: chance(0.3) } }),
		...(chance(0.4) && {
			bookings: [
				{
					...{ bookingId: 'b1', startMs: TUESDAY_10H + one([-60_000, 60_000, 3_600_000]) },
					...{ endMs: TUESDAY_10H + 7_200_000, graceMs: 900_000, state: one(['planned', 'used', 'released'] as const) },
				},
			],
		}),
	};
}
