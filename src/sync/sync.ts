import type { Clock, ClockTrust } from '../gateway/core/clock.ts';
import { LIMITS } from '../gateway/core/limits.ts';
import type { Log } from '../gateway/core/log.ts';
import type { DirectoryUpdates } from '../gateway/services/directory/directory-updates.ts';
import type { SyncStatus } from '../gateway/services/sync-status.ts';
import { createCursor } from './cursor.ts';
import type { DirectoryTask } from './downstream.ts';
import { PROTOCOL_VERSION } from './envelope.ts';
import { createInbox } from './inbox.ts';
import type { BrokerAccess, OpenLink } from './link.ts';
import { takeIn } from './message-intake.ts';
import { eventSource, type OutboxSource, readBatch } from './outbox.ts';
import { type RunningMachine, runMachine } from './run-machine.ts';
import {
	type SessionInput,
	type SessionOutput,
	type SessionState,
	sessionDeadlineMs,
	startSession,
	stepSession,
} from './session.ts';
import { createSiteLink, type SiteLink } from './site-link.ts';
import { problemInWords } from './sync-problem.ts';
import { createSyncCounters, type SyncCounters, type SyncStatistics } from './sync-statistics.ts';

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
	readonly clockTrust: () => ClockTrust;
	readonly newId: () => string;
	/** 0 ≤ x < 1. */
	readonly random: () => number;
	/** Connection, problem or central's state changed. */
	readonly onStatus?: () => void;
}

export interface Sync {
	status(): SyncStatus;
	statistics(): SyncStatistics;
	start(): void;
	/** Says goodbye to the broker; never rejects. */
	stop(): Promise<void>;
	/** Rows were committed. Cheap, and safe to call on the way to a barrier: sending happens later. */
	journalGrew(): void;
}

/** What the effects share. */
interface Shared {
	readonly deps: SyncDeps;
	readonly counters: SyncCounters;
	readonly link: SiteLink;
	readonly machine: RunningMachine<SessionState, SessionInput>;
	/** One after the other; never rejects. */
	readonly runTask: (task: DirectoryTask) => void;
	readonly onAcked: (seq: number) => void;
	readonly onLeaving: (left: Promise<void>) => void;
}

/** The gateway's side of SYNC.md: carries out what the session machine says, and tells it what happened. */
export function createSync(deps: SyncDeps): Sync {
	const { clock, log, outbox, directory } = deps;
	const counters = createSyncCounters();
	const cursor = createCursor(outbox, clock, log);
	let sinceMs = clock.nowMs();
	let lastAckAtMs: number | null = null;
	let tasks: Promise<void> = Promise.resolve();
	let leaving: Promise<void> = Promise.resolve();

	const link = createSiteLink(
		{ ...deps, gatewayEpoch: outbox.gatewayEpoch },
		{
			onUp(id, { receiveMaximum, maximumPacketBytes = Number.POSITIVE_INFINITY }) {
				const maxBatchBytes = Math.min(LIMITS.batchBytes, maximumPacketBytes - ENVELOPE_BYTES);
				machine.dispatch({ kind: 'upstream', input: { kind: 'grew', lastSeq: outbox.lastSeq() } });
				machine.dispatch({ kind: 'linkUp', link: id, receiveMaximum, maxBatchBytes });
			},
			onDown: (problem) => machine.dispatch({ kind: 'linkDown', problem, jitter: deps.random() }),
			onMessage(message) {
				const { inputs, delta } = takeIn(message, { outbox, log, counters });
				for (const input of inputs) machine.dispatch(input);
				return delta ? tasks : undefined;
			},
			onSent: counters.sent,
		},
	);
	const inbox = createInbox({
		directory,
		log,
		onAnswer: (input) => machine.dispatch({ kind: 'downstream', input }),
	});
	const start = startSession(
		{ lastSeq: outbox.lastSeq(), ackedSeq: outbox.ackedSeq(), streams: directory.streams() },
		clock.monotonicMs(),
	);
	const machine: RunningMachine<SessionState, SessionInput> = runMachine(
		clock,
		{ step: stepSession, deadlineMs: sessionDeadlineMs, tick: { kind: 'tick' } },
		start,
		{
			perform: (output) => perform(shared, output),
			onChange(before, after) {
				if (before.link.phase !== after.link.phase) sinceMs = clock.nowMs();
				if (reportChange(log, before, after)) deps.onStatus?.();
			},
		},
	);
	const shared: Shared = {
		deps,
		counters,
		link,
		machine,
		runTask(task) {
			tasks = tasks.then(() => inbox.run(task));
		},
		onAcked(seq) {
			lastAckAtMs = clock.nowMs();
			cursor.note(seq);
		},
		onLeaving(left) {
			leaving = left;
		},
	};
	return {
		status: () => readStatus(machine.state(), deps, sinceMs, lastAckAtMs),
		statistics: counters.read,
		start: () => machine.dispatch({ kind: 'start' }),
		async stop() {
			machine.dispatch({ kind: 'stop' });
			cursor.flush();
			await Promise.all([leaving, tasks]);
		},
		journalGrew: createLater(clock, () =>
			machine.dispatch({ kind: 'upstream', input: { kind: 'grew', lastSeq: outbox.lastSeq() } }),
		),
	};
}

