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
import type { Rule } from './rule.ts';
import type { IdentityContext } from './rule-context.ts';
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

const ORDER = new Map(REASONS.map((reason, position) => [reason, position]));

/** Evaluates every rule on the facts, never stopping at the first failure. The same facts give the same decision. */
export function decideAccess(facts: AccessFacts): Decision {
	const identification = identify(facts);
	const identity = { facts, identification };
	const shared = [
		...verdictsOf(laneRules, facts, facts),
		...verdictsOf(identityRules, identity, facts),
		...verdictsOf(presenceRules, identity, facts),
	];
	const best = bestRight(facts, identification);
	const verdicts = inOrder([...shared, ...best.verdicts]);
	const headline = verdicts.find(({ verdict }) => verdict.result === 'fail')?.rule ?? null;
	const terms = headline === null ? termsOf(best, { facts, identification }) : undefined;
	return {
		outcome: headline === null ? 'granted' : 'refused',
		headline,
		verdicts,
		holderId: identification.holder?.id ?? null,
		credentialId: identification.credential?.id ?? null,
		rightId: best.candidate?.right.id ?? null,
		counted: isCounted(best.candidate),
		reserve: headline === null && facts.direction === 'entry' && isCounted(best.candidate) ? placesToHold(facts) : [],
		...(terms !== undefined && { terms }),
	};
}

function termsOf({ candidate, verdicts }: Candidate, context: IdentityContext): StayTerms | undefined {
	if (candidate === null || context.facts.direction === 'exit') return undefined;
	const room = verdicts.find(({ rule }) => rule === 'AREA_FULL')?.verdict;
	const full = room?.result === 'waived' && isCounted(candidate) ? room.detail?.['area'] : undefined;
	return agreeStay({ ...context, candidate }, typeof full === 'string' ? full : null);
}

interface Candidate {
	readonly candidate: RightFact | null;
	readonly verdicts: readonly RuleVerdict[];
	readonly fails: number;
	readonly firstFail: number;
	readonly preference: number;
}

/**
 * The right with the fewest failing rules; among equals the one that failed last in order, then the one that is meant for
 * this stay or costs least, then by id, so that replay agrees.
 */
function bestRight(facts: AccessFacts, identification: Identification): Candidate {
	const holderId = identification.holder?.id;
	const own = facts.rights.filter(({ right }) => right.holderId === holderId);
	const candidates = (own.length === 0 ? [null] : own).map((candidate) => evaluate(candidate));
	return candidates.reduce((best, next) => (isBetter(next, best) ? next : best));

	function preferenceOf(candidate: RightFact | null): number {
		return candidate === null ? 0 : preference({ facts, identification, candidate });
	}

	function evaluate(candidate: RightFact | null): Candidate {
		const verdicts = verdictsOf(RIGHT_RULES, { facts, identification, candidate }, facts);
		const failing = verdicts.filter(({ verdict }) => verdict.result === 'fail');
		return {
			candidate,
			verdicts,
			fails: failing.length,
			firstFail: orderOf(failing[0]?.rule),
			preference: preferenceOf(candidate),
		};
	}
}

function isBetter(a: Candidate, b: Candidate): boolean {
	if (a.fails !== b.fails) return a.fails < b.fails;
	if (a.firstFail !== b.firstFail) return a.firstFail > b.firstFail;
	if (a.preference !== b.preference) return a.preference < b.preference;
	return (a.candidate?.right.id ?? '') < (b.candidate?.right.id ?? '');
}

function verdictsOf<Context>(rules: readonly Rule<Context>[], context: Context, facts: AccessFacts): RuleVerdict[] {
	return rules.map((rule) => ({ rule: rule.reason, verdict: atExit(rule.reason, rule.evaluate(context), facts) }));
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

/** Each rule has its place, so there is nothing to compare. */
function inOrder(verdicts: readonly RuleVerdict[]): readonly RuleVerdict[] {
	const places: (RuleVerdict | undefined)[] = Array.from({ length: REASONS.length });
	for (const verdict of verdicts) places[orderOf(verdict.rule)] = verdict;
	return places.filter((verdict) => verdict !== undefined);
}

function orderOf(reason: ReasonCode | undefined): number {
	return reason === undefined ? REASONS.length : (ORDER.get(reason) ?? REASONS.length);
}
