import type { Decision, RuleVerdict } from '../../gateway/core/access/decision.ts';
import type { AccessFacts } from '../../gateway/core/access/facts.ts';
import { type AtTheLane, nextActions } from '../../gateway/core/access/next-actions.ts';
import { NEAREST_REASON } from '../../gateway/core/reason-standards.ts';
import { type Language, reasonText } from '../../gateway/core/reason-texts/reason-text.ts';
import type { DecisionSummary } from '../../gateway/services/access-log.ts';
import { answerLanguage } from './language.ts';
import { type HttpContext, requireLogin } from './login-context.ts';

/** What every answer with a decision carries besides the decision itself, for the person who asks. */
export function explainDecision(
	c: HttpContext,
	asked: {
		readonly decision: Decision;
		readonly facts: AccessFacts;
		readonly lang: Language | undefined;
		readonly sequel?: DecisionSummary['sequel'];
	},
) {
	const { decision, facts, sequel = 'none' } = asked;
	const { headline } = decision;
	const language = answerLanguage(c, asked.lang);
	const { access } = requireLogin(c);
	const { cause, advice } = headline === null ? { cause: null, advice: null } : reasonText(headline, language);
	return {
		decision: { ...decision, verdicts: decision.verdicts.map((verdict) => withWords(verdict, language)) },
		language,
		cause,
		advice,
		nearest: headline === null ? null : NEAREST_REASON[headline],
		nextActions: nextActions(decision, {
			may: (permission) => access.may(permission, { kind: 'lane', id: facts.lane.id }),
			opening: OPENING[sequel],
		}),
		facts,
	};
}

function withWords({ rule, verdict }: RuleVerdict, language: Language) {
	return verdict.result === 'fail' ? { rule, verdict, ...reasonText(rule, language) } : { rule, verdict };
}

/** What became of a grant, as far as the next actions ask. */
export const OPENING: Readonly<Record<DecisionSummary['sequel'], NonNullable<AtTheLane['opening']>>> = {
	none: 'awaited',
	opening: 'awaited',
	opened: 'awaited',
	openFailed: 'failed',
	openUnknown: 'failed',
	passed: 'over',
	backedOut: 'over',
	notUsed: 'over',
};
