import type { AccessStrategy } from '../../../../gateway/core/directory.ts';
import type { LabelKey } from '../../catalogue/translator.ts';
import type { Ui } from '../../ui.ts';

/** The four questions and what can be answered, the usual answer first. */
export const QUESTIONS = {
	spots: ['no', 'first', 'book'],
	staff: ['no', 'yes'],
	pay: ['no', 'uses', 'credits'],
	visitors: ['no', 'yes'],
} as const;
export type Question = keyof typeof QUESTIONS;

export type Answers = { readonly [Q in Question]: (typeof QUESTIONS)[Q][number] };

export function parseAnswers(sent: Readonly<Record<string, unknown>>): Answers {
	return {
		spots: QUESTIONS.spots.find((answer) => answer === sent['spots']) ?? 'no',
		staff: QUESTIONS.staff.find((answer) => answer === sent['staff']) ?? 'no',
		pay: QUESTIONS.pay.find((answer) => answer === sent['pay']) ?? 'no',
		visitors: QUESTIONS.visitors.find((answer) => answer === sent['visitors']) ?? 'no',
	};
}

/** A kind of right that the answers propose. */
export interface Proposal {
	readonly name: string;
	readonly strategy: AccessStrategy;
	readonly limits: Readonly<Record<string, string | number>>;
}

const DAYS_A_WEEK = 3;
const CREDITS_A_MONTH = 10;

export function proposalsFor({ t }: Pick<Ui, 't'>, { spots, staff, pay, visitors }: Answers): readonly Proposal[] {
	const proposals: Proposal[] = [];
	const add = (name: LabelKey, strategy: AccessStrategy, limits: Proposal['limits'] = {}) =>
		proposals.push({ name: t(name), strategy, limits });
	const strategy = spots === 'book' ? 'booking' : 'firstCome';
	if (pay === 'uses') add('start.name.uses', strategy, { useLimit: DAYS_A_WEEK, usePeriod: 'week' });
	else if (pay === 'credits') {
		add('start.name.credits', 'credits', { creditCost: 1, refillAmount: CREDITS_A_MONTH, refillPeriod: 'month' });
	} else if (spots === 'no') add('start.name.free', 'firstCome');
	else if (spots === 'first') add('start.name.first', 'firstCome');
	if (spots === 'book' && pay !== 'uses') add('start.name.book', 'booking', { noShowMin: 60 });
	if (staff === 'yes') add('start.name.kept', 'preferential');
	if (visitors === 'yes') add('start.name.visitor', 'visitor');
	return proposals;
}

/** As it is made. */
export function specificationOf({ name, strategy, limits }: Proposal) {
	return { name, strategy, areaIds: [], scheduleId: null, ...limits };
}

/** What is special about it, in words. */
export function limitWords({ t }: Pick<Ui, 't'>, { limits }: Proposal): string | undefined {
	if (typeof limits['useLimit'] === 'number') return t('start.uses', { count: limits['useLimit'] });
	if (typeof limits['refillAmount'] === 'number') return t('start.credits', { count: limits['refillAmount'] });
	return undefined;
}
