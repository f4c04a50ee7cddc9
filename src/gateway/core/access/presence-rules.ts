import { type AntiPassback, OUTSIDE } from '../site.ts';
import type { Verdict } from './decision.ts';
import type { AccessFacts, OpenSessionFact } from './facts.ts';
import { fail, notApplicable, PASS, type Rule } from './rule.ts';
import type { IdentityContext } from './rule-context.ts';

/** Where the credential was seen last must fit with where it is now (anti-passback: off, soft, hard or timed by area). */
export const presenceRules: readonly Rule<IdentityContext>[] = [
	{
		reason: 'CLONE_SUSPECTED',
		evaluate: ({ facts, identification: { credential } }) => {
			if (credential === null) return notApplicable('no credential was recognised');
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
			const watched = facts.areas.find(({ entering, antiPassback }) => entering && antiPassback !== undefined);
			if (watched?.antiPassback === undefined) return notApplicable('no area it enters has anti-passback');
			return judge(context, watched.antiPassback, (own) => {
				const inside = own.find(({ areaId }) => facts.areas.some((area) => area.areaId === areaId && area.entering));
				return inside === undefined ? null : { area: inside.areaId, since: inside.sinceMs };
			});
		},
	},
	{
		reason: 'ANTI_PASSBACK_OUT',
		evaluate: (context) => {
			const { lane, direction } = context.facts;
			if (direction !== 'exit' || lane.fromAntiPassback === undefined) {
				return notApplicable('no area it leaves has anti-passback');
			}
			// Coming out is not timed: somebody who is not inside can't leave, whenever that is.
			return judge(context, lane.fromAntiPassback, (own) => (own.length > 0 ? null : { area: lane.from }));
		},
	},
	{
		reason: 'AREA_SKIPPED',
		evaluate: (context) => {
			const { lane, direction, areas } = context.facts;
			const watched = areas.find(({ entering, antiPassback }) => entering && antiPassback !== undefined);
			if (direction === 'exit' || lane.from === OUTSIDE || watched?.antiPassback === undefined) {
				return notApplicable('there is no area before this one to be seen in');
			}
			return judge(context, watched.antiPassback, (own) =>
				own.some(({ areaId }) => areaId === lane.from) ? null : { from: lane.from },
			);
		},
	},
];

type Contradiction = Readonly<Record<string, string | number>>;

function judge(
	{ facts, identification: { credential, holder } }: IdentityContext,
	how: AntiPassback,
	contradiction: (own: readonly OpenSessionFact[]) => Contradiction | null,
): Verdict {
	if (credential === null || holder === null) return notApplicable('nobody was identified');
	if (facts.neutralHolderIds.includes(holder.id)) return notApplicable('the holder was reset to neutral');
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
