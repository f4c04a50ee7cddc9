import path from 'node:path';
import type { Log } from '../core/log.ts';
import { type AnalyticsStore, createAnalyticsStore } from './analytics.ts';
import { type AuditRowStore, createAuditIndex, createAuditRows } from './audit-rows.ts';
import { type CampaignStore, createCampaignStore } from './campaigns.ts';
import { type CentralAccountStore, createCentralAccountStore } from './central-accounts.ts';
import { type ConsumptionStore, createConsumption } from './consumption.ts';
import { createDeadLetters, type DeadLetterStore } from './dead-letters.ts';
import { createDecisionIndex, createDecisionStore, type DecisionStore } from './decisions.ts';
import { createEditErasure, type EditErasure } from './edit-erasure.ts';
import { createEditHistory } from './edit-history.ts';
import { createErasureStore, type ErasureStore } from './erasures.ts';
import { createEvidenceStore, type EvidenceStore } from './evidence.ts';
import { createReadReviews, createStayMoves, type ReadReviewStore, type StayMoveStore } from './field-work.ts';
import { createGrantedMismatches, type GrantedMismatchStore } from './granted-mismatches.ts';
import { createHandOverStore, type HandOverStore } from './hand-overs.ts';
import { createImportMappingStore, type ImportMappingStore } from './import-mappings.ts';
import { createInterventionStore, type InterventionStore } from './interventions.ts';
import { createJournal, type JournalStore } from './journal.ts';
import { createJournalErasure, type JournalErasure } from './journal-erasure.ts';
import { createLaneEventStore, type LaneEventStore } from './lane-events.ts';
import { createLaneModes, type LaneModeStore } from './lane-modes.ts';
import { createLeadStore, type LeadStore } from './leads.ts';
import { createLicenceGrantStore, type LicenceGrantStore } from './licence-grants.ts';
import { createLicenceStore, type LicenceStore } from './licences.ts';
import { createLocalEdits, type LocalEditStore } from './local-edits.ts';
import { createMailOutboxStore, type MailOutboxStore } from './mail-outbox.ts';
import { type MigrateOptions, migrate, removeSnapshots, requireSchema } from './migrations.ts';
import { createNeutralHolders, type NeutralHolderStore } from './neutral-holders.ts';
import { createOccupancyStore, type OccupancyStore } from './occupancy.ts';
import { createOccupancySamples, type OccupancySampleStore } from './occupancy-samples.ts';
import { createOffboardingStore, type OffboardingStore } from './offboardings.ts';
import { createWalSight, emptyWal, makeStoreDir, openDatabase, type Sqlite } from './open-database.ts';
import { createOperatorDays, type OperatorDayStore } from './operator-days.ts';
import { createOperatorImportStore, type OperatorImportStore } from './operator-imports.ts';
import { createOperatorSearch, type OperatorSearch } from './operator-search.ts';
import { createOperatorStore, type OperatorStore } from './operators.ts';
import { createParkingSessions, type ParkingSessionStore } from './parking-sessions.ts';
import { createPassageStore, type PassageStore } from './passages.ts';
import { createPersonalConsumption, type PersonalConsumptionStore } from './personal-consumption.ts';
import { createPersonalStays, type PersonalStayStore } from './personal-stays.ts';
import { createRemoteCommands, type RemoteCommandStore } from './remote-commands.ts';
import { createRetentionHolds, type RetentionHoldStore } from './retention-holds.ts';
import { createScimGroups, type ScimGroupStore } from './scim-groups.ts';
import { createScimLists, type ScimLists } from './scim-lists.ts';
import { createScimUsers, type ScimUserStore } from './scim-users.ts';
import { SITE_APPLICATION_ID, SITE_MIGRATIONS } from './site-schema.ts';
import { createSiteSettings, type SiteSettings } from './site-settings.ts';
import type { WalPages } from './site-wal-messages.ts';
import { createStayDeadlines, type StayDeadlineStore } from './stay-deadlines.ts';
import { storeFailure } from './store-failure.ts';
import { createTelemetryRows } from './telemetry-rows.ts';
import { type CommitTimer, createTransactions } from './transactions.ts';
import { createOperatorVends, type VendStore } from './vends.ts';
import { createWallets, type WalletStore } from './wallets.ts';

/**
 * `site.db`: what happens at the site. `transaction` joins any number of calls into one durable commit;
 * a changing call outside one commits by itself. Statements are prepared once, at opening.
 */
