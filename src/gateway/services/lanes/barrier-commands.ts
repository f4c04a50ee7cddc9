import type { Clock } from '../../core/clock.ts';
import type { CommandOutcome, Holds, Opens, Shows } from '../../core/device.ts';
import type { ActEffect, VendRefusal } from '../../core/lane/lane-effect.ts';
import type { LaneInput } from '../../core/lane/lane-input.ts';
import type { LaneState } from '../../core/lane/lane-state.ts';
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
	/** The pulse's bytes left; measured from the input that caused it. */
	readonly onWritten: (lane: Lane, latencyMs: number) => void;
	readonly onVendRefused: (inputId: string, because: VendRefusal) => void;
}

/** Carries out what a committed step asked for; the pulse's outcome is the lane's next input. */
export function createBarrierCommands(deps: BarrierCommandsDeps) {
	return function act(lane: Lane, state: LaneState, effect: ActEffect, input: LaneInput): void {
		switch (effect.type) {
			case 'vend':
				return vend(lane, state, effect, input);
			case 'hold':
				return hold(lane, effect.on);
			case 'show':
				return show(lane, effect);
			case 'vendRefused':
				return deps.onVendRefused(effect.inputId, effect.because);
		}
	};

	function vend(lane: Lane, state: LaneState, effect: ActEffect & { type: 'vend' }, input: LaneInput): void {
		const answer = (outcome: CommandOutcome) => {
			const { clock, newId } = deps;
			const id = newId();
			deps.push(lane.id, {
				type: 'vendOutcome',
				id,
				atMs: clock.nowMs(),
				monotonicMs: clock.monotonicMs(),
				vendId: effect.vendId,
				outcome,
			});
		};
		const { barrier } = lane;
		const opens = barrier === undefined ? undefined : deps.opens(barrier.deviceId);
		if (barrier === undefined || opens === undefined)
			return answer({ result: 'failed', problem: 'no barrier is wired' });
		if (hasLeft(lane, state)) return answer({ result: 'expired' });
		const pulse = opens.pulse({
			output: barrier.output,
			durationMs: barrier.pulseMs,
			deadlineMonotonicMs: effect.deadlineMonotonicMs,
			onWritten: () => deps.onWritten(lane, deps.clock.monotonicMs() - input.monotonicMs),
		});
		pulse.then(answer, (error: unknown) => {
			deps.log.error({ err: error, laneId: lane.id }, 'a pulse ended without an outcome');
			answer({ result: 'unknown', problem: 'the driver failed' });
		});
	}

	function hold(lane: Lane, on: boolean): void {
		const answer = (outcome: CommandOutcome) => {
			deps.push(lane.id, { type: 'holdOutcome', on, outcome, ...now() });
		};
		const holds = lane.hold === undefined ? undefined : deps.holds(lane.hold.deviceId);
		if (lane.hold === undefined || holds === undefined) {
			return answer({ result: 'failed', problem: 'no hold output is wired' });
		}
		holds.hold({ output: lane.hold.output, on }).then(answer, (error: unknown) => {
			deps.log.error({ err: error, laneId: lane.id }, 'a hold ended without an outcome');
			answer({ result: 'unknown', problem: 'the driver failed' });
		});
	}

	function now() {
		return { id: deps.newId(), atMs: deps.clock.nowMs(), monotonicMs: deps.clock.monotonicMs() };
	}

	function show(lane: Lane, effect: ActEffect & { type: 'show' }): void {
		const targets = effect.deviceId === null ? lane.readers : [effect.deviceId];
		for (const deviceId of targets) deps.shows(deviceId)?.show(effect.feedback);
	}
}

/** Asked last before the command: the vehicle it was for is gone. */
function hasLeft({ loops, rules }: Lane, state: LaneState): boolean {
	return loops.arming !== undefined && !rules.useReadsWithoutVehicle && state.loops.arming === false;
}
