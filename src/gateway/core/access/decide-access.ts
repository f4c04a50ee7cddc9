import { REASONS, type ReasonCode } from '../reason.ts';
import type { StayTerms } from '../stay-terms.ts';
import { agreeStay, preference } from './agree-stay.ts';
import type { Decision, RuleVerdict, Verdict, WaivedBy } from './decision.ts';
import type { AccessFacts, RightFact } from './facts.ts';
import { type Identification, identify } from './identify.ts';
import { identityRules } from './identity-rules.ts';
import { laneRules } from './lane-rules.ts';
import { presenceRules } from './presence-rules.ts';
import { rightRules } from './right-rules.ts';
import { PASS, type Rule } from './rule.ts';
import { hasRight, type RightCandidate, type RightContext } from './rule-context.ts';
import { STRATEGY } from './strategy.ts';
import { useRules } from './use-rules.ts';

/** An exit never traps a vehicle; only these refuse there, because no vehicle that wants out is kept by them. */
const REFUSE_AT_EXIT: ReadonlySet<ReasonCode> = new Set(['NO_VEHICLE_PRESENT', 'WRONG_DIRECTION']);
/** Never refuse an exit, not even a strict one. */
const NEVER_AT_EXIT: ReadonlySet<ReasonCode> = new Set([
	'PRODUCT_LICENCE_EXPIRED',
	'RFID_NOT_ENABLED',
	'CAMERA_UNLICENSED',
	'PARK_INACTIVE',
]);

const RIGHT_RULES = [...rightRules, ...useRules];
const POSITION = new Map(REASONS.map((reason, position) => [reason, position]));
/** In the order of the reasons. */
const RULES: readonly Rule<RightContext>[] = [
	...laneRules,
	...identityRules,
	...presenceRules,
	...RIGHT_RULES,
].toSorted((a, b) => positionOf(a.reason) - positionOf(b.reason));

/** Evaluates every rule on the facts, never stopping at the first failure. The same facts give the same decision. */
export function decideAccess(facts: AccessFacts): Decision {
	const identification = identify(facts);
	const candidate = bestRight(facts, identification);
	const context = { facts, identification, candidate };
	const verdicts = RULES.map((rule, place) => lineOf(place, rule.reason, verdictOf(rule, context)));
	const headline = verdicts.find(({ verdict }) => verdict.result === 'fail')?.rule ?? null;
	const terms = headline === null ? termsOf(context, verdicts) : undefined;
	const counted = isCounted(candidate);
	return {
		outcome: headline === null ? 'granted' : 'refused',
		headline,
		verdicts,
		holderId: identification.holder?.id ?? null,
		credentialId: identification.credential?.id ?? null,
		rightId: candidate?.right.id ?? null,
		counted,
		reserve: headline === null && facts.direction === 'entry' && counted ? placesToHold(facts) : [],
		...(terms !== undefined && { terms }),
	};
}

/** The last line of each rule. Most say the same of one vehicle after the other, and a line without figures is kept, not made anew. */
const lastLines: RuleVerdict[] = RULES.map(({ reason }) => ({ rule: reason, verdict: PASS }));

function lineOf(place: number, rule: ReasonCode, verdict: Verdict): RuleVerdict {
	const last = lastLines[place];
	if (last?.verdict === verdict) return last;
	const line = { rule, verdict };
	lastLines[place] = line;
	return line;
}

function termsOf(context: RightContext, verdicts: readonly RuleVerdict[]): StayTerms | undefined {
	if (!hasRight(context) || context.facts.direction === 'exit') return undefined;
	const room = verdicts.find(({ rule }) => rule === 'AREA_FULL')?.verdict;
	const full = room?.result === 'waived' && isCounted(context.candidate) ? room.detail?.['area'] : undefined;
	return agreeStay(context, typeof full === 'string' ? full : null);
}

/**
 * The right with the fewest failing rules; among equals the one that failed last in order, then the one that is meant for
 * this stay or costs least, then by id, so that replay agrees.
 */
function bestRight(facts: AccessFacts, identification: Identification): RightFact | null {
	const holderId = identification.holder?.id;
	const own = facts.rights.filter(({ right }) => right.holderId === holderId);
	const [first = null, another] = own;
	if (another === undefined) return first;
	return own
		.map((candidate) => weigh({ facts, identification, candidate }))
		.reduce((best, next) => (isBetter(next, best) ? next : best)).candidate;
}

interface Weighed {
	readonly candidate: RightFact;
	readonly fails: number;
	readonly firstFail: number;
	readonly preference: number;
}

function weigh(context: RightCandidate): Weighed {
	const failing = RIGHT_RULES.filter((rule) => verdictOf(rule, context).result === 'fail');
	return {
		candidate: context.candidate,
		fails: failing.length,
		firstFail: positionOf(failing[0]?.reason),
		preference: preference(context),
	};
}

function isBetter(a: Weighed, b: Weighed): boolean {
	if (a.fails !== b.fails) return a.fails < b.fails;
	if (a.firstFail !== b.firstFail) return a.firstFail > b.firstFail;
	if (a.preference !== b.preference) return a.preference < b.preference;
	return a.candidate.right.id < b.candidate.right.id;
}

function verdictOf(rule: Rule<RightContext>, context: RightContext): Verdict {
	return atExit(rule.reason, rule.evaluate(context), context.facts);
}

function atExit(reason: ReasonCode, verdict: Verdict, { direction, lane }: AccessFacts): Verdict {
	if (verdict.result !== 'fail' || direction !== 'exit') return verdict;
	if (lane.fire) return waive(verdict, 'fire');
	if (REFUSE_AT_EXIT.has(reason)) return verdict;
	if (lane.rules.strictExit && !NEVER_AT_EXIT.has(reason)) return verdict;
	return waive(verdict, 'exit');
}

function waive({ detail }: Verdict & { readonly result: 'fail' }, by: WaivedBy): Verdict {
	return detail === undefined ? { result: 'waived', by } : { result: 'waived', by, detail };
}

function isCounted(candidate: RightFact | null): boolean {
	const strategy = candidate?.specification?.strategy;
	return strategy === undefined || STRATEGY[strategy].counted;
}

function placesToHold({ areas }: AccessFacts): readonly string[] {
	return areas.filter(({ entering }) => entering).map(({ areaId }) => areaId);
}

function positionOf(reason: ReasonCode | undefined): number {
	return reason === undefined ? REASONS.length : (POSITION.get(reason) ?? REASONS.length);
}
