import { encodeWiegand } from '../drivers/wiegand/card-bits.ts';
import { WIEGAND_FORMATS } from '../drivers/wiegand/formats.ts';
import type { Clock } from '../gateway/core/clock.ts';
import { createClockScope } from '../gateway/core/clock-scope.ts';
import { createSeededRandom, type SeededRandom } from '../gateway/core/seeded-random.ts';
import type { Lane } from '../gateway/core/site.ts';
import { tagFromBits } from '../gateway/core/tag.ts';
import { createBarrierArm } from './barrier-arm.ts';
import { createLaneTrack, type LaneTrack } from './lane-track.ts';
import type { SiteHardware } from './site-hardware.ts';
import { driveVehicle, type PlannedRead, type VehicleEnd, type VehiclePlan } from './vehicle.ts';

/** Somebody who may come by, with what they carry. */
export interface Visitor {
	readonly tag?: string;
	readonly plate?: string;
}

/** About this many vehicles stay inside: beyond it more leave than come. */
const STAYING = 25;
/** Share of those who come in with somebody slipping through behind them. */
const FOLLOWED = 0.04;
/** Keeps so near that it gets through, and far enough for the loops to tell two vehicles. */
const FOLLOWER: VehiclePlan = { reads: [], patienceMs: 6_000, manner: 'follows', gapM: 3.5 };
const LEAVING = { patienceMs: 15_000, manner: 'through', gapM: 1.5 } as const;

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
	const tracks = lanes.map((lane) =>
		createLaneTrack(clock, options.hardware, lane, createBarrierArm(clock, options.hardware, lane)),
	);
	const inside: VehiclePlan[] = [];
	clock.after(options.everyMs, next);

	function next(): void {
		clock.after(random.between(options.everyMs * 0.5, options.everyMs * 1.5), next);
		const leaves = inside.length > 0 && random.next() < inside.length / (inside.length + STAYING);
		const fitting = tracks.filter((track) => track.isEmpty() && (track.lane.kind === 'exit') === leaves);
		if (fitting.length > 0) send(random.pick(fitting), leaves);
	}

	function send(track: LaneTrack, leaving: boolean): void {
		const plan = leaving ? takeOne() : planEntry(random, track.lane, options.visitors);
		drive(track, plan, leaving);
		if (!leaving && random.next() < FOLLOWED) drive(track, FOLLOWER, leaving);
	}

	function drive(track: LaneTrack, plan: VehiclePlan, leaving: boolean): void {
		driveVehicle({ clock, hardware: options.hardware, track }, plan, (ending) => {
			if (ending === 'through' && !leaving) inside.push({ ...plan, ...LEAVING });
			options.onEnd?.(track.lane, plan, ending);
		});
	}

	function takeOne(): VehiclePlan {
		const [plan] = inside.splice(random.between(0, inside.length - 1), 1);
		return plan ?? { reads: [], ...LEAVING };
	}

	return { stop: end };
}

function planEntry(random: SeededRandom, lane: Lane, visitors: readonly Visitor[]): VehiclePlan {
	const readable = visitors.filter(
		({ tag, plate }) => (lane.readers.length > 0 && tag) || (lane.cameras.length > 0 && plate),
	);
	const stranger = readable.length === 0 || random.next() < 0.08;
	const visitor: Visitor = stranger ? aStranger(random, lane) : random.pick(readable);
	const manner = random.next() < 0.05 ? 'backOut' : 'through';
	const confidence = random.next() < 0.08 ? 0.55 : random.between(85, 99) / 100;
	return { manner, patienceMs: random.between(3_000, 6_000), reads: readsOf(visitor, confidence) };
}

function readsOf({ tag, plate }: Visitor, confidence: number): readonly PlannedRead[] {
	return [
		...(plate === undefined ? [] : [{ kind: 'plate', afterMs: 400, plate, confidence } as const]),
		...(tag === undefined ? [] : [{ kind: 'tag', afterMs: 400, tag } as const]),
	];
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
