import type { RefusedReason } from './message-codec.ts';

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
	/** Messages of central that were refused, by reason. */
	readonly refused: Readonly<Record<string, number>>;
}

export type SyncCounters = ReturnType<typeof createSyncCounters>;

export function createSyncCounters() {
	const counts = { connections: 0, messagesSent: 0, bytesSent: 0, batchesSent: 0, eventsSent: 0, eventBytesSent: 0 };
	const refused: Record<string, number> = {};
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
		refused(reason: RefusedReason | 'gatewayEpoch'): void {
			refused[reason] = (refused[reason] ?? 0) + 1;
		},
		read(): SyncStatistics {
			return { ...counts, refused: { ...refused } };
		},
	};
}
