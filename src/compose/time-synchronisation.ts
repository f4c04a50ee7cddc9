import { existsSync } from 'node:fs';
import type { Clock } from '../gateway/core/clock.ts';

/** What systemd-timesyncd makes at its first success after a start (systemd-timesyncd.service(8)). */
const MARK = '/run/systemd/timesync/synchronized';
const LOOK_EVERY_MS = 30_000;

/** Whether NTP set this machine's clock since it started; looked at now and then, since every decision asks. */
export function createSynchronisationCheck(clock: Clock, mark = MARK): () => boolean {
	let lookedMs = Number.NEGATIVE_INFINITY;
	let isMarked = false;
	return () => {
		if (clock.monotonicMs() - lookedMs < LOOK_EVERY_MS) return isMarked;
		lookedMs = clock.monotonicMs();
		isMarked = existsSync(mark);
		return isMarked;
	};
}
