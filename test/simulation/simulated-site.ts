import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createDriverRegistry } from '../../src/drivers/registry.ts';
import { createSimulatedDevices } from '../../src/drivers/simulated-devices.ts';
import { createSeededRandom } from '../../src/gateway/core/seeded-random.ts';
import type { LateEffect } from '../../src/gateway/services/lanes/late-journal.ts';
import { createBarrierArm } from '../../src/simulation/barrier-arm.ts';
import { createLaneTrack } from '../../src/simulation/lane-track.ts';
import type { VehiclePlan } from '../../src/simulation/vehicle.ts';
import { createMemoryLog } from '../support/memory-log.ts';
import { createVirtualClock, type VirtualClock } from '../support/virtual-clock.ts';
import { createCameras } from './cameras.ts';
import { createCentral } from './central.ts';
import type { Violate } from './checks/invariants.ts';
import { type GatewayLife, startLife, type Tampering } from './gateway-life.ts';
import { type JournalTail, openJournalTail } from './journal-tail.ts';
import { createLaneSight } from './lane-sight.ts';
import { makePeople, rowsOf } from './people.ts';
import { count, createRecords, type Records } from './records.ts';
import { planSite } from './site-plan.ts';
import { createStreets } from './streets.ts';
import { readBoardCommand } from './wire-bytes.ts';
import { inWords } from './words.ts';

/** When the power goes: now, after the next commit before anything acts on it, or around the next pulse's bytes. */
export type KillMoment = 'now' | 'afterCommit' | 'beforePulse' | 'afterPulse';

export interface SimulatedSiteOptions {
	readonly seed: number;
	readonly tamper?: Partial<Tampering>;
	/** Told of every committed row and every pulse, at once. */
	readonly watch?: Partial<Watcher>;
}

export interface Watcher {
	onEntry(committed: Records['journal'][number]): void;
	onPulse(pulse: Records['pulses'][number], portOpenedMs: number): void;
	onHold(hold: { readonly laneId: string; readonly on: boolean }): void;
}

export type SimulatedSite = ReturnType<typeof createSimulatedSite>;

/** How often a gateway in memory looks whether the disk takes something again. */
const LOOK_AGAIN_MS = 10_000;
/** Time to write what was kept while the disk took nothing. */
const CATCH_UP_MS = 15_000;

/** Memory where there is some: hundreds of commits a second. */
const TEMP = existsSync('/dev/shm') ? '/dev/shm' : tmpdir();

/**
 * A whole site on one virtual clock: the gateway with its store, drivers and wires as it really runs, the vehicles in front
 * of it, and the truth about both. Everything by chance comes from the seed.
 */
