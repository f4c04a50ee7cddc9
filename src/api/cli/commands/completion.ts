import { Argument, type Command } from 'commander';
import { type CommandContext, example } from '../command-context.ts';
import { completionScript, SHELLS, type Shell } from '../completion-script.ts';

export function addCompletion(program: Command, { terminal }: CommandContext): void {
	program
		.command('completion')
		.summary('print a completion script for a shell')
		.description('Prints a script that lets a shell complete commands and options.')
		.addArgument(new Argument('<shell>', 'which shell').choices(SHELLS))
		.addHelpText('after', example('parkgate completion bash > /etc/bash_completion.d/parkgate'))
		.action((shell: Shell) => terminal.out(completionScript(program, shell)));
}
