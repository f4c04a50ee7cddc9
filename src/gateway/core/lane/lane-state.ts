import { type LaneMode, NORMAL } from './lane-mode.ts';

/** Where one vehicle is in its way through a lane; DOMAIN words. */
export type LanePhase =
	| 'idle'
	| 'arrived'
	| 'identifying'
	| 'refused'
	| 'opening'
	| 'openWait'
	| 'passing'
	| 'faulted'
	| 'heldOpen'
	| 'closedToAll';

/** One value read at this lane by one or more devices, since the vehicle came. */
export interface CollectedRead {
	readonly kind: 'tag' | 'plate' | 'pin';
	/** Matched value: the canonical tag, the plate as the camera wrote it, or the PIN itself, which is never shown. */
	readonly value: string;
	/** What people know it by: the card's printed number, the plate, or `PIN •••`. */
	readonly label: string;
	/** ISO 3166-1 alpha-2 of a plate, where the camera told. */
	readonly country?: string;
	readonly observationId: string;
	readonly deviceId: string;
	/** The best of the agreeing reads. */
	readonly confidence: number;
	readonly reads: number;
	readonly firstMonotonicMs: number;
}

/** A tag or plate that was decided, and may be read on and on. */
export interface SettledRead {
	readonly value: string;
	readonly untilMonotonicMs: number;
}

/** The one opening in force: asked for, not yet used up by a passage or given back. */
export interface Opening {
	/** Names the pulse and the reservation; equals the decision's id where a decision caused it. */
	readonly vendId: string;
	readonly decisionId: string | null;
	readonly holderId: string | null;
	readonly credentialId: string | null;
	/** The reads it was granted on; seen again they are the same vehicle. */
	readonly values: readonly string[];
	/** Its passage counts a vehicle. */
	readonly counted: boolean;
	/** A place is held under `vendId` until passage or release. */
	readonly reserved: boolean;
	/** The arm was asked to open and the answer is awaited (`asked`) or known. */
	readonly pulse: 'asked' | 'done' | 'unknown';
}

/** How far the vehicle in the lane went over the loops since the opening. */
export interface Progress {
	readonly safetySeen: boolean;
	readonly closingSeen: boolean;
	/** It left the safety loop on its way: whoever comes onto it now is another. */
	readonly boomLeft: boolean;
	/** It left the arming loop: what is read from now on is the next vehicle's. */
	readonly armingLeft: boolean;
}

export const NO_PROGRESS: Progress = { safetySeen: false, closingSeen: false, boomLeft: false, armingLeft: false };

/** Levels of the loops; null while the device that reads them has not told. */
export interface LoopLevels {
	readonly arming: boolean | null;
	readonly safety: boolean | null;
	readonly closing: boolean | null;
}

/** Limit switches of the arm; null while nobody tells. Its position is never inferred from a timer. */
export interface ArmState {
	readonly open: boolean | null;
	readonly closed: boolean | null;
	/** Something was let through, so that a raised arm is right until it was seen down. */
	readonly expectedUp: boolean;
	/** When it was last asked to go up. */
	readonly askedUpMonotonicMs: number;
	/** When a raised arm counts as held open too long. */
	readonly alarmMonotonicMs: number | null;
	/** What is wrong with it as it is seen now, and when that counts as a fault; null once it does. */
	readonly doubt: { readonly what: ArmFault; readonly dueMonotonicMs: number | null } | null;
	/** Told, and not seen right since. */
	readonly fault: ArmFault | null;
}

/** `didNotOpen`: its command was confirmed and it stayed down. */
export type ArmFault = 'bothLimits' | 'betweenLimits' | 'didNotOpen';

/** One loop, as wired, whichever way the lane is driven. */
export interface LoopWatch {
	/** When it will have been on for too long; null: it is off, not watched, or was told. */
	readonly dueMonotonicMs: number | null;
	readonly isStuck: boolean;
}

export const QUIET_LOOP: LoopWatch = { dueMonotonicMs: null, isStuck: false };

/** The maintained output that keeps the arm up. `asked`: no answer yet. `unknown`: it may be on, as a restart found it or because switching it was not confirmed. */
export type HoldState = 'off' | 'unknown' | 'asked' | 'on';

/** All a lane remembers. Plain data; deadlines are monotonic ms and the only timers there are. */
export interface LaneState {
	readonly phase: LanePhase;
	readonly phaseSinceMs: number;
	readonly loops: LoopLevels;
	readonly reads: readonly CollectedRead[];
	/** When the phase ends by itself; null: it does not. */
	readonly deadlineMonotonicMs: number | null;
	readonly mode: LaneMode;
	readonly modeEndMonotonicMs: number | null;
	/** The fire input is active; stays as it was while its device is lost; null: not yet told. */
	readonly fire: boolean | null;
	readonly hold: HoldState;
	/** When a hold that failed under fire is asked for again, or one that has to wait is let go. */
	readonly holdRetryMonotonicMs: number | null;
	readonly arm: ArmState;
	readonly loopWatch: Readonly<Record<keyof LoopLevels, LoopWatch>>;
	/** A vehicle came from behind the barrier: still under the boom, or already on the arming loop. */
	readonly wrongWay: { readonly at: 'boom' | 'arming'; readonly sinceMonotonicMs: number } | null;
	/** Which way a reversible lane is being driven; others are always `forward`. */
	readonly direction: 'forward' | 'back';
	readonly opening: Opening | null;
	readonly progress: Progress;
	/** A vehicle on the safety loop before this follows the one that passed. */
	readonly tailgateUntilMonotonicMs: number;
	/** Values decided a moment ago, each not decided again before its time while it keeps being read. */
	readonly settledReads: readonly SettledRead[];
}

export function idleLane(atMs: number): LaneState {
	return {
		phase: 'idle',
		phaseSinceMs: atMs,
		loops: { arming: null, safety: null, closing: null },
		reads: [],
		deadlineMonotonicMs: null,
		mode: NORMAL,
		modeEndMonotonicMs: null,
		fire: null,
		hold: 'off',
		holdRetryMonotonicMs: null,
		arm: {
			...{ open: null, closed: null, expectedUp: false, askedUpMonotonicMs: Number.NEGATIVE_INFINITY },
			...{ alarmMonotonicMs: null, doubt: null, fault: null },
		},
		loopWatch: { arming: QUIET_LOOP, safety: QUIET_LOOP, closing: QUIET_LOOP },
		wrongWay: null,
		direction: 'forward',
		opening: null,
		progress: NO_PROGRESS,
		tailgateUntilMonotonicMs: Number.NEGATIVE_INFINITY,
		settledReads: [],
	};
}

/** When `stepLane` must be called with `timeout` at the latest; null: nothing is awaited. */
export function laneDeadline({
	deadlineMonotonicMs,
	modeEndMonotonicMs,
	holdRetryMonotonicMs,
	arm,
	loopWatch,
}: LaneState): number | null {
	const due = [
		...[deadlineMonotonicMs, modeEndMonotonicMs, holdRetryMonotonicMs],
		...[arm.alarmMonotonicMs, arm.doubt?.dueMonotonicMs ?? null],
		...[loopWatch.arming.dueMonotonicMs, loopWatch.safety.dueMonotonicMs, loopWatch.closing.dueMonotonicMs],
	];
	const set = due.filter((moment) => moment !== null);
	return set.length === 0 ? null : Math.min(...set);
}

/** The arm is kept up by its maintained output: vehicles pass without an opening of their own. */
export function isHeld({ hold }: LaneState): boolean {
	return hold === 'asked' || hold === 'on';
}
