import { type Command, Option } from 'commander';
import { escapeHidden } from '../../../gateway/core/hidden-text.ts';
import { type CommandContext, example, jsonOption } from '../command-context.ts';
import { jsonLine } from '../output.ts';
import { createProgress } from '../progress.ts';
import type { SiteRunReport } from '../simulate-handlers.ts';
import { whole } from '../whole-number.ts';

interface SiteFlags {
	config?: string;
	vehicles?: number;
	minutes?: number;
	every: number;
	seed: number;
	people: number;
	patience: number;
	json?: true;
}

const USUAL_VEHICLES = 30;

export function addSimulateSite(simulate: Command, { handlers, terminal, exitWith }: CommandContext): void {
	simulate
		.command('site')
		.summary('one site with its vehicles')
		.description(
			'Runs the gateway of one site with simulated devices that speak real wire bytes, lets vehicles come, and says\n' +
				'whether it counts what is really inside. Nothing of the machine is touched: store, addresses, broker and\n' +
				'central are made for the run, and no real device is opened.',
		)
		.option('--config <file>', 'a gateway.yaml; default: the demo site')
		.addOption(
			new Option('--vehicles <number>', `until so many came (default: ${USUAL_VEHICLES})`)
				.argParser(whole(1, 1_000_000))
				.conflicts('minutes'),
		)
		.option('--minutes <number>', 'for so long, instead', whole(1, 10_080))
		.option('--every <ms>', 'a vehicle about this often', whole(100, 3_600_000), 1_500)
		.option('--seed <number>', 'the same seed makes the same vehicles', whole(0, 4_294_967_295), 1)
		.option('--people <number>', 'made-up people who may come by', whole(1, 100_000), 1_000)
		.option('--patience <seconds>', 'how long the last vehicles may take', whole(1, 86_400), 60)
		.addOption(jsonOption())
		.addHelpText(
			'after',
			example(
				'parkgate simulate site --vehicles 100 --every 800',
				'parkgate simulate site --config /etc/parkgate/gateway.yaml --minutes 10 --json',
			),
		)
		.action(async (flags: SiteFlags) => {
			const { config, vehicles = USUAL_VEHICLES, minutes, every: everyMs, patience: patienceS, json, ...rest } = flags;
			const progress = createProgress(terminal, minutes === undefined ? 'vehicles' : 'seconds', () =>
				performance.now(),
			);
			const report = await handlers.simulateSite({
				...{ ...rest, everyMs, patienceS },
				...(config !== undefined && { configFile: config }),
				enough: minutes === undefined ? { vehicles } : { minutes },
				signal: terminal.interrupted(),
				onProgress: ({ done, total }) => progress.update(done, total),
			});
			progress.end();
			if (json) terminal.out(jsonLine(report));
			else for (const line of linesOf(report)) terminal.out(`${escapeHidden(line)}\n`);
			if (!report.equal || report.unsettled.length > 0) exitWith(1);
		});
}

function linesOf(report: SiteRunReport): readonly string[] {
	const { lanes, decisions, occupancy, events } = report;
	const vehicles = lanes.reduce((sum, lane) => sum + lane.vehicles, 0);
	const said = Object.entries(decisions)
		.toSorted(([, a], [, b]) => b - a)
		.map(([outcome, count]) => `${outcome} ${count}`);
	return [
		`Site           ${report.site}, ${vehicles} vehicles in ${report.seconds} s, seed ${report.seed}`,
		...lanes.map(
			({ lane, kind, through, turnedAway, backedOut }) =>
				`Lane           ${lane} (${kind}): ${through} through, ${turnedAway} turned away, ${backedOut} backed out`,
		),
		`Decisions      ${said.join(', ') || 'none'}`,
		`Passages       ${report.passages} seen, ${report.reservations} places still held`,
		...occupancy.map(({ area, occupied, placeless, inside, equal }) => {
			const free = placeless === 0 ? '' : ` and ${placeless} with a free pass`;
			return `Inside         ${area}: ${inside}, counted ${occupied}${free}: ${equal ? 'equal' : 'NOT EQUAL'}`;
		}),
		`Events         ${events.written} written, ${events.atCentral} at central`,
		...report.unsettled.map((what) => `Not at rest    ${what}`),
	];
}
