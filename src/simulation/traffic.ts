import { encodeWiegand } from '../drivers/wiegand/card-bits.ts';
import { WIEGAND_FORMATS } from '../drivers/wiegand/formats.ts';
import type { Clock } from '../gateway/core/clock.ts';
import { createClockScope } from '../gateway/core/clock-scope.ts';
import { createSeededRandom, type SeededRandom } from '../gateway/core/seeded-random.ts';
import type { Lane } from '../gateway/core/site.ts';
import { tagFromBits } from '../gateway/core/tag.ts';
import { type BarrierArm, createBarrierArm } from './barrier-arm.ts';
import type { SiteHardware } from './site-hardware.ts';
import { driveVehicle, type VehicleEnd, type VehiclePlan } from './vehicle.ts';

/** Somebody who may come by, with what they carry. */
export interface Visitor {
	readonly tag?: string;
	readonly plate?: string;
}

/** About this many vehicles stay inside: beyond it more leave than come. */
const STAYING = 25;

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
		const leaves = inside.length > 0 && random.next() < inside.length / (inside.length + STAYING);
		const fitting = free.filter(({ kind }) => (kind === 'exit') === leaves);
		if (fitting.length === 0) return;
		const lane = random.pick(fitting);
		const arm = arms.get(lane.id);
		if (arm !== undefined) send(lane, arm, leaves);
	}

	function send(lane: Lane, arm: BarrierArm, leaving: boolean): void {
		const plan = leaving ? takeOne() : planEntry(random, lane, options.visitors);
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

function planEntry(random: SeededRandom, lane: Lane, visitors: readonly Visitor[]): VehiclePlan {
	const readable = visitors.filter(
		({ tag, plate }) => (lane.readers.length > 0 && tag) || (lane.cameras.length > 0 && plate),
	);
	const stranger = readable.length === 0 || random.next() < 0.08;
	const visitor: Visitor = stranger ? aStranger(random, lane) : random.pick(readable);
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

/** Somebody with a card or plate that was never handed out here. */
function aStranger(random: SeededRandom, lane: Lane): Visitor {
	return lane.cameras.length > 0 ? { plate: strangersPlate(random) } : strangersCard(random);
}

/** A card of a facility that the demo does not hand out. */
function strangersCard(random: SeededRandom): Visitor {
	const card = encodeWiegand(WIEGAND_FORMATS.H10301, { facility: 250n, number: BigInt(random.between(1, 65_535)) });
	return card === undefined ? {} : { tag: tagFromBits(card.bytes, card.bitCount) };
}

/** Belgian form 9-ABC-234, a series the demo does not hand out. */
function strangersPlate(random: SeededRandom): string {
	const letter = () => String.fromCharCode(random.between(65, 90));
	return `9-${letter()}${letter()}${letter()}-${random.between(100, 999)}`;
}
