import type { ConfigurationState } from '../../gateway/core/configuration/configuration-state.ts';
import type { CommandOutcome } from '../../gateway/core/device.ts';
import type { DiffLine } from '../../gateway/core/line-diff.ts';
import type { ReplayReport } from '../../gateway/services/decisions/replay.ts';
import type { WhatIfAnswer, WhatIfQuestion } from '../../gateway/services/decisions/what-if.ts';
import type { ImportKindName } from '../../gateway/services/imports/import-kinds.ts';
import type { Import, ImportOptions } from '../../gateway/services/imports/imports.ts';
import type { BackupHandlers } from './backup-handlers.ts';
import type { CentralHandlers } from './central-handlers.ts';
import type { ExportHandlers } from './export-handlers.ts';
import type { LicenceHandlers } from './licence-handlers.ts';
import type { AskedMoment } from './moment.ts';
import type { OperatorHandlers } from './operator-handlers.ts';
import type { ReportHandlers } from './report-handlers.ts';
import type { SimulateHandlers } from './simulate-handlers.ts';
/**
 * What the commands need done; the composition root provides it. Handlers throw GatewayError for
 * what is broken (printed with its mend, exit 1); expected findings are data.
 */
export interface CliHandlers
	extends BackupHandlers,
		CentralHandlers,
		ExportHandlers,
		LicenceHandlers,
		OperatorHandlers,
		ReportHandlers,
		SimulateHandlers {
	readonly version: string;
	/** Names of the drivers, for checks and completion. */
	readonly driverKinds: readonly string[];
	/** Runs the gateway; resolves when it stopped cleanly after `signal` aborted, or is to be started again. SIGHUP is the handler's. */
	run(options: RunOptions): Promise<'stopped' | 'restart'>;
	/** The demo site: gateway, embedded broker and reference central in this process. */
	demo(options: DemoOptions): Promise<void>;
	checkConfig(options: { readonly configFile: string }): Promise<ConfigReport>;
	/** What runs, or the version whose name begins so; null: gateway.yaml. Throws NOT_FOUND. */
	showConfig(options: ConfigVersionOptions): Promise<{ readonly version: string | null; readonly text: string }>;
	/** From gateway.yaml to it. Throws NOT_FOUND. */
	diffConfig(
		options: ConfigVersionOptions,
	): Promise<{ readonly version: string | null; readonly lines: readonly DiffLine[] }>;
	configHistory(options: { readonly configFile: string }): Promise<ConfigHistory>;
	listPorts(): Promise<PortListing>;
	/** Live bytes and frames of one device until `signal` aborts: of the gateway that runs, else its line is opened here. */
	monitorDevice(options: MonitorOptions): Promise<void>;
	testDevice(options: DeviceOptions): Promise<DeviceTestReport>;
	/** Changes something in the device itself, such as its address. Throws INVALID_REQUEST when it has nothing to set. */
	setUpDevice(options: DeviceOptions & { readonly change: SetUpChange }): Promise<DeviceSetupReport>;
	/** A new one-time claim code; earlier ones end. */
	claim(options: { readonly configFile: string }): Promise<Claim>;
	/** Looks at this machine and, when given, one configuration; changes nothing. */
	doctor(options: { readonly configFile?: string }): Promise<readonly DoctorCheck[]>;
	/** Frames, errors and observations of captured bytes or of a trace, in order. Throws INVALID_REQUEST for bytes without a driver. */
	decode(options: DecodeOptions): Iterable<Readonly<Record<string, unknown>>>;
	/** The device's side of the wire on a real tty until `signal` aborts; throws PORT_LOST when the tty vanishes. */
	simulateDevice(options: SimulateDeviceOptions): Promise<void>;
	verifyJournal(options: VerifyJournalOptions): Promise<JournalReport>;
	/** What the gateway would decide. Throws NOT_FOUND for an unknown lane or holder, INVALID_REQUEST for text that is no tag or plate. */
	explain(options: ExplainOptions): Promise<Explanation>;
	/** Decides again what the journal holds. */
	replay(options: ReplayCommandOptions): Promise<ReplaySummary>;
	/** Previews a list and, unless it has errors or is only tried, has the gateway make it so. */
	importTable(options: ImportCommandOptions): Promise<Import>;
}

