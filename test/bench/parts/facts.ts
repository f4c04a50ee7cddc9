import { closeSync, globSync, openSync, readSync, rmSync } from 'node:fs';
import path from 'node:path';
import Database from 'better-sqlite3';
import { decideAccess } from '../../../src/gateway/core/access/decide-access.ts';
import type { AccessFacts } from '../../../src/gateway/core/access/facts.ts';
import { type CollectedRead, idleLane } from '../../../src/gateway/core/lane/lane-state.ts';
import { plateSkeleton } from '../../../src/gateway/core/plate.ts';
import { type BenchSite, createBenchSite } from '../bench-site.ts';
import { misread } from '../confusable.ts';
import { type Figure, type Part, spread } from '../figure.ts';
import { MILLION, type Population, plateValue, THOUSAND, tagsInTurn, tagValue } from '../population.ts';
import { makeSeededStore } from '../seeded-store.ts';
import { timeUndisturbed } from '../undisturbed.ts';

const ROUNDS = 20;
const READS_PER_ROUND = 500;
/** Decided durably, one at a time: each waits for its own fdatasync. */
const DURABLE_PER_ROUND = 25;

/** Facts loaded and the decision taken on them, in process, among 1,500,000 credentials and among 3,000. */
export const facts: Part = {
	name: 'facts',
	limitS: 60,
	async run() {
		const large = await openSite(MILLION);
		const small = await openSite(THOUSAND);
		try {
			return [...(await growth(large, small)), ...plates(large)];
		} finally {
			for (const { site, dir } of [large, small]) {
				await site.close();
				rmSync(dir, { recursive: true });
			}
		}
	},
};

type Opened = Awaited<ReturnType<typeof openSite>>;

async function openSite(population: Population) {
	const dir = await makeSeededStore(population);
	readThrough(dir);
	const answered: (() => void)[] = [];
	const pulse = () => {
		answered.shift()?.();
		return Promise.resolve({ result: 'done' } as const);
	};
	const site: BenchSite = createBenchSite({ dir, lanes: 8, opens: () => ({ pulse }) });
	return {
		dir,
		site,
		population,
		nextTag: tagsInTurn(population),
		/** Resolves with ms from the read to the barrier's command. */
		async decide(lane: number, tag: string): Promise<number> {
			const { promise, resolve } = Promise.withResolvers<void>();
			answered.push(resolve);
			const startedMs = performance.now();
			site.read(lane, tag);
			await promise;
			return performance.now() - startedMs;
		},
	};
}

/** The system's cache holds the file where cards are read all day; else one load in ten waits for the disk. */
function readThrough(dir: string): void {
	for (const name of globSync('directory-*.db', { cwd: dir })) {
		const file = openSync(path.join(dir, name), 'r');
		const chunk = Buffer.alloc(1 << 20);
		while (readSync(file, chunk) > 0);
		closeSync(file);
	}
}

async function growth(large: Opened, small: Opened): Promise<readonly Figure[]> {
	const sides = [large, small].map((opened) => ({ opened, loadMs: [] as number[], durableMs: [] as number[] }));
	const decideMs: number[] = [];
	for (let round = -2; round < ROUNDS; round++) {
		for (const side of round % 2 === 0 ? sides : sides.toReversed()) {
			const loaded = loadMany(side.opened);
			const decided = side.opened === large ? loaded.facts.flatMap(timeDecision) : [];
			const durable: number[] = [];
			for (let n = 0; n < DURABLE_PER_ROUND; n++) {
				durable.push(await side.opened.decide((n % 8) + 1, side.opened.nextTag()));
				await settled(side.opened.site);
			}
			if (round < 0) continue;
			side.loadMs.push(...loaded.durationsMs);
			side.durableMs.push(...durable);
			decideMs.push(...decided);
		}
	}
	const [large1, small1] = sides.map(({ loadMs }) => spread(loadMs));
	const [large2, small2] = sides.map(({ durableMs }) => spread(durableMs));
	const decided = spread(decideMs);
	if (large1 === undefined || small1 === undefined || large2 === undefined || small2 === undefined) return [];
	const among = 'among 1,500,000 credentials';
	return [
		{
			what: 'decideAccess alone, every rule, p99',
			measured: decided.p99,
			unit: 'µs',
			target: { atMost: 20 },
			note: `p50 ${decided.p50.toFixed(1)} µs`,
		},
		{
			what: 'facts loaded, p99',
			measured: large1.p99,
			unit: 'µs',
			target: { atMost: 100 },
			note: `${among}; p50 ${large1.p50.toFixed(1)} µs, among 3,000: ${small1.p50.toFixed(1)} µs`,
		},
		{
			what: 'durable decision, growth of p50 from 3,000 to 1,500,000 credentials',
			measured: large2.p50 / small2.p50,
			unit: '×',
			target: { atMost: 1.3 },
			note: `${Math.round(small2.p50)} → ${Math.round(large2.p50)} µs`,
		},
	];
}

