import type { Command } from 'commander';
import { LIMITS } from '../../../gateway/core/limits.ts';
import { type CommandContext, configOption, example, jsonOption } from '../command-context.ts';
import { jsonLine, printTable } from '../output.ts';

export function addCampaign(program: Command, context: CommandContext): void {
	const campaign = program
		.command('campaign')
		.summary('campaigns, and how many came')
		.description('Lists campaigns. They are made and changed in the console or by the API.')
		.addHelpText('after', example('sudo -u parkgate parkgate campaign list'));
	addList(campaign, context);
}

function addList(campaign: Command, { handlers, terminal }: CommandContext): void {
	campaign
		.command('list')
		.summary('which there are, with their last counts')
		.description(
			`Prints the last ${LIMITS.pageSize} campaigns, the newest first. The gateway counts them while they run.`,
		)
		.addOption(configOption())
		.addOption(jsonOption())
		.addHelpText('after', example('sudo -u parkgate parkgate campaign list --json'))
		.action(async ({ config, json }: { config: string; json?: true }) => {
			const found = await handlers.listCampaigns({ configFile: config, limit: LIMITS.pageSize });
			if (json) {
				for (const one of found) terminal.out(jsonLine(one));
				return;
			}
			if (found.length === 0) {
				terminal.out('There are no campaigns. Make one in the console, under Campaigns.\n');
				return;
			}
			const time = (atMs: number) => new Date(atMs).toISOString();
			const count = (number: number | null) => (number === null ? 'not counted' : String(number));
			const rows = found.map(({ name, fromMs, toMs, rights, visits, came }) => [
				...[name, time(fromMs), time(toMs), String(rights), count(came), count(visits)],
			]);
			printTable(terminal, ['Campaign', 'From', 'Until', 'Rights', 'Came', 'Stays'], rows);
		});
}