export type CliLogLevel = 'debug' | 'info' | 'warn' | 'error';

export interface RunOptions {
	readonly configFile: string;
	readonly logLevel?: CliLogLevel;
	/** Whoever started the process starts it again when it ends. */
	readonly isSupervised: boolean;
	readonly signal: AbortSignal;
	/** The gateway answers; printed on a terminal only. */
	readonly onReady: (ready: Ready) => void;
}

export interface DemoOptions {
	/** Default: the demo configuration that comes with the program. */
	readonly configFile?: string;
	readonly logLevel: CliLogLevel;
	readonly signal: AbortSignal;
	readonly onReady: (ready: Ready) => void;
}

export interface Ready {
	readonly consoleUrl: string;
	/** One-time link for the first administrator; null when claimed. */
	readonly claimUrl: string | null;
	/** What else a person at the terminal should know, one sentence each. */
	readonly notes: readonly string[];
}

export interface ConfigReport {
	readonly valid: boolean;
	readonly findings: readonly ConfigFinding[];
	/** Of a valid file: how many of each. */
	readonly summary?: {
		readonly site: string;
		readonly devices: number;
		readonly lanes: number;
		readonly areas: number;
	};
}

export interface ConfigVersionOptions {
	readonly configFile: string;
	/** First characters of a version, or `file`; absent: what runs. */
	readonly version?: string;
}

export interface ConfigHistory extends Pick<ConfigurationState, 'versions' | 'history' | 'trial'> {
	/** Version of gateway.yaml. */
	readonly file: string;
	/** null: gateway.yaml. */
	readonly runs: string | null;
}

export interface ConfigFinding {
	readonly severity: 'error' | 'warning';
	readonly file: string;
	readonly line: number | null;
	readonly column: number | null;
	readonly path: string;
	readonly found: string;
	readonly expected: string;
	readonly fix: string;
	/** All of it as one line. */
	readonly text: string;
}

/** A port that a `port:` of gateway.yaml can name. */
export interface FoundPort {
	readonly carrier: 'serial' | 'hid' | 'camera';
	/** The most stable address there is, such as `/dev/serial/by-id/…` or `hid:by-path/…`. */
	readonly address: string;
	/** What the address follows: the device wherever it is plugged in, the USB socket, or nothing. */
	readonly stability: 'id' | 'socket' | 'none';
	/** The name of today, such as `/dev/ttyUSB0`. */
	readonly node: string;
	readonly manufacturer: string | null;
	readonly product: string | null;
	readonly serialNumber: string | null;
	/** `1a86:7523`. */
	readonly usbId: string | null;
}

export interface PortListing {
	readonly ports: readonly FoundPort[];
	/** Why the list may be incomplete, such as a missing system part and its mend. */
	readonly problems: readonly string[];
}

interface DeviceOptions {
	readonly configFile: string;
	readonly deviceId: string;
	readonly signal: AbortSignal;
}

export interface MonitorOptions extends DeviceOptions {
	readonly onLine: (line: MonitorLine) => void;
	/** Takes the lines of a trace, each with its line end. */
	readonly onTrace?: (text: string) => void;
}

/** Bytes of the line, what they say, or what became of the device; untrusted text. Keys and PINs are masked. */
export interface MonitorLine {
	readonly atMs: number;
	readonly direction: 'in' | 'out' | 'decoded' | 'note';
	readonly bytes?: Uint8Array;
	/** A frame, error or observation as `decode` prints it. */
	readonly decoded?: Readonly<Record<string, unknown>>;
	readonly text?: string;
}

