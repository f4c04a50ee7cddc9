import type { CommandOutcome, PulseCommand } from '../../gateway/core/device.ts';
import type { GuardedPulse, GuardState } from '../ports/pulse-guard.ts';

/** What a session of relays is told, whatever the board speaks. Times are monotonic ms. */
export type RelayLineInput =
	/** The line is open: begin. */
	| { readonly type: 'opened'; readonly nowMs: number }
	| { readonly type: 'closed'; readonly problem: string; readonly nowMs: number }
	| { readonly type: 'bytes'; readonly chunk: Uint8Array; readonly nowMs: number }
	/** The moment `wakeAtMs` named has come. */
	| { readonly type: 'tick'; readonly nowMs: number }
	/** The bytes of this send left. */
	| { readonly type: 'written'; readonly sendId: number; readonly nowMs: number }
	| { readonly type: 'writeFailed'; readonly sendId: number; readonly nowMs: number }
	/** This send was withheld: its deadline had passed, or nobody would end the pulse (`problem`). */
	| { readonly type: 'unsent'; readonly sendId: number; readonly problem?: string; readonly nowMs: number }
	/** What stands behind pulses that the gateway ends; never told on a line without a guard. */
	| { readonly type: 'guard'; readonly state: GuardState; readonly nowMs: number };

/** A relay is to be switched. */
export interface AskedPulse {
	readonly type: 'pulse';
	readonly id: number;
	readonly command: PulseCommand;
	/** A maintained output instead of a pulse: on or off until told otherwise. */
	readonly switchTo?: boolean;
	readonly nowMs: number;
}

/** What a session of relays wants done, whatever the board speaks. */
export type RelayLineEffect =
	| {
			readonly type: 'send';
			readonly sendId: number;
			readonly bytes: Uint8Array;
			/** Once they left, this pulse has ended. */
			readonly releases?: string;
			/** These bytes are that pulse; past `deadlineMs` they must not leave, nor before its end is sure. */
			readonly pulse?: { readonly id: number; readonly deadlineMs: number; readonly guarded?: GuardedPulse };
	  }
	/** The pulse has ended. */
	| { readonly type: 'release'; readonly key: string }
	| { readonly type: 'outcome'; readonly pulseId: number; readonly outcome: CommandOutcome };
