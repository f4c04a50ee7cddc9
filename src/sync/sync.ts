import type { Clock, ClockTrust } from '../gateway/core/clock.ts';
import { LIMITS } from '../gateway/core/limits.ts';
import type { Log } from '../gateway/core/log.ts';
import type { DirectoryUpdates } from '../gateway/services/directory/directory-updates.ts';
import type { SyncStatus } from '../gateway/services/sync-status.ts';
import { createLater } from './call-later.ts';
import { type Cursor, createCursor } from './cursor.ts';
import { type Body, PROTOCOL_VERSION } from './envelope.ts';
import { createEpochChange, type EpochChange } from './epoch-change.ts';
import { createInbox, type Inbox } from './inbox.ts';
import type { BrokerAccess, OpenLink } from './link.ts';
import { createMessageIntake, grewTo } from './message-intake.ts';
import { eventSource, type OutboxSource, readBatch } from './outbox.ts';
import { readStatus } from './read-status.ts';
import { type CommandsOfSite, type RunningCommands, runCommands } from './run-commands.ts';
import { type RunningMachine, runMachine } from './run-machine.ts';
import { type MailsOfSite, type RunningMails, runMails } from './run-mails.ts';
import {
	type SessionInput,
	type SessionOutput,
	type SessionState,
	sessionDeadlineMs,
	startSession,
	stepSession,
} from './session.ts';
import { createSiteLink, type SiteLink, type SiteLinkEvents } from './site-link.ts';
import type { RepairReport } from './stream-repair.ts';
import { problemInWords } from './sync-problem.ts';
import { createSyncCounters, type SyncCounters, type SyncStatistics } from './sync-statistics.ts';
import { tellParked } from './tell-parked.ts';
import type { RejectedEvent } from './upstream-state.ts';

/** Room for the envelope beside the events of a batch. */
const ENVELOPE_BYTES = 2_048;

export interface SyncDeps {
	readonly clock: Clock;
	readonly log: Log;
	readonly tenant: string;
	readonly site: string;
	readonly version: string;
	/** New at every start of the process. */
	readonly bootId: string;
	/** Asked before every connection, so that rotated secrets need no restart; may throw when one is missing. */
	readonly broker: () => BrokerAccess;
	readonly openLink: OpenLink;
	readonly outbox: OutboxSource;
	readonly directory: DirectoryUpdates;
	/** Edits of the directory made on site, which central accepts or rejects. */
	readonly edits: LocalEditsOfSite;
	/** Commands of central. */
	readonly commands: CommandsOfSite;
	/** Mails that central is to send; absent: none. */
	readonly mails?: MailsOfSite | undefined;
	/** Which configuration runs, for the birth; absent: not told. */
	readonly configuration?: () => Body<'birth'>['configuration'];
	readonly clockTrust: () => ClockTrust;
	readonly newId: () => string;
	/** 0 ≤ x < 1. */
	readonly random: () => number;
	/** Room on the store's disk; absent: not known. */
	readonly disk?: () => SyncStatus['disk'];
	/** Connection, problem or central's state changed. */
	readonly onStatus?: () => void;
	/** Rows of the directory were not central's and are again. */
	readonly onRepaired?: (report: RepairReport) => void;
}

/** The part of `EditSettlement` (services/directory) that sync speaks with. */
export interface LocalEditsOfSite {
	waiting(limit: number): readonly string[];
	answer(answers: Body<'mutationAnswers'>['answers']): void;
	reached: Parameters<typeof createInbox>[0]['reached'];
}

export interface Sync {
	status(): SyncStatus;
	statistics(): SyncStatistics;
	start(): void;
	/** Ends the wait for the next attempt, where there is one. */
	connectNow(): void;
	/** Says goodbye to the broker; never rejects. */
	stop(): Promise<void>;
	/** Rows were committed. Cheap, and safe to call on the way to a barrier: sending happens later. */
	journalGrew(): void;
}

/** What the effects share. */
interface Parts {
	readonly deps: SyncDeps;
	readonly counters: SyncCounters;
	readonly cursor: Cursor;
	readonly changing: EpochChange;
	readonly inbox: Inbox;
	readonly link: SiteLink;
	readonly machine: RunningMachine<SessionState, SessionInput>;
}

