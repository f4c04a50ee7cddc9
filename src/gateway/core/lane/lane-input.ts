import type { AccessFacts } from '../access/facts.ts';
import type { CommandOutcome } from '../device.ts';
import type { Observation } from '../observation.ts';
import type { Lane } from '../site.ts';
import type { LaneMode } from './lane-mode.ts';
import type { LoopLevels } from './lane-state.ts';

interface Timed {
	/** Fresh id of this input; what it causes is named after it. */
	readonly id: string;
	readonly atMs: number;
	readonly monotonicMs: number;
}

export type LoopName = keyof LoopLevels;

export type LaneInput =
	| (Timed & { readonly type: 'observation'; readonly observation: Observation })
	/** `null`: the device that reads the loop was lost. */
	| (Timed & { readonly type: 'loop'; readonly loop: LoopName; readonly active: boolean | null })
	/** A limit switch of the arm. */
	| (Timed & { readonly type: 'limit'; readonly limit: 'open' | 'closed'; readonly active: boolean | null })
	/** A level; null (its device was lost) changes nothing. */
	| (Timed & { readonly type: 'fire'; readonly active: boolean | null })
	/** Permission was checked by the caller. `reason`: why the operator changed it; absent: the mode's own. */
	| (Timed & {
			readonly type: 'mode';
			readonly mode: LaneMode;
			readonly operatorId: string | null;
			readonly reason?: string;
	  })
	| (Timed & { readonly type: 'holdOutcome'; readonly on: boolean; readonly outcome: CommandOutcome })
	/** The barrier's device answers again: what it held is gone. */
	| (Timed & { readonly type: 'barrierBack' })
	| (Timed & { readonly type: 'timeout' })
	| (Timed & { readonly type: 'vendOutcome'; readonly vendId: string; readonly outcome: CommandOutcome })
	/** `deadlineMonotonicMs`: an earlier end than that of any vend. */
	| (Timed & {
			readonly type: 'remoteVend';
			readonly operatorId: string;
			readonly reason: string;
			readonly deadlineMonotonicMs?: number;
	  });

/** What the step may look at besides state and input. */
export interface StepFacts {
	readonly lane: Lane;
	/** Present exactly when `readsToDecide` returned reads for this input. */
	readonly access: AccessFacts | null;
	/** The holder's name at this time, for the log. */
	readonly holderName: string | null;
	/** The transaction failed once already: the lane follows its `onStoreFailure`. */
	readonly storeFailed: boolean;
}
