import type { VendRefusal } from '../../core/lane/lane-effect.ts';
import type { LaneMode } from '../../core/lane/lane-mode.ts';
import type { LanePhase } from '../../core/lane/lane-state.ts';
import type { LaneKind } from '../../core/site.ts';
import type { DecisionSummary } from '../access-log.ts';

/** One lane as a receptionist sees it. */
export interface LaneView {
	readonly id: string;
	readonly name: string;
	readonly kind: LaneKind;
	readonly from: string;
	readonly to: string;
	readonly phase: LanePhase;
	readonly phaseSinceMs: number;
	/** null: no arming loop is wired. */
	readonly vehiclePresent: boolean | null;
	/** From limit inputs only; `unknown` without them. `fault`: they say what can't be, or for too long. */
	readonly barrier: 'open' | 'closed' | 'moving' | 'fault' | 'unknown';
	/** What an operator made of the lane. */
	readonly mode: LaneMode;
	readonly fire: boolean;
	/** A hold output is wired. */
	readonly canHold: boolean;
	/** Devices of this lane that are not online and inputs that can't be right, in words. */
	readonly problems: readonly string[];
	readonly lastDecision: DecisionSummary | null;
}

export interface VendRequest {
	readonly laneId: string;
	readonly operatorId: string;
	/** Why, in the operator's words; 1–LIMITS.reasonLength characters. */
	readonly reason: string;
	/** No pulse after this moment; absent: as any vend. */
	readonly deadlineMonotonicMs?: number;
}

/** `noVehicle`: the arming loop is free, nothing was sent. `busy`: the lane is already opening. */
export type VendAnswer =
	| { readonly result: 'opened'; readonly vendId: string }
	| { readonly result: 'refused'; readonly because: VendRefusal }
	| { readonly result: 'failed' | 'unknown' | 'expired'; readonly vendId: string; readonly problem: string };

/** `confirmHold`: a hold from before a restart or a lost link acts again. */
export type ModeChange = 'hold' | 'close' | 'lockdown' | 'release' | 'confirmHold';

export interface ModeRequest {
	readonly laneId: string;
	readonly operatorId: string;
	readonly change: ModeChange;
	/** 1–LIMITS.reasonLength characters. */
	readonly reason: string;
	/** UTC epoch ms when it ends by itself; null: until it is released. */
	readonly untilMs: number | null;
	/** The operator is an administrator: closing an exit takes one, and a strict exit; so does ending somebody else's lockdown. */
	readonly mayCloseExits: boolean;
}

/** `noHoldOutput`: holding needs the documented maintained output. `exitNotStrict`: an exit stays open to all. `nothingToConfirm`: the lane is not waiting for it. */
export type ModeAnswer =
	| { readonly result: 'changed'; readonly mode: LaneMode }
	| {
			readonly result: 'refused';
			readonly because:
				| 'noHoldOutput'
				| 'exitNotStrict'
				| 'needsAdministrator'
				| 'endsInThePast'
				| 'nothingToConfirm'
				| 'storeFailure';
	  };

export interface Lanes {
	list(): readonly LaneView[];
	/** undefined: no such lane. */
	get(laneId: string): LaneView | undefined;
	/** Opens once for an operator; journalled before the pulse. Rejects with NOT_FOUND for an unknown lane. */
	vend(request: VendRequest): Promise<VendAnswer>;
	/** Holds open, closes to all, locks down or releases; journalled with owner, reason and end. Rejects with NOT_FOUND for an unknown lane. */
	changeMode(request: ModeRequest): Promise<ModeAnswer>;
}