/** The gateway's side of SYNC.md: carries out what the session machine says, and tells it what happened. */
export function createSync(deps: SyncDeps): Sync {
	const { clock, log, outbox, directory } = deps;
	let sinceMs = clock.nowMs();
	const dispatch = (input: SessionInput) => machine.dispatch(input);
	const counters = createSyncCounters();
	const inbox = createInbox({
		...{ directory, log },
		reached: deps.edits.reached,
		onAnswer: (input) => dispatch({ kind: 'downstream', input }),
	});
	const link = createSiteLink(
		{ ...deps, gatewayEpoch: outbox.gatewayEpoch },
		linkEvents(deps, counters, inbox, dispatch, () => ({ commands, mails })),
	);
	const commands = runCommands({ ...deps, link });
	const mails = runMails({ mails: deps.mails, link, clock });
	const machine = runMachine<SessionState, SessionInput, SessionOutput>(
		clock,
		{ step: stepSession, deadlineMs: sessionDeadlineMs, tick: { kind: 'tick' } },
		startSession(
			{ epochs: outbox.epochs(), streams: directory.streams(), staged: directory.stagedSnapshot() },
			clock.monotonicMs(),
		),
		{
			perform: (output) => perform(parts, output),
			onChange(before, after) {
				if (before.link.phase !== after.link.phase) sinceMs = clock.nowMs();
				if (reportChange(log, before, after)) deps.onStatus?.();
			},
		},
	);
	const changing = createEpochChange({ outbox, log, dispatch });
	const parts: Parts = { deps, counters, cursor: createCursor(outbox, clock, log), changing, inbox, link, machine };
	const grew = createLater(clock, () => dispatch(grewTo(outbox)));
	return {
		status: () => readStatus(parts, machine.state(), sinceMs),
		statistics: counters.read,
		start() {
			grew.begin();
			dispatch({ kind: 'start' });
		},
		connectNow: () => dispatch({ kind: 'connectNow' }),
		async stop() {
			grew.end();
			mails.end();
			dispatch({ kind: 'stop' });
			parts.cursor.flush();
			await Promise.all([link.left(), inbox.idle(), changing.settled()]);
		},
		journalGrew: grew.call,
	};
}

function linkEvents(
	{ tenant, site, outbox, log, random, edits }: SyncDeps,
	counters: SyncCounters,
	inbox: Inbox,
	dispatch: (input: SessionInput) => void,
	running: () => { readonly commands: RunningCommands; readonly mails: RunningMails },
): SiteLinkEvents {
	let current = '';
	const takeIn = createMessageIntake({ tenant, site, outbox, log, counters });
	return {
		onUp(link, { receiveMaximum, maximumPacketBytes = Number.POSITIVE_INFINITY }) {
			const maxBatchBytes = Math.min(LIMITS.batchBytes, maximumPacketBytes - ENVELOPE_BYTES);
			dispatch(grewTo(outbox));
			dispatch({ kind: 'linkUp', link, receiveMaximum, maxBatchBytes });
			current = link;
			running().commands.tellAgain();
			running().mails.offer();
		},
		onDown: (problem) => dispatch({ kind: 'linkDown', problem, jitter: random() }),
		onMessage(message) {
			const { inputs, delta, mutations, command, mails } = takeIn(message);
			if (mutations.length > 0) edits.answer(mutations);
			if (command !== null) running().commands.take(command, current);
			if (mails.length > 0) running().mails.answered(mails);
			for (const input of inputs) dispatch(input);
			if (inputs.some((input) => input.kind === 'central' && input.online)) {
				running().commands.tellAgain();
				running().mails.offer();
			}
			return delta ? inbox.deltasIdle() : undefined;
		},
		onSent: counters.sent,
	};
}

