import type { Command } from 'commander';
import { escapeHidden } from '../../../gateway/core/hidden-text.ts';
import { type CommandContext, example, jsonOption } from '../command-context.ts';
import { jsonLine } from '../output.ts';

const STYLES = { ok: 'green', warning: 'yellow', failed: 'red' } as const;

export function addDoctor(program: Command, { handlers, terminal, exitWith }: CommandContext): void {
	program
		.command('doctor')
		.summary('look for what would keep the gateway from working')
		.description('Looks at this machine, and at one site when given its configuration. Changes nothing.')
		.option('--config <file>', 'configuration of the site')
		.addOption(jsonOption())
		.addHelpText('after', example('parkgate doctor --config /etc/parkgate/gateway.yaml'))
		.action(async (options: { config?: string; json?: true }) => {
			const checks = await handlers.doctor(options.config === undefined ? {} : { configFile: options.config });
			if (checks.some((check) => check.result === 'failed')) exitWith(1);
			if (options.json) {
				terminal.out(jsonLine(checks));
				return;
			}
			for (const check of checks) {
				const result = terminal.style(STYLES[check.result], check.result.padEnd(8));
				terminal.out(`${result} ${escapeHidden(`${check.name}: ${check.found}`)}\n`);
				if (check.fix !== undefined) terminal.out(`         ${escapeHidden(check.fix)}\n`);
			}
		});
}
