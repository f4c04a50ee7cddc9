import { randomUUIDv7 } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { onTestFinished } from 'vitest';
import { decideAccess } from '../../src/gateway/core/access/decide-access.ts';
import type { PresentedFact } from '../../src/gateway/core/access/facts.ts';
import type { DecisionEntry, JournalEntry } from '../../src/gateway/core/journal.ts';
import { DEFAULT_RETENTION, type RetentionSettings } from '../../src/gateway/core/retention.ts';
import type { OwnDirectory } from '../../src/gateway/services/retention/end-departed.ts';
import { createRetentionHolds } from '../../src/gateway/services/retention/holds.ts';
import { startNightly } from '../../src/gateway/services/retention/nightly.ts';
import { createRetention, type RetentionDeps } from '../../src/gateway/services/retention/retention.ts';
import type { SiteStore } from '../../src/gateway/store/site-store.ts';
import { aCredential, aPlateRead, facts } from './access-facts.ts';
import { createMemoryLog } from './memory-log.ts';
import type { VirtualClock } from './virtual-clock.ts';

/** Lets what waits in the event loop go on; no time passes on a virtual clock. */
export const turn = () => new Promise<void>((resolve) => setImmediate(resolve));

export interface Reads {
	readonly holderId: string | null;
	readonly name?: string;
	readonly value: string;
}

/** A vehicle's plate was read and decided on. */
export function decisionAbout({ holderId, name = `Name of ${holderId}`, value }: Reads, atMs: number): DecisionEntry {
	const match: PresentedFact['match'] =
		holderId === null
			? { how: 'none' }
			: {
					how: 'exact',
					credential: aCredential({ id: `${holderId}-plate`, holderId, kind: 'plate', value }),
					holder: { id: holderId, kind: 'person', name, email: `${holderId}@example.org`, status: 'active' },
				};
	const given = { ...facts(), atMs, presented: [aPlateRead({ value, match })], rights: [] };
	return {
		...{ type: 'decision', class: 'decision', id: randomUUIDv7(), atMs, laneId: 'L1' },
		decision: decideAccess(given),
		facts: given,
		vendId: null,
		subject: value,
		holderName: holderId === null ? null : name,
	};
}

export function entryAt(atMs: number, entry: Record<string, unknown>): JournalEntry {
	// Tests write the fields of the type they name.
	return { id: randomUUIDv7(), atMs, ...entry } as unknown as JournalEntry;
}

/** The nightly work on a store, with a virtual clock that drives it. */
export function startRetention(
	store: SiteStore,
	clock: VirtualClock,
	options: {
		settings?: Partial<RetentionSettings>;
		hasCentral?: boolean;
		also?: () => Promise<void>;
		/** Whose rights and rows are; nobody's unless given. */
		own?: OwnDirectory;
		endImports?: () => number;
		endImages?: RetentionDeps['endImages'];
	} = {},
) {
	const log = createMemoryLog();
	const common = { store, clock, log, newId: randomUUIDv7, journalGrew: () => undefined };
	const settings = { ...DEFAULT_RETENTION, ...options.settings };
	const holds = createRetentionHolds(common);
	let trust: 'synced' | 'untrusted' = 'synced';
	const { own = null, endImports = () => 0, hasCentral = false } = options;
	const { endImages = () => Promise.resolve({ erased: 0, held: 0 }) } = options;
	const directory = own?.directory ?? { read: <T>(run: () => T) => run(), row: () => undefined };
	const run = createRetention({
		...{ ...common, settings, holds, hasCentral, own, directory, endImports, endImages },
		...{ timeZone: 'Europe/Brussels', rest: turn },
	});
	const nightly = startNightly({
		...{ ...common, run, timeZone: 'Europe/Brussels', atMinute: settings.atMinute },
		also: options.also ?? (() => Promise.resolve()),
		clockTrust: () => trust,
	});
	onTestFinished(() => nightly.stop());
	return {
		holds,
		nightly,
		log,
		setTrust(now: typeof trust) {
			trust = now;
		},
		/** Time passes; every night's work is waited for. */
		async days(count: number) {
			for (let hour = 0; hour < count * 24; hour += 1) {
				clock.advance(3_600_000);
				await nightly.settled();
			}
		},
	};
}

/** Everything in the store's files, as bytes. */
export function bytesOf(dir: string): string {
	for (;;) {
		try {
			return readdirSync(dir)
				.filter((name) => /\.db(-wal)?$/.test(name))
				.map((name) => readFileSync(path.join(dir, name)).toString('latin1'))
				.join('\n');
		} catch (error) {
			// A thread closed the last connection meanwhile: what its WAL held is in the file now, which is read anew.
			if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error;
		}
	}
}

export function readable(store: SiteStore): readonly JournalEntry[] {
	const entries: JournalEntry[] = [];
	for (let place = 0; place < store.journalErasure.last(); ) {
		const { rows, upTo } = store.journalErasure.after(place, 1_000);
		entries.push(...rows.map((row) => row.entry()));
		place = upTo;
	}
	return entries;
}
