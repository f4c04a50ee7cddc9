import type { StreamName } from '../core/directory.ts';
import type { SiteSettings } from './site-settings.ts';

/** A snapshot that is being staged, or was when the process ended. */
export interface StagedSnapshot {
	readonly stream: StreamName;
	readonly snapshotId: string;
	/** Name of its file in the store's directory. */
	readonly fileName: string;
}

/** Which file is gone on with after a restart; kept with the site, as is the name of the live one. */
export interface StagedSnapshotRecord {
	get(): StagedSnapshot | undefined;
	set(staged: StagedSnapshot | undefined): void;
}

const KEY = 'stagedSnapshot';

export function createStagedSnapshotRecord(settings: Pick<SiteSettings, 'get' | 'set'>): StagedSnapshotRecord {
	return {
		get() {
			const text = settings.get(KEY) ?? '';
			// Written below only.
			return text === '' ? undefined : (JSON.parse(text) as StagedSnapshot);
		},
		set(staged) {
			const text = staged === undefined ? '' : JSON.stringify(staged);
			if (text !== (settings.get(KEY) ?? '')) settings.set(KEY, text);
		},
	};
}
