import { PassThrough } from 'node:stream';
import type { Command } from 'commander';
import { escapeHidden } from '../../../gateway/core/hidden-text.ts';
import { type CommandContext, configOption, example, jsonOption } from '../command-context.ts';
import type { MonitorLine, MonitorOptions } from '../handlers.ts';
import { formatHex, jsonLine } from '../output.ts';
import type { Terminal } from '../terminal.ts';

interface MonitorFlags {
	config: string;
	json?: true;
	record?: string;
}

const ARROWS = { in: '←', out: '→', decoded: ' ', note: '·' } as const;

/** `devices monitor`: what a device says and is told. */
export function addDevicesMonitor(devices: Command, { handlers, terminal }: CommandContext): void {
	devices
		.command('monitor')
		.summary('show live bytes and frames of a device')
		.description(
			'Shows what a device sends (←) and is sent (→), as bytes and as frames and errors, until Ctrl-C: on the line of the\n' +
				'gateway that runs, which goes on undisturbed; without one the line is opened here. Keys and PINs are masked.',
		)
		.argument('<id>', 'the device in gateway.yaml')
		.option('--record <file>', 'write a trace that `parkgate decode` reads')
		.addOption(configOption())
		.addOption(jsonOption())
		.addHelpText(
			'after',
			example('parkgate devices monitor reader-1', 'parkgate devices monitor reader-1 --record reader-1.trace'),
		)
		.action(async (deviceId: string, { config: configFile, json, record }: MonitorFlags) => {
			const show = (line: MonitorLine) => terminal.out(json ? jsonLine(line) : monitorLine(terminal, line));
			const options = { configFile, deviceId, signal: terminal.interrupted(), onLine: show };
			if (record === undefined) await handlers.monitorDevice(options);
			else await monitorInto(record, options, { handlers, terminal });
		});
}

/** The trace is whole also when the monitor fails; a file that takes no more ends the monitor. */
async function monitorInto(
	file: string,
	options: Omit<MonitorOptions, 'onTrace'>,
	{ handlers, terminal }: Pick<CommandContext, 'handlers' | 'terminal'>,
): Promise<void> {
	const trace = new PassThrough();
	const unwritable = new AbortController();
	let lines = 0;
	const written = terminal.write(file, trace).finally(() => unwritable.abort());
	try {
		await handlers.monitorDevice({
			...options,
			signal: AbortSignal.any([options.signal, unwritable.signal]),
			onTrace(text) {
				lines += 1;
				if (!trace.destroyed) trace.write(text);
			},
		});
	} finally {
		trace.end();
		await written;
	}
	terminal.err(`${escapeHidden(file)}: ${lines} lines; read them with: parkgate decode ${escapeHidden(file)}\n`);
}

function monitorLine(terminal: Terminal, line: MonitorLine): string {
	const time = new Date(line.atMs).toISOString().slice(11, 23);
	const bytes = line.bytes === undefined ? '' : ` ${formatHex(line.bytes).replaceAll(/(..)(?=.)/g, '$1 ')}`;
	const decoded = line.decoded === undefined ? '' : ` ${decodedText(terminal, line.decoded)}`;
	const text = line.text === undefined ? '' : `  ${terminal.style('dim', escapeHidden(line.text))}`;
	return `${time} ${ARROWS[line.direction]}${bytes}${decoded}${text}\n`;
}

const STYLES = { error: 'red', observation: 'green' } as const;

/** `frame name=POLL address=1`; values that are no plain word as JSON. */
function decodedText(terminal: Terminal, { kind, ...fields }: NonNullable<MonitorLine['decoded']>): string {
	const words = Object.entries(fields).map(([name, value]) => `${name}=${wordOf(value)}`);
	const text = escapeHidden([String(kind), ...words].join(' '));
	return kind === 'error' || kind === 'observation' ? terminal.style(STYLES[kind], text) : text;
}

function wordOf(value: unknown): string {
	return typeof value === 'string' && /^[!-~]+$/.test(value) ? value : JSON.stringify(value);
}
