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

const NO_LIMITS: SpecificationLimits = {
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

/** The directory's specifications are the same objects until it changes. */
const known = new WeakMap<SpecificationFact, SpecificationLimits>();

export function limitsOf(specification: SpecificationFact | null): SpecificationLimits {
	if (specification === null) return NO_LIMITS;
	const remembered = known.get(specification);
	if (remembered !== undefined) return remembered;
	const limits = { ...NO_LIMITS, ...specification };
	known.set(specification, limits);
	return limits;
}
