import type { Clock } from '../../gateway/core/clock.ts';
import type { DirectoryOp } from '../../gateway/core/directory-change.ts';
import { LIMITS } from '../../gateway/core/limits.ts';
import type { Log } from '../../gateway/core/log.ts';
import type { CommandResult } from '../commands.ts';
import type { StreamHead } from '../envelope.ts';
import type { BrokerAccess, OpenLink } from '../link.ts';
import { runMachine } from '../run-machine.ts';
import { createSyncCounters } from '../sync-statistics.ts';
import { type AskedOfSite, createCentralCommands } from './central-commands.ts';
import { keepIdentity, openCentralDatabase } from './central-database.ts';
import { createCentralLink } from './central-link.ts';
import type { CentralParts } from './central-parts.ts';
import { receive, takeEdits } from './central-receive.ts';
import {
	type CentralOutput,
	type CentralState,
	centralDeadlineMs,
	startCentral,
	stepCentral,
} from './central-session.ts';
import { createEventIntake } from './event-intake.ts';
import { createEventStore, type StoredEvent } from './event-store.ts';
import { createMutationIntake } from './mutation-intake.ts';
import { createSiteRegister, type KnownSite } from './site-register.ts';
import { createSnapshotPublisher } from './snapshot-publisher.ts';
import { createStreamStore } from './stream-store.ts';

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
	const machine: CentralParts['machine'] = runMachine(
		clock,
		{ step: stepCentral, deadlineMs: centralDeadlineMs, tick: { kind: 'tick' } },
		startCentral(streams.heads(), clock.monotonicMs()),
		{
			perform: (output) => perform(parts, output),
			onChange: (before, after) => reportLink(log, before, after),
		},
	);
	const register = createSiteRegister(db);
	const parts: CentralParts = {
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

function perform({ link, streams, onLeaving }: CentralParts, output: CentralOutput): void {
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

function reportLink(log: Log, before: CentralState, after: CentralState): void {
	if (before.link.phase === after.link.phase) return;
	if (after.link.phase === 'waiting') log.warn({ problem: after.problem?.text }, 'central lost the broker');
	else log.info({ link: after.link.phase }, 'central changed');
}
