/** A pulse that was asked for and has not been sent. */
export interface WaitingPulse {
	readonly id: number;
	/** From 1. */
	readonly channel: number;
	readonly durationMs: number;
	readonly deadlineMs: number;
	/** Switches for good instead of pulsing. */
	readonly switchTo?: boolean;
}

/** What one command is for. */
export type Turn =
	| { readonly kind: 'look' }
	| { readonly kind: 'off'; readonly channel: number }
	| { readonly kind: 'pulse'; readonly pulse: WaitingPulse };

/** The one command that is under way. */
export interface InFlight {
	readonly sendId: number;
	readonly turn: Turn;
	readonly dueMs: number;
	writing: boolean;
}

export interface Plans {
	readonly endings: Iterable<readonly [channel: number, ending: { readonly dueMs: number }]>;
	readonly pulses: readonly WaitingPulse[];
	readonly nextLookMs: number;
	readonly canLook: boolean;
}

/** Ends of pulses first, then the look that tells of the last command, then pulses. */
export function chooseTurn({ endings, pulses, nextLookMs, canLook }: Plans, nowMs: number): Turn | undefined {
	for (const [channel, { dueMs }] of endings) if (dueMs <= nowMs) return { kind: 'off', channel };
	if (canLook && nextLookMs <= nowMs) return { kind: 'look' };
	const [pulse] = pulses;
	return pulse === undefined ? undefined : { kind: 'pulse', pulse };
}

/** Names a relay of the line to the guard. */
export function keyOf(channel: number): string {
	return `relay-${channel}`;
}
