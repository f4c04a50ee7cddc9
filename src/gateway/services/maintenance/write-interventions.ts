import type { Clock } from '../../core/clock.ts';
import { LIMITS } from '../../core/limits.ts';
import type { InterventionEntryKind } from '../../core/maintenance/intervention.ts';
import type { EntryDetail } from '../../store/intervention-records.ts';
import type { InterventionRow } from '../../store/intervention-rows.ts';
import type { SiteStore } from '../../store/site-store.ts';
import { Refused, refusable } from '../operators/guarded-change.ts';
import type { InterventionRefusal } from './interventions.ts';

export interface InterventionWriterDeps {
	readonly store: Pick<SiteStore, 'interventions' | 'journal' | 'transaction'>;
	readonly clock: Pick<Clock, 'nowMs'>;
	readonly newId: () => string;
	readonly journalGrew: () => void;
}

export type Refusal = { readonly result: 'refused'; readonly because: InterventionRefusal };

/** What every change of an intervention has in common. */
export interface InterventionWriter {
	/** One durable transaction, of which nothing is kept when it refuses. */
	transact<T>(run: () => T): T | Refusal;
	/** The row as it is, or the end of the transaction. */
	held(number: number): InterventionRow;
	/** In its own history, and in the journal, which central gets. Within a transaction. */
	write(of: Pick<InterventionRow, 'number' | 'id'>, what: InterventionEntryKind, by: string, detail: EntryDetail): void;
	refuse(because: InterventionRefusal): never;
}

const ACTIONS: Readonly<Record<InterventionEntryKind, string>> = {
	reported: 'interventionReported',
	changed: 'interventionChanged',
	status: 'interventionStatus',
	comment: 'interventionComment',
	partAdded: 'interventionPartAdded',
	partRemoved: 'interventionPartRemoved',
	photoAdded: 'interventionPhotoAdded',
	photoRemoved: 'interventionPhotoRemoved',
};

export function createInterventionWriter({
	store,
	clock,
	newId,
	journalGrew,
}: InterventionWriterDeps): InterventionWriter {
	const { interventions } = store;
	const refuse = (because: InterventionRefusal): never => {
		throw new Refused<Refusal>({ result: 'refused', because });
	};
	return {
		refuse,
		transact<T>(run: () => T) {
			let isKept = false;
			const answer = refusable<T | Refusal>(store.transaction, () => {
				const done = run();
				isKept = true;
				return done;
			});
			if (isKept) journalGrew();
			return answer;
		},
		held: (number) => interventions.intervention(number) ?? refuse('notFound'),
		write({ number, id }, what, operatorId, detail) {
			if (interventions.entryCount(number) >= LIMITS.interventionEntries) refuse('tooMany');
			const atMs = clock.nowMs();
			interventions.addEntry({ number, atMs, operatorId, what, detail });
			store.journal.append({
				...{ type: 'audit', class: 'audit', id: newId(), atMs, operatorId },
				...{ action: ACTIONS[what], target: String(number), detail: { interventionId: id, ...detail } },
			});
		},
	};
}
