import type { DirectoryOp } from '../../src/gateway/core/directory-change.ts';
import { createSeededRandom, type SeededRandom } from '../../src/gateway/core/seeded-random.ts';
import type { Lane } from '../../src/gateway/core/site.ts';
import type { LaneTrack } from '../../src/simulation/lane-track.ts';
import { type CentralRow, credentialRows, holderRow, rightRows } from './people.ts';
import { planVehicle } from './plan-vehicle.ts';
import type { Action } from './scenario.ts';
import { settle } from './settle.ts';
import type { SimulatedSite } from './simulated-site.ts';

/** At most this many wait in front of one lane. */
const QUEUE = 2;
const OPERATOR = 'op-1';

/** Lets one action happen; time has moved on to it already. */
export async function perform(site: SimulatedSite, action: Action): Promise<void> {
	switch (action.do) {
		case 'drive':
			return send(site, action.laneId, createSeededRandom(action.dice));
		case 'rush':
			for (const laneId of action.laneIds) send(site, laneId, createSeededRandom(action.dice), { calm: true });
			return;
		case 'wave':
			return wave(site, action.laneId, createSeededRandom(action.dice));
		case 'vend':
			return vend(site, action.laneId);
		case 'mode':
			return changeMode(site, action);
		case 'adjust':
			return adjust(site, createSeededRandom(action.dice));
		case 'change':
			return change(site, createSeededRandom(action.dice));
		case 'snapshot':
			return site.snapshot();
		case 'kill':
			site.count(`killed ${action.when}`);
			return site.kill(action.when, action.downMs);
		case 'restart':
			site.count('restarted');
			return await site.restart(action.downMs);
		case 'unplug':
		case 'disturb':
		case 'power':
			return disturb(site, action);
		case 'disk':
			site.count('disk full');
			site.setDiskFull(true);
			site.clock.after(action.forMs, () => site.setDiskFull(false));
			return;
		case 'clock':
			site.count('clock jumped');
			site.note(`the wall clock jumps by ${action.byMs} ms`);
			return site.clock.jumpWallClock(action.byMs);
		case 'fire':
			return fire(site, action.laneId, action.forMs);
		case 'force':
			site.count('arm forced');
			site.note(`somebody lifts the arm of ${action.laneId}`);
			return trackOf(site, action.laneId).arm.force();
		case 'settle':
			return await settle(site);
	}
}

function trackOf(site: SimulatedSite, laneId: string): LaneTrack {
	const track = site.tracks.get(laneId);
	if (track === undefined) throw new Error(`no lane ${laneId}`);
	return track;
}

/** A vehicle of those that stand where the lane begins; at the edge of the site also a stranger's. */
function send(site: SimulatedSite, laneId: string, random: SeededRandom, { calm = false } = {}): void {
	const track = trackOf(site, laneId);
	const { lane } = track;
	const waiting = [...site.streets.cars.values()].filter(({ where }) => where === null).length;
	const heading = lane.kind === 'reversible' && random.next() < 0.5 ? ('back' as const) : ('forward' as const);
	const limit = lane.kind === 'reversible' ? 1 : QUEUE;
	if (site.streets.queueAt(laneId) >= limit || waiting > 12) return;
	const car = site.streets.pickCar(heading === 'forward' ? lane.from : lane.to, random);
	if (car === undefined) return;
	const isAlone = site.streets.queueAt(laneId) === 0;
	const plan = planVehicle({ random, lane, car, people: site.people, isAlone, heading, calm });
	site.note(`${car.id} drives to ${laneId}: ${plan.manner} ${JSON.stringify(plan.reads)}`);
	site.drive(laneId, car.id, plan);
	if (!calm && random.next() < 0.06 && lane.kind !== 'reversible') sendFollower(site, lane, heading, random);
}

function sendFollower(site: SimulatedSite, lane: Lane, heading: 'forward' | 'back', random: SeededRandom): void {
	const car = site.streets.pickCar(lane.from, random);
	if (car === undefined) return;
	const gapM = random.next() < 0.8 ? 3.6 : 0.8;
	site.note(`${car.id} follows at ${lane.id}, ${gapM} m behind`);
	site.drive(lane.id, car.id, { reads: [], manner: 'follows', patienceMs: 6_000, gapM, heading });
}

function wave(site: SimulatedSite, laneId: string, random: SeededRandom): void {
	const { lane } = trackOf(site, laneId);
	const person = random.pick(site.people);
	const [reader] = lane.readers;
	const [camera] = lane.cameras;
	if (reader !== undefined && person.tag !== null) {
		site.note(`${person.id} waves a card at ${laneId}`);
		site.count('card waved');
		site.records.waved.push({ atMs: site.clock.monotonicMs(), laneId, holderId: person.id });
		site.streets.hardware.stimulate(reader, `card ${person.tag}`);
	} else if (camera !== undefined) {
		const sends = random.pick(['once', 'late'] as const);
		site.note(`the camera of ${laneId} sends ${person.plate}, ${sends}`);
		site.count(`plate without a vehicle, sent ${sends}`);
		site.records.waved.push({ atMs: site.clock.monotonicMs(), laneId, holderId: person.id });
		site.streets.hardware.readPlate(camera, { plate: person.plate, confidence: 0.95, direction: 'approaching', sends });
	}
}

