import type { Clock } from '../../gateway/core/clock.ts';
import type { DirectoryOp } from '../../gateway/core/directory-change.ts';
import { LIMITS } from '../../gateway/core/limits.ts';
import type { Log } from '../../gateway/core/log.ts';
import type { CommandResult } from '../commands.ts';
import type { MessageOf, StreamHead } from '../envelope.ts';
import type { BrokerAccess, IncomingMessage, OpenLink } from '../link.ts';
import { decodeMessage } from '../message-codec.ts';
import { type RunningMachine, runMachine } from '../run-machine.ts';
import { createSyncCounters, type SyncCounters } from '../sync-statistics.ts';
import { type AskedOfSite, type CentralCommands, createCentralCommands } from './central-commands.ts';
import { keepIdentity, openCentralDatabase } from './central-database.ts';
import { type CentralLink, createCentralLink } from './central-link.ts';
import {
	type Asker,
	type CentralInput,
	type CentralOutput,
	type CentralState,
	centralDeadlineMs,
	startCentral,
	stepCentral,
} from './central-session.ts';
import { createEventIntake, type EventIntake } from './event-intake.ts';
import { createEventStore, type EventStore, type StoredEvent } from './event-store.ts';
import { createMutationIntake, type MutationAnswer, type MutationIntake } from './mutation-intake.ts';
import { createSiteRegister, type KnownSite, type SiteRegister } from './site-register.ts';
import { createSnapshotPublisher, type SnapshotPublisher } from './snapshot-publisher.ts';
import { createStreamStore, type StreamStore } from './stream-store.ts';

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
}

/** The reference central: the other end of SYNC.md, with its own store. */
export interface Central {
	start(): void;
	/** Commits what waits, says goodbye, closes the store; never rejects. */
	stop(): Promise<void>;
	connected(): boolean;
	/** Any number of rows, LIMITS.deltaOps in a commit; sites hear of each. Throws INVALID_REQUEST for a row that does not fit. */
	change(stream: string, ops: readonly DirectoryOp[]): void;
	/** Asks a site to act on one of its lanes; settles with what became of it. */
	command(site: string, asked: AskedOfSite): Promise<CommandResult>;
	heads(): readonly StreamHead[];
	/** A stream's rows as they are now, by `table/key`. */
	rows(stream: string): ReadonlyMap<string, unknown>;
	sites(): readonly KnownSite[];
	/** A site's events in order, as far as none is missing. */
	events(site: string, gatewayEpoch: string, afterSeq: number, limit: number): readonly StoredEvent[];
	/** Messages refused, by reason. */
	refused(): Readonly<Record<string, number>>;
}

interface Parts {
	readonly link: CentralLink;
	readonly machine: RunningMachine<CentralState, CentralInput>;
	readonly events: EventStore;
	readonly intake: EventIntake;
	readonly streams: StreamStore;
	readonly mutations: MutationIntake;
	readonly commands: CentralCommands;
	readonly snapshots: SnapshotPublisher;
	readonly register: SiteRegister;
	readonly counters: SyncCounters;
	readonly clock: Clock;
	readonly log: Log;
	readonly onLeaving: (left: Promise<void>) => void;
}

/** Opens the store; nothing is connected before `start`. Throws GatewayError STORE_*. */
export function createCentral(deps: CentralDeps): Central {
	const { clock, log } = deps;
	const db = openCentralDatabase(deps.dir);
	const centralEpoch = keepIdentity(db, 'centralEpoch', deps.newId);
	const instance = keepIdentity(db, 'instance', deps.newId);
	const events = createEventStore(db);
	const streams = createStreamStore(db, centralEpoch);
	let leaving: Promise<void> = Promise.resolve();
	const link = createCentralLink(
		{ ...deps, instance },
		{
			onUp: (id) => machine.dispatch({ kind: 'linkUp', link: id }),
			onDown: (problem) => machine.dispatch({ kind: 'linkDown', problem, jitter: deps.random() }),
			onMessage: (message) => receive(parts, message),
		},
	);
	const machine: Parts['machine'] = runMachine(
		clock,
		{ step: stepCentral, deadlineMs: centralDeadlineMs, tick: { kind: 'tick' } },
		startCentral(streams.heads(), clock.monotonicMs()),
		{
			perform: (output) => perform(parts, output),
			onChange: (before, after) => reportLink(log, before, after),
		},
	);
	const register = createSiteRegister(db);
	const parts: Parts = {
		link,
		machine,
		events,
		intake: createEventIntake({
			events,
			clock,
			log,
			onStored(batches) {
				machine.dispatch({ kind: 'stored', batches });
				for (const { site, gatewayEpoch } of batches) takeEdits(parts, site, gatewayEpoch);
			},
		}),
		streams,
		mutations: createMutationIntake(db, streams),
		snapshots: createSnapshotPublisher({ db, centralEpoch, clock, newId: deps.newId }),
		register,
		commands: createCentralCommands({ ...{ db, link, register, clock }, newId: deps.newId }),
		counters: createSyncCounters(),
		clock,
		log,
		onLeaving(left) {
			leaving = left;
		},
	};
	return {
		start: () => machine.dispatch({ kind: 'start' }),
		async stop() {
			parts.intake.flush();
			machine.dispatch({ kind: 'stop' });
			await leaving;
			db.close();
		},
		connected: () => machine.state().link.phase === 'up',
		change(stream, ops) {
			for (let at = 0; at < ops.length; at += LIMITS.deltaOps) {
				const delta = streams.change(stream, ops.slice(at, at + LIMITS.deltaOps));
				machine.dispatch({ kind: 'changed', delta, heads: streams.heads() });
			}
		},
		command: parts.commands.send,
		heads: streams.heads,
		rows: streams.rows,
		sites: parts.register.list,
		events: events.read,
		refused: () => parts.counters.read().refused,
	};
}

