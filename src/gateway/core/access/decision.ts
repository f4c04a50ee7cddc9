import type { ReasonCode } from '../reason.ts';
import type { StayTerms } from '../stay-terms.ts';

/** One rule's answer. A rule is named by the reason it would refuse with. */
export type Verdict =
	| { readonly result: 'pass' }
	| { readonly result: 'fail'; readonly detail?: VerdictDetail }
	| { readonly result: 'waived'; readonly by: WaivedBy; readonly detail?: VerdictDetail }
	| { readonly result: 'notApplicable'; readonly because: string };

/** `fire`: the fire input is active. `exit`: an exit never traps. `right`: the strategy does not need it. `setting`: the lane says so. `failure`: what is broken refuses nobody. */
export type WaivedBy = 'fire' | 'exit' | 'right' | 'setting' | 'failure';

/** What the explanation shows: the figures the rule looked at. */
export type VerdictDetail = Readonly<Record<string, string | number | boolean | null>>;

export interface RuleVerdict {
	readonly rule: ReasonCode;
	readonly verdict: Verdict;
}

/** Granted or refused by policy; hardware failing is never a refusal. A grant has no `fail`. */
export interface Decision {
	readonly outcome: 'granted' | 'refused';
	/** The first failing rule; null on a grant. */
	readonly headline: ReasonCode | null;
	/** One verdict per rule, in the order of the rules. */
	readonly verdicts: readonly RuleVerdict[];
	/** Who it is for; null when nobody was identified. */
	readonly holderId: string | null;
	readonly credentialId: string | null;
	/** The right that opened, or the best one that did not. */
	readonly rightId: string | null;
	/** The vehicle takes a place (a free pass does not): its passage is counted in and out. */
	readonly counted: boolean;
	/** Area counters on which a grant holds one place until the passage. */
	readonly reserve: readonly string[];
	/** What a grant at an entry costs and promises besides; absent: nothing. */
	readonly terms?: StayTerms;
}
