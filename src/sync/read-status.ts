import type { SyncStatus } from '../gateway/services/sync-status.ts';
import type { Cursor } from './cursor.ts';
import { digestState } from './downstream.ts';
import { newest, waiting } from './epoch-cursors.ts';
import type { OutboxSource } from './outbox.ts';
import type { SessionState } from './session.ts';
import type { SyncDeps } from './sync.ts';
import { problemInWords } from './sync-problem.ts';
import type { SyncCounters } from './sync-statistics.ts';

const UNKNOWN_DISK: SyncStatus['disk'] = { room: 'ample', freeBytes: null };

/** How the site stands with central, for pages and programs. */
export function readStatus(
	parts: {
		readonly deps: Pick<SyncDeps, 'outbox' | 'directory' | 'disk'>;
		readonly counters: Pick<SyncCounters, 'read' | 'repairs'>;
		readonly cursor: Pick<Cursor, 'notedAtMs'>;
	},
	state: SessionState,
	sinceMs: number,
): SyncStatus {
	const { deps, counters, cursor } = parts;
	return {
		configured: true,
		connected: state.link.phase === 'up',
		problem: problemInWords(state),
		sinceMs,
		outboxDepth: waitingEvents(deps.outbox, state),
		lastAckAtMs: cursor.notedAtMs(),
		refused: counters.read().refused,
		history: historyOf(deps.outbox),
		deadLetters: deps.outbox.deadLetters(),
		disk: deps.disk?.() ?? UNKNOWN_DISK,
		streams: deps.directory.streams().map(({ stream, rev, syncedAtMs, parked }) => ({
			...{ stream, rev, syncedAtMs, parked },
			digest: digestState(state.downstream, stream),
		})),
		repairs: counters.repairs(),
	};
}

/** The newest history of this site. */
export function historyOf(outbox: Pick<OutboxSource, 'epochs' | 'gatewayEpoch'>): SyncStatus['history'] {
	const { reason, startedAtMs } = outbox.epochs().at(-1) ?? { reason: 'new', startedAtMs: 0 };
	return { gatewayEpoch: outbox.gatewayEpoch(), reason, sinceMs: startedAtMs };
}

/** What was committed a moment ago counts too. */
function waitingEvents(outbox: OutboxSource, { upstream: { epochs } }: SessionState): number {
	const { gatewayEpoch, lastSeq } = newest(epochs);
	const fresh = outbox.gatewayEpoch() === gatewayEpoch ? Math.max(0, outbox.lastSeq() - lastSeq) : 0;
	return waiting(epochs) + fresh;
}
