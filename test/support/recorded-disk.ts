import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';

/** What a program did to the files of one directory, in order, as `strace` saw it; `said`: a line it printed. */
export type DiskOp =
	| { readonly do: 'create' | 'remove' | 'sync'; readonly file: string }
	| { readonly do: 'write'; readonly file: string; readonly at: number; readonly bytes: Buffer }
	| { readonly do: 'truncate'; readonly file: string; readonly to: number }
	| { readonly do: 'syncNames' }
	| { readonly do: 'said'; readonly line: string };

const CALLS = ['openat', 'pwrite64', 'write', 'ftruncate', 'fallocate', 'fsync', 'fdatasync', 'unlink', 'unlinkat'];
const MOVES = ['rename', 'renameat', 'renameat2'];

/** Runs a script of Node in a directory that is empty at first. */
export async function recordDisk(dir: string, script: string): Promise<readonly DiskOp[]> {
	const trace = `${dir}.trace`;
	const options = ['-f', '--seccomp-bpf', '-qq', '-y', '-xx', '-s', '10000000'];
	const traced = ['-e', `trace=${[...CALLS, ...MOVES].join()}`, '-o', trace, process.execPath, script, dir];
	const program = spawn('strace', [...options, ...traced], { stdio: ['ignore', 'pipe', 'inherit'] });
	program.stdout.resume();
	const [code] = await once(program, 'close');
	if (code !== 0) throw new Error(`${script} ended with ${code}`);
	return parseTrace(readFileSync(trace, 'latin1'), dir);
}

function parseTrace(text: string, dir: string): DiskOp[] {
	const ops: DiskOp[] = [];
	/** By thread: the beginning of a call that another thread's came between. */
	const begun = new Map<string, string>();
	for (const line of text.split('\n')) {
		const [, thread = '', rest = ''] = /^(\d+) +(.*)$/s.exec(line) ?? [];
		const resumed = /^<\.\.\. \w+ resumed>(.*)$/s.exec(rest);
		const whole = resumed === null ? rest : `${begun.get(thread) ?? ''}${resumed[1]}`;
		if (whole.endsWith('<unfinished ...>')) begun.set(thread, whole.slice(0, -'<unfinished ...>'.length));
		else ops.push(...opsOf(whole, dir));
	}
	return ops;
}

function opsOf(call: string, dir: string): readonly DiskOp[] {
	const [, name = '', given = '', answer = ''] = /^(\w+)\((.*)\) += (-?\d+)/s.exec(call) ?? [];
	if (name === '' || answer.startsWith('-')) return [];
	const texts = [...given.matchAll(/[<"]((?:\\x[0-9a-f]{2})*)[>"]/g)].map(([, hex = '']) => bytesOf(hex));
	const [first = Buffer.alloc(0), second = Buffer.alloc(0)] = texts;
	if (name === 'write' && given.startsWith('1<')) return linesOf(second);
	// A new file is named in full, others by what their descriptor stands for.
	const place = (name.endsWith('at') ? second : first).toString();
	if (place === dir) return name === 'fsync' ? [{ do: 'syncNames' }] : [];
	if (path.dirname(place) !== dir) return [];
	return opsOn(path.basename(place), { name, given, bytes: second });
}

function opsOn(file: string, { name, given, bytes }: { name: string; given: string; bytes: Buffer }): DiskOp[] {
	// A call that another thread's came between has a space more.
	const last = Number(/, (\d+) *$/.exec(given)?.[1]);
	switch (name) {
		case 'openat':
			if (given.includes('O_TRUNC'))
				return [
					{ do: 'create', file },
					{ do: 'truncate', file, to: 0 },
				];
			return given.includes('O_CREAT') ? [{ do: 'create', file }] : [];
		case 'pwrite64':
			return [{ do: 'write', file, at: last, bytes }];
		case 'ftruncate':
			return [{ do: 'truncate', file, to: last }];
		case 'fsync':
		case 'fdatasync':
			return [{ do: 'sync', file }];
		case 'unlink':
		case 'unlinkat':
			return [{ do: 'remove', file }];
		default:
			throw new Error(`${name} of ${file} is not understood`);
	}
}

function linesOf(bytes: Buffer): DiskOp[] {
	const lines = bytes.toString().split('\n').filter(Boolean);
	return lines.map((line) => ({ do: 'said', line }));
}

function bytesOf(hex: string): Buffer {
	return Buffer.from(hex.replaceAll('\\x', ''), 'hex');
}
