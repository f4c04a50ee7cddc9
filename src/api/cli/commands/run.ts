import type { Command } from 'commander';
import { type CommandContext, configOption, example, logLevelOption, RESTART_CODE } from '../command-context.ts';
import type { CliLogLevel } from '../handlers.ts';
import { printReady } from '../ready.ts';

export function addRun(program: Command, { handlers, terminal, exitWith }: CommandContext): void {
	program
		.command('run')
		.summary('run the gateway')
		.description('Runs the gateway until Ctrl-C or SIGTERM; SIGHUP reads the configuration again.')
		.addOption(configOption())
		.addOption(logLevelOption())
		.option('--supervised', `whoever started it starts it again: central's restart ends it with ${RESTART_CODE}`)
		.addHelpText('after', example('parkgate run --config /etc/parkgate/gateway.yaml'))
		.action(async (options: { config: string; logLevel?: CliLogLevel; supervised?: true }) => {
			const ended = await handlers.run({
				configFile: options.config,
				isSupervised: options.supervised === true,
				...(options.logLevel && { logLevel: options.logLevel }),
				signal: terminal.interrupted(),
				// A service's log says it already.
				onReady: (ready) => terminal.interactive && printReady(terminal, 'Parkgate runs.', ready),
			});
			if (ended === 'restart') exitWith(RESTART_CODE);
		});
}
