import type { Decision } from './access/decision.ts';
import type { AccessFacts } from './access/facts.ts';
import type { CommandOutcome } from './device.ts';
import type { DirectoryTable } from './directory.ts';

/**
 * What happened at the site. One table is the access log, the audit and the outbox at once: rows are
 * gap-free (`seq`), hash-chained and sent to central in order. `decision` and `audit` rows are never dropped.
 */
export type JournalClass = 'decision' | 'audit' | 'telemetry';

/**
 * Why a gateway epoch began. `ackAhead`: central acknowledged more than was ever written, so this store is an older copy;
 * `chainMismatch`: central remembers another past.
 */
export type EpochReason = 'new' | 'restored' | 'salvaged' | 'ackAhead' | 'chainMismatch';

export type JournalEntry =
	| DecisionEntry
	| VendEntry
	| PassageEntry
	| LaneEventEntry
	| StayEntry
	| DeviceEntry
	| AuditEntry
	| EditEntry
	| EvidenceEntry
	| GapEntry;

interface Entry {
	readonly class: JournalClass;
	/** Unique id of the entry; decisions are referred to by it. */
	readonly id: string;
	readonly atMs: number;
}

export interface DecisionEntry extends Entry {
	readonly type: 'decision';
	readonly class: 'decision';
	readonly laneId: string;
	readonly decision: Decision;
	readonly facts: AccessFacts;
	/** The one pulse a grant asks for; the decision's row is its intent. null on a refusal or without a barrier. */
	readonly vendId: string | null;
	/** What people search for: the tag's label or the plate, and the holder's name at that time. */
	readonly subject: string;
	readonly holderName: string | null;
	/** The store failed and the lane followed its `onStoreFailure`; journalled later. */
	readonly journalledLate?: true;
	/** Rules it was made by (`RULE_SET`); absent: the first. */
	readonly ruleSet?: number;
}

/** The one opening that a grant or an operator's vend caused. An operator's is `requested` before bytes leave (a grant's decision is its own intent); the outcome follows. */
export interface VendEntry extends Entry {
	readonly type: 'vend';
	readonly class: 'decision';
	readonly laneId: string;
	readonly vendId: string;
	readonly decisionId: string | null;
	readonly operatorId: string | null;
	readonly reason: string | null;
	readonly outcome: 'requested' | CommandOutcome;
}

export interface PassageEntry extends Entry {
	readonly type: 'passage';
	readonly class: 'decision';
	readonly laneId: string;
	readonly vendId: string | null;
	readonly decisionId: string | null;
	readonly holderId: string | null;
	readonly from: string;
	readonly to: string;
	/** `high`: safety and closing loops seen in order; `medium`: one of them; `low`: inferred. */
	readonly certainty: 'high' | 'medium' | 'low';
}

export const LANE_EVENTS = [
	'backedOut',
	'notUsed',
	'tailgate',
	'forcedOpen',
	'heldOpenTooLong',
	'armFault',
	'armRecovered',
	'loopStuck',
	'loopRecovered',
	'mismatch',
	'readWithoutVehicle',
	'readIgnored',
	'historicalRead',
	'missedExit',
	'modeChanged',
	'wrongDirection',
	'fire',
	'holdFailed',
	'occupancyCorrected',
] as const;

export type LaneEvent = (typeof LANE_EVENTS)[number];

export interface LaneEventEntry extends Entry {
	readonly type: 'lane';
	readonly class: 'decision';
	readonly laneId: string;
	readonly event: LaneEvent;
	readonly decisionId: string | null;
	readonly detail: Readonly<Record<string, string | number | boolean | null>>;
}

/**
 * `charged`: the passage cost what its right says. `unpaid`: credits that could not be taken. `bookingTaken`: two stays
 * by one booking. `enteredFull`: its right let it in though there was no room.
 */
export type StayEvent =
	| 'charged'
	| 'unpaid'
	| 'bookingTaken'
	| 'enteredFull'
	| 'overdue'
	| 'segment'
	| 'debited'
	| 'dwellAlarm'
	| 'noShow';

/** What a stay or a booking came to, for people, statistics and invoices. */
export interface StayEntry extends Entry {
	readonly type: 'stay';
	readonly class: 'decision';
	readonly event: StayEvent;
	/** null: of a booking nobody came for. */
	readonly stayId: string | null;
	readonly bookingId: string | null;
	readonly decisionId: string | null;
	readonly holderId: string | null;
	readonly rightId: string | null;
	/** Figures: credits, price in minor units with its currency, moments in UTC epoch ms. */
	readonly detail: Readonly<Record<string, string | number | boolean | null>>;
}

export interface DeviceEntry extends Entry {
	readonly type: 'device';
	readonly class: 'telemetry';
	readonly deviceId: string;
	readonly state: string;
	readonly problem: string | null;
	/** Changes since its last row that this one stands for, where there were too many to tell one by one. */
	readonly changes?: number;
}

export interface AuditEntry extends Entry {
	readonly type: 'audit';
	readonly class: 'audit';
	readonly operatorId: string | null;
	readonly action: string;
	readonly target: string | null;
	readonly detail: Readonly<Record<string, string | number | boolean | null>>;
}

/** One row of the directory was changed on site; towards central it is the mutation of that name. */
export interface EditEntry extends Entry {
	readonly type: 'edit';
	readonly class: 'audit';
	/** null: the gateway itself, such as the nightly retention. */
	readonly operatorId: string | null;
	/** Changes that were made, and can be undone, together. */
	readonly batchId: string;
	readonly table: DirectoryTable;
	readonly key: string;
	/** Rev of the table's stream that it was made on. */
	readonly baseRev: number;
	/** null: there was none. */
	readonly before: DirectoryRowText | null;
	/** null: deleted. */
	readonly after: DirectoryRowText | null;
}

/** Pictures that came with a read are kept: what they are, never themselves. They may be blurred, deleted or gone since. */
export interface EvidenceEntry extends Entry {
	readonly type: 'evidence';
	readonly class: 'decision';
	readonly observationId: string;
	readonly deviceId: string;
	/** null: no lane looked at the read. */
	readonly laneId: string | null;
	readonly decisionId: string | null;
	readonly images: readonly EvidenceName[];
}

export interface EvidenceName {
	/** SHA-256 of the bytes that came, hex; `sha256`: of those that were kept, without what is no picture. */
	readonly image: string;
	readonly sha256: string;
	readonly role: 'plate' | 'scene' | 'still';
	readonly contentType: string;
	readonly bytes: number;
	readonly widthPx: number;
	readonly heightPx: number;
}

/** Telemetry that was dropped for want of room: how much, and of when. Nothing else ever is. */
export interface GapEntry extends Entry {
	readonly type: 'gap';
	readonly class: 'audit';
	readonly of: 'telemetry';
	readonly count: number;
	/** The first and the last of the rows that were erased, by the names they were written under; null: they never were. */
	readonly rows: { readonly first: EventName; readonly last: EventName } | null;
	readonly fromMs: number;
	readonly toMs: number;
	/** `budget`: there was more of it than has its place; `disk`: the disk is nearly full. */
	readonly because: 'budget' | 'disk';
}

/** Where a row stands in the history it was written in. */
export interface EventName {
	readonly gatewayEpoch: string;
	readonly seq: number;
}

/** A row as plain data. */
export type DirectoryRowText = Readonly<Record<string, unknown>>;

/** A stored entry with its place in the journal. */
export type JournalRow = { readonly seq: number; readonly entry: JournalEntry };
