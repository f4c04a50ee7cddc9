/**
 * Which rules a decision was made by. Raised whenever the same facts give another verdict, figure or term than before
 * (`test/gateway/core/access/rule-set.test.ts` notices): decisions of earlier rules are then replayed for their outcome
 * only, and are not called wrong because a rule has learnt to say more.
 */
export const RULE_SET = 1;