function perform(parts: Parts, output: SessionOutput): void {
	const { deps, link } = parts;
	switch (output.do) {
		case 'openLink':
			parts.counters.connecting();
			link.open();
			return;
		case 'closeLink':
			link.close();
			return;
		case 'sendBirth': {
			const { version, bootId } = deps;
			const protocol = { min: PROTOCOL_VERSION, max: PROTOCOL_VERSION };
			const configuration = deps.configuration?.() ?? null;
			link.send('up/birth', 'birth', { version, bootId, protocol, configuration, ...output.position });
			return;
		}
		case 'sendHeartbeat':
			link.send('up/heartbeat', 'heartbeat', { ...output.position, problem: output.problem });
			if (deps.edits.waiting(1).length > 0) parts.machine.dispatch({ kind: 'editsWait' });
			return;
		case 'sendResume': {
			const pending = [...deps.edits.waiting(LIMITS.mutationsAsked)];
			link.send('up/request', 'resume', { ...output.body, pending }, { id: output.id });
			return;
		}
		case 'request':
			link.send('up/request', output.request.type, output.request.body);
			return;
		case 'sendEvents':
		case 'sendLive':
			sendEvents(parts, output);
			return;
		case 'setAcked':
			parts.cursor.note(output.gatewayEpoch, output.seq);
			return;
		case 'deadLetters':
			keepDeadLetters(deps, output.gatewayEpoch, output.rejected);
			return;
		case 'startEpoch':
			parts.cursor.flush();
			parts.changing.begin(output);
			return;
		case 'tellParked':
			tellParked(deps.directory, link, output.stream);
			return;
		case 'applyDelta':
		case 'denyAhead':
		case 'confirmCurrent':
		case 'openSnapshot':
		case 'stageChunk':
		case 'finishSnapshot':
		case 'abandonSnapshot':
		case 'verifyStream':
		case 'mendStream':
			parts.inbox.run(output);
			return;
		case 'reportRepair':
			parts.counters.repaired(output.report.rows, deps.clock.nowMs());
			deps.onRepaired?.(output.report);
	}
}

/** The cursor moves in any case: one event that nobody can use must not hold up the others. */
function keepDeadLetters({ outbox, log }: SyncDeps, gatewayEpoch: string, rejected: readonly RejectedEvent[]): void {
	log.error(
		{ gatewayEpoch, rejected: rejected.slice(0, 10), count: rejected.length },
		'events are of no use to central',
	);
	try {
		outbox.reject(gatewayEpoch, rejected);
	} catch (error) {
		log.error({ err: error }, 'the dead letters could not be written');
	}
}

type SendEvents = Extract<SessionOutput, { do: 'sendEvents' | 'sendLive' }>;

function sendEvents({ deps, link, machine, counters }: Parts, output: SendEvents): void {
	const { gatewayEpoch, maxBatchBytes: maxBytes, ...place } = output;
	const batch = readBatch(deps.outbox, eventSource(deps.tenant, deps.site), { gatewayEpoch, maxBytes, ...place });
	if (batch === undefined) return;
	const { first, last, body, withheld } = batch;
	if (withheld.length > 0) keepDeadLetters(deps, gatewayEpoch, withheld);
	const sent = link.send('up/events', 'events', body, { gatewayEpoch });
	counters.batch(body.events.length, sent.bytes);
	if (output.do === 'sendLive') {
		machine.dispatch({ kind: 'upstream', input: { kind: 'sentLive', last } });
		return;
	}
	machine.dispatch({ kind: 'upstream', input: { kind: 'sent', first, last } });
	void sent.outcome.then((outcome) => {
		if (outcome === 'delivered' || outcome === 'unknown') return;
		machine.dispatch({ kind: 'upstream', input: { kind: 'publishFailed', gatewayEpoch, first, outcome } });
	});
}

/** @returns whether something changed that a person should see. */
function reportChange(log: Log, before: SessionState, after: SessionState): boolean {
	const problem = problemInWords(after);
	const changed = before.link.phase !== after.link.phase || before.central !== after.central;
	if (problem !== null && problem !== problemInWords(before) && after.link.phase !== 'stopped')
		log.warn({ link: after.link.phase, problem }, 'sync has a problem');
	else if (changed) log.info({ link: after.link.phase, central: after.central }, 'sync changed');
	return changed || before.upstream.halted !== after.upstream.halted;
}
