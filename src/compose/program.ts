import { readFileSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import type { CliHandlers } from '../api/cli/handlers.ts';
import { type ExitCode, runCli } from '../api/cli/run-cli.ts';
import { createTerminal } from '../api/cli/terminal.ts';
import { formatProblem } from '../config/problem.ts';
import { createLog, type LogLevel, type RootLog } from '../log.ts';
import { createSystemClock } from '../system-clock.ts';
import { backupCommands } from './backup-commands.ts';
import { centralCommands } from './central-commands.ts';
import { readConfig, requireValid } from './configuration.ts';
import { configurationCommands } from './configuration-commands.ts';
import { deviceCommands } from './device-commands.ts';
import { licenceCommands } from './licence-commands.ts';
import { siteCommands } from './site-commands.ts';

/** The `parkgate` program. What only those need that run for long is loaded by them: other commands begin twice as soon. @returns its exit code. */
export function runParkgate(args: readonly string[]): Promise<ExitCode> {
	const version = readVersion();
	const handlers: CliHandlers = {
		version,
		...deviceCommands,
		...siteCommands,
		...configurationCommands,
		...licenceCommands(version),
		...backupCommands(version),
		...centralCommands({ version, openLog }),
		async simulateFleet(options) {
			const { simulateFleet } = await import('./simulate-fleet.ts');
			return simulateFleet(version)(options);
		},
		async simulateSite(options) {
			const { simulateSite } = await import('./simulate-site.ts');
			return simulateSite(version)(options);
		},
		async run({ configFile, logLevel, isSupervised, signal, onReady }) {
			const file = requireValid(readConfig(configFile));
			const log = openLog(logLevel ?? file.config.log.level);
			for (const warning of file.warnings) log.warn({ problem: formatProblem(warning) }, 'configuration');
			const clock = createSystemClock();
			const { runGateway } = await import('./run-gateway.ts');
			return runGateway({
				...{ configFile, file, clock, log, version, isSupervised, signal, onReady },
				followsLogLevel: logLevel === undefined,
			});
		},
		async demo(options) {
			const { runDemo } = await import('./demo.ts');
			return runDemo(options, openLog(options.logLevel), version);
		},
	};
	return runCli({ args, handlers, terminal: createTerminal(process) });
}

/** For people at a terminal, otherwise one JSON object a line. */
function openLog(level: LogLevel): RootLog {
	const format = process.stderr.isTTY === true ? 'text' : 'json';
	return createLog({ level, format, write: (line) => void process.stderr.write(line) });
}

function readVersion(): string {
	for (const file of ['../package.json', '../../package.json']) {
		try {
			const { name, version } = JSON.parse(readFileSync(path.join(import.meta.dirname, file), 'utf8'));
			if (name === 'parkgate') return String(version);
		} catch (error) {
			if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error;
		}
	}
	return '0.0.0';
}
