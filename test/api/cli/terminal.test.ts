import { EventEmitter } from 'node:events';
import { PassThrough } from 'node:stream';
import { describe, expect, it, vi } from 'vitest';
import { createTerminal } from '../../../src/api/cli/terminal.ts';

/** A process as far as a terminal uses it. */
function fakeProcess() {
	const exits: (number | undefined)[] = [];
	const host = Object.assign(new EventEmitter(), {
		stdout: new PassThrough(),
		stderr: new PassThrough(),
		stdin: new PassThrough(),
		exit: (code?: number) => void exits.push(code),
	});
	return { host, exits, terminal: createTerminal(host as unknown as NodeJS.Process) };
}

describe('an interrupted command', () => {
	it.each(['SIGINT', 'SIGTERM'])('is asked to end by %s, and again by the same wish passed on by npm', (signal) => {
		const { host, exits, terminal } = fakeProcess();
		const interrupted = terminal.interrupted();
		expect(terminal.interrupted()).toBe(interrupted);
		expect(interrupted.aborted).toBe(false);
		host.emit(signal);
		host.emit('SIGINT');
		expect(interrupted.aborted).toBe(true);
		expect(exits).toEqual([]);
	});

	it('ends at once for somebody who asks again later', () => {
		vi.useFakeTimers();
		try {
			const { host, exits, terminal } = fakeProcess();
			terminal.interrupted();
			host.emit('SIGINT');
			vi.advanceTimersByTime(1500);
			host.emit('SIGINT');
			expect(exits).toEqual([130]);
		} finally {
			vi.useRealTimers();
		}
	});
});

describe('standard input', () => {
	it('comes as lines', async () => {
		const { host, terminal } = fakeProcess();
		host.stdin.end('card 26:9ADDDF00\ninput arming on');
		expect(await Array.fromAsync(terminal.lines())).toEqual(['card 26:9ADDDF00', 'input arming on']);
	});

	it('is read whole for -, up to what is asked for', async () => {
		const { host, terminal } = fakeProcess();
		host.stdin.end('0123456789');
		await expect(terminal.read('-', 9)).rejects.toMatchObject({ code: 'INVALID_REQUEST' });
	});
});

describe('a reader that went away', () => {
	const brokenPipe = () => Object.assign(new Error('write EPIPE'), { code: 'EPIPE' });

	it('ends the program without complaint when it read what was asked for', () => {
		const { host, exits } = fakeProcess();
		host.stdout.emit('error', brokenPipe());
		expect(exits).toEqual([0]);
	});

	it('ends nothing when it read the log', () => {
		const { host, exits } = fakeProcess();
		host.stderr.emit('error', brokenPipe());
		expect(exits).toEqual([]);
	});
});
