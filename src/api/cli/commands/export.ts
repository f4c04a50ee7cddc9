import { Argument, type Command, InvalidArgumentError, Option } from 'commander';
import type { Language } from '../../../gateway/core/reason-texts/reason-text.ts';
import { EXPORT_FORMATS, type ExportFormat } from '../../../gateway/services/directory/export-messages.ts';
import { EXPORTED_FACES } from '../../../gateway/services/directory/exported-faces.ts';
import { type CommandContext, configOption, example } from '../command-context.ts';
import { type AskedMoment, parseMoment } from '../moment.ts';
import { createProgress } from '../progress.ts';

type Where = Readonly<Record<string, readonly string[]>>;

interface Options {
	readonly config: string;
	readonly format?: ExportFormat;
	readonly output: string;
	readonly lang: Language;
	readonly search?: string;
	readonly where?: Where;
	readonly from?: AskedMoment;
	readonly to?: AskedMoment;
}

/** Not of the directory: the access log. */
const DECISIONS = 'decisions';
/** Not of the directory: what stays were charged in a span of time. */
const CHARGES = 'charges';
const LICENCES = ['licences', 'licence-history'] as const;

export function addExport(program: Command, context: CommandContext): void {
	const { handlers, terminal } = context;
	program
		.command('export')
		.addArgument(
			new Argument('<list>', 'what to take along').choices([DECISIONS, ...EXPORTED_FACES, CHARGES, ...LICENCES]),
		)
		.summary('take the access log and lists of people, rights, charges and licences along')
		.description(
			'Writes a list as a table, beside the running gateway. Names and plates are in it, codes and PINs are not; the journal keeps that it was taken.',
		)
		.addOption(new Option('--format <format>', 'default: as the file is named, else csv').choices(EXPORT_FORMATS))
		.addOption(new Option('-o, --output <file>', 'where to').default('-', 'standard output'))
		.addOption(new Option('--lang <language>', 'of headings and choices').choices(['en', 'fr', 'nl']).default('en'))
		.option('--search <text>', 'only rows that this finds')
		.addOption(new Option('--where <field=value>', 'only rows of this value; may be repeated').argParser(takeFilter))
		.addOption(
			new Option(
				'--from <time>',
				'decisions, charges and licence history from then on: with its offset, or such as 30d ago',
			).argParser(parseMoment),
		)
		.addOption(new Option('--to <time>', 'those before then; default: now').argParser(parseMoment))
		.addOption(configOption())
		.addHelpText(
			'after',
			example(
				'sudo -u parkgate parkgate export holders -o people.xlsx',
				'sudo -u parkgate parkgate export credentials --where state=lost --format jsonl',
				'sudo -u parkgate parkgate export decisions --from 7d --where outcome=refused -o refused.xlsx',
				'sudo -u parkgate parkgate export charges --from 30d -o charges.csv',
			),
		)
		.action(async (face: string, options: Options, command: Command) => {
			const { output, format = formatOf(output), lang: language } = options;
			if (format === 'xlsx' && output === '-' && terminal.interactive) {
				command.error('error: a workbook is no text: name a file with --output, or pass it on');
			}
			if (face === DECISIONS) {
				await writeDecisions(context, { ...options, format });
				return;
			}
			if (face === CHARGES) {
				await writeCharges(context, { ...options, format }, command);
				return;
			}
			const licences = LICENCES.find((list) => list === face);
			if (licences !== undefined) {
				await writeLicences(context, licences, { ...options, format }, command);
				return;
			}
			if (options.from !== undefined || options.to !== undefined)
				command.error(`error: --from and --to are for ${DECISIONS}, ${CHARGES} and ${LICENCES[1]} only`);
			const progress = createProgress(terminal, 'Export', () => performance.now());
			const rows = await handlers
				.exportTable({
					...{ configFile: options.config, face, format, language },
					...(options.search !== undefined && { q: options.search }),
					...(options.where !== undefined && { where: options.where }),
					write: (bytes) => terminal.write(output, bytes),
					onProgress: progress.update,
					signal: terminal.interrupted(),
				})
				.finally(progress.end);
			if (output !== '-') terminal.out(`${rows} rows in ${output}\n`);
		});
}

async function writeDecisions(
	{ handlers, terminal }: CommandContext,
	options: Options & { readonly format: ExportFormat },
): Promise<void> {
	const { output, format, lang: language, from, to, search, where = {} } = options;
	const progress = createProgress(terminal, 'Export', () => performance.now());
	await handlers
		.exportDecisions({
			...{ configFile: options.config, format, language, where, onProgress: progress.update },
			...(search !== undefined && { q: search }),
			...(from !== undefined && { from }),
			...(to !== undefined && { to }),
			write: (bytes) => terminal.write(output, bytes),
		})
		.finally(progress.end);
	if (output !== '-') terminal.out(`Decisions in ${output}\n`);
}

async function writeCharges(
	{ handlers, terminal }: CommandContext,
	options: Options & { readonly format: ExportFormat },
	command: Command,
): Promise<void> {
	const { output, format, lang: language, from, to } = options;
	if (from === undefined) command.error('error: charges are those of a span of time: say --from when');
	if (options.search !== undefined || options.where !== undefined)
		command.error('error: charges are not narrowed by --search or --where');
	await handlers.exportCharges({
		...{ configFile: options.config, format, language, from, ...(to !== undefined && { to }) },
		write: (bytes) => terminal.write(output, bytes),
	});
	if (output !== '-') terminal.out(`Charges in ${output}\n`);
}

async function writeLicences(
	{ handlers, terminal }: CommandContext,
	list: (typeof LICENCES)[number],
	options: Options & { readonly format: ExportFormat },
	command: Command,
): Promise<void> {
	const { output, format, lang: language, from, to, search, where: { kind: kinds = [], ...others } = {} } = options;
	const [kind] = kinds;
	if (kinds.length > 1 || Object.keys(others).length > 0)
		command.error('error: licences are narrowed by --where kind=zScan, one kind, and by nothing else');
	if (list === 'licences' && (from !== undefined || to !== undefined))
		command.error(`error: --from and --to are for ${DECISIONS}, ${CHARGES} and ${LICENCES[1]} only`);
	if (list === 'licence-history' && search !== undefined)
		command.error('error: the history of licences is not narrowed by --search');
	const progress = createProgress(terminal, 'Export', () => performance.now());
	await handlers
		.exportLicences({
			...{ configFile: options.config, list, format, language, onProgress: progress.update },
			...(search !== undefined && { q: search }),
			...(kind !== undefined && { kind }),
			...(from !== undefined && { from }),
			...(to !== undefined && { to }),
			write: (bytes) => terminal.write(output, bytes),
		})
		.finally(progress.end);
	if (output !== '-') terminal.out(`Licences in ${output}\n`);
}

function formatOf(output: string): ExportFormat {
	return EXPORT_FORMATS.find((format) => output.toLowerCase().endsWith(`.${format}`)) ?? 'csv';
}

function takeFilter(text: string, before: Where = {}): Where {
	const [, name, value] = /^(\w+)=(.*)$/s.exec(text) ?? [];
	if (name === undefined || value === undefined) throw new InvalidArgumentError('Write it as status=blocked.');
	return { ...before, [name]: [...(before[name] ?? []), value] };
}
