import type { GatewayConfig } from '../config/gateway-config.ts';
import type { Clock } from '../gateway/core/clock.ts';
import type { Log } from '../gateway/core/log.ts';
import { createAccessLog } from '../gateway/services/access-log.ts';
import { createEvidence, type EvidenceParts } from '../gateway/services/evidence/create-evidence.ts';
import { createPersonalViews } from '../gateway/services/privacy/personal-views.ts';
import { createRetentionHolds } from '../gateway/services/retention/holds.ts';
import type { Directory } from '../gateway/store/directory.ts';
import { freeBytes } from '../gateway/store/free-bytes.ts';
import type { SiteStore } from '../gateway/store/site-store.ts';

/** Between two slices: the disk and the lanes come first. */
const REST_MS = 25;

/** Pictures of reads: their files lie beside the store. */
export function wireEvidence(
	deps: {
		readonly config: Pick<GatewayConfig, 'site' | 'evidence' | 'retention'>;
		readonly store: SiteStore;
		readonly directory: Directory;
		readonly clock: Clock;
		readonly log: Log;
		readonly newId: () => string;
		readonly journalGrew: () => void;
	},
	stack: AsyncDisposableStack,
): EvidenceParts {
	const { config, store, clock } = deps;
	const parts = createEvidence({
		...deps,
		...{ settings: config.evidence, retention: config.retention },
		accessLog: createAccessLog({ store, directory: deps.directory.reader, lanes: config.site.lanes }),
		personalViews: createPersonalViews(deps),
		holds: createRetentionHolds(deps),
		freeBytes: () => freeBytes(store.dir),
		rest: () => new Promise<void>((resolve) => void clock.after(REST_MS, resolve)),
	});
	stack.defer(() => parts.stop());
	return parts;
}
