import { randomUUID } from 'node:crypto';
import { type ReportsWiring, wireReports } from '../../src/compose/reports-of-site.ts';
import type { DeviceStatus } from '../../src/gateway/core/device.ts';
import type { LicenceKind } from '../../src/gateway/core/licence/licence-kinds.ts';
import type { Site } from '../../src/gateway/core/site.ts';
import type { DirectoryLists } from '../../src/gateway/services/directory/directory-lists.ts';
import type { OperatorsBench } from './operators.ts';

/** What is reported and signed, wired as in the gateway. Its threads end with the test's process unless it is stopped. */
export function createSiteReports(
	{ store, clock, log }: Pick<OperatorsBench, 'store' | 'clock' | 'log'>,
	site: Site,
	others: {
		readonly directory: ReportsWiring['directory'];
		readonly directoryLists: Pick<DirectoryLists, 'titles'>;
		readonly kindsOf: (operatorId: string) => readonly LicenceKind[];
		readonly devices?: () => readonly DeviceStatus[];
	},
) {
	const stack = new AsyncDisposableStack();
	const reports = wireReports(
		{
			...{ store, clock, log, site, devices: () => [], newId: randomUUID, journalGrew: () => undefined },
			audit: (entry) => void store.transaction(() => store.journal.append(entry)),
			...others,
		},
		stack,
	);
	return { reports, stop: () => stack.disposeAsync() };
}
