import path from 'node:path';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { escapeHidden } from '../../../gateway/core/hidden-text.ts';
import { LIMITS } from '../../../gateway/core/limits.ts';
import { adviseName } from '../../../gateway/core/nearest-name.ts';
import { IMPORT_KINDS, type ImportKindName, importFieldNames } from '../../../gateway/services/imports/import-kinds.ts';
import type { Import, ImportStage } from '../../../gateway/services/imports/imports.ts';
import { CSV_DELIMITERS } from '../../../gateway/services/tables/csv-delimiter.ts';
import type { NamedColumn } from '../../../gateway/services/tables/map-columns.ts';
import { problemText } from '../../../gateway/services/tables/problem-texts/problem-text.ts';
import { type CommandContext, configOption, example, jsonOption } from '../command-context.ts';
import { jsonLine } from '../output.ts';
import { createProgress } from '../progress.ts';
import type { Terminal } from '../terminal.ts';
import { addOperatorKind } from './import-operators.ts';

interface Options {
	readonly config: string;
	readonly dryRun?: true;
	readonly sheet?: string;
	readonly delimiter?: ',' | ';' | 'tab';
	readonly clearEmpty?: true;
	readonly map?: readonly NamedColumn[];
	readonly mapping?: string;
	readonly json?: true;
}

const WHAT: Readonly<Record<ImportKindName, string>> = {
	people: 'people, with their cards and plates',
	vehicles: 'fleet vehicles, with their plates',
	rights: 'rights of holders',
};

export function addImport(program: Command, context: CommandContext): void {
	const command = program
		.command('import')
		.summary('bring in lists of people, vehicles, rights and operators')
		.description('Brings a list in as a whole or not at all: CSV of any kind, or an Excel workbook.')
		.addHelpText('after', example('sudo -u parkgate parkgate import people staff.xlsx --dry-run'));
	for (const kind of IMPORT_KINDS) addKind(command, kind, context);
	addOperatorKind(command, context);
}

function addKind(parent: Command, kind: ImportKindName, { handlers, terminal, exitWith }: CommandContext): void {
	parent
		.command(kind)
		.argument('<file>', 'headings in its first row; - for standard input')
		.summary(`bring in ${WHAT[kind]}`)
		.description(`Brings in ${WHAT[kind]}. Columns are found by their headings, in English, French or Dutch.`)
		.option('--dry-run', 'only show what would change')
		.option('--sheet <name>', 'of a workbook; else the first one')
		.addOption(new Option('--delimiter <sign>', 'between cells, if what is found is wrong').choices([',', ';', 'tab']))
		.option('--clear-empty', 'empty cells clear what is there; else it stays')
		.addOption(
			new Option(
				'--map <column=field>',
				'what a column is, by its heading or letter; - leaves it out; may be repeated',
			).argParser((text, before: readonly NamedColumn[] = []) => takeColumn(kind, text, before)),
		)
		.option('--mapping <name>', 'a mapping that was saved in the console; what --map says counts more')
		.addOption(configOption())
		.addOption(jsonOption())
		.addHelpText('after', `\nFields for --map:\n${listed([...importFieldNames(kind).keys()])}\n`)
		.addHelpText(
			'after',
			example(
				`sudo -u parkgate parkgate import ${kind} ${kind}.csv --dry-run`,
				`sudo -u parkgate parkgate import ${kind} ${kind}.csv --map 'Personnel no.=id' --map C=-`,
			),
		)
		.action(async (file: string, options: Options) => {
			const bytes = await terminal.read(file, LIMITS.tableBytes);
			const reading = createProgress(terminal, 'Reading', () => performance.now());
			const changing = createProgress(terminal, 'Import', () => performance.now());
			const delimiter = CSV_DELIMITERS.find(
				(sign) => sign === (options.delimiter === 'tab' ? '\t' : options.delimiter),
			);
			const result = await handlers
				.importTable({
					...{ configFile: options.config, kind, bytes, dryRun: options.dryRun === true },
					...(options.mapping !== undefined && { mapping: options.mapping }),
					fileName: path.basename(file),
					options: {
						sheet: options.sheet,
						delimiter,
						...(options.clearEmpty && { emptyCells: 'clear' }),
						named: options.map,
					},
					onProgress: (what, done, total) => (what === 'read' ? reading : changing).update(done, total),
					signal: terminal.interrupted(),
				})
				.finally(() => {
					reading.end();
					changing.end();
				});
			if (!isWell(result)) exitWith(1);
			if (options.json) terminal.out(jsonLine(result));
			else tell(result, options.dryRun === true, terminal);
		});
}

