import type { ClockTrust } from '../../gateway/core/clock.ts';
import type { DirectoryTable } from '../../gateway/core/directory.ts';
import type { DirectoryOp } from '../../gateway/core/directory-change.ts';
import type { LetterKind, MailProblem } from '../../gateway/core/letter.ts';
import { isNestedDeeper } from '../../gateway/core/nesting-depth.ts';
import type { Role } from '../../gateway/core/permission.ts';

/** All sites of a central: what its API and pages show and do, handed over by the composition root. */
export interface Fleet {
	status(): FleetStatus;
	siteCounts(): { readonly sites: number; readonly online: number };
	/** By id. Lists throw INVALID_REQUEST for a cursor that is not theirs. */
	sites(query: SiteQuery): ListPage<FleetSite>;
	site(site: string): FleetSite | undefined;
	/** Newest first; a page of a search may be short, or empty with a cursor. */
	events(site: string, query: EventQuery): ListPage<FleetEvent>;
	commands(site: string, query: PageQuery): ListPage<FleetCommand>;
	edits(site: string, query: PageQuery): ListPage<FleetEdit>;
	/** Asks a site to act; `answered` settles with what became of it and never rejects. */
	ask(
		site: string,
		command: LaneCommand | GatewayCommand,
	): { readonly commandId: string; readonly answered: Promise<CommandAnswer> };
	/** With what it found. */
	command(site: string, commandId: string): FleetCommandDetail | undefined;
	/** As the site told at its last birth. */
	configuration(site: string): FleetConfiguration | undefined;
	/** Configurations that were proposed to the site from here, newest first. */
	proposals(site: string, limit: number): readonly FleetCommandDetail[];
	/** Mails of sites that have no mail server of their own. */
	mails(): FleetMails;
	heads(): readonly StreamHead[];
	/** How many connected sites have told that they have a stream up to this rev. */
	reach(stream: string, rev: number): { readonly current: number; readonly online: number };
	/** Rows of each table. */
	tables(): Promise<readonly TableRows[]>;
	rows(table: DirectoryTable, query: RowQuery): ListPage<FleetRow>;
	/** `tag`: another one after every change. */
	row(table: DirectoryTable, key: string): { readonly row: AnyRow; readonly tag: string } | undefined;
	/** Ops of one stream, all or none. Throws INVALID_REQUEST for a row that does not fit its table. */
	change(stream: string, ops: readonly DirectoryOp[]): { readonly rev: number };
	/** `ifTag`: only while it is as it was read; null: only while there is none; undefined: in any case. */
	changeRow(
		op: DirectoryOp & { readonly table: DirectoryTable },
		ifTag: string | null | undefined,
	): { readonly result: 'changed'; readonly rev: number } | { readonly result: 'changedSince' };
}

export interface FleetMails {
	/** Whose mail it is; null: central has no mail server. */
	readonly from: string | null;
	/** Begun in the last 24 hours. */
	readonly counts: Readonly<Record<'sent' | 'refused' | 'failed' | 'unknown' | 'underWay', number>>;
	/** Newest first; what they say is kept nowhere. */
	readonly newest: readonly {
		readonly site: string;
		readonly id: string;
		readonly kind: LetterKind;
		/** Masked. */
		readonly address: string;
		readonly atMs: number;
		/** `failed`: the site may offer it again; null: on its way, or cut short. */
		readonly outcome: 'sent' | 'refused' | 'failed' | 'unknown' | null;
		readonly problem: MailProblem | null;
		/** Of the mail server. */
		readonly code: number | null;
	}[];
}

export interface FleetStatus {
	readonly connected: boolean;
	/** Of several centrals on one database this one tells sites what changed. */
	readonly leads: boolean;
	/** Why not, in words. */
	readonly problem: string | null;
	/** Messages that were refused since the start, by reason. */
	readonly refused: Readonly<Record<string, number>>;
}

export type AnyRow = Readonly<Record<string, unknown>>;

export interface ListPage<Item> {
	readonly items: readonly Item[];
	readonly nextCursor: string | null;
}

export interface PageQuery {
	readonly cursor?: string | undefined;
	readonly limit: number;
}

export interface SiteQuery extends PageQuery {
	/** Part of its id. */
	readonly q?: string | undefined;
	readonly online?: boolean | undefined;
}

export interface EventQuery extends PageQuery {
	readonly type?: string | undefined;
	readonly q?: string | undefined;
	/** Only those whose data did not fit. */
	readonly rejected?: boolean | undefined;
}

export interface RowQuery extends PageQuery {
	readonly q?: string | undefined;
}

