import { randomUUIDv7 } from 'node:crypto';
import { rmSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
import { LIMITS } from '../../../src/gateway/core/limits.ts';
import { createOperators } from '../../../src/gateway/services/operators.ts';
import { type BenchSite, createBenchSite } from '../bench-site.ts';
import { createComputingThread } from '../computing-thread.ts';
import { type Figure, type Part, percentile } from '../figure.ts';
import { TEN_EACH, tagsInTurn } from '../population.ts';
import { quietLog } from '../quiet-log.ts';
import { makeSeededStore } from '../seeded-store.ts';

const LANES = 16;
const VEHICLES_A_ROUND = 60;
const ROUNDS = 12;
/** Between two vehicles. */
const VEHICLE_MS = 20;
/** Sign-ins a second, each of another account from another address, so that no back-off takes work away. */
const TRIES_AT_ONCE = 4;
const TRIES_EVERY_MS = 5;

/**
 * Sign-ins with wrong passwords, 800 a second, beside vehicles that come every 20 ms: what they wait, beside the same without,
 * and beside as many threads that compute and touch nothing as hash at once.
 */
export const loginFlood: Part = {
	name: 'login-flood',
	limitS: 240,
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

function createBench(dir: string) {
	const opened = new Map<string, () => void>();
	const opens = (deviceId: string) => ({
		pulse() {
			opened.get(deviceId)?.();
			return Promise.resolve({ result: 'done' } as const);
		},
	});
	const site: BenchSite = createBenchSite({ dir, lanes: LANES, opens });
	const { store, clock } = site;
	const operators = createOperators({
		...{ store, clock, log: quietLog, newId: randomUUIDv7, journalGrew: () => undefined },
	});
	const nextTag = tagsInTurn(TEN_EACH);
	let lane = 0;
	return {
		operators,
		/** A vehicle at the next lane; from its read to its pulse, ms. */
		decide(): Promise<number> {
			lane = (lane % LANES) + 1;
			const startedMs = performance.now();
			const { promise, resolve } = Promise.withResolvers<number>();
			opened.set(`boom-${lane}`, () => resolve(performance.now() - startedMs));
			site.read(lane, nextTag());
			return promise;
		},
		close: () => site.close(),
	};
}

type Bench = ReturnType<typeof createBench>;
type Beside = 'nothing' | 'sign-ins' | 'computing';

/** Counts what became of the tries. */
function createFlood({ operators }: Bench) {
	const answers = { hashed: 0, turnedAway: 0 };
	let n = 0;
	const one = async () => {
		n += 1;
		const remoteAddress = `10.${(n >> 16) & 255}.${(n >> 8) & 255}.${n & 255}`;
		const asked = { email: `nobody-${n}@example.org`, password: 'not the password', remoteAddress };
		const { result } = await operators.login(asked);
		answers[result === 'backOff' ? 'turnedAway' : 'hashed'] += 1;
	};
	return {
		answers,
		start() {
			const under = new Set<Promise<void>>();
			const timer = setInterval(() => {
				for (let k = 0; k < TRIES_AT_ONCE; k += 1) {
					const asked = one();
					under.add(asked);
					void asked.finally(() => under.delete(asked));
				}
			}, TRIES_EVERY_MS);
			return async () => {
				clearInterval(timer);
				await Promise.all(under);
			};
		},
	};
}

async function measure(bench: Bench): Promise<readonly Figure[]> {
	const flood = createFlood(bench);
	const computing = Array.from({ length: LIMITS.passwordHashesAtOnce }, createComputingThread);
	const startComputing = () => {
		const stops = computing.map((thread) => thread.start());
		return async () => {
			for (const stop of stops) await stop();
		};
	};
	const start = { nothing: () => () => Promise.resolve(), 'sign-ins': flood.start, computing: startComputing };
	const tookMs: Record<Beside, number[]> = { nothing: [], 'sign-ins': [], computing: [] };
	for (let n = 0; n < VEHICLES_A_ROUND; n += 1) await bench.decide();
	for (let round = 0; round < ROUNDS; round += 1) {
		const turns: readonly Beside[] = ['nothing', 'sign-ins', 'computing'];
		for (const beside of round % 2 === 0 ? turns : turns.toReversed()) {
			const stop = start[beside]();
			for (let n = 0; n < VEHICLES_A_ROUND; n += 1) {
				tookMs[beside].push(await bench.decide());
				await wait(VEHICLE_MS);
			}
			await stop();
		}
	}
	for (const thread of computing) await thread.end();
	return figuresOf(tookMs, flood.answers);
}

function figuresOf(
	tookMs: Readonly<Record<Beside, readonly number[]>>,
	answers: ReturnType<typeof createFlood>['answers'],
) {
	const at = (beside: Beside, q: number) => percentile(tookMs[beside], q);
	const spreadOf = (beside: Beside) => `${at(beside, 0.5).toFixed(1)} / ${at(beside, 0.99).toFixed(1)} ms`;
	return [
		{
			what: 'decision p99 beside a flood of sign-ins, of that alone',
			measured: at('sign-ins', 0.99) / at('nothing', 0.99),
			unit: '×',
			target: { atMost: 1.5 },
			note: `p50 / p99 ${spreadOf('sign-ins')}, alone ${spreadOf('nothing')}; ${answers.hashed} hashed, ${answers.turnedAway} turned away`,
		},
		{
			what: 'decision p99 beside a flood of sign-ins, of that beside threads that compute',
			measured: at('sign-ins', 0.99) / at('computing', 0.99),
			unit: '×',
			target: { atMost: 1.1 },
			note: `p50 / p99 beside those threads ${spreadOf('computing')}`,
		},
	];
}
