import { encodeWiegand } from '../drivers/wiegand/card-bits.ts';
import { WIEGAND_FORMATS } from '../drivers/wiegand/formats.ts';
import { areasWithin } from '../gateway/core/area-chain.ts';
import type { Clock } from '../gateway/core/clock.ts';
import { createClockScope } from '../gateway/core/clock-scope.ts';
import { createSeededRandom, type SeededRandom } from '../gateway/core/seeded-random.ts';
import type { Lane, Site } from '../gateway/core/site.ts';
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
	readonly site: Pick<Site, 'areas' | 'parks' | 'lanes'>;
	/** Mean time between two vehicles, ms. */
	readonly everyMs: number;
	readonly seed: number;
	/** Who comes by; strangers are made up. */
	readonly visitors: readonly Visitor[];
	readonly onEnd?: (lane: Lane, plan: VehiclePlan, end: VehicleEnd) => void;
	/** Nobody comes before. */
	readonly isReady?: () => boolean;
}

export interface Traffic {
	/** No vehicle comes any more; those in a lane drive on. */
	rest(): void;
	/** Nobody is in any lane. */
	isEmpty(): boolean;
	/** Areas in which vehicles stand, one entry for each. */
	parkedIn(): readonly string[];
	/** Everything stands still. */
	stop(): void;
}

interface Parked {
	readonly plan: VehiclePlan;
	readonly areaId: string;
}

/** Vehicles of all sorts, one at a time in each lane; those that entered leave again later. */
export function startTraffic(options: TrafficOptions): Traffic {
	const { site, hardware } = options;
	const { clock, end } = createClockScope(options.clock);
	const random = createSeededRandom(options.seed);
	const tracks = site.lanes.map((lane) =>
		createLaneTrack(clock, hardware, lane, createBarrierArm(clock, hardware, lane)),
	);
	let parked: readonly Parked[] = [];
	let cancel = clock.after(options.everyMs, next);

	function next(): void {
		cancel = clock.after(random.between(options.everyMs * 0.5, options.everyMs * 1.5), next);
		if (options.isReady?.() === false) return;
		const leaves = parked.length > 0 && random.next() < parked.length / (parked.length + STAYING);
		const fitting = tracks.filter((track) => track.isEmpty() && (track.lane.kind === 'exit') === leaves);
		if (fitting.length === 0) return;
		const track = random.pick(fitting);
		if (leaves) leave(track);
		else enter(track);
	}

	function enter(track: LaneTrack): void {
		const isHere = (visitor: Visitor) => parked.some(({ plan }) => shows(plan, visitor));
		const plan = planEntry(random, track.lane, options.visitors, isHere);
		const park = (reads: VehiclePlan['reads']) => {
			parked = [...parked, { plan: { reads, ...LEAVING }, areaId: track.lane.to }];
		};
		drive(track, plan, (ending) => ending === 'through' && park(plan.reads));
		if (random.next() < FOLLOWED) drive(track, FOLLOWER, (ending) => ending === 'through' && park([]));
	}

	function leave(track: LaneTrack): void {
		const able = parked.filter((vehicle) => canLeaveBy(site, track.lane, vehicle));
		if (able.length === 0) return;
		const vehicle = random.pick(able);
		parked = parked.filter((other) => other !== vehicle);
		drive(track, vehicle.plan, (ending) => {
			if (ending !== 'through') parked = [...parked, vehicle];
		});
	}

	function drive(track: LaneTrack, plan: VehiclePlan, then: (ending: VehicleEnd) => void): void {
		driveVehicle({ clock, hardware, track }, plan, (ending) => {
			then(ending);
			options.onEnd?.(track.lane, plan, ending);
		});
	}

	return {
		rest: () => cancel(),
		isEmpty: () => tracks.every((track) => track.isEmpty()),
		parkedIn: () => parked.map(({ areaId }) => areaId),
		stop: end,
	};
}

/** From an area within the lane's, only who is read there: of others nobody can tell where they stood. */
function canLeaveBy(site: TrafficOptions['site'], lane: Lane, { plan, areaId }: Parked): boolean {
	if (areaId === lane.from) return true;
	const isRead = plan.reads.some(({ kind }) => (kind === 'tag' ? lane.readers : lane.cameras).length > 0);
	return isRead && areasWithin(site, lane.from).includes(areaId);
}

function shows({ reads }: VehiclePlan, { tag, plate }: Visitor): boolean {
	return reads.some((read) => (read.kind === 'tag' ? read.tag === tag : read.plate === plate));
}

function planEntry(
	random: SeededRandom,
	lane: Lane,
	visitors: readonly Visitor[],
	isHere: (visitor: Visitor) => boolean,
): VehiclePlan {
	const readable = visitors.filter(
		(visitor) =>
			((lane.readers.length > 0 && visitor.tag) || (lane.cameras.length > 0 && visitor.plate)) && !isHere(visitor),
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
