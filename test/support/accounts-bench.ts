import { randomUUID } from 'node:crypto';
import { createPlaces } from '../../src/gateway/core/permission/scope.ts';
import type { Site } from '../../src/gateway/core/site.ts';
import {
	type CentralAccountsDeps,
	createCentralAccounts,
} from '../../src/gateway/services/operators/central-accounts.ts';
import { createOffboarding, type OffboardingDeps } from '../../src/gateway/services/operators/offboarding.ts';
import type { Operators } from '../../src/gateway/services/operators.ts';
import type { SiteStore } from '../../src/gateway/store/site-store.ts';

/** How accounts begin by central, and how they end; looks are the test's. */
export function createTestAccounts(
	deps: Pick<CentralAccountsDeps, 'clock' | 'log'> &
		Pick<OffboardingDeps, 'edits' | 'clock'> & {
			readonly operators: Operators;
			readonly store: SiteStore;
			readonly directory: CentralAccountsDeps['directory'] & OffboardingDeps['directory'];
		},
	site: Pick<Site, 'parks' | 'areas' | 'lanes'> & { readonly id?: string },
) {
	const common = { ...deps, newId: randomUUID };
	const offboarding = createOffboarding(common);
	// No looks by themselves: the virtual clock's timers are the test's.
	const clock = { nowMs: deps.clock.nowMs, after: () => () => undefined };
	const centralAccounts = createCentralAccounts({
		...{ ...common, clock, offboarding, siteId: site.id ?? 'site-1', places: createPlaces(site) },
		...{ journalGrew: () => undefined, rest: () => Promise.resolve() },
	});
	return { offboarding, centralAccounts };
}
