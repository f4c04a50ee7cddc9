import type { CliHandlers } from '../../../src/api/cli/handlers.ts';
import { runCli } from '../../../src/api/cli/run-cli.ts';
import type { Terminal } from '../../../src/api/cli/terminal.ts';

export interface CliResult {
	readonly code: number;
	readonly out: string;
	readonly err: string;
}

export interface CliSurroundings {
	readonly handlers?: Partial<CliHandlers>;
	readonly files?: Readonly<Record<string, Uint8Array | string>>;
	readonly input?: readonly string[];
	readonly interactive?: boolean;
	readonly interrupt?: AbortController;
	/** Takes what is written to files, by their names. */
	readonly written?: Map<string, string>;
}

/** Runs one command with a terminal in memory; a handler that the test did not give throws. `args`: a list where a word has spaces. */
export async function cli(args: string | readonly string[], surroundings: CliSurroundings = {}): Promise<CliResult> {
	let out = '';
	let err = '';
	const interactive = surroundings.interactive ?? false;
	const terminal: Terminal = {
		out(text) {
			out += text;
		},
		err(text) {
			err += text;
		},
		interactive,
		errInteractive: interactive,
		width: 100,
		style: (_, text) => text,
		lines: () => ({
			async *[Symbol.asyncIterator]() {
				yield* surroundings.input ?? [];
			},
			[Symbol.dispose]: () => undefined,
		}),
		async read(file, maximumBytes) {
			const content = surroundings.files?.[file];
			if (content === undefined) throw new Error(`the test has no file ${file}`);
			const bytes = typeof content === 'string' ? new TextEncoder().encode(content) : content;
			if (bytes.length > maximumBytes) throw new Error('too long');
			return bytes;
		},
		async write(file, bytes) {
			const text = new TextDecoder().decode(Buffer.concat(await Array.fromAsync(bytes)));
			if (file === '-') out += text;
			else surroundings.written?.set(file, text);
		},
		interrupted: () => (surroundings.interrupt ?? new AbortController()).signal,
	};
	const handlers = new Proxy(
		{ version: '1.2.3', driverKinds: ['osdp', 'modbus-relay'], ...surroundings.handlers },
		{
			get(target, name) {
				if (Object.hasOwn(target, name)) return Reflect.get(target, name);
				throw new Error(`the test has no handler ${String(name)}`);
			},
		},
	) as CliHandlers;
	const code = await runCli({
		args: (typeof args === 'string' ? args.split(' ') : args).filter((word) => word !== ''),
		handlers,
		terminal,
	});
	return { code, out, err };
}
