import { randomUUID, randomUUIDv7 } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Clock } from '../../src/gateway/core/clock.ts';
import { followBundles } from '../../src/gateway/services/directory/bundle-rights.ts';
import { createDirectoryUpdates } from '../../src/gateway/services/directory/create-directory-updates.ts';
import { createDirectoryEdits } from '../../src/gateway/services/directory/edit-directory.ts';
import { createRepairRecord } from '../../src/gateway/services/directory/record-repair.ts';
import { ROW_RULES } from '../../src/gateway/services/directory/row-rules.ts';
import { createEditSettlement } from '../../src/gateway/services/directory/settle-edits.ts';
import { createOutbox } from '../../src/gateway/services/journal/outbox.ts';
import { createRemoteCommands, type RemoteActs } from '../../src/gateway/services/remote-commands.ts';
import { actOnLane } from '../../src/gateway/services/remote-lane-commands.ts';
import { openDirectory } from '../../src/gateway/store/directory.ts';
import { openSiteStore, type SiteStore } from '../../src/gateway/store/site-store.ts';
import { type Central, type CentralDeps, createCentral } from '../../src/sync/central/central.ts';
import type { BrokerAccess, OpenLink } from '../../src/sync/link.ts';
import { createMqttLinks } from '../../src/sync/mqtt-link.ts';
import type { MailsOfSite } from '../../src/sync/run-mails.ts';
import { createSync } from '../../src/sync/sync.ts';
import { watchLinks } from '../../src/sync/watched-links.ts';
import { journalEntries, takeEntries } from './journal-entries.ts';
import { createMemoryLog } from './memory-log.ts';
import { wallClock } from './wall-clock.ts';

/** A gateway's real store, journal, directory and sync over real MQTT, without lanes and devices. */
export function createSyncSite(options: {
	broker: BrokerAccess | (() => BrokerAccess);
	dir?: string;
	site?: string;
	clock?: Clock;
	willDelayS?: number;
	/** What commands of central act on. */
	lanes?: Parameters<typeof actOnLane>[0];
	/** What commands do besides; unless given, only those of lanes do something. */
	acts?: Partial<RemoteActs>;
	/** [0, 1); unless given, waits are the shortest: tests wait for what happens, not for jitter. */
	random?: () => number;
	/** Looks at what goes over its links. */
	watch?: (openLink: OpenLink) => OpenLink;
	/** The directory holds something new of a stream. */
	reached?: (stream: string) => void;
	/** Mails that go through central, of the site's store. */
	mails?: (store: SiteStore, journalGrew: () => void) => MailsOfSite | undefined;
}) {
	const dir = options.dir ?? mkdtempSync(join(tmpdir(), 'parkgate-sync-site-'));
	const log = createMemoryLog();
	const clock = options.clock ?? wallClock;
	const { nowMs } = clock;
	const store = openSiteStore({ dir, nowMs, log });
	const directory = openDirectory({ dir, store, log });
	const updates = createDirectoryUpdates({ directory, nowMs, log });
	const outbox = createOutbox({
		store,
		nowMs,
		newId: randomUUID,
		rest: () => new Promise((resolve) => setImmediate(resolve)),
	});
	const entries = journalEntries(randomUUID);
	const { watch = (openLink) => openLink } = options;
	const journalGrew = () => sync.journalGrew();
	const changes = { store, directory: directory.reader, clock, newId: randomUUIDv7, journalGrew };
	const settlement = createEditSettlement(changes);
	const edits = createDirectoryEdits({
		...changes,
		...{ rules: ROW_RULES, follow: followBundles, hasCentral: true, isWired: () => true, edited: journalGrew },
	});
	const links = watchLinks(watch(createMqttLinks(wallClock)));
	const { openLink } = links;
	const mails = options.mails?.(store, journalGrew);
	const sync = createSync({
		clock,
		mails,
		log,
		tenant: 'acme',
		site: options.site ?? 'site-1',
		version: '0.0.0',
		bootId: randomUUID(),
		broker: () => (typeof options.broker === 'function' ? options.broker() : options.broker),
		openLink: (link, events) => openLink({ ...link, willDelayS: options.willDelayS ?? link.willDelayS }, events),
		outbox,
		directory: updates,
		edits: {
			...settlement,
			reached(stream, rev, keys) {
				settlement.reached(stream, rev, keys);
				options.reached?.(stream);
			},
		},
		onRepaired: createRepairRecord(changes),
		commands: createRemoteCommands({
			...{ ...changes, log },
			acts: { act: actsOn(options.lanes), afterStop: () => undefined, ...options.acts },
		}),
		clockTrust: () => 'synced',
		newId: randomUUID,
		random: options.random ?? (() => 0),
	});
	return {
		dir,
		log,
		links,
		store,
		outbox,
		directory,
		updates,
		edits,
		settlement,
		sync,
		/** Commits entries, some in one transaction as lanes do, and tells sync. */
		append(count: number): string[] {
			const added = takeEntries(entries, count);
			for (let at = 0; at < count; at += 100)
				store.transaction(() => {
					for (const entry of added.slice(at, at + 100)) store.journal.append(entry);
				});
			sync.journalGrew();
			return added.map(({ id }) => id);
		},
		async end() {
			await sync.stop();
			await directory.close();
			store.close();
			if (options.dir === undefined) rmSync(dir, { recursive: true, force: true });
		},
	};
}

function actsOn(lanes: Parameters<typeof actOnLane>[0] | undefined): RemoteActs['act'] {
	const none = { get: () => undefined, vend: unasked, changeMode: unasked };
	return async (command, actUntilMs) =>
		'untilMs' in command
			? actOnLane(lanes ?? none, command, actUntilMs)
			: { outcome: 'refused', because: 'this site has lanes only' };
}

const unasked = () => Promise.reject(new Error('this site has no lanes'));

/** The reference central over real MQTT. `end` also removes its store unless a `dir` was given. */
export function createTestCentral(options: {
	broker: BrokerAccess;
	dir?: string;
	clock?: Clock;
	tenant?: string;
	mail?: CentralDeps['mail'];
}): Central & { end(): Promise<void> } {
	const dir = options.dir ?? mkdtempSync(join(tmpdir(), 'parkgate-central-'));
	const central = createCentral({
		dir,
		tenant: options.tenant ?? 'acme',
		broker: () => options.broker,
		openLink: createMqttLinks(wallClock),
		clock: options.clock ?? wallClock,
		log: createMemoryLog(),
		newId: randomUUID,
		random: () => 0,
		...(options.mail && { mail: options.mail }),
	});
	return {
		...central,
		async end() {
			await central.stop();
			if (options.dir === undefined) rmSync(dir, { recursive: true, force: true });
		},
	};
}

/** Waits until it holds; fails with what was last seen. */
export async function until(what: string, holds: () => boolean, deadlineMs = 30_000): Promise<void> {
	const deadline = performance.now() + deadlineMs;
	while (!holds()) {
		if (performance.now() > deadline) throw new Error(`not within ${deadlineMs} ms: ${what}`);
		await new Promise((resolve) => setTimeout(resolve, 10));
	}
}
