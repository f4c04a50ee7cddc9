import type { Command } from 'commander';
import { type CommandContext, example, jsonOption } from '../command-context.ts';
import { jsonLine } from '../output.ts';
import type { FleetProgress, FleetReport } from '../simulate-handlers.ts';
import type { Terminal } from '../terminal.ts';
import { whole } from '../whole-number.ts';

interface FleetFlags {
	sites: number;
	url?: string;
	tenant: string;
	seed: number;
	eventsPerDay: number;
	duration: number;
	ramp: number;
	storm?: true;
	people: number;
	patience: number;
	json?: true;
}

export function addSimulateFleet(simulate: Command, { handlers, terminal, exitWith }: CommandContext): void {
	simulate
		.command('fleet')
		.summary('many sites before a broker and a central')
		.description(
			'Runs many sites in this process, each with the real session, messages and an MQTT connection of its own, and says\n' +
				'whether anything was lost. Without --url it starts a Mosquitto and a central for the run; with it both must run.',
		)
		.option('--sites <number>', 'how many', whole(1, 100_000), 100)
		.option('--url <broker>', 'a broker that runs, such as mqtt://127.0.0.1:1883')
		.option('--tenant <id>', 'whose sites they are', 'fleet')
		.option('--seed <number>', 'the same seed makes the same vehicles', whole(0, 4_294_967_295), 1)
		.option('--events-per-day <number>', 'of each site', whole(1, 100_000_000), 2_000)
		.option('--duration <seconds>', 'how long they are busy', whole(1, 86_400), 60)
		.option('--ramp <seconds>', 'they connect within this', whole(0, 3_600), 10)
		.option(
			'--storm',
			'the broker is killed and comes back empty in the middle; one that was given loses all sites at once',
		)
		.option(
			'--patience <seconds>',
			'how long connecting, coming back and the last events may take, each',
			whole(1, 86_400),
			300,
		)
		.option('--people <number>', 'made-up people that a central started for the run has', whole(0, 1_000_000), 100)
		.addOption(jsonOption())
		.addHelpText(
			'after',
			example(
				'parkgate simulate fleet --sites 1000 --duration 120 --storm',
				'parkgate simulate fleet --sites 200 --url mqtt://127.0.0.1:1883 --tenant acme --events-per-day 50000',
			),
		)
		.action(async (flags: FleetFlags) => {
			const { duration: durationS, ramp: rampS, patience: patienceS, url, storm = false, json, ...rest } = flags;
			const report = await handlers.simulateFleet({
				...{ ...rest, durationS, rampS, patienceS, storm },
				...(url !== undefined && { url }),
				signal: terminal.interrupted(),
				onProgress: showProgress(terminal, flags.sites),
			});
			if (terminal.errInteractive) terminal.err('\r\u001b[K');
			if (json) terminal.out(jsonLine(report));
			else for (const line of linesOf(report)) terminal.out(`${line}\n`);
			if (hasFailed(report)) exitWith(1);
		});
}

/** One line that is written over, for people only. */
function showProgress(terminal: Terminal, sites: number): (progress: FleetProgress) => void {
	return ({ phase, connected, produced, acknowledged }) => {
		if (!terminal.errInteractive) return;
		terminal.err(
			`\r\u001b[K${phase}: ${connected} of ${sites} connected, ${acknowledged} of ${produced} events acknowledged`,
		);
	};
}

/** Something is lost, wrong or did not come back. */
function hasFailed({ sites, allConnectedS, drainedS, storm, ledger, current }: FleetReport): boolean {
	const isLate = allConnectedS === null || drainedS === null || storm?.nothingWaitsS === null;
	const isBehind = current !== null && current < sites;
	return isLate || isBehind || (ledger !== null && (ledger.lost > 0 || ledger.wrong > 0));
}

function linesOf(report: FleetReport): readonly string[] {
	const { steady, storm, ledger, current } = report;
	const after = (s: number | null) => (s === null ? 'not in time' : `${s} s`);
	return [
		`Sites          ${report.sites}, all connected and in sync after ${after(report.allConnectedS)}`,
		`Events         ${report.produced} made, ${report.acknowledged} acknowledged, the last ${after(report.drainedS)} after the end`,
		`Steady         ${steady.producedPerS} events/s made, ${steady.acknowledgedPerS} acknowledged, over ${steady.seconds} s`,
		...(storm === null
			? []
			: [
					`Storm          all back after ${after(storm.connectedS)}, nothing waits after ${after(storm.nothingWaitsS)}`,
				]),
		...(ledger === null ? [] : [`At central     ${ledger.lost} lost, ${ledger.wrong} doubled or out of order`]),
		...(current === null ? [] : [`Directory      ${current} of ${report.sites} have exactly central’s rows`]),
		...report.processes.map(
			({ name, processorS, memoryMb }) => `${name.padEnd(14)} ${processorS} s of processor, ${memoryMb} MB`,
		),
	];
}
