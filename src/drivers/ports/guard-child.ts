import { type ChildProcess, spawn } from 'node:child_process';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import type { Cancel, Clock } from '../../gateway/core/clock.ts';
import { createLineSplitter, encodeGuardCommand, type GuardMessage, parseGuardMessage } from './guard-messages.ts';
import type { GuardedPulse, GuardState, OwnedPulseGuard } from './pulse-guard.ts';

/** A vend waits for it; a guard that takes longer hangs. */
const ARM_MS = 400;
/** A busy machine starts a program slowly. */
const START_MS = 15_000;
const FIRST_RESTART_MS = 500;
const LONGEST_RESTART_MS = 30_000;
/** One that lived this long did not die of its start. */
const SOUND_MS = 60_000;
const END_MS = 800;

/** It needs next to nothing; what it shares with the gateway counts once. */
const FLAGS = ['--max-old-space-size=16', '--max-semi-space-size=1', '--no-warnings'];

interface Armed {
	readonly pulse: GuardedPulse;
	readonly endsAtMs: number;
}

/** The open line itself, or the HID device that it opens besides us: a system lets several. */
export type Guarded = { readonly descriptor: number } | { readonly hid: string };

/**
 * The guard of one open line, started anew whenever it dies.
 * @param guarded undefined: this system can't hand the line on
 */
export function createGuardChild(clock: Clock, guarded: Guarded | undefined): OwnedPulseGuard {
	const listeners = new Set<(state: GuardState) => void>();
	const armed = new Map<string, Armed>();
	const asked = new Map<number, (isArmed: boolean) => void>();
	let problem: string | undefined = 'the process that ends its pulses is being started';
	let ends = 0;
	let numbers = 0;
	let child: ChildProcess | undefined;
	let readyAtMs: number | undefined;
	let restartMs = FIRST_RESTART_MS;
	let cancelPlan: Cancel = () => undefined;
	let ended: Promise<void> | undefined;

	function become(next: string | undefined): void {
		problem = next;
		for (const listener of listeners) listener({ problem, ends });
	}

	function start(): void {
		if (guarded === undefined) {
			become('this system can not hand the line to a second process');
			return;
		}
		const own = spawn(process.execPath, [...FLAGS, processPath(), ...('hid' in guarded ? [guarded.hid] : [])], {
			stdio: ['pipe', 'pipe', 'ignore', 'hid' in guarded ? 'ignore' : guarded.descriptor],
			env: {},
		});
		child = own;
		own.on('error', (error) => died(own, error.message));
		own.on('exit', (code, signal) => died(own, signal === null ? `exit code ${code}` : signal));
		own.stdin?.on('error', ignoreGone);
		own.stdout?.setEncoding('utf8');
		const takeText = createLineSplitter((line) => {
			const message = parseGuardMessage(line);
			if (message !== undefined && child === own) hear(message);
		});
		own.stdout?.on('data', (text) => takeText(String(text)));
		cancelPlan = clock.after(START_MS, () => own.kill('SIGKILL'));
	}

	function hear(message: GuardMessage): void {
		switch (message.type) {
			case 'ready':
				cancelPlan();
				readyAtMs = clock.monotonicMs();
				for (const { pulse, endsAtMs } of armed.values()) tell(pulse, Math.max(0, endsAtMs - readyAtMs));
				become(undefined);
				return;
			case 'armed':
				asked.get(message.number)?.(true);
				return;
			case 'ended':
				ends += 1;
				become(problem);
				return;
		}
	}

	function died(own: ChildProcess, how: string): void {
		if (child !== own) return;
		child = undefined;
		cancelPlan();
		for (const answer of asked.values()) answer(false);
		if (ended !== undefined) return;
		if (readyAtMs !== undefined && clock.monotonicMs() - readyAtMs > SOUND_MS) restartMs = FIRST_RESTART_MS;
		readyAtMs = undefined;
		cancelPlan = clock.after(restartMs, start);
		restartMs = Math.min(LONGEST_RESTART_MS, restartMs * 2);
		become(`the process that ends its pulses if Parkgate dies has ended (${how}); it is being started again`);
	}

	function tell({ key, off }: GuardedPulse, endsInMs: number): number {
		numbers += 1;
		child?.stdin?.write(encodeGuardCommand({ type: 'arm', number: numbers, key, endsInMs, off }));
		return numbers;
	}

	function arm(pulse: GuardedPulse): Promise<boolean> {
		if (child === undefined || problem !== undefined) return Promise.resolve(false);
		const own = child;
		const number = tell(pulse, pulse.endsInMs);
		const entry = { pulse, endsAtMs: clock.monotonicMs() + pulse.endsInMs };
		armed.set(pulse.key, entry);
		return new Promise((resolve) => {
			// One that does not answer is of no use.
			const cancel = clock.after(ARM_MS, () => {
				own.kill('SIGKILL');
				answer(false);
			});
			function answer(isArmed: boolean): void {
				cancel();
				asked.delete(number);
				if (!isArmed && armed.get(pulse.key) === entry) armed.delete(pulse.key);
				resolve(isArmed);
			}
			asked.set(number, answer);
		});
	}

	function end(): Promise<void> {
		ended ??= new Promise((resolve) => {
			cancelPlan();
			const own = child;
			if (own === undefined) return resolve();
			// What is still armed will be ended by it, however long that takes: then it goes by itself.
			const cancel = clock.after(END_MS, () => {
				if (armed.size === 0) own.kill('SIGKILL');
				resolve();
			});
			own.once('exit', () => {
				cancel();
				resolve();
			});
			own.stdin?.end();
		});
		return ended;
	}

	start();
	return {
		arm,
		end,
		release(key) {
			if (armed.delete(key)) child?.stdin?.write(encodeGuardCommand({ type: 'release', key }));
		},
		watch(listener) {
			listeners.add(listener);
			listener({ problem, ends });
			return () => listeners.delete(listener);
		},
	};
}

/** What was said to one that is gone; its exit tells. */
const ignoreGone = (): undefined => undefined;

/** The bundle has it beside itself as `.js`; from source Node runs the `.ts` itself. */
function processPath(): string {
	const extension = import.meta.url.endsWith('.ts') ? 'ts' : 'js';
	return fileURLToPath(new URL(`./pulse-guard-process.${extension}`, import.meta.url));
}
