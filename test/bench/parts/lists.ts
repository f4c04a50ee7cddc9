import { randomUUIDv7 } from 'node:crypto';
import { rmSync } from 'node:fs';
import path from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';
import type { ListQuery } from '../../../src/gateway/services/directory/directory-lists.ts';
import { createDirectoryEdits } from '../../../src/gateway/services/directory/edit-directory.ts';
import { createDirectoryLists } from '../../../src/gateway/services/directory/list-directory.ts';
import { createDirectoryListThread } from '../../../src/gateway/store/directory-lists.ts';
import { SITE_FILE } from '../../../src/gateway/store/site-store.ts';
import { type BenchSite, createBenchSite } from '../bench-site.ts';
import { type Figure, type Part, percentile } from '../figure.ts';
import { holderId, plateValue, TEN_EACH, tagsInTurn } from '../population.ts';
import { makeSeededStore } from '../seeded-store.ts';

const LANES = 16;
const VEHICLES_A_ROUND = 192;
/** Half of them with lists, in turns. */
const ROUNDS = 40;
const EDITS = 200;

/**
 * Lists, searches and rows of 100,000 holders and 1,000,000 credentials, asked one after the other without a pause while
 * sixteen lanes decide as quickly as they can; beside the same decisions without lists, taking turns.
 */
export const lists: Part = {
	name: 'lists',
	limitS: 120,
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

async function measure(bench: Bench): Promise<readonly Figure[]> {
	const alone: number[] = [];
	const beside: number[] = [];
	const asked = createAsker(bench);
	await bench.decide(VEHICLES_A_ROUND);
	await asked.warmUp();
	for (let round = 0; round < ROUNDS; round++) {
		if (round === ROUNDS / 2) editSome(bench);
		const turns = [
			async () => void alone.push(...(await bench.decide(VEHICLES_A_ROUND))),
			async () => {
				const stop = asked.start();
				beside.push(...(await bench.decide(VEHICLES_A_ROUND)));
				await stop();
			},
		];
		for (const next of round % 2 === 0 ? turns : turns.reverse()) await next();
	}
	const [p99, p99Beside] = [percentile(alone, 0.99), percentile(beside, 0.99)];
	return [
		...asked.figures(),
		{
			what: 'decision p99 while lists are read, of that without',
			measured: p99Beside / p99,
			unit: '×',
			target: { atMost: 1.1 },
			note: `${p99Beside.toFixed(1)} and ${p99.toFixed(1)} ms, ${LANES} in flight; p50 ${percentile(beside, 0.5).toFixed(1)} and ${percentile(alone, 0.5).toFixed(1)} ms`,
		},
	];
}

/** From then on everything is read through the overlay. */
function editSome({ edits }: Bench): void {
	const changes = Array.from(
		{ length: EDITS },
		(_, n) => ({ op: 'update', table: 'holders', key: holderId(n * 7), fields: { status: 'inactive' } }) as const,
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
		figures: () =>
			(Object.keys(tookMs) as Kind[]).map((kind): Figure => {
				const [worst] = [...slowest]
					.filter(([what]) => what.startsWith('count') === (kind === 'count'))
					.toSorted(([, a], [, b]) => b - a);
				const all = tookMs[kind];
				return {
					what: `${kind === 'detail' ? 'a row and what belongs to it' : kind}, p95`,
					measured: percentile(all, 0.95),
					unit: 'ms',
					target: { atMost: 100 },
					note: `p50 ${percentile(all, 0.5).toFixed(0)} ms, ${all.length} asked${worst && kind !== 'detail' ? `; slowest ${worst[1].toFixed(0)} ms: ${worst[0]}` : ''}`,
				};
			}),
	};
}

/** What people ask, from the commonest names to what nobody has. */
const QUESTIONS = (person: number): readonly (readonly [string, ListQuery])[] => [
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
