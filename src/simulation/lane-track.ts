import type { Clock } from '../gateway/core/clock.ts';
import type { Lane } from '../gateway/core/site.ts';
import type { BarrierArm } from './barrier-arm.ts';
import type { SiteHardware } from './site-hardware.ts';

export type LoopName = keyof Lane['loops'];
type Stretch = readonly [fromM: number, toM: number];

/** Metres along a lane, from the near edge of the arming loop; the boom comes down on the safety loop. */
const LOOPS: Readonly<Record<LoopName, Stretch>> = { arming: [0, 3], safety: [3.6, 5.4], closing: [7, 9] };
/** Leading edge of who waits in front of a closed arm, coming forward and from behind. */
const STOP_M = { forward: 2.8, back: 6.8 } as const;
const END_M: Stretch = [-0.2, 9.2];
const TICK_MS = 100;
const ROUNDING_M = 0.01;

export type Heading = 'forward' | 'back';

/** When a vehicle was over a loop, monotonic ms; `toMs` is null while it still is. */
export interface LoopVisit {
	readonly loop: LoopName;
	readonly fromMs: number;
	readonly toMs: number | null;
}

export interface TrackedVehicle {
	readonly heading: Heading;
	/** Drives on or back until its bumper is there, or as near as the vehicle ahead and a closed arm let it. */
	driveTo(where: 'stopLine' | 'underBoom' | 'closingLoop' | 'through' | 'backOut'): void;
	hasArrived(): boolean;
	isOver(loop: LoopName): boolean;
	/** Oldest first. */
	visits(): readonly LoopVisit[];
}

export interface VehicleShape {
	readonly lengthM: number;
	/** Walking pace is about 2. */
	readonly speedMps: number;
	/** Kept to the vehicle ahead. */
	readonly gapM: number;
}

/** One lane as vehicles drive through it, one behind another; its loops say who stands on them. */
export interface LaneTrack {
	readonly lane: Lane;
	readonly arm: BarrierArm;
	/** Comes at the end of the queue of its side. `onTick` is called ten times a second until it says that the vehicle left. */
	join(shape: VehicleShape, heading: Heading, onTick: (vehicle: TrackedVehicle) => 'stays' | 'left'): TrackedVehicle;
	isEmpty(): boolean;
}

interface Moving extends TrackedVehicle {
	readonly shape: VehicleShape;
	readonly onTick: (vehicle: TrackedVehicle) => 'stays' | 'left';
	/** Where it is: its lower and higher end. */
	lowM: number;
	/** Wanted place of its lower end. */
	targetM: number;
	readonly visited: { loop: LoopName; fromMs: number; toMs: number | null }[];
}

