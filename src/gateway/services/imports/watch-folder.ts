import type { Cancel, Clock } from '../../core/clock.ts';
import type { Log } from '../../core/log.ts';
import type { ImportFolder } from './import-folder.ts';

/** How often imports of the command line are looked for. */
const LOOK_MS = 2_000;

/** Tells what a command beside the gateway has handed over (`draft-import.ts`). */
export function watchFolder(
	folder: Pick<ImportFolder, 'ids'>,
	{ clock, log }: { readonly clock: Pick<Clock, 'after'>; readonly log: Log },
	onFound: (id: string) => void,
): Cancel {
	let cancel = clock.after(LOOK_MS, look);

	function look(): void {
		try {
			for (const id of folder.ids()) onFound(id);
		} catch (error) {
			log.warn({ err: error }, 'the folder of imports could not be read');
		}
		cancel = clock.after(LOOK_MS, look);
	}

	return () => cancel();
}
