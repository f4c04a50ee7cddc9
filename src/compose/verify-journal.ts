import type { JournalReport, VerifyJournalOptions } from '../api/cli/handlers.ts';
import type { JournalStore } from '../gateway/store/journal.ts';

const ROWS_PER_SLICE = 2_000;

/** Every epoch from its first row to the last that was written in it, also where it tells rows of an earlier one again. */
export async function verifyJournal(
	journal: Pick<JournalStore, 'epochs' | 'verify' | 'chainAt' | 'lastPosition'>,
	{ onProgress, signal }: Pick<VerifyJournalOptions, 'onProgress' | 'signal'>,
): Promise<JournalReport> {
	const epochs = journal.epochs();
	const rows = journal.lastPosition();
	let done = 0;
	let upTo = 0;

	function report(gatewayEpoch?: string): Omit<JournalReport, 'broken'> {
		const head = journal.chainAt(upTo, gatewayEpoch)?.toHex() ?? null;
		return { rows, firstSeq: upTo > 0 ? 1 : null, lastSeq: upTo > 0 ? upTo : null, head, histories: epochs.length };
	}

	for (const { gatewayEpoch } of epochs) {
		upTo = 0;
		for (let finished = false; !finished && !signal.aborted; ) {
			const check = journal.verify(upTo, ROWS_PER_SLICE, gatewayEpoch);
			if (check.result === 'broken') {
				const { seq, problem } = check;
				upTo = seq - 1;
				return { ...report(gatewayEpoch), broken: { seq, problem, gatewayEpoch } };
			}
			done += check.upTo - upTo;
			({ upTo, finished } = check);
			onProgress(Math.min(done, rows), rows);
			await new Promise(setImmediate);
		}
	}
	return { ...report(), broken: null };
}
