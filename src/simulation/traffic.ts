import type { Clock } from '../gateway/core/clock.ts';
import { createClockScope } from '../gateway/core/clock-scope.ts';
import { createSeededRandom, type SeededRandom } from '../gateway/core/seeded-random.ts';
import type { Lane } from '../gateway/core/site.ts';
import { type BarrierArm, createBarrierArm } from './barrier-arm.ts';
import type { SiteHardware } from './site-hardware.ts';
import { driveVehicle, type VehicleEnd, type VehiclePlan } from './vehicle.ts';

/** Somebody who may come by, with what they carry. */
export interface Visitor {
	readonly tag?: string;
	readonly plate?: string;
}

export interface TrafficOptions {
	readonly clock: Clock;
	readonly hardware: SiteHardware;
	readonly lanes: readonly Lane[];
	/** Mean time between two vehicles, ms. */
	readonly everyMs: number;
	readonly seed: number;
	/** Who comes by; strangers are made up. */
	readonly visitors: readonly Visitor[];
	readonly onEnd?: (lane: Lane, plan: VehiclePlan, end: VehicleEnd) => void;
}

/** Vehicles of all sorts, one at a time in each lane; those that entered leave again later. */
export function startTraffic(options: TrafficOptions): { stop(): void } {
	const { lanes } = options;
	const { clock, end } = createClockScope(options.clock);
	const random = createSeededRandom(options.seed);
	const arms = new Map(lanes.map((lane) => [lane.id, createBarrierArm(clock, options.hardware, lane)]));
	const busy = new Set<string>();
	const inside: VehiclePlan[] = [];
	clock.after(options.everyMs, next);

	function next(): void {
		clock.after(random.between(options.everyMs * 0.5, options.everyMs * 1.5), next);
		const free = lanes.filter((lane) => !busy.has(lane.id));
		const wantsOut = inside.length > 0 && (inside.length > 30 || random.next() < 0.45);
		const lane = free.find(
			(candidate) => (candidate.kind === 'exit') === wantsOut && (wantsOut || random.next() < 0.5),
		);
		const arm = lane === undefined ? undefined : arms.get(lane.id);
		if (lane !== undefined && arm !== undefined) send(lane, arm, wantsOut);
	}

	function send(lane: Lane, arm: BarrierArm, leaving: boolean): void {
		const plan = leaving ? takeOne() : planEntry(random, options.visitors);
		busy.add(lane.id);
		driveVehicle({ clock, hardware: options.hardware, lane, arm }, plan, (ending) => {
			busy.delete(lane.id);
			if (ending === 'through' && !leaving) inside.push({ ...plan, manner: 'through', patienceMs: 15_000 });
			options.onEnd?.(lane, plan, ending);
		});
	}

	function takeOne(): VehiclePlan {
		const [plan] = inside.splice(random.between(0, inside.length - 1), 1);
		return plan ?? { patienceMs: 15_000, manner: 'through' };
	}

	return { stop: end };
}

function planEntry(random: SeededRandom, visitors: readonly Visitor[]): VehiclePlan {
	const stranger = visitors.length === 0 || random.next() < 0.12;
	const visitor = stranger ? { plate: strangersPlate(random) } : random.pick(visitors);
	const dice = random.next();
	const manner = dice < 0.05 ? 'backOut' : dice < 0.09 ? 'followed' : 'through';
	const confidence = random.next() < 0.08 ? 0.55 : random.between(85, 99) / 100;
	return {
		manner,
		patienceMs: random.between(3_000, 6_000),
		...(visitor.tag === undefined ? {} : { tag: visitor.tag }),
		...(visitor.plate === undefined ? {} : { plate: { plate: visitor.plate, confidence } }),
	};
}

/** Belgian form 1-ABC-234, a series the demo does not hand out. */
function strangersPlate(random: SeededRandom): string {
	const letter = () => String.fromCharCode(random.between(65, 90));
	return `9-${letter()}${letter()}${letter()}-${random.between(100, 999)}`;
}
