import type { Cancel, Clock } from '../gateway/core/clock.ts';

/** A pure machine: state, input and monotonic time in; state and what is to be done out. */
export interface Machine<State, Input, Output> {
	readonly step: (state: State, input: Input, nowMs: number) => { state: State; outputs: readonly Output[] };
	/** When it wants a tick, monotonic; undefined: never. */
	readonly deadlineMs: (state: State) => number | undefined;
	readonly tick: Input;
}

export interface RunningMachine<State, Input> {
	state(): State;
	/** One input after the other, also when carrying out an output makes the next. */
	dispatch(input: Input): void;
}

/** Gives a machine its inputs and ticks, and carries out what it says. */
export function runMachine<State, Input, Output>(
	clock: Clock,
	machine: Machine<State, Input, Output>,
	start: State,
	effects: { readonly perform: (output: Output) => void; readonly onChange?: (before: State, after: State) => void },
): RunningMachine<State, Input> {
	let state = start;
	const queue: Input[] = [];
	let draining = false;
	let tickAtMs: number | undefined;
	let cancelTick: Cancel = () => undefined;

	function advance(input: Input): void {
		const before = state;
		const step = machine.step(state, input, clock.monotonicMs());
		state = step.state;
		for (const output of step.outputs) effects.perform(output);
		effects.onChange?.(before, step.state);
	}

	function planTick(): void {
		const deadlineMs = machine.deadlineMs(state);
		if (deadlineMs === tickAtMs) return;
		cancelTick();
		tickAtMs = deadlineMs;
		if (deadlineMs === undefined) return;
		cancelTick = clock.after(Math.max(0, deadlineMs - clock.monotonicMs()), () => {
			tickAtMs = undefined;
			dispatch(machine.tick);
		});
	}

	function dispatch(input: Input): void {
		queue.push(input);
		if (draining) return;
		draining = true;
		try {
			for (let next = queue.shift(); next !== undefined; next = queue.shift()) advance(next);
		} finally {
			draining = false;
		}
		planTick();
	}

	return { state: () => state, dispatch };
}
