import path from 'node:path';
import type { Clock } from '../gateway/core/clock.ts';
import type { DeviceStatus } from '../gateway/core/device.ts';
import type { AuditEntry } from '../gateway/core/journal.ts';
import type { LicenceKind } from '../gateway/core/licence/licence-kinds.ts';
import type { Log } from '../gateway/core/log.ts';
import type { Site } from '../gateway/core/site.ts';
import { createCharges } from '../gateway/services/charges/charges.ts';
import type { DirectoryLists } from '../gateway/services/directory/directory-lists.ts';
import { createDirectoryExports } from '../gateway/services/directory/export-directory.ts';
import { createHandOvers } from '../gateway/services/hand-over/hand-overs.ts';
import { createPdfMaker } from '../gateway/services/hand-over/pdf-maker.ts';
import type { Directory } from '../gateway/store/directory.ts';
import { SITE_FILE, type SiteStore } from '../gateway/store/site-store.ts';

export interface ReportsWiring {
	readonly site: Site;
	readonly store: SiteStore;
	readonly directory: Pick<Directory, 'liveFile' | 'followLive'>;
	readonly clock: Clock;
	readonly log: Log;
	readonly newId: () => string;
	readonly journalGrew: () => void;
	readonly devices: () => readonly DeviceStatus[];
	readonly directoryLists: Pick<DirectoryLists, 'titles'>;
	/** Durably. */
	readonly audit: (entry: AuditEntry) => void;
	/** Kinds of licence that an operator has and that count now. */
	readonly kindsOf: (operatorId: string) => readonly LicenceKind[];
}

/** What is written about the site and its devices, signed, and taken along as files. */
export function wireReports(deps: ReportsWiring, stack: AsyncDisposableStack) {
	const { clock, log } = deps;
	const pdfMaker = createPdfMaker({ clock, log });
	stack.defer(() => pdfMaker.close());
	const handOvers = createHandOvers({
		...{ ...deps, pdfMaker },
		maySign: (operatorId) => deps.kindsOf(operatorId).includes('signature'),
	});
	const charges = createCharges({
		...{ store: deps.store, lists: deps.directoryLists, timeZone: deps.site.timeZone },
		...{ nowMs: clock.nowMs, newId: deps.newId, audit: deps.audit },
	});
	const directoryExports = createDirectoryExports({
		...{ directory: deps.directory, log, nowMs: clock.nowMs, newId: deps.newId, timeZone: deps.site.timeZone },
		...{ siteFile: path.join(deps.store.dir, SITE_FILE), audit: deps.audit },
	});
	return { handOvers, charges, directoryExports };
}
