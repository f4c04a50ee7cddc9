import { type Lane, OUTSIDE } from '../site.ts';
import type { LaneInput } from './lane-input.ts';
import type { LaneState, LoopLevels } from './lane-state.ts';

type Direction = LaneState['direction'];

/**
 * A reversible lane is one machine driven either way: for a vehicle from behind, the loop after the boom is its
 * arming loop, and `from` and `to` change places. The way is settled while the lane is idle.
 */
export function directionFor(state: LaneState, input: LaneInput, lane: Lane): Direction {
	if (lane.kind !== 'reversible' || state.phase !== 'idle') return state.direction;
	if (input.type === 'observation') {
		const { deviceId } = input.observation;
		if ([...lane.back.readers, ...lane.back.cameras].includes(deviceId)) return 'back';
		return 'forward';
	}
	if (input.type !== 'loop' || input.active !== true) return state.direction;
	if (input.loop === 'closing') return 'back';
	return input.loop === 'arming' ? 'forward' : state.direction;
}

/** The lane as a vehicle of this direction meets it, `back` being what stands at the other end; anything but a reversible lane is as it is wired. */
export function orientLane(lane: Lane, direction: Direction): Lane {
	if (lane.kind !== 'reversible') return lane;
	const { arming, safety, closing } = lane.loops;
	const isBack = direction === 'back';
	const to = isBack ? lane.from : lane.to;
	return {
		...lane,
		kind: to === OUTSIDE ? 'exit' : 'entry',
		from: isBack ? lane.to : lane.from,
		to,
		readers: isBack ? lane.back.readers : lane.readers,
		cameras: isBack ? lane.back.cameras : lane.cameras,
		back: isBack ? { readers: lane.readers, cameras: lane.cameras } : lane.back,
		loops: isBack
			? {
					...(closing === undefined ? {} : { arming: closing }),
					...(safety === undefined ? {} : { safety }),
					...(arming === undefined ? {} : { closing: arming }),
				}
			: lane.loops,
	};
}

export function orientInput<T extends LaneInput>(input: T, direction: Direction): T {
	if (direction === 'forward' || input.type !== 'loop') return input;
	return { ...input, loop: swap(input.loop) };
}

/** Turns the levels round; turned twice they are as they were. */
export function orientState(state: LaneState, direction: Direction): LaneState {
	if (direction === 'forward') return state;
	const { arming, safety, closing } = state.loops;
	const loops: LoopLevels = { arming: closing, safety, closing: arming };
	return { ...state, loops };
}

/**
 * On its way a vehicle takes the loop under the boom before the one behind it: one that takes only the one behind came
 * to the other end of a reversible lane, and waits there until the lane is free.
 */
export function comesToOtherEnd({ loops, progress }: LaneState, input: LaneInput, wired: Lane): boolean {
	if (wired.kind !== 'reversible' || wired.loops.safety === undefined) return false;
	const rose = input.type === 'loop' && input.loop === 'closing' && input.active === true && loops.closing === false;
	return rose && loops.safety === false && !progress.safetySeen;
}

function swap(loop: keyof LoopLevels): keyof LoopLevels {
	if (loop === 'safety') return loop;
	return loop === 'arming' ? 'closing' : 'arming';
}
