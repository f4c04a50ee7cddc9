import type { ReasonCode } from '../reason.ts';
import type { Verdict, VerdictDetail } from './decision.ts';

/** One check, named by the reason it refuses with. Pure; looks at everything and never relies on an earlier rule having passed. */
export interface Rule<Context> {
	readonly reason: ReasonCode;
	evaluate(context: Context): Verdict;
}

export const PASS: Verdict = { result: 'pass' };

export function fail(detail?: VerdictDetail): Verdict {
	return detail === undefined ? { result: 'fail' } : { result: 'fail', detail };
}

export function notApplicable(because: string): Verdict {
	return { result: 'notApplicable', because };
}

export function failWhen(failed: boolean, detail?: VerdictDetail): Verdict {
	return failed ? fail(detail) : PASS;
}
