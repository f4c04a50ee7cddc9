import type { Clock } from '../gateway/core/clock.ts';
import type { Lane } from '../gateway/core/site.ts';
import type { BarrierArm } from './barrier-arm.ts';
import type { PlateSeen, SiteHardware } from './site-hardware.ts';

/** What one vehicle does at a lane. */
export interface VehiclePlan {
	readonly tag?: string;
	readonly plate?: Omit<PlateSeen, 'direction'>;
	/** Waits this long for the arm, then reverses. */
	readonly patienceMs: number;
	/** `backOut`: reverses although the arm opened. `followed`: a second vehicle slips through behind. */
	readonly manner: 'through' | 'backOut' | 'followed';
}

export type VehicleEnd = 'through' | 'turnedAway' | 'backedOut';

/** Milliseconds a car takes from loop to loop at walking pace. */
const ROLL_MS = 700;
const LOOK_MS = 50;

export interface LaneSurroundings {
	readonly clock: Clock;
	readonly hardware: SiteHardware;
	readonly lane: Lane;
	readonly arm: BarrierArm;
}

/** Drives one vehicle through a lane over its loops; `done` is called once, when the lane is free again. */
export function driveVehicle(around: LaneSurroundings, plan: VehiclePlan, done: (end: VehicleEnd) => void): void {
	const { clock, hardware, lane, arm } = around;
	loop('arming', true);
	clock.after(400, present);
	const givesUpAtMs = clock.monotonicMs() + 400 + plan.patienceMs;
	clock.after(400 + LOOK_MS, awaitArm);

	function present(): void {
		const { tag, plate } = plan;
		const [reader] = lane.readers;
		const [camera] = lane.cameras;
		if (plate !== undefined && camera !== undefined) hardware.readPlate(camera, { ...plate, direction: 'approaching' });
		if (tag !== undefined && reader !== undefined) hardware.stimulate(reader, `card ${tag}`);
	}

	function awaitArm(): void {
		if (arm.isOpen() && plan.manner === 'backOut') reverse('backedOut');
		else if (arm.isOpen()) drive(plan.manner === 'followed' ? 2 : 1);
		else if (clock.monotonicMs() >= givesUpAtMs) reverse('turnedAway');
		else clock.after(LOOK_MS, awaitArm);
	}

	function reverse(end: VehicleEnd): void {
		loop('arming', false);
		clock.after(ROLL_MS, () => done(end));
	}

	/** Each vehicle occupies safety before it leaves arming, and closing before it leaves safety. */
	function drive(vehicles: number): void {
		sequence([
			() => boom(true),
			() => loop('arming', false),
			() => loop('closing', true),
			() => boom(false),
			() => loop('closing', false),
			() => (vehicles > 1 ? drive(vehicles - 1) : done('through')),
		]);
	}

	function sequence(steps: readonly (() => void)[]): void {
		const [first, ...rest] = steps;
		if (first === undefined) return;
		clock.after(ROLL_MS, () => {
			first();
			sequence(rest);
		});
	}

	function boom(occupied: boolean): void {
		arm.setBoomOccupied(occupied);
		loop('safety', occupied);
	}

	function loop(name: keyof Lane['loops'], active: boolean): void {
		const ref = lane.loops[name];
		if (ref !== undefined) hardware.stimulate(ref.deviceId, `input ${ref.input} ${active ? 'on' : 'off'}`);
	}
}
