import { LIMITS } from '../limits.ts';

/**
 * A configuration on trial: kept only when the gateway runs on it, is as ready as it was before, and whoever asked for
 * it says so in time. Everything else ends in what ran before. Pure: time and what is seen come in.
 */
export interface TrialState {
	readonly phase: 'switching' | 'running' | 'kept' | 'reverting';
	/** Monotonic. */
	readonly deadlineMs: number;
	/** Somebody said that it may stay. */
	readonly confirmed: boolean;
	/** Since when something was missing that makes it end at once; null: nothing is. Monotonic. */
	readonly unreadySinceMs: number | null;
	/** As seen last. */
	readonly missing: TrialMissing;
	/** Why it ends. */
	readonly because: string | null;
}

/** What is not as it was before the trial. */
export interface TrialMissing {
	/** Central was reached before, or the new version is to reach it, and it is not. */
	readonly link: boolean;
	/** Causes of unreadiness that were not there before. */
	readonly unready: readonly string[];
	/** Devices that were online before, are still configured, and are not online. */
	readonly devices: readonly string[];
}

export type TrialInput =
	/** The gateway runs on it. */
	| { readonly kind: 'started' }
	| { readonly kind: 'startFailed'; readonly problem: string }
	| { readonly kind: 'seen'; readonly missing: TrialMissing }
	| { readonly kind: 'confirmed' }
	/** Somebody wants back at once. */
	| { readonly kind: 'givenUp'; readonly because: string }
	| { readonly kind: 'tick' };

export const NOTHING_MISSING: TrialMissing = { link: false, unready: [], devices: [] };

/** @param nowMs monotonic. */
export function startTrial(nowMs: number, withinMs: number): TrialState {
	const missing = NOTHING_MISSING;
	const deadlineMs = nowMs + withinMs;
	return { phase: 'switching', deadlineMs, confirmed: false, unreadySinceMs: null, missing, because: null };
}

/** Once `kept` or `reverting` it stays so. @param nowMs monotonic. */
export function stepTrial(state: TrialState, input: TrialInput, nowMs: number): TrialState {
	if (state.phase === 'kept' || state.phase === 'reverting') return state;
	return judge(take(state, input, nowMs), nowMs);
}

function take(state: TrialState, input: TrialInput, nowMs: number): TrialState {
	switch (input.kind) {
		case 'started':
			return { ...state, phase: 'running' };
		case 'startFailed':
			return revert(state, `the gateway did not start with it: ${input.problem}`);
		case 'seen': {
			const { missing } = input;
			const unreadySinceMs = missing.unready.length === 0 ? null : (state.unreadySinceMs ?? nowMs);
			return { ...state, missing, unreadySinceMs };
		}
		case 'confirmed':
			return { ...state, confirmed: true };
		case 'givenUp':
			return revert(state, input.because);
		case 'tick':
			return state;
	}
}

function judge(state: TrialState, nowMs: number): TrialState {
	if (state.phase === 'reverting') return state;
	const { confirmed, missing, unreadySinceMs, deadlineMs } = state;
	if (nowMs >= deadlineMs) {
		// What would keep it came too late.
		return revert(
			state,
			`within the time given ${whatIsMissing(state) ?? whatIsMissing({ ...state, confirmed: false })}`,
		);
	}
	if (unreadySinceMs !== null && nowMs - unreadySinceMs >= LIMITS.trialUnreadyMs)
		return revert(state, `the gateway is not ready any more: ${missing.unready.join('; ')}`);
	return confirmed && state.phase === 'running' && whatIsMissing(state) === undefined
		? { ...state, phase: 'kept' }
		: state;
}

/** What keeping it still waits for, in words; undefined: nothing. */
export function whatIsMissing({ phase, confirmed, missing }: TrialState): string | undefined {
	if (phase === 'switching') return 'the gateway did not come up';
	if (missing.link) return 'central was not reached';
	if (missing.unready.length > 0) return `the gateway was not ready (${missing.unready.join('; ')})`;
	if (missing.devices.length > 0)
		return `devices that answered before did not answer (${missing.devices.slice(0, NAMED).join(', ')})`;
	return confirmed ? undefined : 'nobody said that it may stay';
}

/** Devices named in a reason; the pages show all. */
const NAMED = 10;

function revert(state: TrialState, because: string): TrialState {
	return { ...state, phase: 'reverting', because: because.slice(0, LIMITS.reasonLength) };
}
