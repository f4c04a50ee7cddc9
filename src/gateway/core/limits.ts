import { COMMAND_LIMITS } from './command-limits.ts';
import { EVIDENCE_LIMITS } from './evidence-limits.ts';
import { GROUP_LIMITS } from './group-limits.ts';
import { LICENCE_LIMITS } from './licence-limits.ts';
import { LOGIN_LIMITS } from './login-limits.ts';
import { MAINTENANCE_LIMITS } from './maintenance/maintenance-limits.ts';
import { OWN_ACCESS_LIMITS } from './own-access-limits.ts';
import { PORT_LIMITS } from './port-limits.ts';
import { PUSH_LIMITS } from './push-limits.ts';
import { READER_LIMITS } from './reader-limits.ts';
import { REPORT_LIMITS } from './report-limits.ts';
import { SCIM_LIMITS } from './scim-limits.ts';

/** Every bound of the gateway, each with its reason. */
export const LIMITS = {
	/** Inputs waiting at one lane; more means a babbling device: the oldest reads are dropped and counted, never loops or commands. */
	laneQueueLength: 256,
	/** Inputs joined in one commit: keeps the wait for a transaction under a few ms. */
	laneInputsPerCommit: 128,
	/** A barrier may open this long after its decision, never later (DOMAIN.md, life of a lane 4). */
	vendDeadlineMs: 3_000,
	/** A pulse unanswered for this long counts as unknown; over every driver's own time-outs. */
	vendAnswerMs: 10_000,
	/** A vehicle let in before the gateway stopped has at least this long to be seen in the barrier after it is back. */
	passageAfterRestartMs: 5_000,
	/** Places of the largest area that can be configured or counted. */
	areaCapacity: 100_000,
	/** Stays closed at once because their exit was forgotten: a short transaction. */
	autoCloses: 200,
	/** Longest booking: those that may run now are looked for among what began within it. */
	bookingMs: 31 * 86_400_000,
	/** How far ahead a booking may begin. */
	bookingAheadMs: 366 * 86_400_000,
	/** How long ago a new booking may have begun: somebody who stands at the desk gets the hour that runs. */
	bookingBegunMs: 3_600_000,
	/** Planned uses around one booking that are looked at: a month of the largest site's. */
	plannedUsesNear: 50_000,
	/** Bookings that one calendar shows, and vehicles of one fleet: more are looked for by their filters. */
	bookingsShown: 1_000,
	fleetVehicles: 200,
	/** Specifications that keep places, and rights and bookings whose places are kept: more than a site has places. */
	keepingSpecifications: 1_000,
	keptPlaces: 10_000,
	/** Ends of stays and bookings seen to at once: a short transaction. */
	stayDeadlines: 200,
	/** Stays open at once that one reset reaches. */
	openStays: 100_000,
	/** Changed outcomes one replay lists; it counts them all. */
	replayedChanges: 500,
	/** Decisions one replay over HTTP decides again: a busy month, some minutes of slices between the lanes' work. */
	replayedDecisions: 200_000,
	/** Span of an occupancy chart: a month of samples is some 9,000. */
	occupancyHistoryMs: 31 * 86_400_000,
	/** Holders one neutral reset names; one for everybody inside names none. */
	presenceResets: 100,
	/** Credentials whose last passage is kept in memory to notice copies. */
	recentUses: 5_000,
	/** A hold output that failed under fire is asked for again this often. */
	holdRetryMs: 1_000,
	/** Between asking an arm up and letting it come down: motors and gears of barriers suffer from less. */
	oppositeCommandMs: 2_000,
	/** Store effects kept in memory while the disk can't take them: hours of traffic, a few MB. */
	lateJournalEffects: 10_000,
	/** How often a failing store is tried again for what was kept. */
	lateJournalRetryMs: 5_000,
	/** A plate longer than any issued; longer text is no plate. */
	plateLength: 16,
	/** Known plates named as what an unknown one may have been. */
	plateHints: 3,
	/** Longest text an operator may type as a reason. */
	reasonLength: 500,
	/** A directory transaction; larger ones block the file for readers of the WAL (FIGURES.md). */
	directoryRowsPerTransaction: 500,
	/** Changes that one request or one selection asks for: some 20 ms in which no lane decides. */
	changesAsked: 100,
	/** Rows that one batch of edits changes, and those that go with a deleted one; that many take some 100 ms. */
	editsTogether: 500,
	/** Rows that a bundle changes in one transaction, between which the lanes decide. */
	bundleEditsTogether: 50,
	/** Mobility bundles of a site, and groups in one another: more are not administered by people. */
	bundles: 500,
	groupDepth: 20,
	/** Changes of one row shown. */
	editHistory: 200,
	/** A visit that lasts longer is no visit. */
	visitMs: 366 * 86_400_000,
	/** Rights one page of visitors looks through for those of its time: some reads of the lists' thread. */
	visitsLookedAt: 2_000,
	/** Kinds of visit to choose from. */
	visitSpecifications: 100,
	/** A reader waits this long for the tag that is presented. */
	enrolmentMs: 60_000,
	/** A presented tag that still lies on the reader is no request to open until it was away for this long. */
	enrolmentQuietMs: 5_000,
	/** Ended enrolments that can still be asked for. */
	enrolmentsKept: 100,
	/** A list counts its rows up to here: more is said as more. */
	countedRows: 10_000,
	/** Text that lists are searched by, and its words; more is left out. */
	searchLength: 200,
	searchWords: 8,
	/** Rights of one holder, and bundles, that are looked at to tell where a row belongs. */
	placedBy: 10_000,
	/** Values that a list is narrowed to by one field. */
	filterValues: 100,
	/** Rows read together for an export: a few ms of the thread that reads lists, and of the one that writes the table. */
	listedTogether: 250,
	/** Exports under way, a thread of some 40 MB each. */
	exportsAtOnce: 2,
	/** Rows of one page of any list. */
	pageSize: 200,
	/** Longest wait between two tries to open a port. */
	reopenDelayMs: 30_000,
	/** JSON of who is signed in: a proposed configuration is the largest. */
	requestBodyBytes: 1_048_576,
	/** Forms, and all that comes without a login: fields of a form are taken apart in a time that grows with their square. */
	smallBodyBytes: 16_384,
	/** Plain forms of who is signed in, such as a schedule with all its special days: taken apart in 20 ms at most. */
	formBodyBytes: 65_536,
	/** A form with a file: fields before it, bytes of one, and of the head of one. */
	uploadFields: 20,
	uploadFieldBytes: 4_096,
	uploadHeaderBytes: 8_192,
	...LICENCE_LIMITS,
	...PORT_LIMITS,
	...PUSH_LIMITS,
	...READER_LIMITS,
	...EVIDENCE_LIMITS,
	...SCIM_LIMITS,
	...REPORT_LIMITS,
	...MAINTENANCE_LIMITS,
	/** Pages that listen to live events at once. */
	eventStreams: 50,
	/** Events of one batch to central, and its bytes before deflation (SYNC.md). */
	batchEvents: 100,
	batchBytes: 32_768,
	/** Batches sent and not yet acknowledged by central. */
	batchWindow: 8,
	/** Earlier histories of a site that central is asked about at every connection: a store is not restored every day. */
	epochsAsked: 8,
	/** All that one message may name, those with unsent rows included. */
	epochsNamed: 64,
	/** Rows that a new history tells again beyond what is surely needed, where central's memory of the old one is muddled. */
	rowsToldAgain: 10_000,
	/** What central has acknowledged is kept at least this long: restored from a backup it asks again (SYNC.md, upstream). */
	ackedRowsKeptMs: 7 * 86_400_000,
	/** Events that central refused which are remembered one by one: more than a person looks at. */
	deadLettersKept: 1_000,
	deadLettersShown: 20,
	/** JSON of one event: with its batch's envelope under what central reads at all, four times over. */
	eventBytes: 262_144,
	/** States of devices in the journal: a hundred thousand, more than anybody reads. From half of it on they are told by the hour. */
	telemetryBytes: 33_554_432,
	/** Rows of it dropped in one transaction: a few ms between the lanes' own. */
	telemetryDroppedTogether: 50,
	/** Changes of one device told one by one in an hour; more are counted: a loose cable makes thousands. */
	deviceChangesPerHour: 12,
	/** Free bytes of the disk below which telemetry is only counted, and below which edits of the directory wait: decisions,
	 * some kB each with their indexes, have the rest for weeks. */
	diskForTelemetryBytes: 268_435_456,
	diskForEditsBytes: 67_108_864,
	/** Journal rows hashed between two looks at the lanes: some 5 ms. */
	rowsHashedTogether: 500,
	/** A configuration file; the largest sites need a tenth of it. */
	configBytes: 1_048_576,
	/** A site larger than any known one; bounds memory, metric labels and the pages' lists. */
	configuredDevices: 200,
	configuredLanes: 100,
	configuredParks: 50,
	configuredAreas: 500,
	/** Spaces of one area that are told apart: a choice in a form. */
	areaSpaces: 2_000,
	/** Problems of one configuration shown at once; nobody mends more before trying again. */
	configProblems: 100,
	/** A credential or key file. */
	credentialBytes: 65_536,
	/** JSON of one sync message after inflation: the manifest of 1,000,000 rows is the largest (2,000 chunks). */
	syncMessageBytes: 1_048_576,
	/** Rows of a snapshot chunk: parsed and staged in a few ms, and one directory transaction. Chunks of a manifest: 4,000,000 rows. */
	snapshotChunkRows: 500,
	snapshotChunks: 8_000,
	/** JSON of the rows of one chunk or delta; a long schedule alone is a third of it. */
	syncPageBytes: 262_144,
	/** Chunks asked for and not yet staged. */
	snapshotWindow: 4,
	...COMMAND_LIMITS,
	/** Local edits that one message asks central about, or answers. */
	mutationsAsked: 200,
	/** Ops of one delta: one directory transaction. */
	deltaOps: 500,
	/** Deltas that answer one resume; a site further behind asks again, so that it sets the pace. */
	deltasPerAnswer: 8,
	/** Newest changes that a site far behind is told ahead of its turn, once a connection: as many deltas as one answer. */
	changesAhead: 4_000,
	/** Changes of a stream kept at central for sites that were away; older ones cost those a snapshot. */
	changesKept: 200_000,
	/** Events that central keeps ahead of a missing one, per site: new ones come beside a backlog, hours of them. */
	eventsAhead: 10_000,
	/** Batches central commits together, and after which it lets the broker wait. */
	batchesPerCommit: 64,
	/** Sites that one central serves snapshots at once: some 30 MB each; the others wait. */
	snapshotsServed: 16,
	/** Rows of a directory known ahead of their turn, some 20 MB: changes made while one snapshot is fetched. */
	rowsAhead: 100_000,
	/** Rows that a site can not use, as far as they are told one by one. */
	parkedTold: 100,
	/** Rows that one answer mends, and buckets that are mended at all: beyond that a snapshot is quicker. */
	mendedRows: 8_000,
	mendedBuckets: 256,
	/** Damaged rows of a stream that are remembered while it is verified; more are replaced by a snapshot. */
	damagedRows: 10_000,
	/** Rows changed by deltas while a stream is mended; more begin it anew. */
	changedWhileMending: 100_000,
	/** Deltas that wait for an earlier one; more are dropped and asked for again. */
	heldDeltas: 16,
	/** Messages of central not yet acknowledged to the broker: its flow control towards us. */
	syncReceiveMaximum: 32,
	/** Events waiting at one slow page; more means it does not read: it is cut and connects again. */
	eventsWaiting: 256,
	/** A comment this often keeps proxies from cutting a silent event stream, and notices a login that ended. */
	eventHeartbeatMs: 15_000,
	/** Style sheets, scripts and fonts of the console are kept in memory. */
	assetBytes: 8_388_608,
	/** Connections to the console and the API at once: fifty pages with six each, and programs. */
	httpConnections: 400,
	/** A request must have arrived this long after its first byte, its headers sooner: slow senders hold no connection. */
	httpRequestMs: 30_000,
	httpHeadersMs: 10_000,
	/** Open answers get this long at a stop before they are cut. */
	httpStopMs: 1_500,
	/** Answers remembered for requests sent again, and for how long: longer than any client retries. */
	idempotencyKeys: 1_000,
	/** Their bodies together: one of a batch of 500 rows may have a few hundred kB. */
	idempotencyBytes: 8_388_608,
	idempotencyKeptMs: 3_600_000,
	...LOGIN_LIMITS,
	...GROUP_LIMITS,
	...OWN_ACCESS_LIMITS,
	/** A table that is imported: 200,000 rows of 20 columns are 30 MB as CSV; it lies in a worker's memory while it is read. */
	tableBytes: 67_108_864,
	tableRows: 200_000,
	/** Columns of a table; aggregates have some 25 fields. */
	tableColumns: 200,
	/** Longest cell that is read at all, and all cells of a row; every field takes far less. */
	tableCellLength: 1_048_576,
	tableRowLength: 4_194_304,
	/** A worksheet and its texts after inflation: what the rows and bytes above come to. More is a zip bomb. */
	tableSheetBytes: 536_870_912,
	tableSharedTextBytes: 134_217_728,
	tableSharedTexts: 2_000_000,
	/** Files inside a workbook; real ones have a few dozen. */
	workbookEntries: 2_000,
	/** Workbook parts that list sheets, styles and relations. */
	workbookPartBytes: 16_777_216,
	/** Problems of one table shown one by one; all are counted. */
	tableProblems: 200,
	/** Imports that are kept to be looked at and undone; they hold personal data. */
	importsKept: 20,
	importsKeptMs: 30 * 86_400_000,
	/** Mappings of columns that are saved, and what one takes as JSON: more names are not chosen from by people. */
	importMappings: 200,
	importMappingBytes: 65_536,
	/** Rows of a list of operators: one transaction, which the lanes wait for; larger teams come by SCIM or in several files. */
	operatorImportRows: 200,
	operatorImportBytes: 1_048_576,
	/** Rows of central's accounts that one site takes: more sign in nowhere we know of. */
	centralAccounts: 5_000,
	/** Lists of operators that are kept to be looked at and undone. */
	operatorImportsKept: 20,
	/** Files that wait for the one thread that reads them. */
	importsWaiting: 4,
	/** Journal rows that end, or are looked at for a person, in one transaction: a few ms between the lanes' own. */
	retentionSlice: 40,
	/** Incidents kept beyond their time at once, and how long one may last before somebody has to say so again. */
	retentionHolds: 200,
	retentionHoldMs: 366 * 86_400_000,
	/** Credentials, rights and bookings of one person; more are taken out in further batches. */
	personRows: 5_000,
	/** Who viewed whom is remembered for the hour: operators times people, the oldest forgotten. */
	personalViews: 10_000,
	/** Erasures shown. */
	erasuresShown: 100,
	/** Moves of vehicles that can still be looked at and undone: some days of a busy forecourt. */
	stayMoves: 1_000,
	/** Reads in doubt wait this long for somebody to look at them; reviews are counted this long. */
	reviewMs: 7 * 86_400_000,
	reviewsKeptMs: 400 * 86_400_000,
	/** Reads in doubt looked at for one page, each with some thousand look-ups of plates like it, in slices. */
	reviewsLookedAt: 60,
	/** A read at a reader answers a scan for this long. */
	presentedReadMs: 60_000,
	/** Typed, pasted or seen by a phone's camera: longer than any tag, plate or code. */
	scanLength: 512,
	/** Stays that one search of a vehicle shows. */
	staysFound: 50,
	/** Messages of the broker remembered by id, so that none counts twice: more than wait for a site after a short loss. */
	seenMessages: 4_096,
} as const;
