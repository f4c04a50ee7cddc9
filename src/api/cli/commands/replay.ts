import { type Command, Option } from 'commander';
import type { ReplayedOutcome } from '../../../gateway/services/decisions/replay.ts';
import { createPresenter } from '../../http/present.ts';
import { type CommandContext, configOption, example, jsonOption } from '../command-context.ts';
import type { ReplaySummary } from '../handlers.ts';
import { type AskedMoment, parseMoment } from '../moment.ts';
import { jsonLine, printTable } from '../output.ts';
import { createProgress } from '../progress.ts';
import type { Terminal } from '../terminal.ts';

interface Options {
	readonly config: string;
	readonly since: AskedMoment;
	readonly until?: AskedMoment;
	readonly with?: string;
	readonly json?: true;
}

export function addReplay(program: Command, { handlers, terminal, exitWith }: CommandContext): void {
	program
		.command('replay')
		.summary('decide again what was decided')
		.description(
			'Decides again on the facts that were recorded: every decision must come out as it did. With a changed configuration it lists whose outcome would change, and why. Opens and records nothing.',
		)
		.addOption(
			new Option('--since <time>', 'a time with its offset, or such as 7d or 24h ago')
				.argParser(parseMoment)
				.makeOptionMandatory(),
		)
		.addOption(new Option('--until <time>', 'before this time; now, when left out').argParser(parseMoment))
		.option('--with <file>', 'a changed gateway.yaml to decide under')
		.addOption(configOption())
		.addOption(jsonOption())
		.addHelpText(
			'after',
			example(
				'sudo -u parkgate parkgate replay --since 24h',
				'sudo -u parkgate parkgate replay --since 30d --with proposed.yaml',
			),
		)
		.action(async (options: Options) => {
			const progress = createProgress(terminal, 'Decisions', () => performance.now());
			const summary = await handlers
				.replay({
					configFile: options.config,
					since: options.since,
					...(options.until !== undefined && { until: options.until }),
					...(options.with !== undefined && { proposedFile: options.with }),
					signal: terminal.interrupted(),
					onProgress: progress.update,
				})
				.finally(progress.end);
			const isWrong = options.with === undefined && summary.changes.some(({ earlierRules }) => !earlierRules);
			if (isWrong || !summary.complete) exitWith(1);
			if (options.json) terminal.out(jsonLine(asData(summary)));
			else print(terminal, summary);
			if (!summary.complete) terminal.err('Interrupted: older decisions were left out.\n');
			if (isWrong)
				terminal.err('The record does not reproduce its own decisions; please report it with these lines.\n');
		});
}

function asData({ timeZone, ...report }: ReplaySummary) {
	return createPresenter(timeZone).present(report);
}

function print(terminal: Terminal, summary: ReplaySummary): void {
	const { decisions, identical, changed, redacted, earlierRules, changes, timeZone } = summary;
	const erased = redacted === 0 ? '' : `, ${redacted} erased`;
	terminal.out(`${count(decisions, 'decision')}: ${identical} the same, ${changed} changed${erased}.\n`);
	if (earlierRules > 0) {
		terminal.out(
			`${count(earlierRules, 'decision')} made by the rules of an earlier version: compared by outcome only.\n`,
		);
	}
	if (changes.length === 0) return;
	const { time } = createPresenter(timeZone);
	terminal.out('\n');
	printTable(
		terminal,
		['TIME', 'LANE', 'SUBJECT', 'WAS', 'WOULD BE', 'BECAUSE', 'DECISION'],
		changes.map(({ atMs, laneId, subject, before, after, because, decisionId }) => [
			time(atMs),
			laneId,
			subject,
			outcome(before),
			outcome(after),
			because.join(' '),
			decisionId,
		]),
	);
	if (changed > changes.length) {
		terminal.out(`${terminal.style('dim', `The newest ${changes.length} are listed.`)}\n`);
	}
}

function outcome({ outcome: granted, headline }: ReplayedOutcome): string {
	return headline === null ? granted : `${granted} ${headline}`;
}

function count(number: number, noun: string): string {
	return `${number} ${noun}${number === 1 ? '' : 's'}`;
}
