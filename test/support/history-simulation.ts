import { cpSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { createClockScope } from '../../src/gateway/core/clock-scope.ts';
import { createSeededRandom } from '../../src/gateway/core/seeded-random.ts';
import { createOutbox } from '../../src/gateway/services/journal/outbox.ts';
import { openSiteStore } from '../../src/gateway/store/site-store.ts';
import { createCentral } from '../../src/sync/central/central.ts';
import type { Link, OpenLink } from '../../src/sync/link.ts';
import { createSync } from '../../src/sync/sync.ts';
import { journalEntries, takeEntries } from './journal-entries.ts';
import { createMemoryDirectory } from './memory-directory.ts';
import { createMemoryLog } from './memory-log.ts';
import { createSimulatedBroker } from './simulated-broker.ts';
import { createVirtualClock } from './virtual-clock.ts';

const broker = () => ({ url: 'mqtt://simulated' });
const SITE_DB = 'site.db';
const CENTRAL_DB = 'central.db';

/**
 * A gateway with its real journal and a central with its real store, on a virtual clock and a wire as bad as asked for; either
 * disk can be copied, and put back later as it was. The same seed replays the same run.
 */
export function createHistorySimulation(seed: number) {
	const root = mkdtempSync(join(tmpdir(), 'parkgate-histories-'));
	const [siteDir, centralDir] = [join(root, 'site'), join(root, 'central')];
	const random = createSeededRandom(seed);
	const clock = createVirtualClock();
	const log = createMemoryLog();
	const wire = createSimulatedBroker(clock, random);
	let ids = 0;
	const newId = () => {
		ids += 1;
		return `id-${ids}`;
	};
	const entries = journalEntries(newId);
	/** Everything that ever happened at the site, whatever became of the disk it was written to. */
	const written = new Set<string>();
	/** The journal's own words about its epochs. */
	const newNote = () => {
		const id = newId();
		written.add(id);
		return id;
	};

	/** A process that is gone takes its connections along, also those that were just being made. */
	function ownLinks() {
		const links: Link[] = [];
		const openLink: OpenLink = (options, events) => {
			const link = wire.openLink(options, events);
			links.push(link);
			return link;
		};
		return {
			openLink,
			cut(part: string) {
				wire.cut(part);
				for (const link of links) void link.close();
			},
		};
	}

	function bootSite() {
		const scope = createClockScope(clock);
		const { openLink, cut } = ownLinks();
		const store = openSiteStore({ dir: siteDir, nowMs: clock.nowMs, log });
		const outbox = createOutbox({ store, nowMs: clock.nowMs, newId: newNote, rest: () => Promise.resolve() });
		const sync = createSync({
			...{ clock: scope.clock, log, tenant: 'acme', site: 'site-1', version: '0.0.0', bootId: newId() },
			...{ broker, openLink, outbox, directory: createMemoryDirectory() },
			edits: { waiting: () => [], answer() {}, reached() {} },
			commands: {
				isUsed: () => true,
				carryOut: () => Promise.reject(new Error('no commands here')),
				onSettled() {},
				untold: () => [],
				told() {},
			},
			configuration: () => null,
			...{ clockTrust: () => 'synced' as const, newId, random: random.next },
		});
		sync.start();
		return {
			store,
			outbox,
			sync,
			end() {
				scope.end();
				cut('parkgate-acme-site-1');
				store.close();
			},
		};
	}

	function bootCentral() {
		const scope = createClockScope(clock);
		const { openLink, cut } = ownLinks();
		const central = createCentral({
			...{ dir: centralDir, tenant: 'acme', broker, openLink },
			...{ clock: scope.clock, log, newId, random: random.next },
		});
		central.start();
		return {
			central,
			async end() {
				scope.end();
				cut('parkgate-central');
				await central.stop();
			},
		};
	}

	let central = bootCentral();
	let site = bootSite();

	return {
		clock,
		wire,
		isOurs: (id: string) => written.has(id),
		site: () => site,
		central: () => central.central,
		append(count: number) {
			const added = takeEntries(entries, count);
			site.store.transaction(() => {
				for (const entry of added) site.store.journal.append(entry);
			});
			for (const { id } of added) written.add(id);
			site.sync.journalGrew();
			return added.map(({ id }) => id);
		},
		crashSite() {
			site.end();
			site = bootSite();
		},
		/** `named`: by who knows what he does; a copied file tells nobody that it is one. */
		restoreSite(named: boolean) {
			site.end();
			putBack(siteDir, SITE_DB);
			if (named) {
				const store = openSiteStore({ dir: siteDir, nowMs: clock.nowMs, log });
				store.journal.startEpoch(clock.nowMs());
				store.close();
			}
			site = bootSite();
		},
		replaceSiteDisk() {
			site.end();
			rmSync(siteDir, { recursive: true });
			site = bootSite();
		},
		backUpSite: () => copyDatabase(siteDir, SITE_DB),
		async crashCentral() {
			await central.end();
			central = bootCentral();
		},
		async restoreCentral() {
			await central.end();
			putBack(centralDir, CENTRAL_DB);
			central = bootCentral();
		},
		backUpCentral: () => copyDatabase(centralDir, CENTRAL_DB),
		async end() {
			site.end();
			await central.end();
			rmSync(root, { recursive: true, force: true });
		},
	};
}

/** One moment of the database, while its owner goes on. */
function copyDatabase(dir: string, name: string): void {
	const copies = `${dir}-copy`;
	rmSync(copies, { recursive: true, force: true });
	mkdirSync(copies);
	const db = new Database(join(dir, name), { readonly: true });
	db.prepare('VACUUM INTO ?').run(join(copies, name));
	db.close();
}

/** Nothing else of the directory survives; without a copy it is a new disk. */
function putBack(dir: string, name: string): void {
	rmSync(dir, { recursive: true, force: true });
	mkdirSync(dir);
	try {
		cpSync(join(`${dir}-copy`, name), join(dir, name));
	} catch (error) {
		if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error;
	}
}
