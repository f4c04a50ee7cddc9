import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { CommandOutcome, InputChange, PulseCommand } from '../../src/gateway/core/device.ts';
import type { DirectoryOp } from '../../src/gateway/core/directory-change.ts';
import { EVERYTHING_LICENSED } from '../../src/gateway/core/licence/licence-facts.ts';
import type { Observation } from '../../src/gateway/core/observation.ts';
import type { Site } from '../../src/gateway/core/site.ts';
import { createAccessLog } from '../../src/gateway/services/access-log.ts';
import { createDirectoryUpdates } from '../../src/gateway/services/directory/create-directory-updates.ts';
import { createFeed, type FeedEvent } from '../../src/gateway/services/feed.ts';
import {
	createLaneService,
	type LaneService,
	type LaneServiceDeps,
} from '../../src/gateway/services/lanes/lane-service.ts';
import { createRecentReads } from '../../src/gateway/services/observations/recent-reads.ts';
import { createOccupancy } from '../../src/gateway/services/occupancy.ts';
import { openDirectory } from '../../src/gateway/store/directory.ts';
import { openSiteStore } from '../../src/gateway/store/site-store.ts';
import { aLane, TUESDAY_10H } from './access-facts.ts';
import { createMemoryLog } from './memory-log.ts';
import { createVirtualClock } from './virtual-clock.ts';

function loopsOf(deviceId: string) {
	return {
		arming: { deviceId, input: 'arming' },
		safety: { deviceId, input: 'safety' },
		closing: { deviceId, input: 'closing' },
	};
}

export const usualSite: Site = {
	staleAfterMs: {},
	forgottenExits: { autoCloseAfterMs: null, autoCloseFreesPlace: true },
	id: 'site-1',
	tenant: 'acme',
	name: 'North',
	timeZone: 'Europe/Brussels',
	parks: [{ id: 'P1', name: 'Park', capacity: 20 }],
	areas: [
		{ id: 'A1', name: 'Deck', parkId: 'P1', capacity: 10 },
		{ id: 'A1-vip', name: 'VIP', parkId: 'P1', parentId: 'A1', capacity: 2 },
	],
	lanes: [
		aLane(),
		aLane({
			id: 'L2',
			kind: 'exit',
			from: 'A1',
			to: 'outside',
			readers: ['reader-2'],
			cameras: [],
			barrier: { deviceId: 'boom-2', output: 'open', pulseMs: 500 },
			loops: loopsOf('boom-2'),
		}),
	],
};

