import type { Clock, ClockTrust } from '../../gateway/core/clock.ts';
import type { DeviceStatus } from '../../gateway/core/device.ts';
import type { Log } from '../../gateway/core/log.ts';
import type { RowLook } from '../../gateway/core/permission/row-place.ts';
import type { Site } from '../../gateway/core/site.ts';
import type { AccessLog } from '../../gateway/services/access-log.ts';
import type { Analytics, AnalyticsQuery } from '../../gateway/services/analytics/analytics.ts';
import type { Bookings } from '../../gateway/services/bookings/bookings.ts';
import type { Charges } from '../../gateway/services/charges/charges.ts';
import type { ConfigurationVersions } from '../../gateway/services/configuration/configuration-view.ts';
import type { ConnectionTester } from '../../gateway/services/connection-test.ts';
import type { PlateHint } from '../../gateway/services/decisions/nearest-plate.ts';
import type { Replay } from '../../gateway/services/decisions/replay.ts';
import type { WhatIf } from '../../gateway/services/decisions/what-if.ts';
import type { BundleApplication } from '../../gateway/services/directory/apply-bundle.ts';
import type { DirectoryEdits } from '../../gateway/services/directory/directory-edits.ts';
import type { DirectoryLists } from '../../gateway/services/directory/directory-lists.ts';
import type { DirectoryExports } from '../../gateway/services/directory/export-directory.ts';
import type { HolderHit } from '../../gateway/services/directory/find-holders.ts';
import type { Enrolments } from '../../gateway/services/enrolment/enrolments.ts';
import type { Evidence } from '../../gateway/services/evidence/evidence.ts';
import type { FieldWork } from '../../gateway/services/field/field-work.ts';
import type { HandOvers } from '../../gateway/services/hand-over/hand-overs.ts';
import type { Imports } from '../../gateway/services/imports/imports.ts';
import type { KeyWindows } from '../../gateway/services/key-windows.ts';
import type { LaneEvents } from '../../gateway/services/lane-events.ts';
import type { Lanes } from '../../gateway/services/lanes/lane-view.ts';
import type { LicenceStatistics } from '../../gateway/services/licensing/licence-days.ts';
import type { LicenceExports } from '../../gateway/services/licensing/licence-exports.ts';
import type { LicenceGrants } from '../../gateway/services/licensing/licence-grants.ts';
import type { LicenceOverview } from '../../gateway/services/licensing/licence-overview.ts';
import type { AskedStatistics } from '../../gateway/services/licensing/licence-services.ts';
import type { Licensing } from '../../gateway/services/licensing/licensing.ts';
import type { Maintenance } from '../../gateway/services/maintenance/maintenance.ts';
import type { Campaigns } from '../../gateway/services/marketing/campaigns.ts';
import type { Leads } from '../../gateway/services/marketing/leads.ts';
import type { RecentReads } from '../../gateway/services/observations/recent-reads.ts';
import type { Occupancy } from '../../gateway/services/occupancy.ts';
import type { OccupancyCare } from '../../gateway/services/occupancy-care.ts';
import type { CentralAccounts } from '../../gateway/services/operators/central-accounts.ts';
import type { Offboarding } from '../../gateway/services/operators/offboarding.ts';
import type { Operators } from '../../gateway/services/operators.ts';
import type { OwnAccess } from '../../gateway/services/own-access/own-access.ts';
import type { OwnAccessRulesPort } from '../../gateway/services/own-access/own-access-rules.ts';
import type { PersonLogins } from '../../gateway/services/own-access/person-logins.ts';
import type { PersonalData } from '../../gateway/services/privacy/personal-data.ts';
import type { PersonalViews } from '../../gateway/services/privacy/personal-views.ts';
import type { Retention } from '../../gateway/services/retention/nightly.ts';
import type { RightStandings } from '../../gateway/services/stays/right-standing.ts';
import type { StayDurations } from '../../gateway/services/stays/stay-durations.ts';
import type { SyncStatus } from '../../gateway/services/sync-status.ts';
import type { Visitors } from '../../gateway/services/visitors/visitors.ts';
import type { SeesPersonalData } from '../http/personal-view-of.ts';

/** What the pages show and do; handed over by the composition root. */
export interface ConsoleDeps {
	readonly site: Site;
	readonly clock: Clock;
	readonly log: Log;
	readonly lanes: Lanes;
	readonly accessLog: AccessLog;
	readonly laneEvents: LaneEvents;
	readonly recentReads: RecentReads;
	readonly occupancy: Occupancy;
	readonly occupancyCare: Pick<OccupancyCare, 'adjust' | 'resetPresence' | 'history'>;
	readonly whatIf: WhatIf;
	readonly replay: Pick<Replay, 'one'>;
	readonly people: People;
	readonly visitors: Visitors;
	readonly bookings: Bookings;
	readonly stayDurations: StayDurations;
	readonly rightStandings: Pick<RightStandings, 'of' | 'ledger' | 'adjust'>;
	readonly charges: Charges;
	readonly bundleApplication: BundleApplication;
	readonly enrolments: Enrolments;
	readonly fieldWork: FieldWork;
	readonly maintenance: Maintenance;
	readonly offboarding: Offboarding;
	readonly centralAccounts: CentralAccounts;
	readonly licensing: Pick<
		Licensing,
		'cameras' | 'parks' | 'managesParks' | 'setCamera' | 'installLicence' | 'installStatement' | 'history'
	>;
	readonly licenceOverview: { overview(): LicenceOverview };
	readonly licenceGrants: LicenceGrants;
	readonly licenceExports: Pick<LicenceExports, 'progress'>;
	/** Throws CONFLICT after they stopped for want of a licence, INVALID_REQUEST for too long a time. */
	readonly licenceStatistics: (query: AskedStatistics) => LicenceStatistics;
	readonly evidence: Evidence;
	readonly handOvers: HandOvers;
	/** Throws INVALID_REQUEST for a time that is too long, or has no end. */
	readonly analytics: (query: AnalyticsQuery) => Analytics;
	readonly campaigns: Campaigns;
	readonly leads: Leads;
	readonly keyWindows: KeyWindows;
	readonly edits: DirectoryEdits;
	readonly directoryLists: DirectoryLists;
	readonly directoryExports: Pick<DirectoryExports, 'progress'>;
	readonly imports: Imports;
	readonly clockTrust: () => ClockTrust;
	readonly confirmClock: (operatorId: string) => void;
	readonly operators: Operators;
	readonly ownAccess: OwnAccess;
	readonly ownAccessRules: OwnAccessRulesPort;
	readonly personLogins: PersonLogins;
	readonly personalData: PersonalData;
	readonly personalViews: PersonalViews;
	readonly retention: Retention;
	/** Whose role says so, unless given. */
	readonly seesPersonalData?: SeesPersonalData;
	/** What lies where in the directory, as it is now. */
	readonly rowLook: () => RowLook;
	readonly devices: () => readonly DeviceStatus[];
	readonly sync: () => SyncStatus;
	readonly configuration: ConfigurationVersions;
	readonly connectionTest: ConnectionTester;
	/** Address of a file that the build put beside the program, such as `console.css`. */
	readonly assetUrl: (name: string) => string;
}

/** Who is known here, by name. */
export interface People {
	/** Holders whose name fits the words; at most `limit`. */
	find(text: string, limit: number): readonly HolderHit[];
	holder(holderId: string): HolderHit | undefined;
	/** Known plates that an unknown one may have been. */
	nearestPlates(read: string): Promise<readonly PlateHint[]>;
	/** null: an operator who is no longer here. */
	operatorName(operatorId: string): string | null;
}
