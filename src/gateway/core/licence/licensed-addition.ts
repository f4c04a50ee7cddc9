import type { LicensedSite } from './licence-facts.ts';
import type { Capability } from './product-licence.ts';

/** What is made anew only as far as the product licence goes; what is there already goes on to its end. */
export type LicensedAddition = 'visitors' | 'bookings';

/** `licenceEnded`: its time is over, and so is this part of the grace; `notIncluded`: it never was part of it. */
export type LicenceGap = 'licenceEnded' | 'notIncluded';

/** Why no further one may be made; null: it may. */
export function licenceGap(
	{ licence, term }: Pick<LicensedSite, 'licence' | 'term'>,
	what: LicensedAddition,
): LicenceGap | null {
	if (term.stopped.includes('visitors')) return 'licenceEnded';
	return licenceIncludes({ licence }, what) ? null : 'notIncluded';
}

/** Whether a capability is there; without any licence everything is. */
export function licenceIncludes({ licence }: Pick<LicensedSite, 'licence'>, what: Capability): boolean {
	return licence === null || licence.capabilities.includes(what);
}
