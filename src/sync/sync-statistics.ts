import type { RefusedReason } from './message-codec.ts';

/** Why a message goes no further than the door. */
export type Refusal = RefusedReason | 'gatewayEpoch' | 'replayed';

/** Counted since the start of the process. */
export interface SyncStatistics {
	readonly connections: number;
	readonly messagesSent: number;
	/** Payloads, after deflation. */
	readonly bytesSent: number;
	readonly batchesSent: number;
	/** Events, those sent again included. */
	readonly eventsSent: number;
	readonly eventBytesSent: number;
	/** Times that rows of the directory were wrong and put right, and those rows. */
	readonly repairs: number;
	readonly repairedRows: number;
	/** Messages of central that were refused, by reason. */
	readonly refused: Readonly<Record<string, number>>;
}

export type SyncCounters = ReturnType<typeof createSyncCounters>;

export function createSyncCounters() {
	const counts = {
		...{ connections: 0, messagesSent: 0, bytesSent: 0, batchesSent: 0, eventsSent: 0, eventBytesSent: 0 },
		...{ repairs: 0, repairedRows: 0 },
	};
	const refused: Record<string, number> = {};
	let repairedAtMs: number | null = null;
	return {
		connecting(): void {
			counts.connections += 1;
		},
		sent(bytes: number): void {
			counts.messagesSent += 1;
			counts.bytesSent += bytes;
		},
		batch(events: number, bytes: number): void {
			counts.batchesSent += 1;
			counts.eventsSent += events;
			counts.eventBytesSent += bytes;
		},
		repaired(rows: number, nowMs: number): void {
			counts.repairs += 1;
			counts.repairedRows += rows;
			repairedAtMs = nowMs;
		},
		repairs: () => ({ rows: counts.repairedRows, atMs: repairedAtMs }),
		/** @returns how many they are now. */
		refused(reason: Refusal, count = 1): number {
			const now = (refused[reason] ?? 0) + count;
			if (now > 0) refused[reason] = now;
			return now;
		},
		read(): SyncStatistics {
			return { ...counts, refused: { ...refused } };
		},
	};
}
