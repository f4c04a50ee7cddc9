import type { DeviceState } from '../../gateway/core/device.ts';
import type { GuardState } from '../ports/pulse-guard.ts';
import type { GuardPolicy } from './dialect.ts';

/** What is known of the board, for its status. */
export interface RelayBoardView {
	readonly state: DeviceState;
	readonly problem: string | undefined;
	readonly lastSeenMs: number | undefined;
	readonly outputs: ReadonlyMap<string, boolean>;
	readonly name: string | undefined;
	/** Why a pulse might not be ended if Parkgate dies. */
	readonly guard: string | undefined;
	readonly statistics: Readonly<Record<string, number>>;
}

/** How the board stands, and what stands behind its pulses. */
export interface Condition {
	readonly state: DeviceState;
	readonly problem: string | undefined;
	/** Why a pulse might not be ended if Parkgate dies; undefined: it would, or nobody has to. */
	readonly guardProblem: string | undefined;
	/** Why a command is not even tried. */
	refusal(isPulse: boolean): string | undefined;
	/** Commands are sent to it. */
	isReady(): boolean;
	/** It took or answered something; `problem`: and is not the board that is meant. */
	works(problem?: string): void;
	goOffline(problem: string): void;
	noteGuard(state: GuardState): void;
}

export function createCondition(policy: GuardPolicy, onChange: () => void): Condition {
	let state: DeviceState = 'starting';
	let problem: string | undefined;
	let guardProblem: string | undefined;
	let isUp = false;
	let boardProblem: string | undefined;

	function set(next: DeviceState, why: string | undefined): void {
		if (state === next && problem === why) return;
		state = next;
		problem = why;
		onChange();
	}

	function isUnguarded(): boolean {
		return guardProblem !== undefined && policy === 'required';
	}

	/** What would end its pulses may still be starting, as it does. */
	function works(problem?: string): void {
		isUp = true;
		boardProblem = problem;
		if (boardProblem !== undefined) set('faulted', boardProblem);
		else if (isUnguarded()) set(state === 'starting' ? 'starting' : 'faulted', guardProblem);
		else set('online', undefined);
	}

	return {
		get state() {
			return state;
		},
		get problem() {
			return problem;
		},
		get guardProblem() {
			return guardProblem;
		},
		refusal(isPulse) {
			const isReady = state === 'online' || state === 'faulted';
			return boardProblem ?? (isPulse && isUnguarded() && isReady ? guardProblem : undefined);
		},
		isReady: () => state === 'online' || state === 'faulted',
		works,
		goOffline(why) {
			isUp = false;
			set('offline', why);
		},
		noteGuard(guard) {
			guardProblem = guard.problem;
			if (isUp) works(boardProblem);
			else onChange();
		},
	};
}
