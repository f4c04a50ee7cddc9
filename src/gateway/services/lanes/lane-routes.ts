import type { DeviceState, InputChange } from '../../core/device.ts';
import type { LaneInput, LoopName } from '../../core/lane/lane-input.ts';
import type { Observation } from '../../core/observation.ts';
import type { InputRef, Lane } from '../../core/site.ts';

/** Limit switches of one barrier as last told; null while unknown. */
export interface ArmLimits {
	readonly open: boolean | null;
	readonly closed: boolean | null;
}

export interface LaneRoutesDeps {
	readonly lanes: readonly Lane[];
	readonly now: () => { readonly id: string; readonly atMs: number; readonly monotonicMs: number };
	readonly push: (laneId: string, input: LaneInput) => void;
	/** Position or devices of a lane changed without an input of the lane machine. */
	readonly changed: (laneId: string) => void;
}

/** Which lane hears of which device: a read, a loop, a limit switch, a device lost. */
export interface LaneRoutes {
	onObservation(observation: Observation): void;
	onInput(change: InputChange): void;
	onDeviceState(deviceId: string, state: DeviceState): void;
	limits(laneId: string): ArmLimits;
	/** Devices this lane depends on. */
	devicesOf(lane: Lane): readonly string[];
}

const LOOPS: readonly LoopName[] = ['arming', 'safety', 'closing'];
const LIMIT_SWITCHES = ['open', 'closed'] as const;

export function createLaneRoutes(deps: LaneRoutesDeps): LaneRoutes {
	const readers = groupBy(deps.lanes, (lane) => [...lane.readers, ...lane.cameras]);
	const users = groupBy(deps.lanes, devicesOf);
	const limits = new Map<string, ArmLimits>();
	return {
		onObservation(observation) {
			for (const lane of readers.get(observation.deviceId) ?? []) {
				const { atMs, monotonicMs, id } = observation;
				deps.push(lane.id, { type: 'observation', id, atMs, monotonicMs, observation });
			}
		},
		onInput({ deviceId, input, active, atMs, monotonicMs }) {
			for (const lane of users.get(deviceId) ?? []) {
				const loop = LOOPS.find((name) => names(lane.loops[name], deviceId, input));
				if (loop !== undefined) {
					deps.push(lane.id, { type: 'loop', loop, active, id: deps.now().id, atMs, monotonicMs });
				}
				setLimit(lane, deviceId, input, active);
			}
		},
		onDeviceState(deviceId, state) {
			for (const lane of users.get(deviceId) ?? []) {
				if (state === 'offline') forget(lane, deviceId);
				deps.changed(lane.id);
			}
		},
		limits: (laneId) => limits.get(laneId) ?? { open: null, closed: null },
		devicesOf,
	};

	function setLimit(lane: Lane, deviceId: string, input: string, active: boolean | null): void {
		const name = LIMIT_SWITCHES.find((limit) => names(lane.position[limit], deviceId, input));
		if (name === undefined) return;
		limits.set(lane.id, { ...(limits.get(lane.id) ?? { open: null, closed: null }), [name]: active });
		deps.changed(lane.id);
	}

	/** Nothing is known of the loops and limits of a lost device until it tells again. */
	function forget(lane: Lane, deviceId: string): void {
		for (const loop of LOOPS) {
			if (lane.loops[loop]?.deviceId === deviceId)
				deps.push(lane.id, { type: 'loop', loop, active: null, ...deps.now() });
		}
		for (const name of LIMIT_SWITCHES) {
			const ref = lane.position[name];
			if (ref?.deviceId === deviceId) setLimit(lane, deviceId, ref.input, null);
		}
	}
}

function devicesOf({ readers, cameras, barrier, loops, position, fire }: Lane): readonly string[] {
	const refs = [barrier, loops.arming, loops.safety, loops.closing, position.open, position.closed, fire];
	return [...new Set([...readers, ...cameras, ...refs.flatMap((ref) => (ref === undefined ? [] : [ref.deviceId]))])];
}

function names(ref: InputRef | undefined, deviceId: string, input: string): boolean {
	return ref?.deviceId === deviceId && ref.input === input;
}

function groupBy(
	lanes: readonly Lane[],
	keysOf: (lane: Lane) => readonly string[],
): ReadonlyMap<string, readonly Lane[]> {
	const groups = new Map<string, Lane[]>();
	for (const lane of lanes) {
		for (const key of keysOf(lane)) groups.set(key, [...(groups.get(key) ?? []), lane]);
	}
	return groups;
}
