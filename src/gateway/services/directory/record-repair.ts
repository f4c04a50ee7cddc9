import type { Clock } from '../../core/clock.ts';
import type { SiteStore } from '../../store/site-store.ts';

/** Rows of a stream were not central's and are again. */
export interface DirectoryRepaired {
	readonly stream: string;
	readonly rows: number;
	/** Of those, rows that the disk, or somebody, had changed. */
	readonly damaged: number;
}

/** Who decides on the directory must be able to find out that it was wrong for a time. */
export function createRepairRecord(deps: {
	readonly store: Pick<SiteStore, 'journal'>;
	readonly clock: Pick<Clock, 'nowMs'>;
	readonly newId: () => string;
	readonly journalGrew: () => void;
}): (repaired: DirectoryRepaired) => void {
	const { store, clock, newId, journalGrew } = deps;
	return ({ stream, rows, damaged }) => {
		store.journal.append({
			...{ type: 'audit', class: 'audit', id: newId(), atMs: clock.nowMs() },
			...{ operatorId: null, action: 'directoryRepaired', target: stream, detail: { rows, damaged } },
		});
		journalGrew();
	};
}