export interface SiteStore {
	readonly dir: string;
	/** One BEGIN IMMEDIATE … COMMIT, on the disk when it returns; a throw rolls back. See `Transactions.run`. */
	transaction<T>(run: () => T): T;
	/** As `transaction`; inside another one a throw undoes this part of it only. */
	attempt<T>(run: () => T): T;
	readonly journal: JournalStore;
	readonly auditRows: AuditRowStore;
	readonly operatorDays: OperatorDayStore;
	readonly deadLetters: DeadLetterStore;
	readonly decisions: DecisionStore;
	readonly vends: VendStore;
	/** Counters and reservations. */
	readonly occupancy: OccupancyStore;
	readonly occupancySamples: OccupancySampleStore;
	readonly passages: PassageStore;
	readonly laneEvents: LaneEventStore;
	readonly parkingSessions: ParkingSessionStore;
	readonly stayMoves: StayMoveStore;
	readonly readReviews: ReadReviewStore;
	readonly grantedMismatches: GrantedMismatchStore;
	readonly consumption: ConsumptionStore;
	readonly wallets: WalletStore;
	readonly stayDeadlines: StayDeadlineStore;
	readonly laneModes: LaneModeStore;
	readonly neutralHolders: NeutralHolderStore;
	readonly operators: OperatorStore;
	readonly operatorSearch: OperatorSearch;
	readonly operatorImports: OperatorImportStore;
	/** What identity providers know of operators and their groups. */
	readonly scim: ScimUserStore & ScimGroupStore & ScimLists;
	readonly centralAccounts: CentralAccountStore;
	readonly mailOutbox: MailOutboxStore;
	readonly offboardings: OffboardingStore;
	readonly localEdits: LocalEditStore;
	readonly remoteCommands: RemoteCommandStore;
	readonly journalErasure: JournalErasure;
	readonly editErasure: EditErasure;
	readonly personalStays: PersonalStayStore;
	readonly personalConsumption: PersonalConsumptionStore;
	readonly retentionHolds: RetentionHoldStore;
	readonly erasures: ErasureStore;
	readonly licences: LicenceStore;
	readonly licenceGrants: LicenceGrantStore;
	readonly evidence: EvidenceStore;
	readonly handOvers: HandOverStore;
	readonly interventions: InterventionStore;
	readonly importMappings: ImportMappingStore;
	readonly analytics: AnalyticsStore;
	readonly campaigns: CampaignStore;
	readonly leads: LeadStore;
	readonly settings: SiteSettings;
	/** Deletes copies of the store made before its schema changed, last written before that moment. */
	removeSnapshots(beforeMs: number): void;
	/** Takes what was erased out of the WAL too. @returns false: somebody is reading; try again. */
	checkpoint(): boolean;
	/** What waits in the WAL. */
	walPages(): WalPages;
	/** Overwrites what was erased: in the file and in the WAL. Takes as long as the store is large; for the night. */
	scrub(): void;
	/** Copies the WAL into the file and closes; ends the store. */
	close(): void;
}

export interface SiteStoreDeps {
	/** Absolute; made when missing. */
	readonly dir: string;
	readonly nowMs: () => number;
	readonly log: Log;
	/** For a command beside the running gateway: nothing is made, migrated or written. */
	readonly readOnly?: boolean;
	readonly commitTimer?: CommitTimer;
	/** Where somebody else copies the WAL back: pages in it before a commit does. */
	readonly walBackstopPages?: number;
}

export const SITE_FILE = 'site.db';
const SNAPSHOT_BASE = 'site';

/** A commit changes a few bytes on seven pages: 512-byte pages write a fifth of what 4 KiB pages do, and no more processor time. */
const PAGE_SIZE_BYTES = 512;
const CACHE_KIB = 4_096;
const WAL_AUTOCHECKPOINT_PAGES = 4_000;

/** Throws STORE_READ_ONLY, STORE_FULL, STORE_NEWER, STORE_CORRUPT or STORE_UNAVAILABLE. */
export function openSiteStore(deps: SiteStoreDeps): SiteStore {
	const { dir, readOnly = false } = deps;
	const file = path.join(dir, SITE_FILE);
	if (!readOnly) makeStoreDir(dir);
	const db = openDatabase(file, {
		pageSizeBytes: PAGE_SIZE_BYTES,
		cacheKib: CACHE_KIB,
		walAutocheckpointPages: deps.walBackstopPages ?? WAL_AUTOCHECKPOINT_PAGES,
		readOnly,
	});
	try {
		const schema: MigrateOptions = {
			path: file,
			applicationId: SITE_APPLICATION_ID,
			migrations: SITE_MIGRATIONS,
			snapshotBase: path.join(dir, SNAPSHOT_BASE),
		};
		if (readOnly) requireSchema(db, schema);
		else migrate(db, schema);
		return assemble(db, file, deps);
	} catch (error) {
		db.close();
		throw storeFailure(error, file);
	}
}

