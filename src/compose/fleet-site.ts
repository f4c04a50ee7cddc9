import { randomUUID } from 'node:crypto';
import type { Clock } from '../gateway/core/clock.ts';
import type { Log } from '../gateway/core/log.ts';
import type { SeededRandom } from '../gateway/core/seeded-random.ts';
import type { LaneRules } from '../gateway/core/site.ts';
import type { BrokerAccess, OpenLink } from '../sync/link.ts';
import { createSync, type Sync } from '../sync/sync.ts';
import { createFleetDirectory } from './fleet-directory.ts';
import { createFleetJournal, type FleetJournal } from './fleet-journal.ts';
import { startFleetTraffic } from './fleet-traffic.ts';

export interface FleetSite {
	readonly site: string;
	readonly journal: FleetJournal;
	readonly sync: Sync;
	/** Where its streams stand, as it last told or would tell. */
	roots(): readonly (string | null)[];
	/** No vehicle comes any more. */
	rest(): void;
}

/** A site with the real session, wire and journal hashes, and everything it keeps in memory. */
export function createFleetSite(deps: {
	readonly site: string;
	readonly tenant: string;
	readonly version: string;
	readonly clock: Clock;
	readonly log: Log;
	readonly random: SeededRandom;
	readonly broker: () => BrokerAccess;
	readonly openLink: OpenLink;
	readonly rules: LaneRules;
	readonly eventsPerDay: number;
}): FleetSite & { start(): void } {
	const { site, clock, random } = deps;
	const epoch = randomUUID();
	const journal = createFleetJournal(epoch, clock.nowMs());
	const directory = createFleetDirectory();
	let ids = 0;
	const newId = () => {
		ids += 1;
		return `${epoch.slice(0, 13)}-${ids}`;
	};
	const sync = createSync({
		...{ site, tenant: deps.tenant, version: deps.version, clock, log: deps.log, bootId: epoch },
		...{ broker: deps.broker, openLink: deps.openLink, outbox: journal, directory },
		edits: { waiting: () => [], answer: () => undefined, reached: () => undefined },
		commands: {
			isUsed: () => false,
			carryOut: ({ commandId }) => Promise.resolve({ commandId, outcome: 'done', because: null }),
			onSettled: () => undefined,
			untold: () => [],
			told: () => undefined,
		},
		clockTrust: () => 'synced',
		newId: randomUUID,
		random: random.next,
	});
	let stopTraffic: () => void = () => undefined;
	return {
		...{ site, journal, sync },
		roots: () => directory.streams().map(({ root }) => root),
		start() {
			sync.start();
			const traffic = startFleetTraffic({
				...{ clock, random, newId, rules: deps.rules, eventsPerDay: deps.eventsPerDay },
				append(entries) {
					for (const entry of entries) journal.append(entry);
					sync.journalGrew();
				},
			});
			stopTraffic = traffic.stop;
		},
		rest: () => stopTraffic(),
	};
}
