import { CommanderError } from 'commander';
import { GatewayError } from '../../gateway/core/gateway-error.ts';
import { escapeHidden } from '../../gateway/core/hidden-text.ts';
import type { RESTART_CODE } from './command-context.ts';
import type { CliHandlers } from './handlers.ts';
import { createProgram } from './program.ts';
import type { Terminal } from './terminal.ts';

export interface CliInvocation {
	/** Without the program and the script. */
	readonly args: readonly string[];
	readonly handlers: CliHandlers;
	readonly terminal: Terminal;
}

/** 0 ok, 1 failed, 2 not understood, 75 (EX_TEMPFAIL of sysexits.h): to be started again. */
export type ExitCode = 0 | 1 | 2 | typeof RESTART_CODE;

/** Runs one command. */
export async function runCli({ args, handlers, terminal }: CliInvocation): Promise<ExitCode> {
	let code: ExitCode = 0;
	const program = createProgram({
		handlers,
		terminal,
		exitWith(told) {
			code = told;
		},
	});
	try {
		await program.parseAsync([...args], { from: 'user' });
		return code;
	} catch (error) {
		if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
		terminal.err(describeFailure(error));
		return 1;
	}
}

/** Known failures say themselves what to do; anything else is a bug and shows where. */
function describeFailure(error: unknown): string {
	if (error instanceof GatewayError && error.code !== 'INTERNAL') return `${safeLines(error.message)}\n`;
	const trace = error instanceof Error ? (error.stack ?? error.message) : String(error);
	return `This is a fault of parkgate itself; please report it with these lines:\n${safeLines(trace)}\n`;
}

function safeLines(text: string): string {
	return text.split('\n').map(escapeHidden).join('\n');
}
