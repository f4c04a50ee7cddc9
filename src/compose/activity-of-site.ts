import type { Cancel, Clock } from '../gateway/core/clock.ts';
import type { Log } from '../gateway/core/log.ts';
import type { OperatorActivity } from '../gateway/services/activity/operator-activity.ts';
import { createActivityTold } from '../gateway/services/activity/tell-activity.ts';
import type { Feed } from '../gateway/services/feed.ts';
import type { Operators } from '../gateway/services/operators.ts';

/** Tells live pages what operators do. @returns to be called when the journal grew, with who else is to know of it. */
export function wireActivityTold({
	operators,
	feed,
	log,
}: {
	readonly operators: Pick<Operators, 'audit'>;
	readonly feed: Feed;
	readonly log: Log;
}): (also: () => void) => void {
	const tell = createActivityTold({
		...{ audit: operators.audit, feed, soon: (run) => void setImmediate(run) },
		// Of a store that is closed, too: pages fetch the last things that were done by themselves.
		onError: (error) => log.debug({ err: error }, 'what operators did could not be told to live pages'),
	});
	return (also) => {
		also();
		tell();
	};
}

/** After the start: lanes and links come first. */
const FIRST_MS = 15_000;
const EVERY_MS = 60_000;
/** Between two slices: lanes go first. */
const REST_MS = 50;
const DAY_MS = 86_400_000;

/** Counts what operators do into days, a slice at a time, and ends the days that were kept long enough, once a day. */
export function startCountingActivity(deps: {
	readonly activity: Pick<OperatorActivity, 'slice' | 'endOld'>;
	readonly clock: Clock;
	readonly log: Log;
}): { stop(): void } {
	const { activity, clock, log } = deps;
	let cancel: Cancel = clock.after(FIRST_MS, step);
	let endedOn: number | undefined;

	/** @returns whether there may be more at once. */
	function work(): boolean {
		if (activity.slice()) return true;
		const today = Math.floor(clock.nowMs() / DAY_MS);
		if (today === endedOn) return false;
		if (activity.endOld(clock.nowMs())) return true;
		endedOn = today;
		return false;
	}

	function step(): void {
		let isMore = false;
		try {
			isMore = work();
		} catch (error) {
			log.warn({ err: error }, 'what operators did could not be counted; it is tried again');
		}
		cancel = clock.after(isMore ? REST_MS : EVERY_MS, step);
	}

	return { stop: () => cancel() };
}
