import type { Command } from 'commander';
import type { ConfigurationEvent } from '../../../gateway/core/configuration/configuration-state.ts';
import { escapeHidden } from '../../../gateway/core/hidden-text.ts';
import type { DiffLine } from '../../../gateway/core/line-diff.ts';
import { type CommandContext, configOption, example, jsonOption } from '../command-context.ts';
import { jsonLine, printTable } from '../output.ts';
import type { Terminal } from '../terminal.ts';

interface Options {
	readonly config: string;
	readonly json?: true;
}

/** Characters of a version that people read. */
const SHORT = 12;

export function addConfig(program: Command, context: CommandContext): void {
	const config = program
		.command('config')
		.summary('versions of the configuration')
		.description(
			'Looks at what runs: gateway.yaml, or a version that was applied in its place. An edit of gateway.yaml always wins.',
		)
		.addHelpText('after', example('parkgate config diff'));
	addShow(config, context);
	addDiff(config, context);
	addHistory(config, context);
}

function addShow(config: Command, { handlers, terminal }: CommandContext): void {
	config
		.command('show')
		.summary('print what runs')
		.description('Prints the configuration that runs, or the version named; secrets written into it are masked.')
		.argument('[version]', 'first characters of a version, or file')
		.addOption(configOption())
		.addOption(jsonOption())
		.addHelpText('after', example('sudo -u parkgate parkgate config show'))
		.action(async (version: string | undefined, options: Options) => {
			const found = await handlers.showConfig({
				configFile: options.config,
				...(version !== undefined && { version }),
			});
			terminal.out(options.json ? jsonLine(found) : safeLines(found.text));
		});
}

function addDiff(config: Command, { handlers, terminal }: CommandContext): void {
	config
		.command('diff')
		.summary('how it differs from gateway.yaml')
		.description('Shows what the configuration that runs, or the version named, says otherwise than gateway.yaml.')
		.argument('[version]', 'first characters of a version')
		.addOption(configOption())
		.addOption(jsonOption())
		.addHelpText('after', example('sudo -u parkgate parkgate config diff'))
		.action(async (version: string | undefined, options: Options) => {
			const found = await handlers.diffConfig({
				configFile: options.config,
				...(version !== undefined && { version }),
			});
			if (options.json) terminal.out(jsonLine(found));
			else if (found.lines.length === 0) terminal.out('No difference: gateway.yaml says the same.\n');
			else for (const line of found.lines) terminal.out(`${diffLine(terminal, line)}\n`);
		});
}

function addHistory(config: Command, { handlers, terminal }: CommandContext): void {
	config
		.command('history')
		.summary('versions, and who did what when')
		.description('Lists what was proposed, tried, kept and reverted, newest first.')
		.addOption(configOption())
		.addOption(jsonOption())
		.addHelpText('after', example('sudo -u parkgate parkgate config history'))
		.action(async (options: Options) => {
			const found = await handlers.configHistory({ configFile: options.config });
			if (options.json) {
				terminal.out(jsonLine(found));
				return;
			}
			const { runs, trial, history } = found;
			terminal.out(`${named(runs)} runs${trial === null ? '' : ', on trial'}.\n`);
			if (history.length === 0) return;
			terminal.out('\n');
			printTable(terminal, ['TIME', 'WHAT', 'VERSION', 'BY', 'REASON', 'BECAUSE'], history.map(row));
		});
}

function row({ atMs, what, version, by, source, reason, because }: ConfigurationEvent): string[] {
	const who = source === 'gateway' ? '' : `${by} (${source})`;
	return [new Date(atMs).toISOString(), WHAT[what], named(version), who, reason, because ?? ''];
}

const WHAT: Readonly<Record<ConfigurationEvent['what'], string>> = {
	proposed: 'proposed',
	tried: 'on trial',
	kept: 'kept',
	reverted: 'reverted',
	fileTookOver: 'left for an edited gateway.yaml',
};

function named(version: string | null): string {
	return version === null ? 'gateway.yaml' : version.slice(0, SHORT);
}

function diffLine(terminal: Terminal, line: DiffLine): string {
	switch (line.kind) {
		case 'gap':
			return terminal.style('dim', `… ${line.lines} ${line.lines === 1 ? 'line' : 'lines'}`);
		case 'removed':
			return terminal.style('red', `-${escapeHidden(line.text)}`);
		case 'added':
			return terminal.style('green', `+${escapeHidden(line.text)}`);
		case 'same':
			return ` ${escapeHidden(line.text)}`;
	}
}

function safeLines(text: string): string {
	const safe = text.split('\n').map(escapeHidden).join('\n');
	return safe.endsWith('\n') ? safe : `${safe}\n`;
}
