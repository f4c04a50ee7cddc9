import { LIMITS } from '../../core/limits.ts';
import type { JournalErasure, ReadableRow } from '../../store/journal-erasure.ts';

/** All rows after a place, some at a time; lanes go first between two parts. */
export async function* walkJournal(
	journal: Pick<JournalErasure, 'after'>,
	afterPosition: number,
	rest: () => Promise<void>,
): AsyncGenerator<{ readonly rows: readonly ReadableRow[]; readonly upTo: number }> {
	for (let place = afterPosition; ; ) {
		const part = journal.after(place, LIMITS.retentionSlice);
		if (part.upTo === place) return;
		yield part;
		place = part.upTo;
		await rest();
	}
}
