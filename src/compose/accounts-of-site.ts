import { randomUUIDv7 } from 'node:crypto';
import { createPlaces } from '../gateway/core/permission/scope.ts';
import type { Site } from '../gateway/core/site.ts';
import type { EditSettlement } from '../gateway/services/directory/settle-edits.ts';
import {
	type CentralAccounts,
	type CentralAccountsDeps,
	createCentralAccounts,
} from '../gateway/services/operators/central-accounts.ts';
import { createOffboarding, type OffboardingDeps } from '../gateway/services/operators/offboarding.ts';
import type { Operators } from '../gateway/services/operators.ts';
import type { Directory } from '../gateway/store/directory.ts';
import type { SiteStore } from '../gateway/store/site-store.ts';

/** How accounts begin by central, and how all of them end. */
export function wireAccounts(
	deps: Pick<CentralAccountsDeps, 'clock' | 'log' | 'rest' | 'journalGrew'> &
		Pick<OffboardingDeps, 'edits' | 'clock'> & {
			readonly site: Pick<Site, 'id' | 'parks' | 'areas' | 'lanes'>;
			readonly hasCentral: boolean;
			readonly operators: Operators;
			readonly store: SiteStore;
			readonly directory: Directory;
		},
	stack: AsyncDisposableStack,
) {
	const { site, directory } = deps;
	const common = { ...deps, directory: directory.reader, newId: randomUUIDv7 };
	const offboarding = createOffboarding(common);
	const centralAccounts = createCentralAccounts({
		...common,
		offboarding,
		siteId: site.id,
		places: createPlaces(site),
	});
	stack.defer(() => centralAccounts.stop());
	if (deps.hasCentral) void centralAccounts.look();
	return { offboarding, centralAccounts };
}

/** Whatever moves in the stream of operators is looked at. */
export function lookingAtAccounts<T extends Pick<EditSettlement, 'reached'>>(
	settlement: T,
	accounts: Pick<CentralAccounts, 'look'>,
): T {
	return {
		...settlement,
		reached(stream, rev, keys) {
			settlement.reached(stream, rev, keys);
			if (stream === 'operators') void accounts.look();
		},
	};
}
