import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decideAccess } from '../../../src/gateway/core/access/decide-access.ts';
import type { Decision } from '../../../src/gateway/core/access/decision.ts';
import type { AccessFacts } from '../../../src/gateway/core/access/facts.ts';
import { type AtTheLane, NEXT_ACTIONS, nextActions } from '../../../src/gateway/core/access/next-actions.ts';
import { accessOfRole } from '../../../src/gateway/core/permission/access.ts';
import { type Permission, ROLES } from '../../../src/gateway/core/permission.ts';
import { REASONS, type ReasonCode } from '../../../src/gateway/core/reason.ts';
import { aCredential, anna, aRight, aTagRead, facts } from '../../support/access-facts.ts';

const everything = () => true;
const names = (decision: Decision, at: Partial<AtTheLane> = {}) =>
	nextActions(decision, { may: everything, ...at }).map(({ action }) => action);

/** A refusal by these rules alone. */
function refusedBy(...rules: ReasonCode[]): Decision {
	const verdicts = REASONS.map((rule) => ({
		rule,
		verdict: rules.includes(rule) ? ({ result: 'fail' } as const) : ({ result: 'pass' } as const),
	}));
	const headline = verdicts.find(({ verdict }) => verdict.result === 'fail')?.rule ?? null;
	return {
		...decideAccess(facts()),
		outcome: headline === null ? 'granted' : 'refused',
		headline,
		verdicts,
		reserve: [],
	};
}

const unknownTag = facts({ presented: [aTagRead({ value: 'FFFF', match: { how: 'none' } })], rights: [] });
const full = facts({
	areas: [{ areaId: 'A1', level: 'area', entering: true, capacity: 3, occupied: 3, reserved: 0 }],
});
const carrying = (state: 'stolen' | 'lost'): AccessFacts =>
	facts({ presented: [aTagRead({ match: { how: 'exact', credential: aCredential({ state }), holder: anna } })] });
const blockedAndFull: AccessFacts = {
	...full,
	presented: [aTagRead({ match: { how: 'exact', credential: aCredential(), holder: { ...anna, status: 'blocked' } } })],
};

describe('N1 what can be done next', () => {
	test.each([
		['an unknown tag', unknownTag, ['presentAgain', 'presentOther', 'makeVisitor', 'vend']],
		['a full area', full, ['wait', 'correctOccupancy', 'vend']],
		['no right', facts({ rights: [] }), ['makeVisitor', 'vend', 'callAdministrator']],
		['no booking', facts({ rights: [aRight({ strategy: 'booking' })] }), ['bookPlace', 'vend']],
		['nobody on the loop', facts({ lane: { vehiclePresent: false } }), ['driveUp', 'callTechnician']],
		['a closed lane', facts({ lane: { closed: 'closed' } }), ['useOtherLane', 'releaseLane']],
		['a lost tag', carrying('lost'), ['checkIdentity', 'presentOther', 'vend', 'callAdministrator']],
		['a stolen tag opens nothing', carrying('stolen'), ['callAdministrator']],
		['a blocked holder at a full area', blockedAndFull, ['wait', 'correctOccupancy', 'callAdministrator']],
		['a grant', facts(), ['driveThrough']],
	])('%s', (_title, situation, expected) => {
		expect(names(decideAccess(situation))).toEqual(expected);
	});

	test('under a closed lane nothing else is worth trying', () => {
		expect(names(decideAccess({ ...unknownTag, lane: { ...unknownTag.lane, closed: 'lockdown' } }))).toEqual([
			'wait',
			'releaseLane',
		]);
	});

	test('several reasons: each action once, with the reason it answers, those of the headline first', () => {
		const both = nextActions(refusedBy('RIGHT_EXPIRED', 'AREA_FULL'), { may: everything });
		expect(both).toEqual([
			{ action: 'makeVisitor', who: 'operator', answers: 'RIGHT_EXPIRED' },
			{ action: 'vend', who: 'operator', answers: 'RIGHT_EXPIRED' },
			{ action: 'wait', who: 'driver', answers: 'AREA_FULL' },
			{ action: 'correctOccupancy', who: 'operator', answers: 'AREA_FULL' },
			{ action: 'callAdministrator', who: 'operator', answers: 'RIGHT_EXPIRED' },
		]);
	});

	test('what the operator may not do is left to the administrator', () => {
		const may = (permission: Permission) => permission !== 'occupancy:adjust';
		expect(names(decideAccess(full), { may })).toEqual(['wait', 'vend', 'callAdministrator']);
		expect(names(decideAccess(full), { may: () => false })).toEqual(['wait', 'callAdministrator']);
	});

	test('after a grant it depends on what the barrier did', () => {
		const granted = decideAccess(facts());
		expect(names(granted, { opening: 'failed' })).toEqual(['vend', 'callTechnician']);
		expect(names(granted, { opening: 'over' })).toEqual([]);
	});

	test.each(REASONS)('%s leaves nobody without anything to do, whatever the role', (reason) => {
		for (const role of ROLES) {
			expect(names(refusedBy(reason), { may: accessOfRole(role).may })).not.toEqual([]);
		}
	});

	test('whatever fails together: no action twice, and no way in where nobody is let in', () => {
		fc.assert(
			fc.property(fc.uniqueArray(fc.constantFrom(...REASONS), { minLength: 1, maxLength: 6 }), (rules) => {
				const found = names(refusedBy(...rules));
				expect(new Set(found).size).toBe(found.length);
				expect(found.length).toBeGreaterThan(0);
				for (const action of found) expect(NEXT_ACTIONS).toContain(action);
				const shut: ReasonCode[] = ['LANE_CLOSED', 'LOCKDOWN', 'PARK_INACTIVE', 'CREDENTIAL_STOLEN', 'HOLDER_BLOCKED'];
				if (rules.some((rule) => shut.includes(rule))) {
					expect(found).not.toContain('vend');
					expect(found).not.toContain('makeVisitor');
				}
			}),
		);
	});
});
