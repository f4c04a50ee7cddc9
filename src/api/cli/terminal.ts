import { open, readFile, rename, rm } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { buffer } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import { styleText } from 'node:util';
import { GatewayError } from '../../gateway/core/gateway-error.ts';

/** Where a command reads and writes; the process's streams, or a test's. */
export interface Terminal {
	out(text: string): void;
	err(text: string): void;
	/** A person looks at standard output. */
	readonly interactive: boolean;
	/** A person looks at standard error: progress may be shown there. */
	readonly errInteractive: boolean;
	/** Columns of standard output. */
	readonly width: number;
	/** Colours and weight, or the text as it is when output is no terminal or NO_COLOR is set. */
	style(style: Style, text: string): string;
	/** Lines typed or piped in; until disposed of they keep the process alive. */
	lines(): AsyncIterable<string> & Disposable;
	/** Whole content of a file, or of standard input for `-`; NOT_FOUND or INVALID_REQUEST in words. */
	read(file: string, maximumBytes: number): Promise<Uint8Array>;
	/** To a file, as a whole or not at all and for its owner only, or to standard output for `-`. */
	write(file: string, bytes: AsyncIterable<Uint8Array>): Promise<void>;
	/** Aborts at Ctrl-C or the system's request to end; a second one ends the process at once. */
	interrupted(): AbortSignal;
}

export type Style = 'bold' | 'dim' | 'red' | 'green' | 'yellow' | 'cyan';

const INTERRUPTED_EXIT_CODE = 130;
/** Ctrl-C under npm comes twice, from the terminal and from npm: that is one wish, not impatience. */
const SAME_WISH_MS = 1000;

export function createTerminal(host: NodeJS.Process): Terminal {
	const { stdout, stderr, stdin } = host;
	// `parkgate … | head` closes our output early; that is no error.
	stdout.on('error', (error: NodeJS.ErrnoException) => {
		if (error.code !== 'EPIPE') throw error;
		host.exit(0);
	});
	// A gateway goes on when the reader of its log goes away.
	stderr.on('error', () => undefined);
	let interrupted: AbortController | undefined;
	return {
		out: (text) => void stdout.write(text),
		err: (text) => void stderr.write(text),
		interactive: stdout.isTTY === true,
		errInteractive: stderr.isTTY === true,
		width: stdout.columns ?? 80,
		style: (style, text) => styleText(style, text, { stream: stdout, validateStream: true }),
		lines: () => createInterface({ input: stdin }),
		read: (file, maximumBytes) => readBounded(file, stdin, maximumBytes),
		write: (file, bytes) => (file === '-' ? pipeline(bytes, stdout, { end: false }) : writeWhole(file, bytes)),
		interrupted() {
			if (interrupted !== undefined) return interrupted.signal;
			const controller = new AbortController();
			interrupted = controller;
			let firstMs: number | undefined;
			for (const name of ['SIGINT', 'SIGTERM'] as const)
				host.on(name, () => {
					firstMs ??= performance.now();
					if (performance.now() - firstMs > SAME_WISH_MS) host.exit(INTERRUPTED_EXIT_CODE);
					controller.abort();
				});
			return controller.signal;
		},
	};
}

async function readBounded(file: string, stdin: NodeJS.ReadStream, maximumBytes: number): Promise<Uint8Array> {
	let bytes: Uint8Array;
	try {
		bytes = file === '-' ? await buffer(stdin) : await readFile(file);
	} catch (error) {
		const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown error';
		const problem = code === 'ENOENT' ? 'There is no such file' : `It cannot be read (${code})`;
		throw new GatewayError('NOT_FOUND', `${file}: ${problem}.`, { cause: error });
	}
	if (bytes.length > maximumBytes)
		throw new GatewayError(
			'INVALID_REQUEST',
			`${file} has ${bytes.length} bytes; at most ${maximumBytes} can be read.`,
		);
	return bytes;
}

async function writeWhole(file: string, bytes: AsyncIterable<Uint8Array>): Promise<void> {
	const unfinished = `${file}.${process.pid}.part`;
	try {
		await using target = await open(unfinished, 'wx', 0o600);
		for await (const chunk of bytes) await target.writeFile(chunk);
		await target.sync();
		await rename(unfinished, file);
	} catch (error) {
		await rm(unfinished, { force: true });
		const code = error instanceof Error && 'code' in error ? String(error.code) : '';
		if (error instanceof GatewayError || !/^E[A-Z]+$/.test(code)) throw error;
		throw new GatewayError('NOT_FOUND', `${file}: It cannot be written (${code}).`, { cause: error });
	}
}
