import { describe, expect, test } from 'vitest';
import { decideAccess } from '../../../src/gateway/core/access/decide-access.ts';
import type { AccessFacts } from '../../../src/gateway/core/access/facts.ts';
import type { Schedule } from '../../../src/gateway/core/directory.ts';
import type { ReasonCode } from '../../../src/gateway/core/reason.ts';
import {
	aCredential,
	anna,
	aPlateRead,
	aRight,
	aTagRead,
	DAY_MS,
	facts,
	TUESDAY_10H,
	usualRules,
} from '../../support/access-facts.ts';

const bob = { ...anna, id: 'bob', name: 'Bob' };
const bobsPlate = aPlateRead({
	match: { how: 'exact', credential: aCredential({ id: 'bob-plate', holderId: 'bob', kind: 'plate' }), holder: bob },
});
const unknownTag = aTagRead({ match: { how: 'none' } });
const unknownPlate = aPlateRead({ match: { how: 'none' } });
const officeHours: Schedule = {
	id: 'office',
	name: 'Office hours',
	periods: [{ days: [1, 2, 3, 4, 5], from: '08:00', to: '18:00' }],
	specialDays: [{ date: '2026-07-21', name: 'National day', periods: [] }],
};
const full = (areaId: string) => ({
	areaId,
	level: 'area' as const,
	entering: true,
	capacity: 10,
	occupied: 8,
	reserved: 2,
});
const tagWith = (change: Parameters<typeof aCredential>[0], holder = anna) =>
	aTagRead({ match: { how: 'exact', credential: aCredential(change), holder } });

interface Case {
	readonly situation: string;
	readonly facts: AccessFacts;
	readonly headline: ReasonCode | null;
}

