import type { Clock, ClockTrust } from '../gateway/core/clock.ts';
import type { Log } from '../gateway/core/log.ts';
import type { RetentionSettings } from '../gateway/core/retention.ts';
import type { DirectoryEdits } from '../gateway/services/directory/directory-edits.ts';
import type { DirectoryLists } from '../gateway/services/directory/directory-lists.ts';
import type { EvidenceEnding } from '../gateway/services/evidence/end-evidence.ts';
import type { Imports } from '../gateway/services/imports/imports.ts';
import { createPersonalData } from '../gateway/services/privacy/create-personal-data.ts';
import { createPersonalViews } from '../gateway/services/privacy/personal-views.ts';
import type { OwnDirectory } from '../gateway/services/retention/end-departed.ts';
import { createRetentionHolds } from '../gateway/services/retention/holds.ts';
import { startNightly } from '../gateway/services/retention/nightly.ts';
import { createRetention } from '../gateway/services/retention/retention.ts';
import type { Directory } from '../gateway/store/directory.ts';
import type { SiteStore } from '../gateway/store/site-store.ts';

/** Between two slices: the disk and the lanes come first. */
const REST_MS = 25;

/** What ends personal data: by time at night, and on request at once. */
export function wirePrivacy(
	deps: {
		readonly retention: RetentionSettings;
		readonly timeZone: string;
		readonly store: SiteStore;
		readonly directory: Directory;
		readonly edits: DirectoryEdits;
		readonly folded: () => Promise<void>;
		readonly lists: Pick<DirectoryLists, 'rows'>;
		readonly takeAway: OwnDirectory['takeAway'];
		readonly imports: Pick<Imports, 'forgetRows' | 'endOld'>;
		readonly evidence: EvidenceEnding;
		readonly hasCentral: boolean;
		readonly clock: Clock;
		readonly clockTrust: () => ClockTrust;
		readonly log: Log;
		readonly newId: () => string;
		readonly journalGrew: () => void;
	},
	stack: AsyncDisposableStack,
) {
	const { directory, clock, imports, retention: settings } = deps;
	const { reader } = directory;
	const rest = () => new Promise<void>((resolve) => void clock.after(REST_MS, resolve));
	const holds = createRetentionHolds(deps);
	const personalData = createPersonalData({
		...{ ...deps, holds, rest },
		directory: reader,
		forgetImports: imports.forgetRows,
		endImages: deps.evidence.endOf,
		async checkpointDirectory() {
			await directory.worker.ask('checkpoint', null);
		},
	});
	const nightly = startNightly({
		...{ ...deps, atMinute: settings.atMinute, also: personalData.work },
		run: createRetention({
			...{ ...deps, settings, holds, rest, directory: reader, endImports: imports.endOld },
			endImages: deps.evidence.endOld,
			own: deps.hasCentral ? null : { directory: reader, lists: deps.lists, takeAway: deps.takeAway },
		}),
	});
	stack.defer(() => nightly.stop());
	stack.defer(() => personalData.stop());
	void personalData.work();
	return {
		personalData,
		personalViews: createPersonalViews(deps),
		retention: { settings, holds, last: nightly.last },
	};
}
