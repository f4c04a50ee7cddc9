import type { Command } from 'commander';
import { escapeHidden } from '../../../gateway/core/hidden-text.ts';
import { type CommandContext, configArgument, example, jsonOption } from '../command-context.ts';
import { jsonLine } from '../output.ts';

export function addCheckConfig(program: Command, { handlers, terminal, exitWith }: CommandContext): void {
	program
		.command('check-config')
		.summary('check a configuration file')
		.description('Checks a configuration file and the secrets it names, without starting anything.')
		.addArgument(configArgument())
		.addOption(jsonOption())
		.addHelpText('after', example('parkgate check-config gateway.yaml'))
		.action(async (configFile: string, options: { json?: true }) => {
			const report = await handlers.checkConfig({ configFile });
			if (!report.valid) exitWith(1);
			if (options.json) {
				terminal.out(jsonLine(report));
				return;
			}
			for (const finding of report.findings) terminal.err(`${escapeHidden(finding.text)}\n`);
			const { summary } = report;
			if (summary !== undefined)
				terminal.out(
					`${escapeHidden(configFile)} is valid: site ${escapeHidden(summary.site)} with ${count(summary.lanes, 'lane')}, ` +
						`${count(summary.devices, 'device')} and ${count(summary.areas, 'area')}.\n`,
				);
		});
}

function count(number: number, noun: string): string {
	return `${number} ${noun}${number === 1 ? '' : 's'}`;
}
