import type { DirectoryRow, RightSpecification } from '../directory.ts';

/** What a specification sets beside its strategy, areas and schedule: how often, how long, and what it costs. */
export type SpecificationLimits = Pick<
	DirectoryRow<'rightSpecifications'>,
	| 'staysAtOnce'
	| 'guaranteedScheduleId'
	| 'useLimit'
	| 'usePeriod'
	| 'graceMin'
	| 'noShowMin'
	| 'defaultStayMin'
	| 'maxStayMin'
	| 'onOverstay'
	| 'forgottenExitMin'
	| 'forgottenExitCounts'
	| 'dwellAlarmMin'
	| 'priceMinor'
	| 'currency'
	| 'creditCost'
	| 'refillAmount'
	| 'refillPeriod'
	| 'mayOverdraw'
>;

/** As a decision knows it; decisions of earlier versions kept it without limits. */
export type SpecificationFact = RightSpecification & Partial<SpecificationLimits>;

export const NO_LIMITS: SpecificationLimits = {
	staysAtOnce: 1,
	guaranteedScheduleId: null,
	useLimit: null,
	usePeriod: 'validity',
	graceMin: 15,
	noShowMin: null,
	defaultStayMin: null,
	maxStayMin: null,
	onOverstay: 'event',
	forgottenExitMin: null,
	forgottenExitCounts: 'frees',
	dwellAlarmMin: null,
	priceMinor: null,
	currency: null,
	creditCost: 0,
	refillAmount: 0,
	refillPeriod: null,
	mayOverdraw: false,
};

export function limitsOf(specification: SpecificationFact | null): SpecificationLimits {
	return { ...NO_LIMITS, ...specification };
}