function perform({ link, streams, onLeaving }: Parts, output: CentralOutput): void {
	switch (output.do) {
		case 'openLink':
			link.open();
			return;
		case 'closeLink':
			onLeaving(link.close());
			return;
		case 'sendState':
			link.send({ to: 'everyone', link: output.link }, 'centralState', { state: 'online' });
			return;
		case 'sendHead':
			link.send({ to: 'stream', stream: output.head.stream, channel: 'head' }, 'head', output.head);
			return;
		case 'sendAck': {
			const { site, gatewayEpoch, ack } = output;
			link.send({ to: 'site', site, gatewayEpoch, link: null, channel: 'down/ack' }, 'ack', ack);
			return;
		}
		case 'sendResumed':
			link.send({ to: 'site', channel: 'down/data', ...output.asker }, 'resumed', output.body);
			return;
		case 'sendDeltas':
			for (const delta of streams.deltas(output.stream, output.from, LIMITS.deltasPerAnswer))
				link.send({ to: 'site', channel: 'down/data', ...output.asker }, 'delta', delta);
			return;
		case 'sendLiveDelta': {
			const { stream } = output.delta;
			link.send({ to: 'stream', stream, channel: 'delta' }, 'delta', output.delta);
		}
	}
}

function receive(parts: Parts, incoming: IncomingMessage): void | Promise<void> {
	const decoded = decodeMessage(incoming.topic, incoming.payload, incoming.contentType);
	if (!decoded.ok) {
		parts.counters.refused(decoded.reason);
		parts.log.warn({ topic: incoming.topic, reason: decoded.reason, detail: decoded.detail }, 'a message was refused');
		return;
	}
	const { message } = decoded;
	const { site, gatewayEpoch, link } = message;
	if (site === null || gatewayEpoch === null) {
		parts.counters.refused('site');
		return;
	}
	const asker: Asker = { site, gatewayEpoch, link };
	parts.register.seen(site, parts.clock.nowMs());
	switch (message.type) {
		case 'birth': {
			const { version } = message.body;
			if (link !== null) parts.register.born(site, { gatewayEpoch, link, version }, parts.clock.nowMs());
			return;
		}
		case 'will':
			if (link !== null) parts.register.left(site, link);
			return;
		case 'events':
			return parts.intake.take({ site, gatewayEpoch, body: message.body });
		case 'resume':
			parts.machine.dispatch({
				kind: 'resume',
				asker,
				id: message.id,
				streams: message.body.streams,
				cursor: parts.events.cursor(site, gatewayEpoch),
			});
			answerEdits(parts, asker, parts.mutations.answersTo(site, message.body.pending));
			return;
		case 'snapshotRequest':
			offerSnapshot(parts, asker, message);
			return;
		case 'chunkRequest':
			sendChunk(parts, asker, message);
			return;
		case 'challenge':
			parts.commands.challenged(site, link, message.body);
			return;
		case 'commandResult':
			parts.commands.answered(site, message.body);
			return;
		case 'heartbeat':
			return;
		default:
			parts.counters.refused('type');
	}
}

/** What a site changed reaches all sites of the stream, and the site hears what became of it. */
function takeEdits(parts: Parts, site: string, gatewayEpoch: string): void {
	let taken = parts.mutations.take(site, gatewayEpoch);
	for (;;) {
		for (const delta of taken.deltas) {
			parts.machine.dispatch({ kind: 'changed', delta, heads: parts.streams.heads() });
		}
		answerEdits(parts, { site, gatewayEpoch, link: null }, taken.answers);
		if (!taken.more) return;
		taken = parts.mutations.take(site, gatewayEpoch);
	}
}

function answerEdits({ link }: Parts, asker: Asker, answers: readonly MutationAnswer[]): void {
	if (answers.length === 0) return;
	link.send({ to: 'site', channel: 'down/data', ...asker }, 'mutationAnswers', { answers: [...answers] });
}

function offerSnapshot(parts: Parts, asker: Asker, { body }: MessageOf<'snapshotRequest'>): void {
	if (!parts.streams.heads().some(({ stream }) => stream === body.stream)) {
		parts.counters.refused('malformed');
		return;
	}
	parts.snapshots.offer(body.stream).then(
		(manifest) => parts.link.send({ to: 'site', channel: 'down/data', ...asker }, 'manifest', manifest),
		(error: unknown) => parts.log.error({ err: error, stream: body.stream }, 'a snapshot could not be made'),
	);
}

function sendChunk(parts: Parts, asker: Asker, { body }: MessageOf<'chunkRequest'>): void {
	const address = { to: 'site', channel: 'down/data', ...asker } as const;
	const chunk = parts.snapshots.chunk(body.snapshotId, body.index);
	if (chunk !== undefined) parts.link.forward(address, chunk.payload, chunk.contentType);
	else parts.link.send(address, 'snapshotGone', { stream: body.stream, snapshotId: body.snapshotId });
}

function reportLink(log: Log, before: CentralState, after: CentralState): void {
	if (before.link.phase === after.link.phase) return;
	if (after.link.phase === 'waiting') log.warn({ problem: after.problem?.text }, 'central lost the broker');
	else log.info({ link: after.link.phase }, 'central changed');
}
