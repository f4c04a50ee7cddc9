import { type Command, Option } from 'commander';
import { LIMITS } from '../../../gateway/core/limits.ts';
import type { Language } from '../../../gateway/core/reason-texts/reason-text.ts';
import { type CommandContext, configOption, example, jsonOption } from '../command-context.ts';
import { jsonLine, printTable } from '../output.ts';

interface Options {
	readonly config: string;
	readonly json?: true;
}

export function addHandOver(program: Command, context: CommandContext): void {
	const handOver = program
		.command('hand-over')
		.summary('hand-over reports of lanes and devices')
		.description('Lists hand-over reports and prints them. They are written and signed in the console or by the API.')
		.addHelpText('after', example('sudo -u parkgate parkgate hand-over list'));
	addList(handOver, context);
	addPrint(handOver, context);
}

function addList(handOver: Command, { handlers, terminal }: CommandContext): void {
	handOver
		.command('list')
		.summary('which there are, and who signed them')
		.description(`Prints the last ${LIMITS.pageSize} reports, the newest first.`)
		.addOption(configOption())
		.addOption(jsonOption())
		.addHelpText('after', example('sudo -u parkgate parkgate hand-over list --json'))
		.action(async ({ config, json }: Options) => {
			const found = await handlers.listHandOvers({ configFile: config, limit: LIMITS.pageSize });
			if (json) {
				for (const { content, sha256, signatures, isIntact } of found) {
					const signed = signatures.map(({ name, atMs, sha256: hash }) => ({ name, atMs, sha256: hash }));
					terminal.out(jsonLine({ ...content, sha256, isIntact, signatures: signed }));
				}
				return;
			}
			if (found.length === 0) {
				terminal.out('There are no hand-over reports. Write one in the console, under Hand-overs.\n');
				return;
			}
			const rows = found.map(({ content: { id, subject, atMs }, signatures, isIntact }) => [
				...[id, new Date(atMs).toISOString(), `${subject.kind} ${subject.name}`],
				isIntact ? signatures.map(({ name }) => name).join(', ') || 'not signed' : 'NOT INTACT',
			]);
			printTable(terminal, ['Report', 'Written', 'Of', 'Signed by'], rows);
		});
}

function addPrint(handOver: Command, { handlers, terminal }: CommandContext): void {
	handOver
		.command('print')
		.summary('one as a PDF file')
		.description('Writes a report with its signatures. The same report gives the same bytes.')
		.argument('<report>', 'as hand-over list names it')
		.addOption(new Option('-o, --output <file>', 'where to').default('-', 'standard output'))
		.addOption(new Option('--lang <language>', 'of its words').choices(['en', 'fr', 'nl']).default('en'))
		.addOption(configOption())
		.addHelpText('after', example('sudo -u parkgate parkgate hand-over print 0198… -o north-entry.pdf'))
		.action(async (id: string, options: { config: string; output: string; lang: Language }, command: Command) => {
			const { config, output, lang: language } = options;
			if (output === '-' && terminal.interactive)
				command.error('error: a PDF file is no text: name a file with --output, or pass it on');
			const bytes = await handlers.printHandOver({ configFile: config, id, language });
			await terminal.write(output, once(bytes));
			if (output !== '-') terminal.out(`Report ${id} is in ${output}\n`);
		});
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
	yield bytes;
}