/** Lanes, real store and real directory on a virtual clock; the hardware is played by the test. */
export async function createSiteBench(
	options: { site?: Site; dir?: string; listen?: boolean; atMs?: number } & Pick<LaneServiceDeps, 'onCommitted'> = {},
) {
	const { site = usualSite } = options;
	const dir = options.dir ?? mkdtempSync(path.join(tmpdir(), 'parkgate-site-'));
	const clock = createVirtualClock(options.atMs ?? TUESDAY_10H);
	const log = createMemoryLog();
	const store = openSiteStore({ dir, nowMs: clock.nowMs, log });
	const directory = openDirectory({ dir, store, clock, log });
	const updates = createDirectoryUpdates({ directory, nowMs: clock.nowMs, log });
	const feed = createFeed(() => undefined);
	const events: FeedEvent[] = [];
	if (options.listen !== false) feed.subscribe((event) => events.push(event));
	const accessLog = createAccessLog({ store, directory: directory.reader, lanes: site.lanes });
	const pulses: (PulseCommand & { deviceId: string })[] = [];
	const latencies: { laneId: string; seconds: number }[] = [];
	let answer: (pulse: PulseCommand) => Promise<CommandOutcome> = () => Promise.resolve({ result: 'done' });
	const holds: { output: string; on: boolean; deviceId: string }[] = [];
	let answerHold = (): Promise<CommandOutcome> => Promise.resolve({ result: 'done' });
	// A later life of the same store must not name anything as an earlier one did.
	let ids = options.atMs ?? 0;
	const recentReads = createRecentReads({ lanes: site.lanes, directory: directory.reader, nowMs: clock.nowMs });
	const tell = (observation: Observation) => {
		recentReads.seen(observation);
		service.events.onObservation(observation);
	};
	const service: LaneService = createLaneService({
		clock,
		log,
		site,
		store,
		directory: directory.reader,
		accessLog,
		occupancy: createOccupancy({ store, site }),
		feed,
		metrics: {
			observeDecision: () => undefined,
			observeLatency: (laneId, seconds) => void latencies.push({ laneId, seconds }),
		},
		newId: () => `id-${clock.nowMs()}-${ids++}`,
		soon: (run) => void clock.after(0, run),
		clockTrust: () => 'synced',
		opens: (deviceId) => ({
			pulse(command) {
				pulses.push({ ...command, deviceId });
				return answer(command);
			},
		}),
		shows: () => undefined,
		holds: (deviceId) => ({
			hold(command) {
				holds.push({ ...command, deviceId });
				return answerHold();
			},
		}),
		equipment: () => EVERYTHING_LICENSED,
		deviceStatus: () => undefined,
		journalGrew: () => undefined,
		onCommitted(steps) {
			recentReads.onCommitted(steps);
			options.onCommitted?.(steps);
		},
	});
	const bench = {
		dir,
		clock,
		log,
		store,
		directory,
		accessLog,
		service,
		recentReads,
		events,
		pulses,
		latencies,
		holds,
		answerHolds(by: typeof answerHold) {
			answerHold = by;
		},
		occupancy: () => createOccupancy({ store, site }).list(),
		answerPulses(by: typeof answer) {
			answer = by;
		},
		/** Rows as central sends them: `{ table, id, … }`. */
		async give(rows: readonly ({ table: string; id: string } & Record<string, unknown>)[]) {
			for (const stream of ['people', 'access'] as const) {
				const ops = rows
					.filter(({ table }) => (table === 'holders' || table === 'groups') === (stream === 'people'))
					.map(({ table, ...row }): DirectoryOp => ({ op: 'put', table, key: row.id, row }));
				const from = directory.reader.stream(stream)?.rev ?? 0;
				if (from === 0) {
					await updates.beginSnapshot({ stream, centralEpoch: 'e1', rev: 1, rows: ops.length });
					await updates.pushRows(ops.map(({ table, row }) => ({ table, row })));
					await updates.finishSnapshot();
				} else await updates.applyDelta({ stream, centralEpoch: 'e1', from, to: from + 1, ops });
			}
		},
		tag(tag: string, deviceId = 'reader-1') {
			const now = { atMs: clock.nowMs(), monotonicMs: clock.monotonicMs() };
			tell({ kind: 'tag', id: `obs-${ids++}`, deviceId, tag, ...now });
			clock.advance(1);
		},
		pin(pin: string, deviceId = 'reader-1') {
			const now = { atMs: clock.nowMs(), monotonicMs: clock.monotonicMs() };
			tell({ kind: 'pin', id: `obs-${ids++}`, deviceId, pin, ...now });
			clock.advance(1);
		},
		input(input: string, active: boolean, deviceId = 'boom-1') {
			const change: InputChange = { deviceId, input, active, atMs: clock.nowMs(), monotonicMs: clock.monotonicMs() };
			service.events.onInput(change);
			clock.advance(1);
		},
		/** Lets the pulse's answer arrive. */
		settle: () => clock.advanceAsync(1),
		/** Arrives, is read, waits for the arm and drives over the loops. */
		async enter(tag: string) {
			for (const loop of ['arming', 'safety', 'closing']) bench.input(loop, false);
			bench.input('arming', true);
			bench.tag(tag);
			await bench.settle();
			bench.driveThrough();
		},
		driveThrough(deviceId = 'boom-1') {
			for (const [loop, active] of [
				['safety', true],
				['arming', false],
				['closing', true],
				['safety', false],
				['closing', false],
			] as const) {
				bench.input(loop, active, deviceId);
				clock.advance(500);
			}
		},
		journal: () => store.journal.after(0, 10_000).flatMap(({ entry }) => (entry === null ? [] : [entry])),
		/** Like a crash: nothing is told, files are just closed. */
		async crash() {
			service.stop();
			await directory.close();
			store.close();
		},
		async close() {
			await bench.crash();
			rmSync(dir, { recursive: true, force: true });
		},
	};
	return bench;
}

export function annasRows() {
	return [
		{ table: 'holders', id: 'anna', kind: 'person', name: 'Anna Peeters', email: null, status: 'active' },
		{
			table: 'credentials',
			id: 'anna-tag',
			holderId: 'anna',
			kind: 'tag',
			value: 'A1',
			label: null,
			state: 'active',
			validFromMs: null,
			validToMs: null,
		},
		{ table: 'rightSpecifications', id: 'staff', name: 'Staff', strategy: 'firstCome', areaIds: [], scheduleId: null },
		{
			table: 'assignedRights',
			id: 'r1',
			holderId: 'anna',
			specificationId: 'staff',
			state: 'active',
			validFromMs: null,
			validToMs: null,
		},
	];
}
