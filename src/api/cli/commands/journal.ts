import type { Command } from 'commander';
import { escapeHidden } from '../../../gateway/core/hidden-text.ts';
import { type CommandContext, configOption, example, jsonOption } from '../command-context.ts';
import type { JournalReport } from '../handlers.ts';
import { jsonLine } from '../output.ts';
import { createProgress } from '../progress.ts';

export function addJournal(program: Command, context: CommandContext): void {
	const journal = program
		.command('journal')
		.summary('prove the journal')
		.description('Works with the record of what happened at the site.')
		.addHelpText('after', example('parkgate journal verify'));
	addVerify(journal, context);
}

function addVerify(journal: Command, { handlers, terminal, exitWith }: CommandContext): void {
	journal
		.command('verify')
		.summary('check that no entry was changed or left out')
		.description('Reads the whole journal and checks that every entry follows from the one before it.')
		.addOption(configOption())
		.addOption(jsonOption())
		.addHelpText('after', example('parkgate journal verify --config /etc/parkgate/gateway.yaml'))
		.action(async (options: { config: string; json?: true }) => {
			const progress = createProgress(terminal, 'Journal', () => performance.now());
			const report = await handlers
				.verifyJournal({
					configFile: options.config,
					signal: terminal.interrupted(),
					onProgress: progress.update,
				})
				.finally(progress.end);
			if (report.broken !== null) exitWith(1);
			if (options.json) terminal.out(jsonLine(report));
			else if (report.broken !== null)
				terminal.err(`The journal is broken at entry ${report.broken.seq}: ${escapeHidden(report.broken.problem)}\n`);
			else if (report.rows === 0) terminal.out('The journal is empty.\n');
			else terminal.out(`The journal holds: ${inWords(report)}, head ${report.head}.\n`);
		});
}

function inWords({ rows, firstSeq, lastSeq, histories }: JournalReport): string {
	const newest = `${firstSeq} to ${lastSeq}`;
	return histories === 1 ? `${rows} entries, ${newest}` : `${rows} entries in ${histories} histories, ${newest} now`;
}
