import type { Feedback } from '../device.ts';
import type { JournalEntry } from '../journal.ts';
import type { StayTerms } from '../stay-terms.ts';
import type { LaneMode } from './lane-mode.ts';
import type { CollectedRead, LaneState } from './lane-state.ts';

/** What the lane wants done. `store` effects are one durable transaction; the others run after it committed, in order. */
export interface StepResult {
	readonly state: LaneState;
	readonly store: readonly StoreEffect[];
	readonly act: readonly ActEffect[];
}

export type StoreEffect =
	| { readonly type: 'record'; readonly entry: JournalEntry }
	| {
			readonly type: 'reserve';
			readonly vendId: string;
			readonly holderId: string | null;
			/** Counters, one place each; may be none. */
			readonly areaIds: readonly string[];
			readonly rightId: string | null;
			readonly credentialId: string | null;
			/** What its passage will cost; absent: nothing. */
			readonly terms?: StayTerms;
	  }
	| { readonly type: 'release'; readonly vendId: string }
	/** Kept for the next start. */
	| { readonly type: 'setMode'; readonly mode: LaneMode }
	| {
			readonly type: 'pass';
			/** null: nobody was let in by it (tailgate, unread exit without a barrier). */
			readonly vendId: string | null;
			readonly passageId: string;
			readonly decisionId: string | null;
			/** False: occupancy does not see it (free pass). */
			readonly counted: boolean;
			readonly holderId: string | null;
			readonly credentialId: string | null;
			readonly from: string;
			readonly to: string;
	  };

export type ActEffect =
	/** Pulse once; nothing may leave after the deadline. */
	| { readonly type: 'vend'; readonly vendId: string; readonly deadlineMonotonicMs: number }
	/** Switch the maintained output; answered by `holdOutcome`. */
	| { readonly type: 'hold'; readonly on: boolean }
	| { readonly type: 'show'; readonly feedback: Feedback; readonly deviceId: string | null }
	/** Answers an operator's vend that was not carried out. */
	| { readonly type: 'vendRefused'; readonly inputId: string; readonly because: VendRefusal };

/** Why an operator's opening was not carried out; nothing was sent. */
export type VendRefusal = 'noVehicle' | 'busy' | 'noBarrier' | 'storeFailure' | 'heldOpen' | 'closed';

export type { CollectedRead };
