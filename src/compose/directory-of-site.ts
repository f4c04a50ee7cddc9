import path from 'node:path';
import type { Clock } from '../gateway/core/clock.ts';
import type { GatewayError } from '../gateway/core/gateway-error.ts';
import { licenceGap } from '../gateway/core/licence/licensed-addition.ts';
import type { Log } from '../gateway/core/log.ts';
import type { Site } from '../gateway/core/site.ts';
import { followBundles } from '../gateway/services/directory/bundle-rights.ts';
import { createDirectoryUpdates } from '../gateway/services/directory/create-directory-updates.ts';
import { createDirectoryEdits } from '../gateway/services/directory/edit-directory.ts';
import { createEditFolding } from '../gateway/services/directory/fold-edits.ts';
import { createDirectoryLists } from '../gateway/services/directory/list-directory.ts';
import { createRepairRecord } from '../gateway/services/directory/record-repair.ts';
import { rowRules } from '../gateway/services/directory/row-rules.ts';
import { createEditSettlement } from '../gateway/services/directory/settle-edits.ts';
import { withStops } from '../gateway/services/licensing/stopped-rules.ts';
import type { Directory } from '../gateway/store/directory.ts';
import { createDirectoryListThread } from '../gateway/store/directory-lists.ts';
import { SITE_FILE, type SiteStore } from '../gateway/store/site-store.ts';

/** How the directory is listed, and how it changes: by central, and by people on site. Without central the site takes its own edits over. */
export function wireDirectory(
	deps: {
		readonly site: Pick<Site, 'parks' | 'areas' | 'timeZone'>;
		readonly store: SiteStore;
		readonly directory: Directory;
		readonly clock: Clock;
		readonly log: Log;
		readonly newId: () => string;
		readonly hasCentral: boolean;
		readonly journalGrew: () => void;
		readonly storeProblem?: GatewayError;
		/** What new visitors and bookings are held to. */
		readonly licensed: () => Parameters<typeof licenceGap>[0];
	},
	stack: AsyncDisposableStack,
) {
	const { site, store, directory, clock, log, newId, hasCentral, journalGrew } = deps;
	const updates = createDirectoryUpdates({ directory, nowMs: clock.nowMs, log });
	const folding = createEditFolding({ store, directory: updates, log });
	stack.defer(() => folding.settled());
	const takeOver = () => {
		if (!hasCentral) folding.fold();
	};
	takeOver();
	const wired = {
		area: new Set([...site.areas, ...site.parks].map(({ id }) => id)),
		space: new Set(site.areas.flatMap(({ spaces = [] }) => spaces.map(({ id }) => id))),
	};
	const edits = createDirectoryEdits({
		...{ store, clock, newId, hasCentral },
		...(deps.storeProblem && { storeProblem: deps.storeProblem }),
		directory: directory.reader,
		rules: withStops(
			rowRules({
				...{ site, directory: directory.reader, nowMs: clock.nowMs },
				bookingUse: store.consumption.booking,
			}),
			(what) => licenceGap(deps.licensed(), what),
		),
		follow: followBundles,
		isWired: (to, id) => wired[to].has(id),
		edited() {
			takeOver();
			journalGrew();
		},
	});
	const settlement = createEditSettlement({ store, directory: directory.reader, clock, newId, journalGrew });
	const listThread = createDirectoryListThread({
		...{ directory, clock },
		siteFile: path.join(store.dir, SITE_FILE),
		onDied: (error) => log.error({ err: error }, 'the reader of lists stopped'),
	});
	stack.defer(() => listThread.close());
	const directoryLists = createDirectoryLists(listThread);
	const recordRepair = createRepairRecord({ store, clock, newId, journalGrew });
	return {
		updates,
		recordRepair,
		edits,
		settlement,
		folded: folding.settled,
		takeAway: folding.takeAway,
		directoryLists,
		listThread,
	};
}
