import type { DeviceStatus, InputChange } from '../../core/device.ts';
import { devicesOfLane } from '../../core/lane/lane-devices.ts';
import type { LaneInput, LoopName } from '../../core/lane/lane-input.ts';
import { groupsBeside } from '../../core/lane/stray-reads.ts';
import type { Observation } from '../../core/observation.ts';
import type { InputRef, Lane } from '../../core/site.ts';
import type { StrayFilter } from './stray-reads.ts';

export interface LaneRoutesDeps {
	readonly lanes: readonly Lane[];
	readonly now: () => { readonly id: string; readonly atMs: number; readonly monotonicMs: number };
	readonly push: (laneId: string, input: LaneInput) => void;
	/** A device of the lane changed its state. */
	readonly changed: (laneId: string) => void;
	/** Takes reads of lanes that stand beside others, and delivers each to one of them. */
	readonly strays: Pick<StrayFilter, 'take'>;
}

/** Which lane hears of which device: a read, a loop, a limit switch, a device lost. */
export interface LaneRoutes {
	onObservation(observation: Observation): void;
	/** A read that waited until it was known to be this lane's. */
	deliverLate(laneId: string, observation: Observation): void;
	onInput(change: InputChange): void;
	onDeviceStatus(status: Pick<DeviceStatus, 'id' | 'state' | 'inputs'>): void;
	/** Devices this lane depends on. */
	devicesOf(lane: Lane): readonly string[];
}

export function createLaneRoutes(deps: LaneRoutesDeps): LaneRoutes {
	const readers = groupBy(deps.lanes, (lane) => [
		...lane.readers,
		...lane.cameras,
		...lane.back.readers,
		...lane.back.cameras,
	]);
	const users = groupBy(deps.lanes, devicesOfLane);
	const besides = groupsBeside(deps.lanes);
	const answering = new Set<string>();
	return {
		onObservation(observation) {
			const { atMs, monotonicMs } = observation;
			const lanes = (readers.get(observation.deviceId) ?? []).filter((lane) => looksAt(lane, observation));
			for (const [index, lane] of lanes.entries()) {
				// Lanes that share a device decide each for itself, and no two decisions have one id.
				const id = index === 0 ? observation.id : deps.now().id;
				if (observation.kind === 'tag' && besides.has(lane.id)) deps.strays.take(lane.id, { ...observation, id });
				else deps.push(lane.id, { type: 'observation', id, atMs, monotonicMs, observation });
			}
		},
		deliverLate(laneId, observation) {
			// Its lane lived on meanwhile: the time of an input never runs backwards.
			const { atMs, monotonicMs } = deps.now();
			deps.push(laneId, { type: 'observation', id: observation.id, atMs, monotonicMs, observation });
		},
		onInput(change) {
			for (const lane of users.get(change.deviceId) ?? []) tell(lane, change);
		},
		onDeviceStatus({ id: deviceId, state, inputs }) {
			// It answers, and can't read its contacts.
			const isBlind = state === 'faulted' && Object.keys(inputs).length === 0;
			const answers = state === 'online' || state === 'faulted';
			const comesBack = answers && !answering.has(deviceId);
			if (answers) answering.add(deviceId);
			if (state === 'offline') answering.delete(deviceId);
			for (const lane of users.get(deviceId) ?? []) {
				if (state === 'offline' || isBlind) forget(lane, deviceId);
				if (comesBack && lane.hold?.deviceId === deviceId) {
					deps.push(lane.id, { type: 'barrierBack', ...deps.now() });
				}
				deps.changed(lane.id);
			}
		},
		devicesOf: devicesOfLane,
	};

	function tell(lane: Lane, change: InputChange): void {
		const { deviceId, input, active, atMs, monotonicMs } = change;
		for (const told of inputsNamed(lane, deviceId, input)) {
			deps.push(lane.id, { ...told, active, id: deps.now().id, atMs, monotonicMs });
		}
	}

	/** Nothing is known of the inputs of a lost device until it tells again. */
	function forget(lane: Lane, deviceId: string): void {
		for (const told of inputsNamed(lane, deviceId)) deps.push(lane.id, { ...told, active: null, ...deps.now() });
	}
}

/** The antenna that read it is one of this lane's. */
export function looksAt({ antennas }: Lane, observation: Observation): boolean {
	const own = antennas?.[observation.deviceId];
	if (own === undefined || observation.kind !== 'tag') return true;
	return observation.antenna !== undefined && own.includes(observation.antenna);
}

type InputRole =
	| { readonly type: 'loop'; readonly loop: LoopName }
	| { readonly type: 'limit'; readonly limit: 'open' | 'closed' }
	| { readonly type: 'fire' };

/** What an input of a device means to a lane; without a name, everything that device tells it. */
function inputsNamed(lane: Lane, deviceId: string, input?: string): readonly InputRole[] {
	const wired: readonly (readonly [InputRef | undefined, InputRole])[] = [
		[lane.loops.arming, { type: 'loop', loop: 'arming' }],
		[lane.loops.safety, { type: 'loop', loop: 'safety' }],
		[lane.loops.closing, { type: 'loop', loop: 'closing' }],
		[lane.position.open, { type: 'limit', limit: 'open' }],
		[lane.position.closed, { type: 'limit', limit: 'closed' }],
		[lane.fire, { type: 'fire' }],
	];
	return wired.flatMap(([ref, role]) =>
		ref?.deviceId === deviceId && (input === undefined || ref.input === input) ? [role] : [],
	);
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
