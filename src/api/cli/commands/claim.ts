import type { Command } from 'commander';
import { type CommandContext, configOption, example, jsonOption } from '../command-context.ts';
import { jsonLine } from '../output.ts';

export function addClaim(program: Command, { handlers, terminal }: CommandContext): void {
	program
		.command('claim')
		.summary('make a new one-time claim code')
		.description(
			'Makes a new one-time code for the first administrator; earlier codes end. Run it as the service user.',
		)
		.addOption(configOption())
		.addOption(jsonOption())
		.addHelpText('after', example('sudo -u parkgate parkgate claim'))
		.action(async (options: { config: string; json?: true }) => {
			const claim = await handlers.claim({ configFile: options.config });
			if (options.json) terminal.out(jsonLine(claim));
			else
				terminal.out(
					`Code  ${terminal.style('bold', claim.code)}\nLink  ${terminal.style('cyan', claim.url)}\n` +
						'It works once and makes the first administrator.\n',
				);
		});
}
