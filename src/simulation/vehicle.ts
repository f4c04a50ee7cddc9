import type { Clock } from '../gateway/core/clock.ts';
import type { Heading, LaneTrack, TrackedVehicle, VehicleShape } from './lane-track.ts';
import type { PlateSeen, SiteHardware } from './site-hardware.ts';

/** What a driver shows at the lane, or what a camera reads of the car. */
export type PlannedRead = {
	/** After the vehicle came onto the loop in front of the arm, ms; below 0: already when it drives up. */
	readonly afterMs: number;
} & (
	| { readonly kind: 'tag'; readonly tag: string }
	| ({ readonly kind: 'plate' } & Pick<PlateSeen, 'plate' | 'confidence' | 'sends'>)
);

/**
 * `backOut`: reverses although the arm opened. `turnsBack`: only once under the boom. `rollsBack`: only once over
 * the loop behind it. `follows`: shows nothing and slips through behind the vehicle ahead.
 */
export type Manner = 'through' | 'backOut' | 'turnsBack' | 'rollsBack' | 'follows';

/** What one vehicle does at a lane. */
export interface VehiclePlan extends Partial<VehicleShape> {
	readonly reads: readonly PlannedRead[];
	/** Waits this long for the arm, then reverses. */
	readonly patienceMs: number;
	readonly manner: Manner;
	/** Between the arm's opening and driving on. */
	readonly reactionMs?: number;
	readonly heading?: Heading;
}

export type VehicleEnd = 'through' | 'turnedAway' | 'backedOut';

export interface LaneSurroundings {
	readonly clock: Clock;
	readonly hardware: SiteHardware;
	readonly track: LaneTrack;
}

const USUAL_SHAPE: VehicleShape = { lengthM: 4.5, speedMps: 2, gapM: 1.5 };

/** Drives one vehicle through a lane; `done` is called once, when it left the lane. */
export function driveVehicle(
	around: LaneSurroundings,
	plan: VehiclePlan,
	done: (end: VehicleEnd, vehicle: TrackedVehicle) => void,
): TrackedVehicle {
	const { lengthM, speedMps, gapM } = { ...USUAL_SHAPE, ...plan };
	const vehicle = around.track.join({ lengthM, speedMps, gapM }, plan.heading ?? 'forward', () => {
		while (step.done !== true && step.value()) step = script.next();
		if (step.done !== true) return 'stays';
		done(step.value, vehicle);
		return 'left';
	});
	const script = plan.manner === 'follows' ? follow(vehicle, around, plan) : drive(vehicle, around, plan);
	let step = script.next();
	return vehicle;
}

/** A driver's decisions, one after another; each waits for its condition. */
type Script = Generator<() => boolean, VehicleEnd, undefined>;

function* drive(vehicle: TrackedVehicle, around: LaneSurroundings, plan: VehiclePlan): Script {
	const { clock, track } = around;
	const { arm } = track;
	const present = (early: boolean) => {
		for (const read of plan.reads) if (read.afterMs < 0 === early) presentRead(around, vehicle, read);
	};
	present(true);
	vehicle.driveTo('stopLine');
	yield () => isInFront(vehicle);
	const before = arm.openings();
	present(false);
	const givesUpMs = clock.monotonicMs() + plan.patienceMs;
	const mayGo = () => vehicle.hasArrived() && arm.isOpen() && (arm.openings() > before || arm.isHeld());
	yield () => mayGo() || clock.monotonicMs() >= givesUpMs;
	if (!mayGo()) return yield* reverse(vehicle, 'turnedAway');
	yield* wait(clock, plan.reactionMs ?? 500);
	if (plan.manner === 'backOut') return yield* reverse(vehicle, 'backedOut');
	const startedMs = clock.monotonicMs();
	vehicle.driveTo(plan.manner === 'turnsBack' ? 'underBoom' : plan.manner === 'rollsBack' ? 'closingLoop' : 'through');
	yield () => vehicle.hasArrived() || isCutOff(vehicle, clock.monotonicMs() - startedMs > plan.patienceMs);
	if (plan.manner !== 'through') return yield* reverse(vehicle, 'backedOut');
	return vehicle.hasArrived() ? 'through' : yield* reverse(vehicle, 'turnedAway');
}

function* follow(vehicle: TrackedVehicle, { clock }: LaneSurroundings, plan: VehiclePlan): Script {
	vehicle.driveTo('through');
	yield () => isInFront(vehicle);
	const startedMs = clock.monotonicMs();
	yield () => vehicle.hasArrived() || isCutOff(vehicle, clock.monotonicMs() - startedMs > plan.patienceMs);
	return vehicle.hasArrived() ? 'through' : yield* reverse(vehicle, 'turnedAway');
}

function* reverse(vehicle: TrackedVehicle, end: VehicleEnd): Script {
	vehicle.driveTo('backOut');
	yield () => vehicle.hasArrived();
	return end;
}

function* wait(clock: Clock, durationMs: number): Generator<() => boolean, void, undefined> {
	const untilMs = clock.monotonicMs() + durationMs;
	yield () => clock.monotonicMs() >= untilMs;
}

function presentRead({ clock, hardware, track }: LaneSurroundings, vehicle: TrackedVehicle, read: PlannedRead): void {
	const devices = vehicle.heading === 'forward' ? track.lane : track.lane.back;
	const [reader] = devices.readers;
	const [camera] = devices.cameras;
	clock.after(Math.max(0, read.afterMs), () => {
		// Whoever drove on shows nothing more.
		if (read.afterMs >= 0 && !isInFront(vehicle)) return;
		if (read.kind === 'tag') {
			if (reader !== undefined) hardware.stimulate(reader, `card ${read.tag}`);
			return;
		}
		const { kind: _, afterMs: __, ...seen } = read;
		if (camera !== undefined) hardware.readPlate(camera, { ...seen, direction: 'approaching' });
	});
}

function isInFront(vehicle: TrackedVehicle): boolean {
	return vehicle.isOver(vehicle.heading === 'forward' ? 'arming' : 'closing');
}

/** The arm came down before it got under it. */
function isCutOff(vehicle: TrackedVehicle, isTired: boolean): boolean {
	return isTired && !vehicle.isOver('safety') && isInFront(vehicle);
}
