import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import type { Clock } from '../../src/gateway/core/clock.ts';
import { createClockScope } from '../../src/gateway/core/clock-scope.ts';
import { createSeededRandom } from '../../src/gateway/core/seeded-random.ts';
import { type Central, createCentral } from '../../src/sync/central/central.ts';
import type { IncomingMessage } from '../../src/sync/link.ts';
import { decodeMessage } from '../../src/sync/message-codec.ts';
import { createSync, type Sync } from '../../src/sync/sync.ts';
import { journalEntries, takeEntries } from './journal-entries.ts';
import { createMemoryDirectory, type MemoryDirectory } from './memory-directory.ts';
import { createMemoryLog } from './memory-log.ts';
import { createMemoryOutbox } from './memory-outbox.ts';
import { createSimulatedBroker } from './simulated-broker.ts';
import { createVirtualClock } from './virtual-clock.ts';

export const EPOCH = 'epoch-1';
const broker = () => ({ url: 'mqtt://simulated' });

/** One gateway and one central on a virtual clock, with a broker as bad as asked for. The same seed replays the same run. */
/** @param reached The directory holds something new of a stream. */
export function createSyncSimulation(seed: number, reached: (stream: string) => void = () => undefined) {
	const dir = mkdtempSync(join(tmpdir(), 'parkgate-sync-'));
	const random = createSeededRandom(seed);
	const clock = createVirtualClock();
	const log = createMemoryLog();
	const wire = createSimulatedBroker(clock, random);
	let ids = 0;
	const newId = () => {
		ids += 1;
		return `id-${ids}`;
	};
	/** Acks the gateway kept that central had not stored: always empty. */
	const broken: string[] = [];
	const outbox = createMemoryOutbox(EPOCH, (seq) => {
		const stored = central.central.events('site-1', EPOCH, seq - 1, 1);
		if (seq > 0 && stored[0]?.seq !== seq) broken.push(`acknowledged ${seq} is not stored`);
	});
	/** An older gateway: rows of the number 13 are of no use to it. */
	const directory = createMemoryDirectory((row) => !String((row as { name?: unknown }).name).endsWith('13'));
	const told = createToldRows(directory, clock);
	const entries = journalEntries(newId);

	function bootSite(): { sync: Sync; end: () => void } {
		const scope = createClockScope(clock);
		const sync = createSync({
			clock: scope.clock,
			log,
			tenant: 'acme',
			site: 'site-1',
			version: '0.0.0',
			bootId: newId(),
			broker,
			openLink: (link, events) =>
				wire.openLink(link, {
					...events,
					onMessage(message) {
						told.hear(message);
						return events.onMessage(message);
					},
				}),
			outbox,
			directory,
			edits: { waiting: () => [], answer() {}, reached },
			commands: {
				isUsed: () => true,
				carryOut: () => Promise.reject(new Error('no commands here')),
				onSettled() {},
				untold: () => [],
				told() {},
			},
			clockTrust: () => 'synced',
			newId,
			random: random.next,
		});
		sync.start();
		return { sync, end: scope.end };
	}

	function bootCentral(): { central: Central; end: () => void } {
		const scope = createClockScope(clock);
		const started = createCentral({
			dir,
			tenant: 'acme',
			broker,
			openLink: wire.openLink,
			clock: scope.clock,
			log,
			newId,
			random: random.next,
		});
		started.start();
		return { central: started, end: scope.end };
	}

	let central = bootCentral();
	let site = bootSite();
	return {
		clock,
		log,
		wire,
		outbox,
		directory,
		broken,
		/** Holders that are let in although central's revocation has arrived: always empty. */
		letInAgainst: told.letIn,
		site: () => site.sync,
		central: () => central.central,
		append(count: number) {
			for (const entry of takeEntries(entries, count)) outbox.append(entry);
			site.sync.journalGrew();
		},
		/** The process is gone without a word; what was on the disk is all it has. */
		crashSite() {
			site.end();
			wire.cut('parkgate-acme-site-1');
			directory.crash();
			site = bootSite();
		},
		async crashCentral() {
			central.end();
			wire.cut('parkgate-central');
			await central.central.stop();
			central = bootCentral();
		},
		/** Central keeps no changes: who is behind needs a snapshot. */
		forgetChanges() {
			const db = new Database(join(dir, 'central.db'));
			db.exec('DELETE FROM changes; UPDATE streams SET floor = rev');
			db.close();
		},
		async end() {
			site.end();
			central.end();
			await central.central.stop();
			rmSync(dir, { recursive: true, force: true });
		},
	};
}

/** What central's deltas said of each holder, as far as they arrived. */
function createToldRows(directory: MemoryDirectory, clock: Pick<Clock, 'after'>) {
	const newest = new Map<string, { rev: number; isRevoked: boolean }>();
	const letIn: string[] = [];
	function look(): void {
		const rev = directory.streams().find(({ stream }) => stream === 'people')?.rev ?? 0;
		for (const [name, told] of newest) {
			const row = directory.visible('people', name) as { readonly status?: unknown } | undefined;
			if (told.isRevoked && told.rev > rev && row?.status === 'active')
				letIn.push(`${name} at ${rev}, not ${told.rev}`);
		}
	}
	return {
		hear({ topic, payload, contentType }: IncomingMessage) {
			const decoded = decodeMessage(topic, payload, contentType);
			if (!decoded.ok || decoded.message.type !== 'delta') return;
			const { from, ops } = decoded.message.body;
			ops.forEach((op, place) => {
				const name = `${op.table}/${op.key}`;
				const rev = from + place + 1;
				if ((newest.get(name)?.rev ?? 0) < rev) newest.set(name, { rev, isRevoked: isRevoked(op) });
			});
			// When the directory has it.
			clock.after(1, look);
		},
		letIn: () => letIn,
	};
}

function isRevoked(op: { readonly op: 'put' | 'delete'; readonly row?: unknown }): boolean {
	return op.op === 'delete' || (op.row as { readonly status?: unknown }).status === 'blocked';
}