function vend(site: SimulatedSite, laneId: string): void {
	const life = site.life();
	if (life === undefined) return;
	site.note(`an operator opens ${laneId}`);
	void life.lanes.lanes.vend({ laneId, operatorId: OPERATOR, reason: 'asked by phone' }).then((answer) => {
		site.count(`operator's vend ${answer.result === 'refused' ? `refused ${answer.because}` : answer.result}`);
	});
}

function changeMode(site: SimulatedSite, { laneId, change, forMs }: Action & { readonly do: 'mode' }): void {
	const life = site.life();
	if (life === undefined) return;
	const request = { laneId, operatorId: OPERATOR, reason: 'works', mayCloseExits: true };
	const untilMs = forMs % 2 === 0 ? site.clock.nowMs() + forMs : null;
	site.note(`an operator asks ${laneId} to ${change} for ${forMs} ms`);
	const tell = (answer: { readonly result: string }) => site.count(`mode ${change} ${answer.result}`);
	void life.lanes.lanes.changeMode({ ...request, change, untilMs }).then(tell);
	if (untilMs === null) site.clock.after(forMs, () => release(site, laneId));
}

/** Also after a restart: what an operator began, they end. */
function release(site: SimulatedSite, laneId: string): void {
	const life = site.life();
	if (life === undefined) {
		site.clock.after(1_000, () => release(site, laneId));
		return;
	}
	const request = { laneId, operatorId: OPERATOR, reason: 'works are over', mayCloseExits: true };
	void life.lanes.lanes.changeMode({ ...request, change: 'release', untilMs: null });
}

function adjust(site: SimulatedSite, random: SeededRandom): void {
	const life = site.life();
	if (life === undefined || site.isUnrecorded()) return;
	const { areaId, occupied } = random.pick(life.occupancy.list());
	const wanted = Math.max(0, occupied + random.between(-2, 2));
	site.note(`an operator sets ${areaId} to ${wanted}`);
	site.count('occupancy adjusted');
	life.occupancyCare.adjust({ areaId, occupied: wanted, operatorId: OPERATOR, reason: 'counted by hand' });
}

/** Central takes something away from somebody, or gives it back. */
function change(site: SimulatedSite, random: SeededRandom): void {
	const person = random.pick(site.people);
	const isBack = random.next() < 0.35;
	const rows: readonly CentralRow[] = random.pick([
		credentialRows(person, isBack ? 'active' : random.pick(['disabled', 'lost', 'stolen'])),
		rightRows(person, isBack ? 'active' : 'suspended'),
		[holderRow(person, isBack ? 'active' : 'blocked')],
	]);
	for (const stream of ['people', 'access'] as const) {
		const ops = rows
			.filter(({ table }) => (table === 'holders') === (stream === 'people'))
			.map(({ table, ...row }): DirectoryOp => ({ op: 'put', table, key: row.id, row }));
		if (ops.length === 0 || !site.applyOps(stream, ops)) continue;
		site.note(`central: ${JSON.stringify(ops.map(({ key, row }) => [key, row]))}`);
		site.count(isBack ? 'directory: given back' : 'directory: taken away');
	}
}

function disturb(site: SimulatedSite, action: Action & { readonly do: 'unplug' | 'disturb' | 'power' }): void {
	const { clock, simulated, sight } = site;
	site.count(`line: ${action.do}`);
	if (action.do === 'power') {
		site.note(`${action.deviceId} loses its power for ${action.forMs} ms`);
		simulated.stimulate(action.deviceId, 'power off');
		clock.after(action.forMs, () => simulated.stimulate(action.deviceId, 'power on'));
		return;
	}
	const { address } = action;
	const wire = simulated.wire(address);
	if (wire === undefined) return;
	sight.setDisturbed(address, true);
	site.note(`${address}: ${action.do} for ${action.forMs} ms`);
	if (action.do === 'unplug') wire.unplug();
	else wire.setFaults(action.faults);
	clock.after(action.forMs, () => {
		if (action.do === 'unplug') wire.plugIn();
		else wire.setFaults({});
		site.note(`${address} is well again`);
		sight.setDisturbed(address, false);
	});
}

function fire(site: SimulatedSite, laneId: string, forMs: number): void {
	if (trackOf(site, laneId).lane.fire === undefined) return;
	site.count('fire');
	site.setFire(laneId, true);
	site.clock.after(forMs, () => site.setFire(laneId, false));
}
