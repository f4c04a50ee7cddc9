import type { Clock, ClockTrust } from '../core/clock.ts';
import type { Log } from '../core/log.ts';

/** The part of the store that remembers the latest time seen. */
interface HighestTime {
	highestTimeMs(): number;
	raiseHighestTime(nowMs: number): void;
}

export interface ClockWatch {
	/** Asked for every decision. */
	trust(): ClockTrust;
	/** An administrator on site says that the time is right. */
	confirm(): void;
	stop(): void;
}

export interface ClockWatchOptions {
	/** NTP says that the clock is right, such as systemd-timesyncd's own mark. */
	readonly isSynchronised?: () => boolean;
	readonly log?: Log;
}

const LOOK_EVERY_MS = 60_000;
/** A wall clock that moved this much more or less than time passed was set by somebody. */
const JUMP_MS = 300_000;

/**
 * Whether the wall clock may be believed: it must not be behind the latest time this site has seen (battery
 * lost), nor jump while the gateway runs; a synchronised or confirmed one is believed as it is.
 */
export function createClockWatch(clock: Clock, store: HighestTime, options: ClockWatchOptions = {}): ClockWatch {
	const offset = () => clock.nowMs() - clock.monotonicMs();
	let believedOffsetMs = offset();
	let highestTimeMs = store.highestTimeMs();
	let lost = clock.nowMs() < highestTimeMs;
	let cancel = clock.after(LOOK_EVERY_MS, look);
	look();

	function trust(): ClockTrust {
		if (options.isSynchronised?.() === true) {
			believe();
			return 'synced';
		}
		const jumped = Math.abs(offset() - believedOffsetMs) > JUMP_MS;
		if (lost && !jumped && clock.nowMs() >= highestTimeMs) lost = false;
		return lost || jumped ? 'untrusted' : 'held';
	}

	/** Small corrections are followed; a jump stays a jump until the clock is back, synchronised or confirmed. */
	function look(): void {
		cancel();
		cancel = clock.after(LOOK_EVERY_MS, look);
		if (trust() === 'untrusted') return;
		believedOffsetMs = offset();
		remember();
	}

	/** A disk that is full for now must not stop what runs on the clock; the next look tries again. */
	function remember(): void {
		try {
			store.raiseHighestTime(clock.nowMs());
			highestTimeMs = store.highestTimeMs();
		} catch (error) {
			options.log?.warn({ err: error }, 'the latest time seen could not be kept');
		}
	}

	function believe(): void {
		believedOffsetMs = offset();
		lost = false;
	}

	return {
		trust,
		confirm() {
			believe();
			remember();
		},
		stop: () => cancel(),
	};
}