function perform(shared: Shared, output: SessionOutput): void {
	const { deps, link } = shared;
	switch (output.do) {
		case 'openLink':
			shared.counters.connecting();
			link.open();
			return;
		case 'closeLink':
			shared.onLeaving(link.close());
			return;
		case 'sendBirth': {
			const { version, bootId } = deps;
			const protocol = { min: PROTOCOL_VERSION, max: PROTOCOL_VERSION };
			link.send('up/birth', 'birth', { version, bootId, protocol, ...output.position });
			return;
		}
		case 'sendHeartbeat':
			link.send('up/heartbeat', 'heartbeat', { ...output.position, problem: output.problem });
			return;
		case 'sendResume':
			link.send('up/request', 'resume', output.body, output.id);
			return;
		case 'request':
			link.send('up/request', output.request.type, output.request.body);
			return;
		case 'sendEvents':
			sendEvents(shared, output.afterSeq, output.maxBatchBytes);
			return;
		case 'setAcked':
			shared.onAcked(output.seq);
			return;
		case 'applyDelta':
		case 'confirmCurrent':
		case 'openSnapshot':
		case 'stageChunk':
		case 'finishSnapshot':
		case 'abandonSnapshot':
			shared.runTask(output);
	}
}

function sendEvents({ deps, link, machine, counters }: Shared, afterSeq: number, maxBatchBytes: number): void {
	const batch = readBatch(deps.outbox, eventSource(deps.tenant, deps.site), afterSeq, maxBatchBytes);
	if (batch === undefined) return;
	const { first, last, body } = batch;
	const sent = link.send('up/events', 'events', body);
	counters.batch(body.events.length, sent.bytes);
	machine.dispatch({ kind: 'upstream', input: { kind: 'sent', first, last } });
	void sent.outcome.then((outcome) => {
		if (outcome === 'delivered' || outcome === 'unknown') return;
		machine.dispatch({ kind: 'upstream', input: { kind: 'publishFailed', first, outcome } });
	});
}

/** @returns whether something changed that a person should see. */
function reportChange(log: Log, before: SessionState, after: SessionState): boolean {
	const problem = problemInWords(after);
	const changed = before.link.phase !== after.link.phase || before.central !== after.central;
	if (problem !== null && problem !== problemInWords(before))
		log.warn({ link: after.link.phase, problem }, 'sync has a problem');
	else if (changed) log.info({ link: after.link.phase, central: after.central }, 'sync changed');
	return changed || before.upstream.halted !== after.upstream.halted;
}

function readStatus(state: SessionState, deps: SyncDeps, sinceMs: number, lastAckAtMs: number | null): SyncStatus {
	return {
		configured: true,
		connected: state.link.phase === 'up',
		problem: problemInWords(state),
		sinceMs,
		outboxDepth: deps.outbox.lastSeq() - state.upstream.ackedSeq,
		lastAckAtMs,
		streams: deps.directory.streams().map(({ stream, rev, syncedAtMs }) => ({ stream, rev, syncedAtMs })),
	};
}

/** Any number of calls until it runs are one. */
function createLater(clock: Clock, run: () => void): () => void {
	let planned = false;
	return () => {
		if (planned) return;
		planned = true;
		clock.after(0, () => {
			planned = false;
			run();
		});
	};
}
