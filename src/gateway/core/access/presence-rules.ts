import { type AntiPassback, OUTSIDE } from '../site.ts';
import type { Verdict } from './decision.ts';
import type { AccessFacts, OpenSessionFact } from './facts.ts';
import { fail, NO_CREDENTIAL, NO_HOLDER, notApplicable, PASS, type Rule } from './rule.ts';
import type { IdentityContext } from './rule-context.ts';

const NEUTRAL = notApplicable('the holder was reset to neutral');
const NOTHING_ENTERED = notApplicable('no area it enters has anti-passback');
const NOTHING_LEFT = notApplicable('no area it leaves has anti-passback');
const NOTHING_BEFORE = notApplicable('there is no area before this one to be seen in');

/** Where the credential was seen last must fit with where it is now (anti-passback: off, soft, hard or timed by area). */
export const presenceRules: readonly Rule<IdentityContext>[] = [
	{
		reason: 'CLONE_SUSPECTED',
		evaluate: ({ facts, identification: { credential } }) => {
			if (credential === null) return NO_CREDENTIAL;
			const windowMs = facts.lane.rules.cloneWindowMs;
			const elsewhere = facts.lastUses.find(
				(use) =>
					use.credentialId === credential.id &&
					use.laneId !== facts.lane.id &&
					use.direction === facts.direction &&
					Math.abs(facts.atMs - use.atMs) < windowMs,
			);
			return elsewhere === undefined ? PASS : fail({ lane: elsewhere.laneId, at: elsewhere.atMs });
		},
	},
	{
		reason: 'ANTI_PASSBACK_IN',
		evaluate: (context) => {
			const { facts } = context;
			const watched = watchedEntry(facts);
			if (watched === undefined) return NOTHING_ENTERED;
			return judge(context, watched, (own) => {
				const inside = own.find(({ areaId }) => facts.areas.some((area) => area.areaId === areaId && area.entering));
				return inside === undefined ? null : { area: inside.areaId, since: inside.sinceMs };
			});
		},
	},
	{
		reason: 'ANTI_PASSBACK_OUT',
		evaluate: (context) => {
			const { lane, direction } = context.facts;
			if (direction !== 'exit' || lane.fromAntiPassback === undefined) return NOTHING_LEFT;
			// Coming out is not timed: somebody who is not inside can't leave, whenever that is.
			return judge(context, lane.fromAntiPassback, (own) => (own.length > 0 ? null : { area: lane.from }));
		},
	},
	{
		reason: 'AREA_SKIPPED',
		evaluate: (context) => {
			const { lane, direction } = context.facts;
			if (direction === 'exit' || lane.from === OUTSIDE) return NOTHING_BEFORE;
			const watched = watchedEntry(context.facts);
			if (watched === undefined) return NOTHING_BEFORE;
			return judge(context, watched, (own) =>
				own.some(({ areaId }) => areaId === lane.from) ? null : { from: lane.from },
			);
		},
	},
];

/** Of the innermost area it enters that is watched. */
function watchedEntry({ areas }: AccessFacts): AntiPassback | undefined {
	return areas.find(({ entering, antiPassback }) => entering && antiPassback !== undefined)?.antiPassback;
}

type Contradiction = Readonly<Record<string, string | number>>;

function judge(
	{ facts, identification: { credential, holder } }: IdentityContext,
	how: AntiPassback,
	contradiction: (own: readonly OpenSessionFact[]) => Contradiction | null,
): Verdict {
	if (credential === null || holder === null) return NO_HOLDER;
	if (facts.neutralHolderIds.includes(holder.id)) return NEUTRAL;
	const own = sessionsOf(facts, holder.id);
	const found = contradiction(own);
	if (found === null) return PASS;
	if (how.mode === 'soft') return { result: 'waived', by: 'setting', detail: found };
	if (how.mode === 'timed' && !own.some(({ sinceMs }) => Math.abs(facts.atMs - sinceMs) < how.forMs)) {
		return { result: 'waived', by: 'setting', detail: found };
	}
	return fail(found);
}

function sessionsOf({ openSessions }: AccessFacts, holderId: string): readonly OpenSessionFact[] {
	return openSessions.filter((open) => open.holderId === holderId);
}