export function createSimulatedSite({ seed, tamper, watch = {} }: SimulatedSiteOptions) {
	const root = mkdtempSync(path.join(TEMP, 'parkgate-simulation-'));
	const random = createSeededRandom(seed);
	const clock: VirtualClock = createVirtualClock();
	const log = createMemoryLog();
	const registry = createDriverRegistry();
	const { config, arm } = planSite(random, registry);
	const { lanes } = config.site;
	const people = makePeople(random);
	const records = createRecords();
	const simulated = createSimulatedDevices({ clock, random: random.next }, registry, config.devices);
	const portsOpenedMs = new Map<string, number>();
	let ids = 0;
	let lives = 0;
	let current: GatewayLife | undefined;
	let tail: JournalTail | undefined;
	let dead: GatewayLife[] = [];
	let pendingKill: { readonly when: KillMoment; readonly downMs: number } | undefined;
	let isDiskFull = false;
	let behindUntilMs = 0;
	const fires = new Map<string, number>();
	/** How far the journal was known to be on the disk when the last life ended. */
	let lastKnown = { seq: 0, chain: null as string | null };
	/** This life began while the disk took nothing: it runs on a copy, as `runGateway` starts it. */
	let isInMemory = false;
	const newId = () => `${seed.toString(36)}-${(ids++).toString(36)}`;

	const note = (text: string) => void records.log.push({ atMs: clock.monotonicMs(), text });
	const violate: Violate = (invariant, problem) => {
		records.violations.push({ invariant, atMs: clock.monotonicMs(), problem });
		note(`VIOLATION ${invariant}: ${problem}`);
	};
	const cameras = createCameras({ clock, registry, devices: config.devices, newId, life: () => current });
	const streets = createStreets({ clock, lanes, simulated, cameras, records, people });
	const tracks = new Map(
		lanes.map((lane) => [
			lane.id,
			createLaneTrack(clock, streets.hardware, lane, createBarrierArm(clock, streets.hardware, lane, arm)),
		]),
	);
	const sight = createLaneSight({
		clock,
		lanes,
		devices: config.devices,
		life: () => current,
		isUnrecorded,
	});
	const central = createCentral({ life: () => (isInMemory ? undefined : current), nowMs: clock.nowMs, log });

	const diskOf = (life: number) => path.join(root, `life-${life}`);

	function isUnrecorded(): boolean {
		return isDiskFull || isInMemory;
	}

	function boot(carriedEffects: readonly LateEffect[] = []): void {
		if (current !== undefined) return;
		lives += 1;
		// A first start in memory is none: there is nothing to copy yet.
		isInMemory = isDiskFull && lives > 1;
		note(`the gateway starts (life ${lives})${isInMemory ? ' in memory' : ''}`);
		current = startLife({
			...{ config, clock, log, registry, simulated, random, newId, onCommit, onWrite, onWritten },
			...(tamper === undefined ? {} : { tamper }),
			...(isInMemory ? { memoryDir: path.join(root, `memory-${lives}`) } : {}),
			...{ dir: diskOf(lives), carriedEffects, isDiskFull: () => isDiskFull },
			onPortOpened: (address) => void portsOpenedMs.set(address, clock.monotonicMs()),
		});
		if (isInMemory) {
			count(records, 'started in memory');
			clock.after(LOOK_AGAIN_MS, () => returnToDisk(lives));
		}
		onCommit();
		checkJournal();
	}

	/** Starts anew with what could not be written. */
	function returnToDisk(life: number): void {
		if (current === undefined || life !== lives) return;
		if (isDiskFull) return void clock.after(LOOK_AGAIN_MS, () => returnToDisk(life));
		const carried = current.lanes.lateEffects();
		note(`the disk takes something again: ${carried.length} effects are to be written`);
		behindUntilMs = clock.monotonicMs() + CATCH_UP_MS;
		end();
		boot(carried);
	}

	/** What was on the disk before must be there still, and follow hash by hash. */
	function checkJournal(): void {
		if (tail === undefined) return;
		const broken = tail.verify();
		if (broken !== null) violate('journal', `after start ${lives} it does not verify: ${broken}`);
		if (tail.chainAt(lastKnown.seq) !== lastKnown.chain && lastKnown.chain !== null) {
			violate('journal', `row ${lastKnown.seq}, on the disk before start ${lives}, is gone or another one`);
		}
	}

	function onCommit(): void {
		if (isInMemory) return;
		if (tail === undefined) tail = openJournalTail(diskOf(lives), lastKnown.seq);
		for (const { seq, entry } of tail.next()) {
			const committed = { atMs: clock.monotonicMs(), life: lives, seq, entry };
			records.journal.push(committed);
			note(inWords(entry));
			lastKnown = { seq, chain: tail.chainAt(seq) };
			watch.onEntry?.(committed);
		}
		if (current !== undefined && pendingKill?.when === 'afterCommit') die(pendingKill.downMs);
	}

	function onWrite(address: string, bytes: Uint8Array): void {
		const command = readBoardCommand({ lanes, devices: config.devices }, address, bytes);
		if (command?.output === 'open' && command.on && pendingKill?.when === 'beforePulse') die(pendingKill.downMs);
	}

	function onWritten(address: string, bytes: Uint8Array): void {
		const command = readBoardCommand({ lanes, devices: config.devices }, address, bytes);
		if (command === undefined) return;
		const { laneId, output, on } = command;
		if (output === 'hold') {
			note(`wire: ${laneId} hold ${on ? 'on' : 'off'}`);
			watch.onHold?.({ laneId, on });
		} else if (on) {
			note(`wire: ${laneId} pulse`);
			const pulse = { atMs: clock.monotonicMs(), life: lives, laneId };
			records.pulses.push(pulse);
			watch.onPulse?.(pulse, portsOpenedMs.get(address) ?? 0);
			if (pendingKill?.when === 'afterPulse') die(pendingKill.downMs);
		}
	}

	function die(downMs: number): void {
		if (current === undefined) return;
		note(`the power goes (life ${lives}), back in ${downMs} ms`);
		end();
		clock.after(downMs, () => boot());
	}

	function end(): void {
		const life = current;
		if (life === undefined) return;
		pendingKill = undefined;
		current = undefined;
		sight.lose('the gateway was down');
		life.kill(diskOf(lives + 1));
		dead.push(life);
		tail?.close();
		tail = undefined;
	}

	/** Ends what dead lives left open; only where nothing of them is on the stack. */
	async function bury(): Promise<void> {
		const gone = dead;
		dead = [];
		for (const life of gone) await life.bury();
	}

	boot();
	central.applyRows(rowsOf(people));

	return {
		...{ seed, config, clock, people, records, tracks, streets, sight, simulated, cameras, note, violate, log },
		newId,
		life: () => current,
		lives: () => lives,
		tail: () => tail,
		drive(laneId: string, carId: string, plan: VehiclePlan): void {
			const track = tracks.get(laneId);
			if (track === undefined) throw new Error(`no lane ${laneId}`);
			streets.drive({ track, carId, plan, phase: () => current?.lanes.lanes.get(laneId)?.phase });
		},
		kill(when: KillMoment, downMs: number): void {
			if (when === 'now') die(downMs);
			else pendingKill = { when, downMs };
		},
		/** Stops as Ctrl-C does and starts again. */
		async restart(downMs: number): Promise<void> {
			const life = current;
			if (life === undefined) return;
			note(`the gateway stops (life ${lives})`);
			sight.lose('the gateway was down');
			current = undefined;
			const stopped = life.stop();
			await clock.advanceAsync(1_200);
			await stopped;
			tail?.close();
			tail = undefined;
			life.kill(diskOf(lives + 1));
			rmSync(life.dir, { recursive: true, force: true });
			clock.after(downMs, () => boot());
		},
		isUnrecorded,
		/** The disk was full a moment ago: what the lanes did meanwhile is written later. */
		isJournalBehind: () => isUnrecorded() || clock.monotonicMs() < behindUntilMs,
		centralRow: central.row,
		lastFireMs: (laneId: string) => fires.get(laneId) ?? Number.NEGATIVE_INFINITY,
		setFire(laneId: string, burns: boolean): void {
			const fire = lanes.find(({ id }) => id === laneId)?.fire;
			if (fire === undefined) return;
			note(`${burns ? 'fire' : 'no fire any more'} at ${laneId}`);
			fires.set(laneId, burns ? Number.POSITIVE_INFINITY : clock.monotonicMs());
			simulated.stimulate(fire.deviceId, `input ${fire.input} ${burns ? 'on' : 'off'}`);
		},
		setDiskFull(full: boolean): void {
			isDiskFull = full;
			behindUntilMs = clock.monotonicMs() + CATCH_UP_MS;
			note(full ? 'the disk is full' : 'the disk has room again');
		},
		applyOps: central.applyOps,
		async snapshot(): Promise<void> {
			if (current === undefined || isInMemory) return;
			note('central sends a snapshot');
			count(records, 'directory: snapshot');
			await central.snapshot();
		},
		/** Everything has come to rest: what the gateway counts, beside the truth. */
		onSettled(): void {
			if (tail === undefined) return;
			const cars = [...streets.cars.values()].map(({ id, where }) => ({ id, where: where ?? '' }));
			const [counters, reservations] = [tail.counters(), tail.reservations().length];
			records.settled.push({ atMs: clock.monotonicMs(), counters, reservations, stays: tail.openStays(), cars });
			count(records, 'settled');
			note(`settled: ${counters.map(({ areaId, occupied }) => `${areaId} ${occupied}`).join(', ')}`);
		},
		bury,
		count: (what: string, times?: number) => count(records, what, times),
		async end(): Promise<void> {
			end();
			await bury();
			tail?.close();
			rmSync(root, { recursive: true, force: true });
		},
	};
}