function loadMany({ site, population }: Opened): { facts: AccessFacts[]; durationsMs: number[] } {
	const { service, store, clock } = site;
	const [lane] = site.site.lanes;
	if (lane === undefined) throw new Error('the site has no lane');
	const state = idleLane(clock.nowMs());
	const durationsMs: number[] = [];
	const facts = store.transaction(() =>
		Array.from({ length: READS_PER_ROUND }, () => {
			// One in ten is a stranger.
			const n = Math.floor(Math.random() * population.tags * 1.1);
			const read = tagRead(tagValue(n));
			const loaded: AccessFacts[] = [];
			const durationMs = timeUndisturbed(() => {
				loaded.push(service.loadFacts(lane, state, [read], clock.nowMs()).access);
			});
			if (durationMs !== undefined) durationsMs.push(durationMs);
			return loaded;
		}).flat(),
	);
	return { facts, durationsMs };
}

function timeDecision(access: AccessFacts): readonly number[] {
	const durationMs = timeUndisturbed(() => decideAccess(access));
	return durationMs === undefined ? [] : [durationMs];
}

function tagRead(value: string): CollectedRead {
	const read = { kind: 'tag', value, label: value, observationId: value, deviceId: 'reader-1' } as const;
	return { ...read, confidence: 1, reads: 1, firstMonotonicMs: 0 };
}

/** A vehicle is through when nothing of it is held any more. */
async function settled({ store }: BenchSite): Promise<void> {
	while (store.occupancy.reservations().length > 0) await new Promise(setImmediate);
}

/** A plate as no one has it: the exact look-up misses, the confusion class finds the one that was meant. */
function plates({ site, dir }: Opened): readonly Figure[] {
	const { reader } = site.directory;
	const asked: string[] = [];
	for (let n = 0; asked.length < ROUNDS * READS_PER_ROUND; n = (n + 304_979) % MILLION.plates) {
		const plate = misread(plateValue(n));
		if (plate !== undefined) asked.push(plate);
	}
	let unknown = 0;
	const timeAll = () =>
		asked.flatMap((plate) => {
			const durationMs = timeUndisturbed(() => {
				const alike = reader.read(
					() => reader.credential('plate', plate) ?? reader.platesInClass(plateSkeleton(plate)),
				);
				if (!Array.isArray(alike) || alike.length === 0) unknown += 1;
			});
			return durationMs === undefined ? [] : [durationMs];
		});
	// Once to have the file in the system's cache, as it is where plates are read all day.
	timeAll();
	unknown = 0;
	const durationsMs = timeAll();
	if (unknown > durationsMs.length / 10) throw new Error(`${unknown} misread plates were not recognised`);
	const { p50, p99 } = spread(durationsMs);
	return [
		{
			what: 'confusable plate among 1,000,000, p99',
			measured: p99,
			unit: 'µs',
			target: { atMost: 25 },
			note: `exact miss, then its class; p50 ${p50.toFixed(1)} µs`,
		},
		{ what: 'confusion index', measured: bytesPerPlate(dir), unit: 'bytes a plate', target: { atMost: 60 } },
	];
}

function bytesPerPlate(dir: string): number {
	const [file = ''] = globSync('directory-*.db', { cwd: dir });
	const db = new Database(path.join(dir, file), { readonly: true });
	const bytes = db.prepare("SELECT sum(pgsize) FROM dbstat WHERE name = 'credentials_by_skeleton'").pluck().get();
	db.close();
	return Number(bytes) / MILLION.plates;
}
