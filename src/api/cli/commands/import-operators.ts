import path from 'node:path';
import type { Command } from 'commander';
import { escapeHidden } from '../../../gateway/core/hidden-text.ts';
import { LIMITS } from '../../../gateway/core/limits.ts';
import { problemText } from '../../../gateway/services/tables/problem-texts/problem-text.ts';
import { type CommandContext, configOption, example, jsonOption } from '../command-context.ts';
import type { ImportedOperators } from '../operator-handlers.ts';
import { jsonLine } from '../output.ts';
import type { Terminal } from '../terminal.ts';

interface Options {
	readonly config: string;
	readonly dryRun?: true;
	readonly mapping?: string;
	readonly json?: true;
}

/** Operators are no rows of the directory: each is invited, and the codes are printed. */
export function addOperatorKind(parent: Command, { handlers, terminal, exitWith }: CommandContext): void {
	parent
		.command('operators')
		.argument('<file>', 'CSV with headings in its first row; - for standard input')
		.summary('invite operators, with roles and groups')
		.description(
			`Invites up to ${LIMITS.operatorImportRows} operators, or none; columns are e-mail, name, roles, groups and language. Prints a one-time code for each.`,
		)
		.option('--dry-run', 'only show what would change')
		.option('--mapping <name>', 'a mapping that was saved in the console')
		.addOption(configOption())
		.addOption(jsonOption())
		.addHelpText('after', example('sudo -u parkgate parkgate import operators team.csv --dry-run'))
		.action(async (file: string, { config, dryRun: isDry, mapping, json }: Options) => {
			const dryRun = isDry === true;
			const bytes = await terminal.read(file, LIMITS.operatorImportBytes);
			const result = await handlers.importOperators({
				...{ configFile: config, fileName: path.basename(file), bytes, dryRun },
				...(mapping !== undefined && { mapping }),
			});
			if (!result.isWell) exitWith(1);
			if (json) terminal.out(jsonLine(result));
			else tell(result, dryRun, terminal);
		});
}

function tell(
	{ import: { problems, rows }, refusals, codes, isWell }: ImportedOperators,
	dryRun: boolean,
	terminal: Terminal,
) {
	for (const problem of problems.shown) {
		const { where, cause, mend } = problemText(problem, 'en');
		const kind = problem.severity === 'note' ? terminal.style('dim', 'note') : terminal.style('red', 'error');
		terminal.err(`${kind}  ${where === null ? '' : `${where}: `}${cause} ${mend}\n`);
	}
	for (const { row, problem } of refusals) terminal.err(`${terminal.style('red', 'error')}  Row ${row}: ${problem}\n`);
	const count = (outcome: string) => rows.filter((row) => row.outcome === outcome).length;
	terminal.out(`${count('new')} new, ${count('changed')} changed, ${count('same')} the same.\n`);
	for (const { email, code, url } of codes)
		terminal.out(`${escapeHidden(email)}  ${terminal.style('bold', code)}  ${terminal.style('cyan', url)}\n`);
	if (!isWell) terminal.out('Nothing was changed: correct the errors and try again.\n');
	else terminal.out(dryRun ? 'Nothing was changed: this was a dry run.\n' : 'Done.\n');
}
