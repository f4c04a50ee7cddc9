import type { Command } from 'commander';
import { type CommandContext, example, logLevelOption } from '../command-context.ts';
import type { CliLogLevel } from '../handlers.ts';
import { printReady } from '../ready.ts';

export function addDemo(program: Command, { handlers, terminal }: CommandContext): void {
	program
		.command('demo')
		.summary('run the demo site')
		.description(
			'Runs the real gateway on a demo site: simulated devices that speak the real wire protocols,\n' +
				'an embedded broker and a reference central with people in it.',
		)
		.option('--config <file>', 'another demo configuration than the one that comes along')
		.addOption(logLevelOption().default('warn'))
		.addHelpText('after', example('parkgate demo', 'PARKGATE_HTTP__LISTEN=127.0.0.1:9000 parkgate demo'))
		.action(async (options: { config?: string; logLevel: CliLogLevel }) => {
			await handlers.demo({
				...(options.config !== undefined && { configFile: options.config }),
				logLevel: options.logLevel,
				signal: terminal.interrupted(),
				onReady: (ready) => printReady(terminal, 'The demo site runs.', ready),
			});
		});
}
