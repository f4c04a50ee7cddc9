import type { ReasonCode } from '../reason.ts';
import type { Verdict, VerdictDetail } from './decision.ts';

/** One check, named by the reason it refuses with. Pure; looks at everything and never relies on an earlier rule having passed. */
export interface Rule<Context> {
	readonly reason: ReasonCode;
	evaluate(context: Context): Verdict;
}

/** Verdicts without figures are the same objects in every decision: nobody changes one. */
export const PASS: Verdict = { result: 'pass' };
export const FAIL: Verdict = { result: 'fail' };

export function fail(detail: VerdictDetail): Verdict {
	return { result: 'fail', detail };
}

/** Made once for each text, beside the rules that say it. */
export function notApplicable(because: string): Verdict {
	return { result: 'notApplicable', because };
}

/** What several rules say. */
export const NO_CREDENTIAL = notApplicable('no credential was recognised');
export const NO_HOLDER = notApplicable('nobody was identified');
export const NO_CANDIDATE = notApplicable('there is no right to look at');
export const LEAVES = notApplicable('the vehicle leaves');

export function failWhen(failed: boolean): Verdict {
	return failed ? FAIL : PASS;
}
