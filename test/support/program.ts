import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import path from 'node:path';
import process from 'node:process';
import { vi } from 'vitest';

/** The program as the build left it; `npm test` builds first. */
export const PARKGATE = path.join(import.meta.dirname, '../../dist/main.js');

export interface Exit {
	readonly code: number | null;
	readonly signal: NodeJS.Signals | null;
}

/** A child process with all it wrote; ended with its test. */
export interface Program extends AsyncDisposable {
	readonly pid: number;
	readonly exited: Promise<Exit>;
	hasExited(): boolean;
	stdout(): string;
	stderr(): string;
	/** One line to its standard input. */
	type(line: string): void;
	/** Nothing more will be typed. */
	endInput(): void;
	signal(name: NodeJS.Signals): void;
	/** Ends it like a power cut. */
	kill(): Promise<void>;
}

export interface ProgramOptions {
	readonly env?: Readonly<Record<string, string>>;
	readonly cwd?: string;
	/** Signals reach all it starts, as from a terminal. */
	readonly asTerminal?: boolean;
}

const running = new Set<(name: NodeJS.Signals) => void>();
process.on('exit', () => {
	for (const signal of running) signal('SIGKILL');
});

/** Starts any program; nothing of this process's own settings reaches it but where programs and people live. */
export function startProgram(command: readonly [string, ...string[]], options: ProgramOptions = {}): Program {
	const [file, ...args] = command;
	const { PATH = '', HOME = '/', LANG = 'C.UTF-8' } = process.env;
	const { cwd, asTerminal: detached = false } = options;
	const child = spawn(file, args, { cwd, detached, env: { PATH, HOME, LANG, ...options.env } });
	const signal = (name: NodeJS.Signals) => send(child, name, detached);
	running.add(signal);
	const chunks = { stdout: [] as string[], stderr: [] as string[] };
	for (const stream of ['stdout', 'stderr'] as const)
		child[stream].setEncoding('utf8').on('data', (text: string) => chunks[stream].push(text));
	// Its end is told by `exited`; a pipe that breaks meanwhile says nothing more.
	child.stdin.on('error', () => undefined);
	child.on('error', (error) => chunks.stderr.push(`${file}: ${error.message}\n`));
	let exit: Exit | undefined;
	const exited = new Promise<Exit>((resolve) => {
		child.on('close', (code, by) => {
			running.delete(signal);
			exit = { code, signal: by };
			resolve(exit);
		});
	});
	async function kill(): Promise<void> {
		signal('SIGKILL');
		await exited;
	}
	return {
		pid: child.pid ?? 0,
		exited,
		hasExited: () => exit !== undefined,
		stdout: () => chunks.stdout.join(''),
		stderr: () => chunks.stderr.join(''),
		type: (line) => void child.stdin.write(`${line}\n`),
		endInput: () => void child.stdin.end(),
		signal,
		kill,
		[Symbol.asyncDispose]: kill,
	};
}

function send(child: ChildProcessWithoutNullStreams, name: NodeJS.Signals, toGroup: boolean): void {
	if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
	if (toGroup) process.kill(-child.pid, name);
	else child.kill(name);
}

export interface Finished extends Exit {
	readonly stdout: string;
	readonly stderr: string;
}

/** Runs `parkgate …` to its end, with nothing more than `input` typed. */
export async function parkgate(
	args: readonly string[],
	options: ProgramOptions & { readonly input?: string; readonly under?: readonly string[] } = {},
): Promise<Finished> {
	const [first = process.execPath, ...rest] = [...(options.under ?? []), process.execPath, PARKGATE, ...args];
	const program = startProgram([first, ...rest], options);
	if (options.input !== undefined) program.type(options.input);
	program.endInput();
	const exit = await program.exited;
	return { ...exit, stdout: program.stdout(), stderr: program.stderr() };
}

/** Waits for what must become true; its last complaint is the failure. */
export function until<T>(check: () => T | Promise<T>, withinMs = 30_000): Promise<T> {
	return vi.waitFor(check, { timeout: withinMs, interval: 25 });
}

/** A port that was free a moment ago, for what can't be asked which one it took. */
export async function freePort(): Promise<number> {
	const server = createServer().listen(0, '127.0.0.1');
	await once(server, 'listening');
	const address = server.address();
	server.close();
	await once(server, 'close');
	if (typeof address !== 'object' || address === null) throw new Error('no free port');
	return address.port;
}
