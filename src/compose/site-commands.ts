import { randomUUIDv7 } from 'node:crypto';
import type { CliHandlers, ConfigReport, JournalReport } from '../api/cli/handlers.ts';
import { formatProblem } from '../config/problem.ts';
import { createOperators } from '../gateway/services/operators.ts';
import { openSiteStore, type SiteStore } from '../gateway/store/site-store.ts';
import { createLog, type RootLog } from '../log.ts';
import { createSystemClock } from '../system-clock.ts';
import { readConfig, requireConfigWithoutSecrets } from './configuration.ts';
import { decisionCommands } from './decision-commands.ts';
import { diagnose } from './doctor.ts';
import { exportCommand } from './export-command.ts';
import { importCommand } from './import-command.ts';
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
	| 'exportTable'
	| 'exportCharges'
	| 'exportLicences'
> = {
	...decisionCommands,
	...importCommand,
	...exportCommand,

	checkConfig: ({ configFile }) => Promise.resolve(checkConfig(configFile)),

	doctor: diagnose,

	claim({ configFile }) {
		const config = requireConfigWithoutSecrets(configFile);
		const clock = createSystemClock();
		const log = silent();
		using store = opened({ dir: config.store.dir, nowMs: clock.nowMs, log });
		const operators = createOperators({
			clock,
			log,
			store: store.store,
			newId: randomUUIDv7,
			journalGrew: () => undefined,
		});
		const code = operators.newClaimCode();
		const scheme = config.http.tls.mode === 'plain' ? 'http' : 'https';
		return Promise.resolve({ code, url: `${scheme}://${config.http.host}:${config.http.port}/claim?code=${code}` });
	},

	async verifyJournal({ configFile, ...options }): Promise<JournalReport> {
		const config = requireConfigWithoutSecrets(configFile);
		using store = opened({ dir: config.store.dir, nowMs: Date.now, log: silent(), readOnly: true });
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

function opened(deps: Parameters<typeof openSiteStore>[0]): Disposable & { readonly store: SiteStore } {
	const store = openSiteStore(deps);
	return { store, [Symbol.dispose]: () => store.close() };
}

function silent(): RootLog {
	return createLog({ level: 'error', format: 'text', write: () => undefined });
}
