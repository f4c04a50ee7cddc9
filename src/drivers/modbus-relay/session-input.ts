import type { AskedPulse, RelayLineEffect, RelayLineInput } from '../plain-relays/relay-line.ts';

/** Of a line of boards. */
export type SessionInput = RelayLineInput | (AskedPulse & { readonly boardId: string });

export type SessionEffect =
	| RelayLineEffect
	| { readonly type: 'input'; readonly boardId: string; readonly input: string; readonly active: boolean }
	| { readonly type: 'condition'; readonly boardId: string };
