import type { Clock } from '../../gateway/core/clock.ts';
import { createClockScope } from '../../gateway/core/clock-scope.ts';
import { DIRECTORY_TABLES, type DirectoryTable } from '../../gateway/core/directory.ts';
import type { DirectoryOp } from '../../gateway/core/directory-change.ts';
import { LIMITS } from '../../gateway/core/limits.ts';
import type { Log } from '../../gateway/core/log.ts';
import type { SendMail } from '../../gateway/services/mail/smtp.ts';
import type { StreamHead } from '../envelope.ts';
import type { BrokerAccess, OpenLink } from '../link.ts';
import { createMessageGate } from '../message-gate.ts';
import { runMachine } from '../run-machine.ts';
import { createSyncCounters } from '../sync-statistics.ts';
import { type AccessTokens, createAccessTokens } from './access-tokens.ts';
import { type AskedOfSite, type CommandAnswer, createCentralCommands } from './central-commands.ts';
import { keepIdentity, openCentralDatabase } from './central-database.ts';
import { createCentralLink } from './central-link.ts';
import { createCentralMails } from './central-mails.ts';
import type { CentralParts } from './central-parts.ts';
import { receive, takeEdits } from './central-receive.ts';
import { type CentralState, centralDeadlineMs, startCentral, stepCentral } from './central-session.ts';
import { createChangeTeller } from './change-teller.ts';
import { type CommandRecords, createCommandRecords } from './command-records.ts';
import { createEventIntake } from './event-intake.ts';
import { createEventPages } from './event-pages.ts';
import { createEventStore, type StoredEvent } from './event-store.ts';
import { createFleetView } from './fleet-view.ts';
import { createLeadership } from './leadership.ts';
import { createMailRecords, type MailCounts, type MailRecord } from './mail-records.ts';
import { mendEvents } from './mend-events.ts';
import { createMutationIntake } from './mutation-intake.ts';
import { announce, perform } from './perform-output.ts';
import { createSiteRegister, type KnownSite } from './site-register.ts';
import { createSiteReports } from './site-reports.ts';
import { createSnapshotPublisher } from './snapshot-publisher.ts';
import { createSnapshotSlots } from './snapshot-slots.ts';
import { createStreamStore } from './stream-store.ts';
import { createStreamView } from './stream-view.ts';
import { createToldAhead } from './told-ahead.ts';
import { createUnusableRows } from './unusable-rows.ts';

export interface CentralDeps {
	/** Where `central.db` stands. */
	readonly dir: string;
	readonly tenant: string;
	readonly broker: () => BrokerAccess;
	readonly openLink: OpenLink;
	readonly clock: Clock;
	readonly log: Log;
	readonly newId: () => string;
	/** 0 ≤ x < 1. */
	readonly random: () => number;
	/** Sends mails of sites; absent: central has no mail server. */
	readonly mail?: { readonly send: SendMail; readonly from: string };
}

/** The reference central: the other end of SYNC.md, with its own store. */
export interface Central {
	start(): void;
	/** Commits what waits, says goodbye, closes the store; never rejects. */
	stop(): Promise<void>;
	connected(): boolean;
	/** Any number of rows, LIMITS.deltaOps in a commit; sites hear of each. Throws INVALID_REQUEST for a row that does not fit. */
	change(stream: string, ops: readonly DirectoryOp[]): { readonly rev: number };
	/**
	 * One row, if it still is as it was read.
	 * @param ifTag of `view.row`; null: there must be none; undefined: whatever there is.
	 */
	changeRow(op: DirectoryOp & { readonly table: DirectoryTable }, ifTag: string | null | undefined): RowAnswer;
	/** Asks a site to act: on a lane, on its configuration, or on itself; settles with what became of it. */
	command(site: string, asked: AskedOfSite): Promise<CommandAnswer>;
	/** The same, without waiting: `commands` tells what became of it. */
	ask(site: string, asked: AskedOfSite): { readonly commandId: string; readonly answered: Promise<CommandAnswer> };
	heads(): readonly StreamHead[];
	/** A stream's rows as they are now, by `table/key`. */
	rows(stream: string): ReadonlyMap<string, unknown>;
	sites(): readonly KnownSite[];
	/** Gateway epochs of a site, in the order in which they were first heard of. */
	histories(site: string): readonly string[];
	/** A site's events in order, as far as none is missing. */
	events(site: string, gatewayEpoch: string, afterSeq: number, limit: number): readonly StoredEvent[];
	/** What it has and knows, for its API and pages. */
	readonly view: CentralView;
	/** Who may use them. */
	readonly tokens: AccessTokens;
	/** What was asked of sites, with what was found; and the configuration each runs. */
	readonly commands: Pick<CommandRecords, 'get' | 'configuration' | 'proposals'>;
	/** Messages refused, by reason. */
	refused(): Readonly<Record<string, number>>;
}

