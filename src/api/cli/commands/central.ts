import type { Command } from 'commander';
import { escapeHidden } from '../../../gateway/core/hidden-text.ts';
import { type CommandContext, example, logLevelOption } from '../command-context.ts';
import type { CliLogLevel } from '../handlers.ts';

interface CentralFlags {
	mqtt: string;
	tenant: string;
	store: string;
	logLevel: CliLogLevel;
}

export function addCentral(program: Command, { handlers, terminal }: CommandContext): void {
	program
		.command('central')
		.summary('run the reference central service')
		.description('Runs the reference central: gives sites their people and rights, takes their events, until Ctrl-C.')
		.option('--mqtt <url>', 'broker', 'mqtt://127.0.0.1:1883')
		.option('--tenant <id>', 'whose sites it serves', 'demo')
		.requiredOption('--store <dir>', 'directory of its own database')
		.addOption(logLevelOption().default('info'))
		.addHelpText('after', example('parkgate central --mqtt mqtt://127.0.0.1:1883 --tenant acme --store ./central'))
		.action(async (flags: CentralFlags) => {
			await handlers.central({
				mqttUrl: flags.mqtt,
				tenant: flags.tenant,
				storeDir: flags.store,
				logLevel: flags.logLevel,
				onNote: (note) => terminal.err(`${escapeHidden(note)}\n`),
				signal: terminal.interrupted(),
			});
		});
}
