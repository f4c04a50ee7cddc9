import type { ExportHandlers } from '../api/cli/export-handlers.ts';
import type { CliHandlers, ConfigReport, JournalReport } from '../api/cli/handlers.ts';
import type { OperatorHandlers } from '../api/cli/operator-handlers.ts';
import type { ReportHandlers } from '../api/cli/report-handlers.ts';
import { formatProblem } from '../config/problem.ts';
import { readConfig, requireConfigWithoutSecrets } from './configuration.ts';
import { decisionCommands } from './decision-commands.ts';
import { diagnose } from './doctor.ts';
import { exportCommand } from './export-command.ts';
import { importCommand } from './import-command.ts';
import { operatorCommands } from './operator-commands.ts';
import { reportCommands } from './report-commands.ts';
import { consoleAddress, operatorsBeside, silentLog, storeBeside } from './store-beside.ts';
import { verifyJournal } from './verify-journal.ts';

/** Commands beside the running gateway: they read its files, or write one row. */
export const siteCommands: Pick<
	CliHandlers,
	| 'checkConfig'
	| 'claim'
	| 'verifyJournal'
	| 'doctor'
	| 'explain'
	| 'replay'
	| 'importTable'
	| keyof ExportHandlers
	| keyof OperatorHandlers
	| keyof ReportHandlers
> = {
	...operatorCommands,
	...decisionCommands,
	...importCommand,
	...exportCommand,
	...reportCommands,

	checkConfig: ({ configFile }) => Promise.resolve(checkConfig(configFile)),

	doctor: diagnose,

	claim({ configFile }) {
		const config = requireConfigWithoutSecrets(configFile);
		using beside = operatorsBeside(config);
		const code = beside.operators.newClaimCode();
		return Promise.resolve({ code, url: `${consoleAddress(config)}/claim?code=${code}` });
	},

	async verifyJournal({ configFile, ...options }): Promise<JournalReport> {
		const config = requireConfigWithoutSecrets(configFile);
		using store = storeBeside({ dir: config.store.dir, nowMs: Date.now, log: silentLog(), readOnly: true });
		return await verifyJournal(store.store.journal, options);
	},
};

function checkConfig(configFile: string): ConfigReport {
	const parsed = readConfig(configFile);
	const problems = parsed.result === 'valid' ? parsed.warnings : parsed.problems;
	const findings = problems.map((problem) => ({ ...problem, text: formatProblem(problem) }));
	if (parsed.result === 'invalid') return { valid: false, findings };
	const { site, devices } = parsed.config;
	return {
		valid: true,
		findings,
		summary: { site: site.id, devices: devices.length, lanes: site.lanes.length, areas: site.areas.length },
	};
}
