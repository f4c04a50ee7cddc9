import { scheduleState } from '../schedule.ts';
import type { Verdict } from './decision.ts';
import type { RightFact } from './facts.ts';
import { entersWhenFull, isFull } from './room.ts';
import { fail, failWhen, LEAVES, NO_CANDIDATE, NO_HOLDER, notApplicable, PASS, type Rule } from './rule.ts';
import type { RightContext } from './rule-context.ts';
import { limitsOf } from './specification-limits.ts';
import { otherStays } from './stays.ts';
import { STRATEGY } from './strategy.ts';

const OUTSIDE_NEXT = notApplicable('the lane leads outside');
const UNLIMITED = notApplicable('neither right nor credential has a limit in time');
const NO_SCHEDULE = notApplicable('the right has no schedule');

/** Whether one right opens this lane now; evaluated for each right of the holder, the best one stands. */
export const rightRules: readonly Rule<RightContext>[] = [
	{
		reason: 'NO_RIGHT',
		evaluate: ({ identification, candidate }) => {
			if (identification.holder === null) return NO_HOLDER;
			return failWhen(candidate === null || candidate.specification === null);
		},
	},
	withRight('WRONG_AREA', ({ facts }, { specification }) => {
		if (facts.areas.length === 0) return OUTSIDE_NEXT;
		const allowed = specification?.areaIds ?? [];
		const opens =
			allowed.length === 0 || facts.areas.some((area) => area.level === 'area' && allowed.includes(area.areaId));
		return opens ? PASS : fail({ area: facts.areas[0]?.areaId ?? null });
	}),
	withRight('RIGHT_SUSPENDED', (_, { right }) => failWhen(right.state === 'suspended')),
	withRight('RIGHT_NOT_STARTED', ({ facts }, { right: { validFromMs } }) =>
		validFromMs !== null && facts.atMs < validFromMs ? fail({ from: validFromMs }) : PASS,
	),
	withRight('RIGHT_EXPIRED', ({ facts }, { right: { validToMs } }) =>
		validToMs !== null && facts.atMs >= validToMs ? fail({ to: validToMs }) : PASS,
	),
	withRight('CLOCK_UNTRUSTED', ({ facts, identification: { credential } }, candidate) => {
		const isLimited = isTimeLimited(candidate) || isWithin(credential);
		if (!isLimited) return UNLIMITED;
		return failWhen(facts.clock === 'untrusted');
	}),
	withRight('OUTSIDE_SCHEDULE', (context, candidate) => {
		const state = stateOfSchedule(context, candidate);
		return state === null ? NO_SCHEDULE : failWhen(state === 'outside');
	}),
	withRight('SPECIAL_DAY', (context, candidate) => {
		const state = stateOfSchedule(context, candidate);
		return state === null ? NO_SCHEDULE : failWhen(state === 'specialDay');
	}),
	withRight('SESSION_ALREADY_OPEN', (context, candidate) => {
		if (context.facts.direction === 'exit') return LEAVES;
		const others = otherStays(context, candidate);
		const { underWay = 0, specification } = candidate;
		const { staysAtOnce } = limitsOf(specification);
		if (others.length + underWay < staysAtOnce) return PASS;
		const [first] = others;
		const where = first === undefined ? {} : { since: first.sinceMs, area: first.areaId };
		return fail({ ...where, ...(staysAtOnce > 1 && { stays: others.length + underWay, allowed: staysAtOnce }) });
	}),
	withRight('AREA_FULL', ({ facts }, candidate) => {
		if (facts.areas.length === 0) return OUTSIDE_NEXT;
		const full = facts.areas.find((area) => isFull(area, candidate));
		if (full === undefined) return PASS;
		const { areaId, capacity, occupied, reserved, guaranteed, booked } = full;
		const kept = { ...(guaranteed !== undefined && { guaranteed }), ...(booked !== undefined && { booked }) };
		const detail = { area: areaId, capacity, occupied, reserved, ...kept };
		return entersWhenFull(candidate, facts) ? { result: 'waived', by: 'right', detail } : fail(detail);
	}),
];

function withRight(
	reason: Rule<RightContext>['reason'],
	evaluate: (context: RightContext, candidate: RightFact) => Verdict,
): Rule<RightContext> {
	return {
		reason,
		evaluate: (context) => (context.candidate === null ? NO_CANDIDATE : evaluate(context, context.candidate)),
	};
}

function isTimeLimited({ right, specification }: RightFact): boolean {
	if (specification !== null && STRATEGY[specification.strategy].booking === 'needed') return true;
	return isWithin(right) || (specification?.scheduleId ?? null) !== null;
}

/** It has a beginning or an end. */
function isWithin(limits: { readonly validFromMs: number | null; readonly validToMs: number | null } | null): boolean {
	return limits !== null && (limits.validFromMs !== null || limits.validToMs !== null);
}

/** A schedule that is named but unknown here is never open: missing state is no permission. */
function stateOfSchedule({ facts }: RightContext, { schedule, specification }: RightFact) {
	if ((specification?.scheduleId ?? null) === null) return null;
	return schedule === null ? 'outside' : scheduleState(schedule, facts.atMs, facts.timeZone);
}