const entries: readonly Case[] = [
	{ situation: 'a tag with a right', facts: facts(), headline: null },
	{ situation: 'a plate with a right', facts: facts({ presented: [aPlateRead()] }), headline: null },
	{
		situation: 'tag and plate of the same holder',
		facts: facts({ presented: [aTagRead(), aPlateRead()] }),
		headline: null,
	},
	{
		situation: 'a known tag beside an unknown plate',
		facts: facts({ presented: [aTagRead(), unknownPlate] }),
		headline: null,
	},
	{ situation: 'an unknown tag', facts: facts({ presented: [unknownTag] }), headline: 'UNKNOWN_CREDENTIAL' },
	{ situation: 'an unknown plate', facts: facts({ presented: [unknownPlate] }), headline: 'UNKNOWN_CREDENTIAL' },
	{
		situation: 'a credential whose holder is not in the directory',
		facts: facts({ presented: [aTagRead({ match: { how: 'exact', credential: aCredential(), holder: null } })] }),
		headline: 'UNKNOWN_CREDENTIAL',
	},
	{
		situation: 'text that is no plate',
		facts: facts({ presented: [aPlateRead({ value: '???', match: { how: 'invalid' } })] }),
		headline: 'INVALID_FORMAT',
	},
	{
		situation: 'a plate that two authorised ones fit',
		facts: facts({ presented: [aPlateRead({ match: { how: 'ambiguous', count: 2 } })] }),
		headline: 'AMBIGUOUS_PLATE',
	},
	{
		situation: 'a plate below the threshold, read once',
		facts: facts({ presented: [aPlateRead({ confidence: 0.5 })] }),
		headline: 'LOW_CONFIDENCE',
	},
	{
		situation: 'a plate below the threshold, read twice alike',
		facts: facts({ presented: [aPlateRead({ confidence: 0.5, reads: 2 })] }),
		headline: null,
	},
	{
		situation: 'tag and plate of different holders',
		facts: facts({ presented: [aTagRead(), bobsPlate] }),
		headline: 'PLATE_TAG_MISMATCH',
	},
	{
		situation: 'the same where the lane goes by the tag',
		facts: facts({ presented: [aTagRead(), bobsPlate], lane: { rules: { ...usualRules, onMismatch: 'useTag' } } }),
		headline: null,
	},
	{
		situation: 'the same where the lane goes by the plate, whose holder has no right',
		facts: facts({ presented: [aTagRead(), bobsPlate], lane: { rules: { ...usualRules, onMismatch: 'usePlate' } } }),
		headline: 'NO_RIGHT',
	},
	{
		situation: 'only a tag where both are asked for',
		facts: facts({ lane: { identify: 'both' } }),
		headline: 'SECOND_FACTOR_TIMEOUT',
	},
	{
		situation: 'both where both are asked for',
		facts: facts({ presented: [aTagRead(), aPlateRead()], lane: { identify: 'both' } }),
		headline: null,
	},
	{
		situation: 'a tag where only plates count',
		facts: facts({ lane: { identify: 'plateOnly' } }),
		headline: 'UNKNOWN_CREDENTIAL',
	},
	{
		situation: 'a plate where only tags count',
		facts: facts({ presented: [aPlateRead()], lane: { identify: 'tagOnly' } }),
		headline: 'UNKNOWN_CREDENTIAL',
	},
	{
		situation: 'nobody on the arming loop',
		facts: facts({ lane: { vehiclePresent: false } }),
		headline: 'NO_VEHICLE_PRESENT',
	},
	{
		situation: 'nobody on the loop of a lane that uses such reads',
		facts: facts({ lane: { vehiclePresent: false, rules: { ...usualRules, useReadsWithoutVehicle: true } } }),
		headline: null,
	},
	{
		situation: 'a lane without a loop',
		facts: facts({ lane: { hasArmingLoop: false, vehiclePresent: false } }),
		headline: null,
	},
	{ situation: 'a closed lane', facts: facts({ lane: { closed: 'closed' } }), headline: 'LANE_CLOSED' },
	{ situation: 'a lockdown', facts: facts({ lane: { closed: 'lockdown' } }), headline: 'LOCKDOWN' },
	{
		situation: 'a gateway that never had a directory',
		facts: facts({ presented: [unknownTag], rights: [], data: { directorySyncedAtMs: null, staleAfterMs: {} } }),
		headline: 'NEVER_SYNCED',
	},
	{
		situation: 'a disabled credential',
		facts: facts({ presented: [tagWith({ state: 'disabled' })] }),
		headline: 'CREDENTIAL_DISABLED',
	},
	{
		situation: 'a lost credential',
		facts: facts({ presented: [tagWith({ state: 'lost' })] }),
		headline: 'CREDENTIAL_LOST',
	},
	{
		situation: 'a stolen credential',
		facts: facts({ presented: [tagWith({ state: 'stolen' })] }),
		headline: 'CREDENTIAL_STOLEN',
	},
	{
		situation: 'a credential from tomorrow on',
		facts: facts({ presented: [tagWith({ validFromMs: TUESDAY_10H + DAY_MS })] }),
		headline: 'CREDENTIAL_NOT_STARTED',
	},
	{
		situation: 'a credential from this very moment on',
		facts: facts({ presented: [tagWith({ validFromMs: TUESDAY_10H })] }),
		headline: null,
	},
	{
		situation: 'a credential until this very moment',
		facts: facts({ presented: [tagWith({ validToMs: TUESDAY_10H })] }),
		headline: 'CREDENTIAL_EXPIRED',
	},
	{
		situation: 'an inactive holder',
		facts: facts({ presented: [tagWith({}, { ...anna, status: 'inactive' })] }),
		headline: 'HOLDER_INACTIVE',
	},
	{
		situation: 'a blocked holder',
		facts: facts({ presented: [tagWith({}, { ...anna, status: 'blocked' })] }),
		headline: 'HOLDER_BLOCKED',
	},
	{ situation: 'X8: a profile without a right', facts: facts({ rights: [] }), headline: 'NO_RIGHT' },
	{
		situation: 'a right whose specification is not known here',
		facts: facts({ rights: [{ ...aRight(), specification: null }] }),
		headline: 'NO_RIGHT',
	},
	{
		situation: 'a right for another area',
		facts: facts({ rights: [aRight({ areaIds: ['B7'] })] }),
		headline: 'WRONG_AREA',
	},
	{ situation: 'a right for this area', facts: facts({ rights: [aRight({ areaIds: ['A1'] })] }), headline: null },
	{
		situation: 'a suspended right',
		facts: facts({ rights: [aRight({ state: 'suspended' })] }),
		headline: 'RIGHT_SUSPENDED',
	},
	{
		situation: 'a right from tomorrow on',
		facts: facts({ rights: [aRight({ validFromMs: TUESDAY_10H + DAY_MS })] }),
		headline: 'RIGHT_NOT_STARTED',
	},
	{
		situation: 'a right that ended yesterday',
		facts: facts({ rights: [aRight({ validToMs: TUESDAY_10H - DAY_MS })] }),
		headline: 'RIGHT_EXPIRED',
	},
	{ situation: 'inside the schedule', facts: facts({ rights: [aRight({ schedule: officeHours })] }), headline: null },
	{
		situation: 'outside the schedule',
		facts: facts({ atMs: Date.parse('2026-06-16T19:00:00+02:00'), rights: [aRight({ schedule: officeHours })] }),
		headline: 'OUTSIDE_SCHEDULE',
	},
	{
		situation: 'a special day',
		facts: facts({ atMs: Date.parse('2026-07-21T10:00:00+02:00'), rights: [aRight({ schedule: officeHours })] }),
		headline: 'SPECIAL_DAY',
	},
	{
		situation: 'a schedule that is named but not known here',
		facts: facts({ rights: [{ ...aRight({ schedule: officeHours }), schedule: null }] }),
		headline: 'OUTSIDE_SCHEDULE',
	},
	{
		situation: 'an untrusted clock and a right limited in time',
		facts: facts({ clock: 'untrusted', rights: [aRight({ schedule: officeHours })] }),
		headline: 'CLOCK_UNTRUSTED',
	},
	{ situation: 'an untrusted clock and a right without limits', facts: facts({ clock: 'untrusted' }), headline: null },
	{
		situation: 'another credential of the holder is inside',
		facts: facts({
			openSessions: [{ sessionId: 's', holderId: 'anna', credentialId: 'anna-plate', areaId: 'A1', sinceMs: 1 }],
		}),
		headline: 'SESSION_ALREADY_OPEN',
	},
	{
		situation: 'it came into the car park by plate and shows its card at an area within',
		facts: facts({
			lane: { from: 'A1' },
			openSessions: [{ sessionId: 's', holderId: 'anna', credentialId: 'anna-plate', areaId: 'A1', sinceMs: 1 }],
		}),
		headline: null,
	},
	{
		situation: 'the same credential comes again: its exit was missed',
		facts: facts({
			openSessions: [{ sessionId: 's', holderId: 'anna', credentialId: 'anna-tag', areaId: 'A1', sinceMs: 1 }],
		}),
		headline: null,
	},
	{
		situation: 'X3: the area is full, counting places held for cars on their way in',
		facts: facts({ areas: [full('A1')] }),
		headline: 'AREA_FULL',
	},
	{
		situation: 'X3: the enclosing area is full',
		facts: facts({ areas: [{ ...full('A1-vip'), occupied: 0 }, full('A1')] }),
		headline: 'AREA_FULL',
	},
	{
		situation: 'a full area and a preferential right',
		facts: facts({ areas: [full('A1')], rights: [aRight({ strategy: 'preferential' })] }),
		headline: null,
	},
	{
		situation: 'a full area and a free pass',
		facts: facts({ areas: [full('A1')], rights: [aRight({ strategy: 'freePass' })] }),
		headline: null,
	},
	{
		situation: 'one right fails and another opens',
		facts: facts({ rights: [aRight({ state: 'suspended' }), aRight({ id: 'right-2' })] }),
		headline: null,
	},
];

