import { Command } from 'commander';
import type { CommandContext } from './command-context.ts';
import { addBackup } from './commands/backup.ts';
import { addCampaign } from './commands/campaign.ts';
import { addCentral } from './commands/central.ts';
import { addCheckConfig } from './commands/check-config.ts';
import { addClaim } from './commands/claim.ts';
import { addCompletion } from './commands/completion.ts';
import { addConfig } from './commands/config.ts';
import { addDecode } from './commands/decode.ts';
import { addDemo } from './commands/demo.ts';
import { addDevices } from './commands/devices.ts';
import { addDoctor } from './commands/doctor.ts';
import { addExplain } from './commands/explain.ts';
import { addExport } from './commands/export.ts';
import { addHandOver } from './commands/hand-over.ts';
import { addImport } from './commands/import.ts';
import { addJournal } from './commands/journal.ts';
import { addLicence, addPark } from './commands/licence.ts';
import { addOperator } from './commands/operator.ts';
import { addReplay } from './commands/replay.ts';
import { addRun } from './commands/run.ts';
import { addSimulate } from './commands/simulate.ts';

/** The whole command line; it parses, the handlers do. Never ends the process itself. */
export function createProgram(context: CommandContext): Command {
	const { terminal, handlers } = context;
	const program = new Command('parkgate')
		.description('The open edge gateway of a parking site.')
		.version(handlers.version, '-V, --version', 'print the version')
		.helpCommand(false)
		.showSuggestionAfterError()
		.showHelpAfterError('(add --help for what the command takes)')
		.exitOverride()
		.configureOutput({
			writeOut: (text) => terminal.out(text),
			writeErr: (text) => terminal.err(text),
			getOutHelpWidth: () => terminal.width,
			getErrHelpWidth: () => terminal.width,
		})
		.configureHelp({ styleTitle: (title) => terminal.style('bold', title) });
	// Subcommands take the settings above when they are made.
	for (const add of [
		addRun,
		addDemo,
		addCheckConfig,
		addConfig,
		addDevices,
		addClaim,
		addOperator,
		addLicence,
		addPark,
		addDoctor,
		addImport,
		addExport,
		addHandOver,
		addCampaign,
		addJournal,
		addBackup,
		addExplain,
		addReplay,
		addDecode,
		addSimulate,
		addCentral,
		addCompletion,
	])
		add(program, context);
	return program;
}