/** `Heading=field`: a heading may have equals signs in it, a field has none. */
function takeColumn(kind: ImportKindName, text: string, before: readonly NamedColumn[]): readonly NamedColumn[] {
	const at = text.lastIndexOf('=');
	const [column, wanted] = [text.slice(0, at).trim(), text.slice(at + 1).trim()];
	if (at < 1 || column === '' || wanted === '') {
		throw new InvalidArgumentError('Write it as "Column=field", such as "Badge no.=tag".');
	}
	const fields = importFieldNames(kind);
	const field = wanted === '-' ? null : [...fields].find(([name]) => name.toLowerCase() === wanted.toLowerCase())?.[1];
	if (field === undefined) {
		const advice = adviseName(wanted, [...fields.keys()], `Write one of ${[...fields.keys()].join(', ')}`);
		throw new InvalidArgumentError(
			`There is no field ${escapeHidden(wanted)}. ${advice}, or - to leave the column out.`,
		);
	}
	const other = before.find((one) => field !== null && one.field === field);
	if (other !== undefined) throw new InvalidArgumentError(`${wanted} is ${escapeHidden(other.column)} already.`);
	return [...before, { column, field }];
}

const LINE_LENGTH = 76;

/** Names, some a line. */
function listed(names: readonly string[]): string {
	const lines: string[] = [];
	for (const name of names) {
		const last = lines.at(-1);
		if (last === undefined || last.length + name.length + 2 > LINE_LENGTH) lines.push(`  ${name}`);
		else lines[lines.length - 1] = `${last}, ${name}`;
	}
	return lines.join('\n');
}

/** What was asked for was done, or could be. */
function isWell({ state, preview }: Import): boolean {
	return state.stage === 'applied' || (state.stage === 'previewed' && preview?.problems.errors === 0);
}

const ENDS: Readonly<Partial<Record<ImportStage, string>>> = {
	applied: 'Done.',
	stale: 'Nothing was changed: these rows were changed by somebody else meanwhile. Try again.',
	rolledBack: 'Nothing was changed: this was refused, and everything was put back.',
	confirmed: 'The gateway goes on with it.',
	applying: 'The gateway goes on with it.',
};

function tell({ preview, state }: Import, dryRun: boolean, terminal: Terminal): void {
	const { counts, problems } = preview ?? {};
	for (const problem of problems?.shown ?? []) {
		const { where, cause, mend } = problemText(problem, 'en');
		const kind = problem.severity === 'note' ? terminal.style('dim', 'note') : terminal.style('red', 'error');
		terminal.err(`${kind}  ${where === null ? '' : `${where}: `}${cause} ${mend}\n`);
	}
	const hidden = (problems?.errors ?? 0) + (problems?.notes ?? 0) - (problems?.shown.length ?? 0);
	if (hidden > 0) terminal.err(`… and ${hidden} more.\n`);
	if (counts !== undefined)
		terminal.out(
			`${counts.new} new, ${counts.changed} changed, ${counts.same} the same, ${counts.withErrors} with errors.\n`,
		);
	for (const { row, problem } of state.problems) terminal.err(`Row ${row}: ${escapeHidden(problem)}\n`);
	terminal.out(`${ending(state.stage, (problems?.errors ?? 0) > 0, state.total, dryRun)}\n`);
}

function ending(stage: ImportStage, hasErrors: boolean, total: number, dryRun: boolean): string {
	const end = ENDS[stage];
	if (end !== undefined) return end;
	if (hasErrors) return 'Nothing was changed: correct the errors and try again.';
	if (total === 0) return 'There is nothing to change.';
	return dryRun ? 'Nothing was changed: this was a dry run.' : 'Nothing was changed.';
}