export function createLaneTrack(clock: Clock, hardware: SiteHardware, lane: Lane, arm: BarrierArm): LaneTrack {
	const vehicles: Moving[] = [];
	const levels: Record<LoopName, boolean> = { arming: false, safety: false, closing: false };
	let ticking = false;

	function tick(): void {
		ticking = vehicles.length > 0;
		if (!ticking) return;
		clock.after(TICK_MS, tick);
		for (const vehicle of vehicles) move(vehicle);
		sense();
		for (const vehicle of [...vehicles]) {
			if (vehicle.onTick(vehicle) === 'left') vehicles.splice(vehicles.indexOf(vehicle), 1);
		}
		sense();
	}

	function move(vehicle: Moving): void {
		const { lengthM, speedMps } = vehicle.shape;
		const stepM = (speedMps * TICK_MS) / 1_000;
		const wayM = vehicle.targetM - vehicle.lowM;
		if (wayM > 0) {
			const limitM = Math.min(...aheadOf(vehicle), closedArmLimit(vehicle.lowM + lengthM, 'forward'));
			vehicle.lowM += Math.max(0, Math.min(stepM, wayM, limitM - lengthM - vehicle.lowM));
		} else if (wayM < 0) {
			const limitM = Math.max(...aheadOf(vehicle), closedArmLimit(vehicle.lowM, 'back'));
			vehicle.lowM -= Math.max(0, Math.min(stepM, -wayM, vehicle.lowM - limitM));
		}
	}

	/** As far as the vehicles ahead of it leave room; whoever reverses finds those behind it out of the way. */
	function aheadOf({ lowM, shape: { lengthM, gapM }, heading, targetM }: Moving): readonly number[] {
		const goesForward = targetM > lowM;
		if (goesForward !== (heading === 'forward')) return [];
		return vehicles.flatMap((other) => {
			const otherHighM = other.lowM + other.shape.lengthM;
			if (goesForward) return other.lowM >= lowM + lengthM ? [other.lowM - gapM] : [];
			return otherHighM <= lowM ? [otherHighM + gapM] : [];
		});
	}

	/** Nobody drives against a closed arm; who is under it goes on. */
	function closedArmLimit(edgeM: number, heading: Heading): number {
		const limitM = heading === 'forward' ? LOOPS.safety[0] - 0.2 : LOOPS.safety[1] + 0.2;
		const isBefore = heading === 'forward' ? edgeM <= limitM + ROUNDING_M : edgeM >= limitM - ROUNDING_M;
		if (isBefore && !arm.isOpen()) return limitM;
		return heading === 'forward' ? Number.POSITIVE_INFINITY : Number.NEGATIVE_INFINITY;
	}

	function sense(): void {
		for (const loop of ['arming', 'safety', 'closing'] as const) {
			const active = vehicles.some((vehicle) => isOver(vehicle, loop));
			for (const vehicle of vehicles) noteVisit(vehicle, loop);
			if (active === levels[loop]) continue;
			levels[loop] = active;
			if (loop === 'safety') arm.setBoomOccupied(active);
			const ref = lane.loops[loop];
			if (ref !== undefined) hardware.stimulate(ref.deviceId, `input ${ref.input} ${active ? 'on' : 'off'}`);
		}
	}

	function noteVisit(vehicle: Moving, loop: LoopName): void {
		const last = vehicle.visited.findLast((visit) => visit.loop === loop && visit.toMs === null);
		const now = isOver(vehicle, loop);
		if (now && last === undefined) vehicle.visited.push({ loop, fromMs: clock.monotonicMs(), toMs: null });
		if (!now && last !== undefined) last.toMs = clock.monotonicMs();
	}

	function startOf({ lengthM, gapM }: VehicleShape, heading: Heading): number {
		const others = vehicles.filter((other) => other.heading === heading);
		if (heading === 'forward') return Math.min(-1, ...others.map(({ lowM }) => lowM - gapM)) - lengthM;
		return Math.max(END_M[1] + 1, ...others.map(({ lowM, shape }) => lowM + shape.lengthM + gapM));
	}

	return {
		lane,
		arm,
		isEmpty: () => vehicles.length === 0,
		join(shape, heading, onTick) {
			const lowM = startOf(shape, heading);
			const vehicle: Moving = {
				...{ heading, shape, onTick, lowM, targetM: lowM, visited: [] },
				driveTo(where) {
					vehicle.targetM = placeOf(where, shape.lengthM, heading);
				},
				hasArrived: () => Math.abs(vehicle.targetM - vehicle.lowM) < ROUNDING_M,
				isOver: (loop) => isOver(vehicle, loop),
				visits: () => vehicle.visited,
			};
			vehicles.push(vehicle);
			if (!ticking) clock.after(TICK_MS, tick);
			ticking = true;
			return vehicle;
		},
	};
}

function isOver({ lowM, shape }: Moving, loop: LoopName): boolean {
	const [fromM, toM] = LOOPS[loop];
	return lowM < toM && lowM + shape.lengthM > fromM;
}

/** Lower end of a vehicle of this length that is there. */
function placeOf(where: Parameters<TrackedVehicle['driveTo']>[0], lengthM: number, heading: Heading): number {
	const isForward = heading === 'forward';
	switch (where) {
		case 'stopLine':
			return isForward ? STOP_M.forward - lengthM : STOP_M.back;
		case 'underBoom':
			return isForward ? LOOPS.safety[1] - 0.2 - lengthM : LOOPS.safety[0] + 0.2;
		case 'closingLoop':
			return isForward ? LOOPS.closing[0] + 0.6 - lengthM : LOOPS.arming[1] - 0.6;
		case 'through':
			return isForward ? END_M[1] : END_M[0] - lengthM;
		case 'backOut':
			return isForward ? END_M[0] - lengthM : END_M[1];
	}
}
