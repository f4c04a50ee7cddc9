import type { SeededRandom } from '../../src/gateway/core/seeded-random.ts';
import type { Lane } from '../../src/gateway/core/site.ts';
import type { Heading } from '../../src/simulation/lane-track.ts';
import type { Manner, PlannedRead, VehiclePlan } from '../../src/simulation/vehicle.ts';
import { type Person, strangersTag } from './people.ts';
import type { Car } from './streets.ts';

export interface PlannedVehicle extends VehiclePlan {
	/** Holders of everything it shows. */
	readonly holderIds: readonly string[];
}

interface Situation {
	readonly random: SeededRandom;
	readonly lane: Lane;
	readonly car: Car;
	readonly people: readonly Person[];
	/** Nobody else is in the lane. */
	readonly isAlone: boolean;
	readonly heading: Heading;
	/** Shows its best at once and drives through. */
	readonly calm: boolean;
}

/** How long people wait where they want out, and elsewhere. */
const PATIENCE_MS = { exit: [60_000, 90_000], entry: [3_000, 14_000] } as const;

export function planVehicle(situation: Situation): PlannedVehicle {
	const { random, lane, car, people, heading, calm } = situation;
	const owner = people.find(({ id }) => id === car.personId);
	// Somebody lends a card now and then.
	const holder = !calm && random.next() < 0.03 ? random.pick(people) : owner;
	const leaves = lane.kind === 'exit' || (lane.kind === 'reversible' && heading === 'back');
	const [from, to] = PATIENCE_MS[leaves ? 'exit' : 'entry'];
	const reads = [...plateReads(situation), ...tagReads(situation, holder)];
	const lengthM = random.pick([4.5, 4.5, 4.5, 4.5, 2, 12]);
	return {
		reads,
		holderIds: [...new Set([owner?.id, holder?.id].filter((id) => id !== undefined))],
		patienceMs: random.between(from, to),
		reactionMs: random.next() < 0.04 ? random.between(4_000, 9_000) : random.between(200, 1_500),
		lengthM,
		speedMps: random.between(15, 35) / 10,
		gapM: random.between(10, 25) / 10,
		heading,
		manner: calm ? 'through' : mannerOf(random, lengthM, lane),
	};
}

function mannerOf(random: SeededRandom, lengthM: number, lane: Lane): Manner {
	const dice = random.next();
	if (dice < 0.05) return 'backOut';
	if (dice < 0.08) return 'turnsBack';
	// A motorbike over the last loop has left the boom, and the arm comes down behind it.
	if (dice < 0.1 && lengthM > 4 && lane.kind !== 'reversible') return 'rollsBack';
	return 'through';
}

function plateReads({ random, lane, car, isAlone, heading, calm }: Situation): readonly PlannedRead[] {
	const devices = heading === 'forward' ? lane : lane.back;
	if (devices.cameras.length === 0) return [];
	const afterMs = calm ? 500 : random.between(0, 1_500);
	const read = { kind: 'plate', plate: car.plate, confidence: random.between(82, 99) / 100, afterMs } as const;
	if (calm) return [read];
	const dice = random.next();
	if (dice < 0.05) return [];
	const low = { ...read, confidence: random.between(30, 70) / 100 };
	if (dice < 0.1) return [low, { ...low, afterMs: afterMs + random.between(300, 1_200) }];
	if (dice < 0.14) return [low];
	if (dice < 0.18) return [{ ...read, plate: confused(car.plate) }];
	if (dice < 0.24) return [{ ...read, sends: 'twice' }];
	if (dice < 0.27) return [{ ...read, sends: 'late' }];
	if (dice < 0.29) return [{ ...read, plate: '???' }];
	if (dice < 0.32 && isAlone) return [{ ...read, afterMs: -1 }];
	return [read];
}

function tagReads({ random, lane, heading, calm }: Situation, holder: Person | undefined): readonly PlannedRead[] {
	const devices = heading === 'forward' ? lane : lane.back;
	if (devices.readers.length === 0) return [];
	if (holder === undefined && random.next() < 0.6) return [];
	const tag = holder === undefined ? strangersTag(random) : holder.tag;
	if (tag === null) return [];
	const afterMs = calm ? 500 : random.between(300, 3_000);
	const read = { kind: 'tag', tag, afterMs } as const;
	// Who was not let in at once tries again.
	return random.next() < 0.5 && !calm ? [read, { ...read, afterMs: afterMs + random.between(2_500, 8_000) }] : [read];
}

/** A camera takes one character for another that looks like it. */
function confused(plate: string): string {
	return plate.replace('1', 'I').replace('0', 'O');
}
