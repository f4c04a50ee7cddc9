import { randomUUIDv7 } from 'node:crypto';
import { createReadStream, rmSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { setImmediate as turn, setTimeout as wait } from 'node:timers/promises';
import type { ListQuery } from '../../../src/gateway/services/directory/directory-lists.ts';
import { createDirectoryEdits } from '../../../src/gateway/services/directory/edit-directory.ts';
import { createDirectoryLists } from '../../../src/gateway/services/directory/list-directory.ts';
import { createDirectoryListThread } from '../../../src/gateway/store/directory-lists.ts';
import { SITE_FILE } from '../../../src/gateway/store/site-store.ts';
import { type BenchSite, createBenchSite } from '../bench-site.ts';
import { createComputingThread } from '../computing-thread.ts';
import { type Figure, type Part, percentile } from '../figure.ts';
import { holderId, plateValue, TEN_EACH, tagsInTurn } from '../population.ts';
import { makeSeededStore } from '../seeded-store.ts';

const LANES = 16;
const VEHICLES_A_ROUND = 320;
const ROUNDS = 24;
const EDITS = 200;
const ALONE_MS = 5_000;

/**
 * Lists, searches and rows of 100,000 holders and 1,000,000 credentials, asked one after the other without a pause while
 * sixteen lanes decide as quickly as they can; beside the same decisions alone, taking turns.
 */
export const lists: Part = {
	name: 'lists',
	limitS: 180,
	async run() {
		const dir = await makeSeededStore(TEN_EACH);
		const bench = createBench(dir);
		try {
			return await measure(bench);
		} finally {
			await bench.close();
			rmSync(dir, { recursive: true });
		}
	},
};

type Bench = ReturnType<typeof createBench>;

function createBench(dir: string) {
	let onOpened: () => void = () => undefined;
	const pulse = () => {
		onOpened();
		return Promise.resolve({ result: 'done' } as const);
	};
	const site: BenchSite = createBenchSite({ dir, lanes: LANES, opens: () => ({ pulse }) });
	const { store, directory, clock } = site;
	const thread = createDirectoryListThread({
		directory,
		siteFile: path.join(dir, SITE_FILE),
		onDied: (error) => console.error(error),
	});
	const edits = createDirectoryEdits({
		...{ store, clock, hasCentral: true, rules: {} },
		directory: directory.reader,
		newId: randomUUIDv7,
		follow: () => undefined,
		isWired: () => true,
		edited: () => undefined,
	});
	const nextTag = tagsInTurn(TEN_EACH);
	return {
		edits,
		lists: createDirectoryLists(thread),
		/** Into the system's cache, where it is on a gateway that has run for a while. */
		async warmUp() {
			for await (const _ of createReadStream(directory.liveFile()));
		},
		/** Sixteen at a time, as many rounds as it takes. @returns how long each took from its read to its pulse, ms. */
		async decide(vehicles: number): Promise<readonly number[]> {
			const tookMs: number[] = [];
			for (let done = 0; done < vehicles; done += LANES) {
				const rows = store.journal.lastSeq() + 3 * LANES;
				const { promise, resolve } = Promise.withResolvers<void>();
				const startedMs = performance.now();
				let opened = 0;
				onOpened = () => {
					tookMs.push(performance.now() - startedMs);
					opened += 1;
					if (opened === LANES) resolve();
				};
				for (let lane = 1; lane <= LANES; lane++) site.read(lane, nextTag());
				await promise;
				while (store.journal.lastSeq() < rows) await turn();
			}
			return tookMs;
		},
		async close() {
			await thread.close();
			await site.close();
		},
	};
}

/** What the lanes decide beside: nothing, lists, and a thread that computes without reading anything, as any thread would. */
type Beside = 'nothing' | 'lists' | 'computing';

async function measure(bench: Bench): Promise<readonly Figure[]> {
	const asked = createAsker(bench);
	const computing = createComputingThread();
	const start = { nothing: () => () => Promise.resolve(), lists: asked.start, computing: computing.start };
	const tookMs: Record<Beside, number[]> = { nothing: [], lists: [], computing: [] };
	const processorUs: Record<Beside, number> = { nothing: 0, lists: 0, computing: 0 };
	await bench.warmUp();
	await bench.decide(VEHICLES_A_ROUND);
	await asked.warmUp();
	const alone = createAsker(bench);
	const stopAlone = alone.start();
	await wait(ALONE_MS);
	await stopAlone();
	for (let round = 0; round < ROUNDS; round++) {
		if (round === ROUNDS / 2) editSome(bench);
		const turns: readonly Beside[] = ['nothing', 'lists', 'computing'];
		for (const beside of round % 2 === 0 ? turns : turns.toReversed()) {
			const stop = start[beside]();
			const before = process.threadCpuUsage();
			tookMs[beside].push(...(await bench.decide(VEHICLES_A_ROUND)));
			const { user, system } = process.threadCpuUsage(before);
			processorUs[beside] += user + system;
			await stop();
		}
	}
	await computing.end();
	const at = (beside: Beside, q: number) => percentile(tookMs[beside], q);
	const spreadOf = (beside: Beside) => `${at(beside, 0.5).toFixed(1)} / ${at(beside, 0.99).toFixed(1)} ms`;
	return [
		...asked.figures('beside decisions'),
		...alone.figures('alone').map(({ target: _, ...figure }) => figure),
		{
			what: 'decision p99 beside lists, of that alone',
			measured: at('lists', 0.99) / at('nothing', 0.99),
			unit: '×',
			target: { atMost: 1.1 },
			note: `p50 / p99 ${spreadOf('lists')}, alone ${spreadOf('nothing')}, ${LANES} in flight`,
		},
		{
			what: 'decision p99 beside lists, of that beside a thread that reads nothing',
			measured: at('lists', 0.99) / at('computing', 0.99),
			unit: '×',
			target: { atMost: 1.1 },
			note: `p50 / p99 beside that thread ${spreadOf('computing')}`,
		},
		{
			what: 'processor time of a decision beside lists, of that alone',
			measured: processorUs.lists / processorUs.nothing,
			unit: '×',
			note: 'of the thread that decides, answers of lists included',
		},
	];
}

/** From then on everything is read through the overlay. */
function editSome({ edits }: Bench): void {
	const changes = Array.from(
		{ length: EDITS },
		(_, n) => ({ op: 'update', table: 'holders', key: holderId(n * 7), fields: { note: 'edited' } }) as const,
	);
	const answer = edits.edit(changes, { operatorId: null });
	if (answer.result !== 'done') throw new Error(JSON.stringify(answer.problems[0]));
}

type Kind = 'list' | 'search' | 'count' | 'detail';

function createAsker({ lists, edits }: Bench) {
	const tookMs: Record<Kind, number[]> = { list: [], search: [], count: [], detail: [] };
	const slowest = new Map<string, number>();
	let n = 0;

	async function time(kind: Kind, what: string, work: () => Promise<unknown>): Promise<void> {
		const startedMs = performance.now();
		await work();
		const durationMs = performance.now() - startedMs;
		tookMs[kind].push(durationMs);
		slowest.set(what, Math.max(durationMs, slowest.get(what) ?? 0));
	}

	async function askNext(): Promise<void> {
		n += 1;
		const person = (n * 7_919) % TEN_EACH.holders;
		const questions = QUESTIONS(person);
		const question = questions[n % (questions.length + 1)];
		if (question === undefined) return time('detail', 'detail', () => detail(person));
		const [what, query] = question;
		const kind = query.q === undefined ? 'list' : 'search';
		await time(kind, what, () => lists.page(query, { limit: 50 }));
		await time('count', `count: ${what}`, () => lists.count(query));
	}

	/** The row, what was done with it, and what belongs to it. */
	async function detail(person: number): Promise<void> {
		const key = holderId(person);
		if (edits.get('holders', key) === undefined) throw new Error(`no holder ${key}`);
		edits.history('holders', key);
		for (const table of ['credentials', 'assignedRights'] as const)
			await lists.page({ table, where: { holderId: [key] } }, { limit: 50 });
	}

	return {
		/** Every question once; that does not count. */
		async warmUp() {
			for (const [, query] of QUESTIONS(1)) await lists.page(query, { limit: 50 });
		},
		start() {
			let stopped = false;
			const asking = (async () => {
				while (!stopped) await askNext();
			})();
			return async () => {
				stopped = true;
				await asking;
			};
		},
		figures: (beside: string) =>
			(Object.keys(tookMs) as Kind[]).map((kind): Figure => {
				const [worst] = [...slowest]
					.filter(([what]) => what.startsWith('count') === (kind === 'count'))
					.toSorted(([, a], [, b]) => b - a);
				const all = tookMs[kind];
				return {
					what: `${kind === 'detail' ? 'a row and what belongs to it' : kind} ${beside}, p95`,
					measured: percentile(all, 0.95),
					unit: 'ms',
					target: { atMost: 100 },
					note: `p50 ${percentile(all, 0.5).toFixed(0)} ms, ${all.length} asked${worst && kind !== 'detail' ? `; slowest ${worst[1].toFixed(0)} ms: ${worst[0]}` : ''}`,
				};
			}),
	};
}

/** What people ask, from the commonest names to what nobody has. */
export const QUESTIONS = (person: number): readonly (readonly [string, ListQuery])[] => [
	['holders', { table: 'holders' }],
	['holders from the end', { table: 'holders', descending: true }],
	['holders of a rare state', { table: 'holders', where: { status: ['blocked'] } }],
	['holders of a kind', { table: 'holders', where: { kind: ['organisation'] } }],
	['holders with a tag', { table: 'holders', where: { tags: ['nobody has it'] } }],
	['credentials', { table: 'credentials' }],
	['credentials from the end', { table: 'credentials', descending: true }],
	['tags from the end', { table: 'credentials', where: { kind: ['tag'] }, descending: true }],
	['lost credentials', { table: 'credentials', where: { state: ['lost', 'stolen'] } }],
	['rights of a specification', { table: 'assignedRights', where: { specificationId: ['spec-3'] } }],
	['suspended rights', { table: 'assignedRights', where: { state: ['suspended'] } }],
	['a number', { table: 'holders', q: String(person) }],
	['a letter', { table: 'holders', q: 'a' }],
	['a first name', { table: 'holders', q: 'élo' }],
	['the last first name', { table: 'holders', q: 'tom' }],
	['a first and a last name', { table: 'holders', q: 'tom bah' }],
	['somebody', { table: 'holders', q: `jan ${person}` }],
	['nobody', { table: 'holders', q: 'zzyzx' }],
	['a name, blocked', { table: 'holders', q: 'anna', where: { status: ['blocked'] } }],
	['a plate', { table: 'credentials', q: plateValue(person) }],
	['the beginning of plates', { table: 'credentials', q: '1-ab' }],
	['a digit', { table: 'credentials', q: '1' }],
	['credentials of a first name', { table: 'credentials', q: 'anna' }],
	['credentials of a name', { table: 'credentials', q: 'pieter lambert' }],
	['credentials of somebody', { table: 'credentials', q: `${person} peeters` }],
	['rights of a first name', { table: 'assignedRights', q: 'sofie' }],
];
