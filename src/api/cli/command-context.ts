import { Argument, Option } from 'commander';
import type { CliHandlers } from './handlers.ts';
import type { Terminal } from './terminal.ts';

/** What every command is given. */
export interface CommandContext {
	readonly handlers: CliHandlers;
	readonly terminal: Terminal;
	/** What the process ends with when the command found something wrong, or is to be run again; 0 unless set. */
	exitWith(code: 1 | typeof RESTART_CODE): void;
}

/** Ended to be started again by its supervisor: EX_TEMPFAIL of sysexits.h. */
export const RESTART_CODE = 75;

const DEFAULT_CONFIG_FILE = '/etc/parkgate/gateway.yaml';

export function configOption(): Option {
	return new Option('--config <file>', 'configuration of the site').env('PARKGATE_CONFIG').default(DEFAULT_CONFIG_FILE);
}

export function configArgument(): Argument {
	return new Argument('[file]', 'configuration of the site').default(
		process.env['PARKGATE_CONFIG'] ?? DEFAULT_CONFIG_FILE,
	);
}

export function jsonOption(): Option {
	return new Option('--json', 'print JSON for programs');
}

export function logLevelOption(): Option {
	return new Option('--log-level <level>', 'how much to log').choices(['debug', 'info', 'warn', 'error']);
}

/** Text under a command's help. */
export function example(...lines: string[]): string {
	return `\nExample:\n${lines.map((line) => `  $ ${line}`).join('\n')}\n`;
}
