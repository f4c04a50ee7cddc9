import type { Cancel, Clock } from '../gateway/core/clock.ts';
import type { Log } from '../gateway/core/log.ts';
import type { OutboxSource } from './outbox.ts';

/** Each write is a commit beside the lanes'. An older cursor after a crash only means that central is sent what it has. */
const WRITE_EVERY_MS = 2_000;

/** Keeps on the disk up to where central has acknowledged. */
export interface Cursor {
	note(seq: number): void;
	/** Writes what was noted. */
	flush(): void;
	/** When central acknowledged last; null: not since the start. */
	notedAtMs(): number | null;
}

export function createCursor(outbox: OutboxSource, clock: Clock, log: Log): Cursor {
	let notedAtMs: number | null = null;
	let noted: { seq: number; readonly cancel: Cancel } | undefined;

	function flush(): void {
		if (noted === undefined) return;
		const { seq, cancel } = noted;
		noted = undefined;
		cancel();
		try {
			outbox.setAcked(seq);
		} catch (error) {
			log.error({ err: error, seq }, 'the cursor of acknowledged events could not be written');
		}
	}

	return {
		note(seq) {
			notedAtMs = clock.nowMs();
			if (noted === undefined) noted = { seq, cancel: clock.after(WRITE_EVERY_MS, flush) };
			else noted.seq = seq;
		},
		flush,
		notedAtMs: () => notedAtMs,
	};
}
