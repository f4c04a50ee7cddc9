import type { AskedPulse, RelayLineEffect, RelayLineInput } from './relay-line.ts';

/** Of one board. */
export type RelayInput = RelayLineInput | AskedPulse;

export type RelayEffect = RelayLineEffect | { readonly type: 'condition' };
