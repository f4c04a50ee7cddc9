import type { Framer } from '../framer.ts';

/** Which relays are on, as the board tells; index 0 is channel 1. */
export interface RelayStates {
	readonly kind: 'states';
	readonly on: readonly boolean[];
	/** What it calls itself, where it tells. */
	readonly name?: string;
	/** Why it is not to be used: it is another board than the one that is configured. */
	readonly problem?: string;
}

/** The bytes of boards that are told on and off, and end no pulse by themselves. */
export interface RelayDialect {
	/** @param channel from 1 */
	encodeSwitch(channel: number, on: boolean): Uint8Array;
	/** How it is asked; absent: it answers nothing, whatever it is told. */
	readonly look?: {
		readonly request: Uint8Array;
		/** The request was sent: what comes now answers it. */
		createFramer(): Framer<RelayStates>;
	};
	/** After it is opened a board may begin anew, and hears nothing until then. */
	readonly settleMs: number;
	/** How long an answer, or a write that never ends, is waited for. */
	readonly answerMs: number;
}

export interface RelayBoardSettings {
	readonly id: string;
	/** Channels by their names. */
	readonly outputs: Readonly<Record<string, number>>;
	readonly guard: GuardPolicy;
}

/** `required`: no pulse without a second process that would end it. `preferred`: pulses go on, and the board says so. */
export type GuardPolicy = 'required' | 'preferred' | 'off';
