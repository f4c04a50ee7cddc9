import path from 'node:path';
import type { Clock } from '../gateway/core/clock.ts';
import type { DeviceStatus } from '../gateway/core/device.ts';
import type { AuditEntry } from '../gateway/core/journal.ts';
import type { LicenceKind } from '../gateway/core/licence/licence-kinds.ts';
import type { Log } from '../gateway/core/log.ts';
import type { Site } from '../gateway/core/site.ts';
import type { AccessLog } from '../gateway/services/access-log.ts';
import { createActivityExports } from '../gateway/services/activity/activity-exports.ts';
import { createAnalytics } from '../gateway/services/analytics/analytics.ts';
import { startCounting } from '../gateway/services/analytics/count-journal.ts';
import { createCharges } from '../gateway/services/charges/charges.ts';
import { createDecisionExports } from '../gateway/services/decisions/decision-exports.ts';
import type { DirectoryLists } from '../gateway/services/directory/directory-lists.ts';
import { createDirectoryExports } from '../gateway/services/directory/export-directory.ts';
import { createHandOvers } from '../gateway/services/hand-over/hand-overs.ts';
import { createPdfMaker } from '../gateway/services/hand-over/pdf-maker.ts';
import { createCampaigns } from '../gateway/services/marketing/campaigns.ts';
import { createLeads } from '../gateway/services/marketing/leads.ts';
import { createMarketingExports } from '../gateway/services/marketing/marketing-exports.ts';
import type { Operators } from '../gateway/services/operators.ts';
import type { Visitors } from '../gateway/services/visitors/visitors.ts';
import type { Directory } from '../gateway/store/directory.ts';
import { SITE_FILE, type SiteStore } from '../gateway/store/site-store.ts';

export interface ReportsWiring {
	readonly site: Site;
	readonly store: SiteStore;
	readonly directory: Pick<Directory, 'liveFile' | 'followLive' | 'reader'>;
	readonly visitors: Pick<Visitors, 'get'>;
	readonly operators: Pick<Operators, 'audit' | 'activity'>;
	readonly clock: Clock;
	readonly log: Log;
	readonly newId: () => string;
	readonly journalGrew: () => void;
	readonly devices: () => readonly DeviceStatus[];
	readonly directoryLists: Pick<DirectoryLists, 'titles'>;
	readonly accessLog: Pick<AccessLog, 'list'>;
	/** Durably. */
	readonly audit: (entry: AuditEntry) => void;
	/** The product licence has what a kind is about. */
	readonly isUnlocked: (kind: LicenceKind) => boolean;
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
	const decisionExports = createDecisionExports({
		...{ store: deps.store, accessLog: deps.accessLog, timeZone: deps.site.timeZone },
		...{ nowMs: clock.nowMs, newId: deps.newId, audit: deps.audit },
	});
	const activityExports = createActivityExports({
		...{ operators: deps.operators, timeZone: deps.site.timeZone },
		operatorName: (operatorId) => deps.store.operators.operatorById(operatorId)?.name ?? null,
		...{ nowMs: clock.nowMs, newId: deps.newId, audit: deps.audit },
	});
	const counting = startCounting(deps);
	stack.defer(() => counting.stop());
	const analytics = createAnalytics({ site: deps.site, store: deps.store, nowMs: clock.nowMs });
	const lists = { charges, directoryExports, decisionExports, activityExports };
	return { handOvers, ...lists, analytics, counting, ...wireMarketing(deps, stack) };
}

function wireMarketing(deps: ReportsWiring, stack: AsyncDisposableStack) {
	const { store, clock, site, newId, audit } = deps;
	const isIncluded = () => deps.isUnlocked('marketing');
	const leads = createLeads({ ...deps, isIncluded });
	stack.defer(() => leads.stop());
	const campaigns = createCampaigns({ ...deps, directory: deps.directory.reader, isIncluded });
	const marketingExports = createMarketingExports({
		...{ store, leads, newId, audit, timeZone: site.timeZone, nowMs: clock.nowMs },
	});
	return { leads, campaigns, marketingExports };
}