function assemble(db: Sqlite, file: string, { dir, nowMs, log, commitTimer }: SiteStoreDeps): SiteStore {
	const transactions = createTransactions(db, file, commitTimer);
	const settings = createSiteSettings(db, transactions);
	const decisions = createDecisionStore(db, transactions);
	const index = createDecisionIndex(db, transactions.onForget);
	const operatorVends = createOperatorVends(db);
	const auditIndex = createAuditIndex(db);
	const editHistory = createEditHistory(db);
	const telemetry = createTelemetryRows(db, transactions);
	const journal = createJournal(db, transactions, {
		...{ index, auditIndex, decisions, operatorVends, editHistory, telemetry, nowMs },
	});
	const parkingSessions = createParkingSessions(db, transactions);
	const stayDeadlines = createStayDeadlines(db, transactions);
	const operatorSearch = createOperatorSearch(db, transactions);
	const scimUsers = createScimUsers(db, transactions, nowMs);
	const scimGroups = createScimGroups(db, transactions, nowMs);
	const journalErasure = createJournalErasure(db, transactions, {
		...{ index, auditIndex, editHistory, telemetry },
		acknowledged: journal.acknowledgedPosition,
	});
	return {
		dir,
		transaction: transactions.run,
		attempt: transactions.attempt,
		journal,
		auditRows: createAuditRows(db, transactions),
		operatorDays: createOperatorDays(db, transactions),
		deadLetters: createDeadLetters(db, transactions, journal.entryAt),
		decisions,
		vends: { withoutOutcome: journal.vendsWithoutOutcome },
		occupancy: createOccupancyStore(db, transactions),
		occupancySamples: createOccupancySamples(db, transactions),
		passages: createPassageStore(db, transactions),
		laneEvents: createLaneEventStore(db, transactions),
		parkingSessions,
		stayMoves: createStayMoves(db, transactions),
		readReviews: createReadReviews(db, transactions),
		grantedMismatches: createGrantedMismatches(db, transactions),
		consumption: createConsumption(db, transactions),
		wallets: createWallets(db, transactions),
		stayDeadlines,
		laneModes: createLaneModes(db, transactions),
		neutralHolders: createNeutralHolders(db, transactions),
		operators: createOperatorStore(db, transactions, operatorSearch, {
			...{ users: scimUsers.mirror, groups: scimGroups.mirror },
		}),
		scim: { ...scimUsers.scimUsers, ...scimGroups.scimGroups, ...createScimLists(db, transactions) },
		operatorSearch,
		operatorImports: createOperatorImportStore(db, transactions),
		centralAccounts: createCentralAccountStore(db, transactions),
		mailOutbox: createMailOutboxStore(db, transactions),
		offboardings: createOffboardingStore(db, transactions),
		remoteCommands: createRemoteCommands(db, transactions),
		localEdits: createLocalEdits(db, transactions, settings),
		journalErasure,
		editErasure: createEditErasure(transactions, { editHistory, journalErasure }),
		personalStays: createPersonalStays(db, transactions, { parkingSessions, stayDeadlines }),
		personalConsumption: createPersonalConsumption(db, transactions),
		retentionHolds: createRetentionHolds(db, transactions),
		erasures: createErasureStore(db, transactions),
		licences: createLicenceStore(db, transactions),
		licenceGrants: createLicenceGrantStore(db, transactions),
		evidence: createEvidenceStore(db, transactions),
		handOvers: createHandOverStore(db, transactions),
		interventions: createInterventionStore(db, transactions),
		importMappings: createImportMappingStore(db, transactions),
		analytics: createAnalyticsStore(db, transactions),
		campaigns: createCampaignStore(db, transactions),
		leads: createLeadStore(db, transactions),
		settings,
		removeSnapshots: (beforeMs) => removeSnapshots(path.join(dir, SNAPSHOT_BASE), beforeMs),
		checkpoint: () => transactions.read(() => emptyWal(db)),
		walPages: createWalSight(db),
		scrub() {
			db.exec('VACUUM');
			db.pragma('wal_checkpoint(TRUNCATE)');
		},
		close() {
			db.close();
			log.debug({ file }, 'store closed');
		},
	};
}
