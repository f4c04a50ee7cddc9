import type { Cancel, Clock } from '../gateway/core/clock.ts';
import type { Log } from '../gateway/core/log.ts';
import type { OutboxSource } from './outbox.ts';

/** Each write is a commit beside the lanes'. An older cursor after a crash only means that central is sent what it has. */
const WRITE_EVERY_MS = 2_000;

/** Keeps on the disk up to where central has acknowledged. */
export interface Cursor {
	note(gatewayEpoch: string, seq: number): void;
	/** Writes what was noted. */
	flush(): void;
	/** When central acknowledged last; null: not since the start. */
	notedAtMs(): number | null;
}

export function createCursor(outbox: Pick<OutboxSource, 'setAcked'>, clock: Clock, log: Log): Cursor {
	let notedAtMs: number | null = null;
	const noted = new Map<string, number>();
	let cancel: Cancel | undefined;

	function flush(): void {
		cancel?.();
		cancel = undefined;
		for (const [gatewayEpoch, seq] of noted) {
			try {
				outbox.setAcked(gatewayEpoch, seq);
			} catch (error) {
				log.error({ err: error, gatewayEpoch, seq }, 'the cursor of acknowledged events could not be written');
			}
		}
		noted.clear();
	}

	return {
		note(gatewayEpoch, seq) {
			notedAtMs = clock.nowMs();
			noted.set(gatewayEpoch, seq);
			cancel ??= clock.after(WRITE_EVERY_MS, flush);
		},
		flush,
		notedAtMs: () => notedAtMs,
	};
}