export interface DeviceTestReport {
	readonly deviceId: string;
	readonly driver: string;
	readonly address: string;
	readonly passed: boolean;
	readonly steps: readonly { readonly name: string; readonly passed: boolean; readonly detail: string }[];
}

export type SetUpChange =
	| { readonly kind: 'address'; readonly address: number }
	| { readonly kind: 'baud'; readonly baud: number }
	/** 16 secret bytes; never printed. */
	| { readonly kind: 'key'; readonly key: Uint8Array };

export interface DeviceSetupReport {
	readonly deviceId: string;
	readonly change: SetUpChange;
	readonly outcome: CommandOutcome;
}

export interface Claim {
	readonly code: string;
	readonly url: string;
}

export interface DoctorCheck {
	readonly name: string;
	readonly result: 'ok' | 'warning' | 'failed';
	readonly found: string;
	/** What to do; absent when ok. */
	readonly fix?: string;
}

export interface DecodeOptions {
	/** A trace names its driver itself. */
	readonly driver?: string;
	readonly bytes: Uint8Array;
	/** Of an HTTP body, where it was kept. */
	readonly contentType?: string;
}

export interface SimulateDeviceOptions {
	readonly driver: string;
	readonly port: string;
	/** More fields of the device as in gateway.yaml, such as `address`; `id` is `simulated` unless given. */
	readonly settings: Readonly<Record<string, unknown>>;
	/** What befalls the bytes of its line, such as `drop=0.2`; a line `fault chunk=1` or `fault none` replaces them. */
	readonly faults: readonly string[];
	/** Of the faults; the same seed makes the same ones. */
	readonly seed?: number;
	/** What happens to the hardware, one per line: `card 26:9ADDDF00`, `input arming on`. */
	readonly stimuli: AsyncIterable<string>;
	readonly onNote: (note: string) => void;
	readonly signal: AbortSignal;
}

export interface VerifyJournalOptions {
	readonly configFile: string;
	readonly onProgress: (done: number, total: number) => void;
	readonly signal: AbortSignal;
}

export interface JournalReport {
	/** Over all histories. */
	readonly rows: number;
	/** Of the newest history. */
	readonly firstSeq: number | null;
	readonly lastSeq: number | null;
	/** Hash of the last row, hex: what central's acks are compared with. */
	readonly head: string | null;
	/** Gateway epochs, one after the other, that were verified. */
	readonly histories: number;
	/** First row that does not follow from the one before it; null: the chain holds. */
	readonly broken: { readonly seq: number; readonly problem: string; readonly gatewayEpoch: string } | null;
}

export interface ExplainOptions extends Pick<WhatIfQuestion, 'laneId' | 'who' | 'direction'> {
	readonly configFile: string;
	readonly at: AskedMoment;
}

export interface Explanation extends WhatIfAnswer {
	readonly atMs: number;
	readonly laneId: string;
	readonly laneName: string;
	readonly timeZone: string;
}

export interface ReplayCommandOptions {
	readonly configFile: string;
	readonly since: AskedMoment;
	/** Absent: now. */
	readonly until?: AskedMoment;
	/** A changed configuration to decide under. */
	readonly proposedFile?: string;
	readonly onProgress: (done: number, total: number) => void;
	readonly signal: AbortSignal;
}

export interface ImportCommandOptions {
	readonly configFile: string;
	readonly kind: ImportKindName;
	readonly fileName: string;
	readonly bytes: Uint8Array;
	readonly options: ImportOptions;
	/** A saved mapping, by id or name. */
	readonly mapping?: string;
	/** Only shows what would change. */
	readonly dryRun: boolean;
	/** Rows read; changes made, of so many. */
	readonly onProgress: (what: 'read' | 'changed', done: number, total: number) => void;
	readonly signal: AbortSignal;
}

export interface ReplaySummary extends ReplayReport {
	readonly timeZone: string;
	/** false: interrupted, older decisions were left out. */
	readonly complete: boolean;
}
