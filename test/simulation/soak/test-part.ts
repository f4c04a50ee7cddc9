import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { z } from 'zod';
import type { PartResult, SoakFailure } from './soak-result.ts';

const ROOT = path.resolve(import.meta.dirname, '../../..');
/** Nothing takes this long but a round that hangs; unless a part says otherwise. */
const ROUND_LIMIT_MS = 900_000;
const PROBLEM_LENGTH = 4_000;

const resultSchema = z.object({
	numPassedTests: z.number(),
	testResults: z.array(
		z.object({
			name: z.string(),
			status: z.string(),
			message: z.string().default(''),
			assertionResults: z.array(
				z.object({ status: z.string(), fullName: z.string(), failureMessages: z.array(z.string()).nullish() }),
			),
		}),
	),
});

export interface TestPartOptions {
	readonly name: string;
	/** Below the project's root. */
	readonly files: readonly string[];
	/** What the tests are told in a round, from 0. */
	readonly env?: (round: number) => Readonly<Record<string, string>>;
	readonly roundLimitMs?: number;
	readonly durationMs: number;
	readonly isInterrupted: () => boolean;
	readonly say: (line: string) => void;
}

interface Round {
	readonly passed: number;
	readonly failures: readonly SoakFailure[];
}

/** Runs tests that draw something new each time (what to try, or when to kill) again and again until the time is over. */
export async function soakTests(options: TestPartOptions): Promise<PartResult> {
	const { name, durationMs, isInterrupted, say } = options;
	const startedMs = performance.now();
	const spentMs = () => performance.now() - startedMs;
	const failures: SoakFailure[] = [];
	let [rounds, passed, longestMs] = [0, 0, 0];
	while (rounds === 0 || (spentMs() + longestMs < durationMs && !isInterrupted())) {
		const begunMs = spentMs();
		const round = await runTests(options, options.env?.(rounds) ?? {});
		// Ctrl-C reaches the tests too: a round that was cut says nothing.
		if (isInterrupted()) break;
		longestMs = Math.max(longestMs, spentMs() - begunMs);
		rounds += 1;
		passed += round.passed;
		failures.push(...round.failures);
		say(
			`${name} ${rounds}: ${round.passed} tests passed, ${round.failures.length} failed, ${((spentMs() - begunMs) / 1_000).toFixed(0)} s`,
		);
	}
	return {
		...{ name, rounds, failures, tookMs: Math.round(spentMs()) },
		held: `${passed} tests passed`,
		detail: { files: options.files, passed },
	};
}

async function runTests(
	{ files, roundLimitMs }: TestPartOptions,
	told: Readonly<Record<string, string>>,
): Promise<Round> {
	const scratch = mkdtempSync(path.join(tmpdir(), 'parkgate-soak-'));
	const file = path.join(scratch, 'result.json');
	try {
		const vitest = path.join(ROOT, 'node_modules/vitest/vitest.mjs');
		const args = [vitest, 'run', '--reporter=json', `--outputFile=${file}`, ...files];
		const child = spawn(process.execPath, args, {
			...{ cwd: ROOT, timeout: roundLimitMs ?? ROUND_LIMIT_MS, stdio: ['ignore', 'ignore', 'pipe'] as const },
			env: { ...process.env, ...told },
		});
		let said = '';
		child.stderr.on('data', (chunk: Buffer) => {
			said = `${said}${chunk}`.slice(-PROBLEM_LENGTH);
		});
		const [code, signal] = await once(child, 'close');
		return readRound({ file, files, told }, code === 0 ? null : `ended with ${signal ?? code}: ${said}`);
	} finally {
		rmSync(scratch, { recursive: true, force: true });
	}
}

function readRound(
	{ file, files, told }: { file: string; files: readonly string[]; told: Readonly<Record<string, string>> },
	ending: string | null,
): Round {
	const result = resultSchema.safeParse(readJson(file));
	const vitest = [...Object.entries(told).map(([name, value]) => `${name}=${value}`), 'npx vitest run'].join(' ');
	const all = (problem: string) => ({ what: 'the tests', problem, replay: `${vitest} ${files.join(' ')}` });
	if (!result.success) return { passed: 0, failures: [all(ending ?? 'the tests left no result')] };
	const { numPassedTests, testResults } = result.data;
	const failures = testResults.flatMap(({ name, status, message, assertionResults }) => {
		const replay = `${vitest} ${path.relative(ROOT, name)}`;
		const own = assertionResults
			.filter((assertion) => assertion.status === 'failed')
			.map(({ fullName, failureMessages }) => ({
				what: fullName,
				problem: (failureMessages ?? []).join('\n').slice(0, PROBLEM_LENGTH),
				replay,
			}));
		return own.length === 0 && status === 'failed'
			? [{ what: path.relative(ROOT, name), problem: message, replay }]
			: own;
	});
	return { passed: numPassedTests, failures: failures.length === 0 && ending !== null ? [all(ending)] : failures };
}

function readJson(file: string): unknown {
	try {
		return JSON.parse(readFileSync(file, 'utf8'));
	} catch (error) {
		// It ended before it could write one; how it ended is told instead.
		if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
		throw error;
	}
}
