import { createConsole } from '../../src/api/console/console.tsx';
import type { HttpAppDeps } from '../../src/api/http/http-app.ts';
import { SITE } from './http-site.ts';

type BundleApplication = HttpAppDeps['bundleApplication'];
type Others = Partial<Pick<Parameters<typeof createConsole>[0], 'site' | 'bundleApplication'>>;

/** The console over what the API was given, for walks over its pages; whom it names by their words is nobody. */
export function createWalkedConsole(deps: HttpAppDeps, others: Others = {}) {
	return createConsole({
		...deps,
		site: SITE,
		people: { find: () => [], holder: () => undefined, nearestPlates: async () => [], operatorName: () => null },
		clockTrust: () => 'synced',
		confirmClock: () => undefined,
		assetUrl: (name) => `/assets/x/${name}`,
		...others,
	});
}

/** Bundles that give nothing to nobody. */
export const NO_BUNDLES: BundleApplication = {
	preview: async () => ({ holders: 0, gains: 0, loses: 0, changes: [] }),
	apply: async () => ({ result: 'done', holders: 0, batchIds: [] }),
};
