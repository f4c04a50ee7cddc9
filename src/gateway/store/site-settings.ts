import type { Sqlite } from './open-database.ts';
import type { Transactions } from './transactions.ts';

/** Single values of the site: the boot counter, the highest time seen, the live directory file and settings by key. */
export interface SiteSettings {
	get(key: string): string | undefined;
	set(key: string, value: string): void;
	/** Counts this start. @returns the number of starts, 1 for the first. */
	countBoot(): number;
	/** The latest trusted time known, UTC epoch ms; 0 in a new store. Up to HIGHEST_TIME_GRAIN_MS behind. */
	highestTimeMs(): number;
	/** Remembers `nowMs` when it is later; written once per grain, so it may be called often. */
	raiseHighestTime(nowMs: number): void;
	/** File name of the live directory in the store's directory. */
	directoryFile(): string | undefined;
	setDirectoryFile(name: string): void;
}

/** Ten minutes: 144 small writes a day. */
const HIGHEST_TIME_GRAIN_MS = 600_000;

const KEYS = { boots: 'boots', highestTime: 'highestTimeMs', directory: 'directoryFile' } as const;

export function createSiteSettings(db: Sqlite, transactions: Transactions): SiteSettings {
	const select = db.prepare<[string], string>('SELECT value FROM settings WHERE key = ?').pluck();
	const upsert = db.prepare<[string, string]>(
		'INSERT INTO settings (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value',
	);
	const get = (key: string) => select.get(key);
	const set = (key: string, value: string) => {
		transactions.run(() => upsert.run(key, value));
	};
	const highestTimeMs = () => Number(get(KEYS.highestTime) ?? 0);
	return {
		get,
		set,
		countBoot: () =>
			transactions.run(() => {
				const boots = Number(get(KEYS.boots) ?? 0) + 1;
				set(KEYS.boots, String(boots));
				return boots;
			}),
		highestTimeMs,
		raiseHighestTime(nowMs) {
			if (nowMs >= highestTimeMs() + HIGHEST_TIME_GRAIN_MS) set(KEYS.highestTime, String(nowMs));
		},
		directoryFile: () => get(KEYS.directory),
		setDirectoryFile: (name) => set(KEYS.directory, name),
	};
}
