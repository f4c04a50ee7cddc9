import type { SimulatedDevices } from '../../src/drivers/simulated-devices.ts';
import type { Clock } from '../../src/gateway/core/clock.ts';
import { normalisePlate } from '../../src/gateway/core/plate.ts';
import type { SeededRandom } from '../../src/gateway/core/seeded-random.ts';
import { type Lane, OUTSIDE } from '../../src/gateway/core/site.ts';
import type { LaneTrack } from '../../src/simulation/lane-track.ts';
import type { SiteHardware } from '../../src/simulation/site-hardware.ts';
import { driveVehicle, type VehiclePlan } from '../../src/simulation/vehicle.ts';
import type { Cameras } from './cameras.ts';
import { type Person, strangersPlate } from './people.ts';
import { count, type Records } from './records.ts';

/** A vehicle and where it stands: an area, `outside`, or null on its way through a lane. */
export interface Car {
	readonly id: string;
	readonly plate: string;
	/** Whose it is; null: a stranger's. */
	readonly personId: string | null;
	where: string | null;
}

/** Something that a reader or a camera of a lane was shown. */
export interface Shown {
	readonly atMs: number;
	readonly laneId: string;
	readonly value: string;
	/** From a camera's buffer: says nothing about now. */
	readonly late: boolean;
}

export interface Drive {
	readonly track: LaneTrack;
	readonly carId: string;
	readonly plan: VehiclePlan & { readonly holderIds?: readonly string[] };
	/** What the gateway takes the lane for. */
	readonly phase: () => string | undefined;
}

/** The ground truth: who is where, and what was shown to which lane. */
export function createStreets(deps: {
	readonly clock: Clock;
	readonly lanes: readonly Lane[];
	readonly simulated: SimulatedDevices;
	readonly cameras: Cameras;
	readonly records: Records;
	readonly people: readonly Person[];
}) {
	const { clock, records } = deps;
	const cars = new Map<string, Car>(
		deps.people.map(({ id, plate }) => [`car-${id}`, { id: `car-${id}`, plate, personId: id, where: OUTSIDE }]),
	);
	const lanesOfCars = new Map<string, string>();
	const shown: Shown[] = [];
	const laneOf = new Map(
		deps.lanes.flatMap((lane) =>
			[...lane.readers, ...lane.cameras, ...lane.back.readers, ...lane.back.cameras].map((id) => [id, lane.id]),
		),
	);

	function show(deviceId: string, value: string, late = false): void {
		const laneId = laneOf.get(deviceId);
		if (laneId !== undefined) shown.push({ atMs: clock.monotonicMs(), laneId, value, late });
	}

	const hardware: SiteHardware = {
		stimulate(deviceId, what) {
			const [kind, value = ''] = what.split(' ');
			if (kind === 'card') show(deviceId, value);
			deps.simulated.stimulate(deviceId, what);
		},
		readPlate(deviceId, read) {
			show(deviceId, normalisePlate(read.plate) ?? read.plate, read.sends === 'late');
			deps.cameras.push(deviceId, read);
		},
		outputs: (deviceId) => deps.simulated.outputs(deviceId),
	};

	function drive({ track, carId, plan, phase }: Drive): void {
		const { lane, arm } = track;
		const car = cars.get(carId);
		if (car === undefined) throw new Error(`no car ${carId}`);
		const origin = car.where;
		const heading = plan.heading ?? 'forward';
		const [fromMs, openings] = [clock.monotonicMs(), arm.openings()];
		let metBusyLane = false;
		let openedMs: number | null = null;
		car.where = null;
		lanesOfCars.set(carId, lane.id);
		const front = heading === 'forward' ? 'arming' : 'closing';
		const vehicle = driveVehicle({ clock, hardware, track }, plan, (end) => {
			const through = end === 'through';
			car.where = through ? (heading === 'forward' ? lane.to : lane.from) : origin;
			const { manner, holderIds = [] } = plan;
			const visits = vehicle.visits().map((visit) => ({ ...visit, toMs: visit.toMs ?? clock.monotonicMs() }));
			const facts = { carId, laneId: lane.id, heading, end, manner, visits, holderIds, metBusyLane, openedMs };
			records.crossings.push({ ...facts, fromMs, toMs: clock.monotonicMs() });
			records.log.push({ atMs: clock.monotonicMs(), text: `${carId} at ${lane.id}: ${end}` });
			count(records, `vehicle ${plan.manner} ${end}`);
		});
		watchArrival();

		function watchArrival(): void {
			if (!vehicle.isOver(front) && car?.where === null) {
				clock.after(50, watchArrival);
				return;
			}
			metBusyLane = !['idle', 'arrived', 'identifying'].includes(phase() ?? 'down');
			watchOpening();
		}

		function watchOpening(): void {
			if (arm.openings() > openings) openedMs = clock.monotonicMs();
			else if (car?.where === null) clock.after(200, watchOpening);
		}
	}

	/** Somebody who stands there; at the edge of the site now and then a stranger. undefined: nobody does. */
	function pickCar(where: string, random: SeededRandom): Car | undefined {
		if (where === OUTSIDE && random.next() < 0.1) {
			const car: Car = { id: `stranger-${cars.size}`, plate: strangersPlate(random), personId: null, where };
			cars.set(car.id, car);
			return car;
		}
		const there = [...cars.values()].filter((car) => car.where === where);
		return there.length === 0 ? undefined : random.pick(there);
	}

	return {
		hardware,
		cars,
		shown,
		drive,
		pickCar,
		queueAt: (laneId: string) =>
			[...cars.values()].filter(({ id, where }) => where === null && lanesOfCars.get(id) === laneId).length,
		isBusy: () => [...cars.values()].some((car) => car.where === null),
	};
}
