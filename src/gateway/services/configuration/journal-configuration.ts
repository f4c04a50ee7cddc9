import type { ConfigurationEvent } from '../../core/configuration/configuration-state.ts';
import type { Log } from '../../core/log.ts';
import type { SiteStore } from '../../store/site-store.ts';
import { CENTRAL_OPERATOR } from '../remote-commands.ts';

/** Up to which event of the configuration's history the journal tells. */
const TOLD_KEY = 'configurationTold';

/**
 * What happens to the configuration reaches the journal once, whatever stops in between: its history is on the disk
 * first, and the row and how far it tells commit together.
 */
export function createConfigurationJournal(deps: {
	readonly store: Pick<SiteStore, 'journal' | 'settings' | 'transaction'>;
	readonly newId: () => string;
	readonly log: Log;
	readonly journalGrew: () => void;
}): (history: readonly ConfigurationEvent[]) => void {
	const { store, newId, log, journalGrew } = deps;

	return function tell(history) {
		const last = history.at(-1)?.number ?? 0;
		try {
			const told = Number(store.settings.get(TOLD_KEY) ?? 0);
			// A history that was begun anew counts from 1 again.
			const after = told > last ? 0 : told;
			const untold = history.filter(({ number }) => number > after);
			if (untold.length === 0) return;
			store.transaction(() => {
				for (const event of untold) store.journal.append({ ...auditOf(event), id: newId() });
				store.settings.set(TOLD_KEY, String(last));
			});
			journalGrew();
		} catch (error) {
			log.error(
				{ err: error },
				'what happened to the configuration could not be journalled; it is with the next event',
			);
		}
	};
}

const ACTIONS: Readonly<Record<ConfigurationEvent['what'], string>> = {
	proposed: 'configurationProposed',
	tried: 'configurationTried',
	kept: 'configurationKept',
	reverted: 'configurationReverted',
	fileTookOver: 'configurationFileTookOver',
};

function auditOf({ what, version, source, by, operatorId, reason, because, commandId, atMs }: ConfigurationEvent) {
	return {
		type: 'audit',
		class: 'audit',
		atMs,
		operatorId: source === 'central' ? CENTRAL_OPERATOR : operatorId,
		action: ACTIONS[what],
		target: version ?? 'gateway.yaml',
		detail: { source, by, reason, because, commandId },
	} as const;
}
