// Runs every gate: format and lint, types, generated files, the latency, all tests with coverage. The last line
// counts the tests; the exit code is 0 only when every gate holds.
import { spawn, spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

const root = path.dirname(import.meta.dirname);
const bin = (name) => path.join(root, 'node_modules', '.bin', name);
const scratch = memoryDir() ?? mkdtempSync(path.join(tmpdir(), 'parkgate-'));
// Users without rights that tests run programs as come through.
chmodSync(scratch, 0o1777);
const resultFile = path.join(scratch, 'vitest.json');
const failed = [];

await gate('system parts', process.execPath, 'scripts/system-parts.mjs', 'tests');
await Promise.all([
	gate('lint', bin('biome'), 'check', '--error-on-warnings', '.'),
	gate('types', bin('tsc'), '--noEmit'),
	gate('config schema', process.execPath, 'scripts/config-schema.mjs', '--check'),
	gate('AsyncAPI document', process.execPath, 'scripts/asyncapi.mjs', '--check'),
	gate('lane diagram', process.execPath, 'scripts/lane-diagram.mjs', '--check'),
]);
if (await gate('build', process.execPath, 'scripts/build.mjs')) {
	// Before the tests, while nothing else runs.
	await gate('latency', process.execPath, 'test/bench/latency-gate.ts');
	await gate(
		'tests',
		bin('vitest'),
		'run',
		'--coverage',
		'--coverage.reportOnFailure',
		'--reporter=default',
		'--reporter=json',
		`--outputFile.json=${resultFile}`,
	);
}

const tests = readResult();
if (tests.skipped > 0) failed.push(`skipped tests (${tests.skipped})`);
rmSync(scratch, { recursive: true, force: true });
if (failed.length > 0) console.error(`\nGates that do not hold: ${failed.join(', ')}.`);
console.log(`${tests.passed} passed, ${tests.failed} failed`);
process.exitCode = failed.length > 0 || tests.failed > 0 || tests.passed === 0 ? 1 : 0;

/** Runs one program; what it prints is shown when it ends, so that gates side by side stay readable. */
async function gate(name, program, ...args) {
	const startedMs = performance.now();
	const live = name === 'tests' || name === 'latency';
	// What tests write lies where it is all removed at the end.
	const env = name === 'tests' ? { ...process.env, TMPDIR: scratch } : process.env;
	const child = spawn(program, args, {
		cwd: root,
		env,
		stdio: ['ignore', live ? 'inherit' : 'pipe', live ? 'inherit' : 'pipe'],
	});
	const chunks = [];
	for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk) => chunks.push(chunk));
	const code = await new Promise((resolve) => {
		child.on('error', (error) => {
			chunks.push(Buffer.from(`${error.message}\n`));
			resolve(1);
		});
		child.on('close', (status) => resolve(status ?? 1));
	});
	const seconds = ((performance.now() - startedMs) / 1000).toFixed(1);
	if (code !== 0) {
		failed.push(name);
		process.stderr.write(Buffer.concat(chunks));
	}
	console.log(`${code === 0 ? 'holds ' : 'FAILS '} ${name} (${seconds} s)`);
	return code === 0;
}

/** Thousands of stores sync every commit: in memory nobody waits for a disk. undefined: there is little, or programs may not run from it. */
function memoryDir() {
	const neededBytes = 4 * 2 ** 30;
	try {
		const { bavail, bsize } = statfsSync('/dev/shm');
		if (bavail * bsize < neededBytes) return undefined;
		const dir = mkdtempSync('/dev/shm/parkgate-');
		const program = path.join(dir, 'program');
		writeFileSync(program, '#!/bin/sh\n', { mode: 0o755 });
		if (spawnSync(program).status === 0) return dir;
		rmSync(dir, { recursive: true });
	} catch (error) {
		if (error.code === undefined) throw error;
	}
	return undefined;
}

/** Tests that could not even be collected count as one failure each. */
function readResult() {
	try {
		const result = JSON.parse(readFileSync(resultFile, 'utf8'));
		const broken = result.testResults.filter((file) => file.status === 'failed' && file.assertionResults.length === 0);
		return {
			passed: result.numPassedTests,
			failed: result.numFailedTests + broken.length,
			skipped: result.numPendingTests + result.numTodoTests,
		};
	} catch (error) {
		if (error.code === 'ENOENT') return { passed: 0, failed: 0, skipped: 0 };
		throw error;
	}
}
