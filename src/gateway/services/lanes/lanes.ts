import type { Clock } from '../../core/clock.ts';
import type { DeviceStatus } from '../../core/device.ts';
import { GatewayError } from '../../core/gateway-error.ts';
import type { VendRefusal } from '../../core/lane/lane-effect.ts';
import type { LaneInput } from '../../core/lane/lane-input.ts';
import { NORMAL } from '../../core/lane/lane-mode.ts';
import { isHeld, type LanePhase, type LaneState } from '../../core/lane/lane-state.ts';
import type { Lane } from '../../core/site.ts';
import type { DecisionSummary } from '../access-log.ts';
import { armPosition, inputProblems } from './input-problems.ts';
import type { Step } from './lane-engine.ts';
import type { Lanes, LaneView, ModeAnswer, ModeRequest, VendAnswer, VendRequest } from './lane-view.ts';
import { planMode } from './plan-mode.ts';

export interface LanesDeps {
	readonly clock: Clock;
	readonly newId: () => string;
	readonly lanes: readonly Lane[];
	readonly state: (laneId: string) => LaneState | undefined;
	readonly devicesOf: (lane: Lane) => readonly string[];
	readonly deviceStatus: (deviceId: string) => DeviceStatus | undefined;
	readonly lastDecision: (laneId: string) => DecisionSummary | null;
	readonly push: (laneId: string, input: LaneInput) => void;
}

export interface LanesService extends Lanes {
	/** Ends operators' vends that these steps answered. */
	onCommitted(steps: readonly Step[]): void;
	onVendRefused(inputId: string, because: VendRefusal): void;
}

/** What people see of the lanes and ask of them. */
export function createLanes(deps: LanesDeps): LanesService {
	const lanes = new Map(deps.lanes.map((lane) => [lane.id, lane]));
	const waiting = new Map<string, (answer: VendAnswer) => void>();
	const changing = new Map<string, (answer: ModeAnswer) => void>();
	return {
		list: () => deps.lanes.map(view),
		get(laneId) {
			const lane = lanes.get(laneId);
			return lane === undefined ? undefined : view(lane);
		},
		vend,
		changeMode,
		onCommitted(steps) {
			for (const { input, result } of steps) {
				if (input.type === 'vendOutcome') settle(input.vendId, answerOf(input));
				if (input.type === 'mode') {
					changing.get(input.id)?.(
						result.state.mode === input.mode
							? { result: 'changed', mode: input.mode }
							: { result: 'refused', because: 'storeFailure' },
					);
					changing.delete(input.id);
				}
			}
		},
		onVendRefused: (inputId, because) => settle(inputId, { result: 'refused', because }),
	};

	function vend(request: VendRequest): Promise<VendAnswer> {
		if (!lanes.has(request.laneId)) {
			return Promise.reject(new GatewayError('NOT_FOUND', `there is no lane ${request.laneId}`));
		}
		const id = deps.newId();
		return new Promise((resolve) => {
			waiting.set(id, resolve);
			const { laneId: _, ...asked } = request;
			const input = { type: 'remoteVend', id, ...asked } as const;
			deps.push(request.laneId, { ...input, atMs: deps.clock.nowMs(), monotonicMs: deps.clock.monotonicMs() });
		});
	}

	function changeMode(request: ModeRequest): Promise<ModeAnswer> {
		const lane = lanes.get(request.laneId);
		if (lane === undefined) {
			return Promise.reject(new GatewayError('NOT_FOUND', `there is no lane ${request.laneId}`));
		}
		const atMs = deps.clock.nowMs();
		const planned = planMode(lane, deps.state(lane.id)?.mode ?? NORMAL, request, atMs);
		if (planned.result === 'refused') return Promise.resolve(planned);
		const id = deps.newId();
		return new Promise((resolve) => {
			changing.set(id, resolve);
			const { operatorId, reason } = request;
			const input = { type: 'mode', id, mode: planned.mode, operatorId, reason } as const;
			deps.push(lane.id, { ...input, atMs, monotonicMs: deps.clock.monotonicMs() });
		});
	}

	function settle(id: string, answer: VendAnswer): void {
		waiting.get(id)?.(answer);
		waiting.delete(id);
	}

	function view(lane: Lane): LaneView {
		const state = deps.state(lane.id);
		return {
			id: lane.id,
			name: lane.name,
			kind: lane.kind,
			from: lane.from,
			to: lane.to,
			phase: state === undefined ? 'idle' : shownPhase(state),
			phaseSinceMs: state?.phaseSinceMs ?? 0,
			vehiclePresent: lane.loops.arming === undefined ? null : (state?.loops.arming ?? null),
			barrier: state === undefined ? 'unknown' : armPosition(state.arm),
			mode: state?.mode ?? NORMAL,
			fire: state?.fire ?? false,
			canHold: lane.hold !== undefined,
			problems: [
				...deps.devicesOf(lane).flatMap(problemOf),
				...(state === undefined ? [] : inputProblems(state, lane).map(({ text }) => text)),
			],
			lastDecision: deps.lastDecision(lane.id),
		};
	}

	function problemOf(deviceId: string): readonly string[] {
		const status = deps.deviceStatus(deviceId);
		if (status === undefined) return [`${deviceId}: not running`];
		return status.state === 'online' ? [] : [`${deviceId}: ${status.problem ?? status.state}`];
	}
}

/** Between vehicles, what an operator made of the lane is what people want to see. */
function shownPhase(state: LaneState): LanePhase {
	const { phase, mode } = state;
	if (phase !== 'idle') return phase;
	if (isHeld(state)) return 'heldOpen';
	return mode.kind === 'closedToAll' || mode.kind === 'lockdown' ? 'closedToAll' : 'idle';
}

function answerOf({ vendId, outcome }: LaneInput & { type: 'vendOutcome' }): VendAnswer {
	switch (outcome.result) {
		case 'done':
			return { result: 'opened', vendId };
		case 'expired':
			return { result: 'expired', vendId, problem: 'the deadline passed before the barrier could be asked' };
		case 'failed':
		case 'unknown':
			return { result: outcome.result, vendId, problem: outcome.problem };
	}
}
