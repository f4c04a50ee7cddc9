import type { JournalEntry } from '../../core/journal.ts';
import type { SiteStore } from '../../store/site-store.ts';
import { createSealedCodes } from '../directory/sealed-codes.ts';

interface Told {
	readonly entry: JournalEntry | null;
}

/** The same outbox for central, which keeps the directory: edits tell what codes say, though the journal has them sealed. */
export function tellCodes<A extends readonly unknown[], E extends Told, O extends { after(...asked: A): readonly E[] }>(
	outbox: O & { after(...asked: A): readonly E[] },
	store: Pick<SiteStore, 'settings'>,
): O {
	const codes = createSealedCodes(store);
	const opened = (event: E): E => {
		const { entry } = event;
		if (entry?.type !== 'edit') return event;
		const { table, before, after } = entry;
		return { ...event, entry: { ...entry, before: codes.open(table, before), after: codes.open(table, after) } };
	};
	return { ...outbox, after: (...asked: A) => outbox.after(...asked).map(opened) };
}
