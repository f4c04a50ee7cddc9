import { globSync, rmSync } from 'node:fs';
import path from 'node:path';
import Database from 'better-sqlite3';
import { decideAccess } from '../../../src/gateway/core/access/decide-access.ts';
import type { AccessFacts } from '../../../src/gateway/core/access/facts.ts';
import { type CollectedRead, idleLane } from '../../../src/gateway/core/lane/lane-state.ts';
import { type BenchSite, createBenchSite } from '../bench-site.ts';
import { misread } from '../confusable.ts';
import { type Figure, type Part, spread } from '../figure.ts';
import { openBareFacts } from '../floor/bare-facts.ts';
import { machineTailUs } from '../machine-tail.ts';
import { MILLION, type Population, plateValue, THOUSAND, tagsInTurn, tagValue } from '../population.ts';
import { makeSeededStore } from '../seeded-store.ts';
import { timeUndisturbed } from '../undisturbed.ts';

const ROUNDS = 20;
/** Of 500 loads and decisions each, which do not count: a gateway that has run for some weeks has its machine code made. */
const WARM_UP_ROUNDS = 60;
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
			const bare = openBareFacts(large.dir);
			const figures = [...(await growth(large, small, bare.load)), ...plates(large)];
			bare.close();
			return figures;
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

/** Of each side in turn, 20 rounds; the first ones make machine code and do not count. */
async function measure(large: Opened, small: Opened, loadBare: (tag: string) => void) {
	const sides = [large, small];
	const loadMs = new Map(sides.map((side) => [side, [] as number[]]));
	const durableMs = new Map(sides.map((side) => [side, [] as number[]]));
	const decideMs: number[] = [];
	const bareMs: number[] = [];
	for (let round = 0; round < WARM_UP_ROUNDS; round++) {
		for (const side of sides) timeMany(loadMany(side).facts, decideAccess);
		timeMany(someTags(large), loadBare);
	}
	for (let round = 0; round < ROUNDS; round++) {
		for (const side of round % 2 === 0 ? sides : sides.toReversed()) {
			const loaded = loadMany(side);
			loadMs.get(side)?.push(...loaded.durationsMs);
			if (side === large) decideMs.push(...timeMany(loaded.facts, decideAccess));
			durableMs.get(side)?.push(...(await decideSome(side)));
		}
		bareMs.push(...timeMany(someTags(large), loadBare));
	}
	const of = (times: ReadonlyMap<Opened, readonly number[]>, side: Opened) => spread(times.get(side) ?? []);
	return {
		...{ load: of(loadMs, large), loadSmall: of(loadMs, small) },
		...{ durable: of(durableMs, large), durableSmall: of(durableMs, small) },
		...{ decide: spread(decideMs), bare: spread(bareMs) },
	};
}

async function growth(...of: Parameters<typeof measure>): Promise<readonly Figure[]> {
	const { load, loadSmall, durable, durableSmall, decide, bare } = await measure(...of);
	const us = (value: number) => value.toFixed(1);
	return [
		{
			what: 'decideAccess alone, every rule, p99',
			measured: decide.p99,
			unit: 'µs',
			target: { atMost: 20 },
			note: `p50 ${us(decide.p50)} µs; ${machineNote(decide.p50)}`,
		},
		{
			what: 'facts loaded, p99',
			measured: load.p99,
			unit: 'µs',
			target: { atMost: 100 },
			note: `among 1,500,000 credentials; p50 ${us(load.p50)} µs, among 3,000: ${us(loadSmall.p50)} µs; SQLite’s look-ups alone: p50 ${us(bare.p50)}, p99 ${us(bare.p99)} µs; ${machineNote(load.p50)}`,
		},
		{
			what: 'durable decision, growth of p50 from 3,000 to 1,500,000 credentials',
			measured: durable.p50 / durableSmall.p50,
			unit: '×',
			target: { atMost: 1.3 },
			note: `${Math.round(durableSmall.p50)} → ${Math.round(durable.p50)} µs`,
		},
	];
}

/** Durably, one after the other. @returns ms each. */
async function decideSome({ decide, nextTag, site }: Opened): Promise<readonly number[]> {
	const tookMs: number[] = [];
	for (let n = 0; n < DURABLE_PER_ROUND; n++) {
		tookMs.push(await decide((n % 8) + 1, nextTag()));
		await settled(site);
	}
	return tookMs;
}

function machineNote(p50Us: number): string {
	return `arithmetic as long: p99 ${machineTailUs(p50Us).toFixed(1)} µs`;
}

function loadMany(opened: Opened) {
	const { site } = opened;
	const { service, store, clock } = site;
	const [lane] = site.site.lanes;
	if (lane === undefined) throw new Error('the site has no lane');
	const state = idleLane(clock.nowMs());
	const facts: AccessFacts[] = [];
	const reads = someTags(opened).map(tagRead);
	const durationsMs = store.transaction(() =>
		timeMany(reads, (read) => {
			facts.push(service.loadFacts(lane, state, [read], clock.nowMs()).access);
		}),
	);
	return { facts, durationsMs };
}

/** One in ten is a stranger's. */
function someTags({ population }: Opened): readonly string[] {
	return Array.from({ length: READS_PER_ROUND }, () => tagValue(Math.floor(Math.random() * population.tags * 1.1)));
}

function timeMany<T>(of: readonly T[], work: (one: T) => void): readonly number[] {
	return of.flatMap((one) => timeUndisturbed(() => work(one)) ?? []);
}

function tagRead(value: string): CollectedRead {
	const read = { kind: 'tag', value, label: value, observationId: value, deviceId: 'reader-1' } as const;
	return { ...read, confidence: 1, reads: 1, firstMonotonicMs: 0 };
}

/** A vehicle is through when nothing of it is held any more. */
async function settled({ store }: BenchSite): Promise<void> {
	while (store.occupancy.reservations().length > 0) await new Promise(setImmediate);
}

/** A plate as no one has it, though a camera may read it so: its confusion class finds the one that was meant. */
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
				const { same, alike } = reader.platesLike(plate);
				if (same === undefined && alike.length === 0) unknown += 1;
			});
			return durationMs === undefined ? [] : [durationMs];
		});
	// Warmed up as above.
	for (let round = 0; round < 3; round++) timeAll();
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
			note: `nobody’s, so its class; p50 ${p50.toFixed(1)} µs; ${machineNote(p50)}`,
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