export type RowAnswer =
	| { readonly result: 'changed'; readonly stream: string; readonly rev: number }
	/** `tag`: as it is now; null: there is none. */
	| { readonly result: 'changedSince'; readonly tag: string | null };

export type CentralView = ReturnType<typeof createFleetView> &
	ReturnType<typeof createEventPages> &
	ReturnType<typeof createStreamView> & {
		/** Mails of sites: the counts are of the last 24 hours. */
		mails(): {
			/** Whose mail it is; null: central has no mail server. */
			readonly from: string | null;
			readonly counts: MailCounts;
			readonly newest: readonly MailRecord[];
		};
		/** The way to the broker. */
		status(): {
			readonly connected: boolean;
			/** Of several centrals this one tells sites what changed. */
			readonly leads: boolean;
			/** Why not, in words. */
			readonly problem: string | null;
			readonly refused: Readonly<Record<string, number>>;
		};
	};

const DAY_MS = 86_400_000;
const MAILS_SHOWN = 100;

/** Opens the store; nothing is connected before `start`. Throws GatewayError STORE_*. */
export function createCentral(deps: CentralDeps): Central {
	const { log } = deps;
	// Nothing that waits outlives the store.
	const scope = createClockScope(deps.clock);
	const { clock } = scope;
	const db = openCentralDatabase(deps.dir);
	const centralEpoch = keepIdentity(db, 'centralEpoch', deps.newId);
	const events = createEventStore(db);
	const streams = createStreamStore(db, centralEpoch);
	const counters = createSyncCounters();
	let leaving: Promise<void> = Promise.resolve();
	const link = createCentralLink(
		{ ...deps, clock, instance: deps.newId() },
		{
			onUp(id) {
				machine.dispatch({ kind: 'linkUp', link: id });
				leadership.join(id);
			},
			onDown(problem) {
				leadership.leave();
				machine.dispatch({ kind: 'linkDown', problem, jitter: deps.random() });
			},
			onMessage: (message) => receive(parts, message),
		},
	);
	const machine: CentralParts['machine'] = runMachine(
		clock,
		{ step: stepCentral, deadlineMs: centralDeadlineMs, tick: { kind: 'tick' } },
		startCentral(streams.heads(), clock.monotonicMs()),
		{
			perform: (output) => perform(parts, output),
			onChange: (before, after) => reportLink(log, before, after),
		},
	);
	const leadership = createLeadership({
		...{ db, clock, log },
		onLead: (id) => announce(parts, id),
	});
	const teller = createChangeTeller({
		...{ db, clock, streams, leads: leadership.leads },
		onDelta: (delta, heads) => machine.dispatch({ kind: 'changed', delta, heads }),
		onMoved: (heads) => machine.dispatch({ kind: 'moved', heads }),
	});
	const mailRecords = createMailRecords(db);
	const register = createSiteRegister(db);
	const records = createCommandRecords(db);
	const reports = createSiteReports();
	const unusable = createUnusableRows(db);
	const parts: CentralParts = {
		...{ link, leadership, teller },
		machine,
		events,
		intake: createEventIntake({
			events,
			clock,
			log,
			onStored(batches) {
				machine.dispatch({ kind: 'stored', batches });
				for (const { refused } of batches) parts.counters.refused('event', refused);
				for (const { site, gatewayEpoch } of batches) takeEdits(parts, site, gatewayEpoch);
			},
		}),
		streams,
		toldAhead: createToldAhead(),
		mutations: createMutationIntake(db, streams),
		snapshots: createSnapshotPublisher({ db, centralEpoch, clock, newId: deps.newId }),
		slots: createSnapshotSlots(deps),
		...{ register, reports, unusable },
		commands: createCentralCommands({ ...{ records, link, register, clock, log }, newId: deps.newId }),
		mails: createCentralMails({ records: mailRecords, link, clock, log, newId: deps.newId, send: deps.mail?.send }),
		counters,
		gate: createMessageGate({ counters, log, mend: mendEvents, isOurTopic: ({ tenant }) => tenant === deps.tenant }),
		clock,
		log,
		onLeaving(left) {
			leaving = left;
		},
	};
	const view: CentralView = {
		...createFleetView(db, reports, unusable, centralEpoch),
		...createEventPages(db),
		...createStreamView(db, { soon: () => soon(clock) }),
		mails: () => ({
			from: deps.mail?.from ?? null,
			counts: mailRecords.counts(clock.nowMs() - DAY_MS),
			newest: mailRecords.newest(MAILS_SHOWN),
		}),
		status: () => ({
			connected: machine.state().link.phase === 'up',
			leads: leadership.leads(),
			problem: machine.state().problem?.text ?? null,
			refused: parts.counters.read().refused,
		}),
	};
	return {
		view,
		tokens: createAccessTokens(db, { nowMs: clock.nowMs, newId: deps.newId }),
		start: () => machine.dispatch({ kind: 'start' }),
		async stop() {
			parts.intake.flush();
			machine.dispatch({ kind: 'stop' });
			teller.end();
			await leaving;
			parts.intake.flush();
			parts.commands.end();
			await parts.mails.end();
			await parts.snapshots.end();
			leadership.end();
			scope.end();
			db.close();
		},
		connected: () => machine.state().link.phase === 'up',
		change(stream, ops) {
			let rev = 0;
			for (let at = 0; at < ops.length; at += LIMITS.deltaOps) {
				const delta = streams.change(stream, ops.slice(at, at + LIMITS.deltaOps));
				rev = delta.to;
				teller.look(delta);
			}
			return { rev };
		},
		changeRow(op, ifTag) {
			const { stream } = DIRECTORY_TABLES[op.table];
			const answer = db
				.transaction(() => {
					const tag = view.row(op.table, op.key)?.tag ?? null;
					return ifTag === undefined || ifTag === tag ? streams.change(stream, [op]) : { tag };
				})
				.immediate();
			if ('tag' in answer) return { result: 'changedSince', tag: answer.tag };
			teller.look(answer);
			return { result: 'changed', stream, rev: answer.to };
		},
		command: (site, asked) => parts.commands.ask(site, asked).answered,
		ask: parts.commands.ask,
		commands: records,
		heads: streams.heads,
		rows: streams.rows,
		sites: parts.register.list,
		histories: events.histories,
		events: events.read,
		refused: () => parts.counters.read().refused,
	};
}

function soon(clock: Clock): Promise<void> {
	return new Promise((resolve) => {
		clock.after(0, resolve);
	});
}

function reportLink(log: Log, before: CentralState, after: CentralState): void {
	if (before.link.phase === after.link.phase) return;
	if (after.link.phase === 'waiting') log.warn({ problem: after.problem?.text }, 'central lost the broker');
	else log.info({ link: after.link.phase }, 'central changed');
}