export interface FleetSite {
	readonly site: string;
	readonly gatewayEpoch: string;
	readonly online: boolean;
	readonly version: string | null;
	readonly seenAtMs: number;
	/** Events are stored without a gap up to here. */
	readonly storedTo: number;
	/** Stored, but behind one that is missing. */
	readonly ahead: number;
	readonly rejected: number;
	/** Events that wait at the site; null: it has not told. */
	readonly queueDepth: number | null;
	readonly lastEvent: { readonly type: string; readonly time: string | null; readonly receivedAtMs: number } | null;
	readonly clock: ClockTrust | null;
	/** In the site's own words; null: all is well, or not told. */
	readonly problem: string | null;
	/** As the site last told. */
	readonly streams: readonly {
		readonly stream: string;
		readonly centralEpoch: string | null;
		readonly rev: number;
		/** Rows that it can not use. */
		readonly parked: number;
	}[];
	/** Rows that it can not use, the first of each stream. */
	readonly unusable: readonly {
		readonly stream: string;
		readonly table: string;
		readonly key: string;
		readonly rev: number;
		readonly code: string;
		readonly problem: string;
	}[];
}

export interface FleetEvent {
	readonly gatewayEpoch: string;
	readonly seq: number;
	readonly id: string;
	readonly type: string;
	readonly time: string | null;
	readonly receivedAtMs: number;
	readonly data: unknown;
	/** Why its data did not fit; null: it did. */
	readonly rejected: string | null;
}

export interface FleetCommand {
	readonly id: string;
	readonly op: string;
	readonly target: string;
	readonly by: string;
	readonly reason: string;
	readonly atMs: number;
	/** null: under way, or never heard of again. */
	readonly outcome: string | null;
	readonly because: string | null;
}

export interface FleetCommandDetail extends FleetCommand {
	/** What it found, JSON; null: nothing, or it did not come whole. */
	readonly report: string | null;
	/** Of a configuration that was proposed. */
	readonly text: string | null;
}

/** What a command found; as text where a site sent no JSON. */
export function reportValue(report: string): unknown {
	try {
		const value: unknown = JSON.parse(report);
		return isNestedDeeper(value) ? report : value;
	} catch {
		return report;
	}
}

/** Which configuration a site runs. */
export interface FleetConfiguration {
	/** SHA-256 of its text. */
	readonly version: string;
	/** gateway.yaml on the machine, or a version applied in its place. */
	readonly source: 'file' | 'version';
	readonly trial: { readonly target: string } | null;
	readonly toldAtMs: number;
}

export interface FleetEdit {
	readonly seq: number;
	readonly id: string;
	readonly time: string | null;
	readonly receivedAtMs: number;
	readonly table: string | null;
	readonly key: string | null;
	/** Who made it, at the site. */
	readonly operator: string | null;
	/** null: deleted. */
	readonly row: unknown;
	/** null: not decided yet. */
	readonly answer:
		| { readonly result: 'accepted'; readonly stream: string; readonly rev: number }
		| { readonly result: 'rejected'; readonly code: string; readonly problem: string }
		| null;
}

export const LANE_COMMANDS = ['vend', 'hold', 'close', 'lockdown', 'release'] as const;
export type LaneCommandName = (typeof LANE_COMMANDS)[number];

export interface LaneCommand {
	readonly op: LaneCommandName;
	/** A lane. */
	readonly target: string;
	readonly reason: string;
	readonly by: string;
	/** Of a hold, closing or lockdown; absent: until it is released. */
	readonly untilMs?: number;
}

/** What is asked of a gateway itself. `target`: a version, or `file`. */
export type GatewayCommand = { readonly reason: string; readonly by: string } & (
	| { readonly op: 'configPropose'; readonly text: string }
	| {
			readonly op: 'configApply';
			readonly target: string;
			readonly withinS: number;
			readonly force: boolean;
			/** `byItself`: kept as soon as the site is back with it. */
			readonly keep: 'byItself' | 'byHand';
	  }
	| { readonly op: 'configKeep' | 'configRevert'; readonly target: string }
	| { readonly op: 'restart'; readonly force: boolean }
	| { readonly op: 'diagnostics' }
);

export const GATEWAY_COMMANDS = [
	...(['configPropose', 'configApply', 'configKeep', 'configRevert', 'restart', 'diagnostics'] as const),
] as const satisfies readonly GatewayCommand['op'][];

/** What an operation is called, where it is one that is known here. */
export function knownOperation(op: string): LaneCommandName | GatewayCommand['op'] | undefined {
	return [...LANE_COMMANDS, ...GATEWAY_COMMANDS].find((known) => known === op);
}

export interface CommandAnswer {
	readonly commandId: string;
	readonly outcome: 'done' | 'refused' | 'expired' | 'failed' | 'unknown';
	readonly because: string | null;
}

export interface StreamHead {
	readonly stream: string;
	readonly centralEpoch: string;
	readonly rev: number;
	/** Changes are kept from here on. */
	readonly floor: number;
	readonly root: string | null;
}

export interface TableRows {
	readonly stream: string;
	readonly table: DirectoryTable;
	readonly rows: number;
}

export interface FleetRow {
	readonly key: string;
	readonly row: AnyRow;
}

/** A program's token, as far as who asks. */
export interface TokenHolder {
	readonly id: string;
	readonly name: string;
	readonly role: Role;
	readonly createdAtMs: number;
}

/** Tokens that let somebody in. */
export interface Tokens {
	/** undefined: not known, removed or expired. */
	find(text: string): TokenHolder | undefined;
	get(id: string): TokenHolder | undefined;
}
