import { randomUUIDv7 } from 'node:crypto';
import { DEFAULT_RETENTION } from '../../src/gateway/core/retention.ts';
import type { PersonalDataDeps } from '../../src/gateway/services/privacy/create-personal-data.ts';
import { createPersonalData } from '../../src/gateway/services/privacy/create-personal-data.ts';
import { createPersonalViews } from '../../src/gateway/services/privacy/personal-views.ts';
import { createRetentionHolds } from '../../src/gateway/services/retention/holds.ts';
import { turn } from './privacy-bench.ts';

/** What ends personal data, on a site whose edits stay in the overlay; no night comes by itself. */
export function createSitePrivacy(
	deps: Pick<PersonalDataDeps, 'store' | 'clock' | 'log' | 'directory' | 'edits'> &
		Partial<Pick<PersonalDataDeps, 'endImages'>>,
) {
	const common = { ...deps, newId: randomUUIDv7, journalGrew: () => undefined };
	const holds = createRetentionHolds(common);
	const nothing = () => Promise.resolve();
	return {
		personalData: createPersonalData({
			endImages: () => Promise.resolve(0),
			...{ ...common, holds, hasCentral: true, rest: turn },
			...{ folded: nothing, checkpointDirectory: nothing, forgetImports: () => true },
		}),
		personalViews: createPersonalViews(common),
		retention: { settings: DEFAULT_RETENTION, holds, last: () => null },
	};
}
