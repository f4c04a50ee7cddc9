import { type Command, InvalidArgumentError, Option } from 'commander';
import type { BackupReport, RestoredBackup, VerifiedBackup } from '../backup-handlers.ts';
import { type CommandContext, configOption, example, jsonOption } from '../command-context.ts';
import { jsonLine } from '../output.ts';
import { createProgress } from '../progress.ts';
import type { Terminal } from '../terminal.ts';

interface CreateOptions {
	readonly config: string;
	readonly to?: string;
	readonly pictures: boolean;
	readonly keep?: number;
	readonly json?: true;
}

export function addBackup(program: Command, context: CommandContext): void {
	const backup = program
		.command('backup')
		.summary('copy the store, and put a copy back')
		.description('Copies all that the site knows while the gateway runs, proves a copy, and puts one back.')
		.addHelpText('after', example('sudo -u parkgate parkgate backup create --keep 14'));
	addCreate(backup, context);
	addVerify(backup, context);
	addRestore(backup, context);
}

function addCreate(backup: Command, context: CommandContext): void {
	const { handlers, terminal } = context;
	backup
		.command('create')
		.summary('copy the store beside the running gateway')
		.description(
			'Copies the store as it is at one moment. A backup holds personal data and logins, not the gateway’s keys: keep it as carefully as the machine, and elsewhere.',
		)
		.addOption(configOption())
		.option('--to <dir>', 'directory that is made for it (default: by site and time, in backups/ of the store)')
		.option('--no-pictures', 'leave the pictures of reads out')
		.addOption(new Option('--keep <n>', 'in backups/ of the store keep so many, the newest').argParser(count))
		.addOption(jsonOption())
		.addHelpText('after', example('sudo -u parkgate parkgate backup create --to /mnt/usb/parkgate-monday'))
		.action(async (options: CreateOptions) => {
			const { config: configFile, to, pictures: withPictures, keep } = options;
			const report = await withProgress(context, 'Backup', (run) =>
				handlers.createBackup({ configFile, to, withPictures, keep, ...run }),
			);
			if (options.json) terminal.out(jsonLine(report));
			else {
				terminal.out(`${report.dir}\n${inWords(report)}.\n`);
				if (report.removed.length > 0) terminal.out(`Older ones removed: ${report.removed.length}.\n`);
			}
		});
}

function addVerify(backup: Command, context: CommandContext): void {
	const { handlers, terminal, exitWith } = context;
	backup
		.command('verify')
		.summary('prove that a backup can be put back')
		.description('Reads every byte of a backup: its files, its databases and its journal. Changes nothing.')
		.argument('<dir>', 'directory of the backup')
		.addOption(jsonOption())
		.addHelpText('after', example('parkgate backup verify /mnt/usb/parkgate-monday'))
		.action(async (dir: string, options: { json?: true }) => {
			const report = await withProgress(context, 'Backup', (run) => handlers.verifyBackup({ dir, ...run }));
			if (report.problems.length > 0) exitWith(1);
			if (options.json) terminal.out(jsonLine(report));
			else printVerified(terminal, report);
		});
}

function addRestore(backup: Command, context: CommandContext): void {
	const { handlers, terminal } = context;
	backup
		.command('restore')
		.summary('put a backup in the place of the store')
		.description(
			'Verifies a backup and puts it in the place of the store; the gateway must not run. What was there is set aside and kept. Nobody is signed in afterwards, and passwords, roles and tokens are as they were then.',
		)
		.argument('<dir>', 'directory of the backup')
		.addOption(configOption())
		.addOption(jsonOption())
		.addHelpText('after', example('sudo -u parkgate parkgate backup restore /mnt/usb/parkgate-monday'))
		.action(async (dir: string, options: { config: string; json?: true }) => {
			const report = await withProgress(context, 'Restore', (run) =>
				handlers.restoreBackup({ configFile: options.config, dir, ...run }),
			);
			if (options.json) terminal.out(jsonLine(report));
			else printRestored(terminal, report);
		});
}

type Run = Parameters<CommandContext['handlers']['verifyBackup']>[0];

function withProgress<T>(
	{ terminal }: CommandContext,
	label: string,
	work: (run: Pick<Run, 'signal' | 'onProgress'>) => Promise<T>,
): Promise<T> {
	const progress = createProgress(terminal, label, () => performance.now());
	return work({ signal: terminal.interrupted(), onProgress: progress.update }).finally(progress.end);
}

function printVerified(terminal: Terminal, report: VerifiedBackup): void {
	if (report.problems.length === 0) {
		terminal.out(`The backup holds: ${inWords(report)}.\n`);
		return;
	}
	terminal.err(`The backup can not be put back:\n${report.problems.map((problem) => `  ${problem}\n`).join('')}`);
}

function printRestored(terminal: Terminal, report: RestoredBackup): void {
	terminal.out(`Restored: ${inWords(report)}.\n`);
	if (report.asideDir !== null) terminal.out(`What was there before is kept in ${report.asideDir}.\n`);
	if (report.erasedSince > 0)
		terminal.out(`People erased after this backup are back: ${report.erasedSince}. Erase them again.\n`);
	terminal.out('Start the gateway; it tells central that its history goes on from here.\n');
}

function inWords({ site, madeAtMs, lastSeq, files, bytes }: Omit<BackupReport, 'removed'>): string {
	const at = new Date(madeAtMs).toISOString().replace(/\.\d+/, '');
	return `site ${site} at ${at}, journal up to ${lastSeq}, ${files} files, ${(bytes / 1_000_000).toFixed(1)} MB`;
}

function count(text: string): number {
	const number = Number(text);
	if (Number.isSafeInteger(number) && number >= 1) return number;
	throw new InvalidArgumentError('It is a whole number, 1 or more.');
}