describe('decideAccess at an entry', () => {
	test.each(entries)('$situation → $headline', ({ facts: given, headline }) => {
		const decision = decideAccess(given);
		expect(decision.headline).toBe(headline);
		expect(decision.outcome).toBe(headline === null ? 'granted' : 'refused');
	});

	test('N1: every rule is evaluated also when the first one fails', () => {
		const granted = decideAccess(facts()).verdicts.map(({ rule }) => rule);
		const refused = decideAccess(facts({ lane: { closed: 'closed' }, presented: [unknownTag] })).verdicts.map(
			({ rule }) => rule,
		);
		expect(refused).toEqual(granted);
		expect(new Set(granted).size).toBe(granted.length);
	});

	test('a grant holds one place in the area, in every enclosing one and in the park', () => {
		expect(decideAccess(facts()).reserve).toEqual(['A1', 'P1']);
	});

	test('a free pass takes no place', () => {
		expect(decideAccess(facts({ rights: [aRight({ strategy: 'freePass' })] })).reserve).toEqual([]);
	});

	test('among failing rights the one nearest to opening is reported', () => {
		const suspended = aRight({ id: 'a', state: 'suspended', areaIds: ['B7'] });
		const expired = aRight({ id: 'b', validToMs: TUESDAY_10H - 1 });
		const decision = decideAccess(facts({ rights: [suspended, expired] }));
		expect(decision).toMatchObject({ headline: 'RIGHT_EXPIRED', rightId: 'b' });
	});

	test('a right of somebody else is never used', () => {
		expect(decideAccess(facts({ rights: [aRight({ holderId: 'bob' })] })).headline).toBe('NO_RIGHT');
	});
});

describe('decideAccess at an exit', () => {
	const leaving = (change: Parameters<typeof facts>[0] = {}) => facts({ direction: 'exit', areas: [], ...change });

	test.each(entries.map(({ situation, facts: given }) => ({ situation, given })))('$situation → opens', ({ given }) => {
		const { lane, ...rest } = given;
		const inFront = { ...lane, vehiclePresent: true };
		const decision = decideAccess({ ...rest, direction: 'exit', areas: [], lane: inFront });
		expect(decision).toMatchObject({ outcome: 'granted', reserve: [] });
	});

	test('a vehicle nothing read is let out, and the log says what was overlooked', () => {
		const decision = decideAccess(leaving({ presented: [] }));
		expect(decision.outcome).toBe('granted');
		expect(decision.verdicts).toContainEqual({
			rule: 'UNKNOWN_CREDENTIAL',
			verdict: { result: 'waived', by: 'exit', detail: { read: null } },
		});
	});

	test('a tag waved from outside opens nothing', () => {
		expect(decideAccess(leaving({ lane: { vehiclePresent: false } })).headline).toBe('NO_VEHICLE_PRESENT');
	});

	test('a strict exit refuses for policy', () => {
		const strict = { rules: { ...usualRules, strictExit: true } };
		expect(decideAccess(leaving({ lane: strict, rights: [] })).headline).toBe('NO_RIGHT');
	});
});
