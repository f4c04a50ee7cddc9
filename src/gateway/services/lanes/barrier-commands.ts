import type { Clock } from '../../core/clock.ts';
import type { CommandOutcome, Holds, Opens, Shows } from '../../core/device.ts';
import type { ActEffect, VendRefusal } from '../../core/lane/lane-effect.ts';
import type { LaneInput } from '../../core/lane/lane-input.ts';
import type { LaneState } from '../../core/lane/lane-state.ts';
import { orientLane, orientState } from '../../core/lane/orient-lane.ts';
import type { Log } from '../../core/log.ts';
import type { Lane } from '../../core/site.ts';

export interface BarrierCommandsDeps {
	readonly clock: Clock;
	readonly log: Log;
	readonly newId: () => string;
	readonly opens: (deviceId: string) => Opens | undefined;
	readonly shows: (deviceId: string) => Shows | undefined;
	readonly holds: (deviceId: string) => Holds | undefined;
	readonly push: (laneId: string, input: LaneInput) => void;
	/** The bytes of a decision's pulse left; measured from the input that led to it. */
	readonly onWritten: (lane: Lane, latencyMs: number) => void;
	readonly onVendRefused: (inputId: string, because: VendRefusal) => void;
}

/** Carries out what a committed step asked for; the pulse's outcome is the lane's next input. */
export function createBarrierCommands(deps: BarrierCommandsDeps) {
	return function act(wired: Lane, state: LaneState, effect: ActEffect, input: LaneInput): void {
		// A reversible lane's readers and arming loop are those of the way it is driven.
		const lane = orientLane(wired, state.direction);
		switch (effect.type) {
			case 'vend':
				vend(lane, orientState(state, state.direction), effect, input);
				return;
			case 'hold':
				hold(lane, effect.on);
				return;
			case 'show':
				show(lane, effect);
				return;
			case 'vendRefused':
				deps.onVendRefused(effect.inputId, effect.because);
				return;
		}
	};

	function vend(lane: Lane, state: LaneState, effect: ActEffect & { type: 'vend' }, input: LaneInput): void {
		const { vendId, deadlineMonotonicMs } = effect;
		const ask = () => pulse(lane, state, deadlineMonotonicMs, input);
		answerWith(lane, ask, (outcome) => ({ type: 'vendOutcome', vendId, outcome, ...now() }));
	}

	/** The command is given before this returns. */
	function pulse(lane: Lane, state: LaneState, deadlineMonotonicMs: number, input: LaneInput): Promise<CommandOutcome> {
		const { barrier } = lane;
		const opens = barrier === undefined ? undefined : deps.opens(barrier.deviceId);
		if (barrier === undefined || opens === undefined) return failed('no barrier is wired');
		if (hasLeft(lane, state)) return Promise.resolve({ result: 'expired' });
		return opens.pulse({
			output: barrier.output,
			durationMs: barrier.pulseMs,
			deadlineMonotonicMs,
			onWritten() {
				if (input.type !== 'remoteVend') deps.onWritten(lane, deps.clock.monotonicMs() - input.monotonicMs);
			},
		});
	}

	function hold(lane: Lane, on: boolean): void {
		const holds = lane.hold === undefined ? undefined : deps.holds(lane.hold.deviceId);
		const ask = () =>
			lane.hold === undefined || holds === undefined
				? failed('no hold output is wired')
				: holds.hold({ output: lane.hold.output, on });
		answerWith(lane, ask, (outcome) => ({ type: 'holdOutcome', on, outcome, ...now() }));
	}

	function answerWith(
		lane: Lane,
		ask: () => Promise<CommandOutcome>,
		toInput: (outcome: CommandOutcome) => LaneInput,
	): void {
		Promise.try(ask).then(
			(outcome) => deps.push(lane.id, toInput(outcome)),
			(error: unknown) => {
				deps.log.error({ err: error, laneId: lane.id }, 'a command ended without an outcome');
				deps.push(lane.id, toInput({ result: 'unknown', problem: 'the driver failed' }));
			},
		);
	}

	function now() {
		return { id: deps.newId(), atMs: deps.clock.nowMs(), monotonicMs: deps.clock.monotonicMs() };
	}

	function show(lane: Lane, effect: ActEffect & { type: 'show' }): void {
		const targets = effect.deviceId === null ? lane.readers : [effect.deviceId];
		for (const deviceId of targets) {
			try {
				deps.shows(deviceId)?.show(effect.feedback);
			} catch (error) {
				deps.log.error({ err: error, laneId: lane.id, deviceId }, 'a device could not show what the lane says');
			}
		}
	}
}

function failed(problem: string): Promise<CommandOutcome> {
	return Promise.resolve({ result: 'failed', problem });
}

/** Asked last before the command: the vehicle it was for is gone. */
function hasLeft({ loops, rules }: Lane, state: LaneState): boolean {
	return loops.arming !== undefined && !rules.useReadsWithoutVehicle && state.loops.arming === false;
}
