import { randomUUID } from 'node:crypto';
import { type ReportsWiring, wireReports } from '../../src/compose/reports-of-site.ts';
import type { DeviceStatus } from '../../src/gateway/core/device.ts';
import { isUnlocked } from '../../src/gateway/core/licence/licence-kinds.ts';
import type { Site } from '../../src/gateway/core/site.ts';
import type { DirectoryLists } from '../../src/gateway/services/directory/directory-lists.ts';
import type { createSiteLicensing } from './licensing-bench.ts';
import type { OperatorsBench } from './operators.ts';

/** What is reported and signed, wired as in the gateway. Its threads end with the test's process unless it is stopped. */
export function createSiteReports(
	{ store, clock, log }: Pick<OperatorsBench, 'store' | 'clock' | 'log'>,
	site: Site,
	{
		licences,
		...others
	}: {
		readonly directory: ReportsWiring['directory'];
		readonly accessLog: ReportsWiring['accessLog'];
		readonly directoryLists: Pick<DirectoryLists, 'titles'>;
		readonly visitors: ReportsWiring['visitors'];
		readonly operators: ReportsWiring['operators'];
		readonly licences: ReturnType<typeof createSiteLicensing>;
		readonly devices?: () => readonly DeviceStatus[];
	},
) {
	const { licensing, licenceGrants } = licences;
	const stack = new AsyncDisposableStack();
	const reports = wireReports(
		{
			...{ store, clock, log, site, devices: () => [], newId: randomUUID, journalGrew: () => undefined },
			audit: (entry) => void store.transaction(() => store.journal.append(entry)),
			...{ ...others, kindsOf: licenceGrants.kindsOf },
			isUnlocked: (kind) => isUnlocked(licensing.standing(), kind),
		},
		stack,
	);
	// Nothing is counted by itself: the virtual clock's timers are the test's.
	reports.counting.stop();
	return { reports, stop: () => stack.disposeAsync() };
}
