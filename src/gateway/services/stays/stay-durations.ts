import { overstayAt } from '../../core/access/agree-stay.ts';
import { limitsOf } from '../../core/access/specification-limits.ts';
import { LIMITS } from '../../core/limits.ts';
import { placeOfStay, type RowLook } from '../../core/permission/row-place.ts';
import type { RecordPlace } from '../../core/permission/scope.ts';
import type { DirectoryReader } from '../../store/directory-reader.ts';
import type { OpenParkingSession } from '../../store/parking-sessions.ts';
import type { SiteStore } from '../../store/site-store.ts';

/** How long a stay by an on-the-fly right lasts; UTC epoch ms. */
export interface StayDuration {
	readonly stayId: string;
	readonly rightId: string;
	readonly sinceMs: number;
	/** When it is overdue; null: nobody chose, and the kind of right has no length of its own. */
	readonly untilMs: number | null;
	/** It may be no longer. */
	readonly latestMs: number;
}

/** `notOnTheFly`: its end stands in a booking, a right or nowhere. */
export type DurationRefusal = 'noSuchStay' | 'notOnTheFly' | 'past' | 'tooLong';

export type DurationAnswer =
	| { readonly result: 'found'; readonly duration: StayDuration }
	| { readonly result: 'refused'; readonly because: DurationRefusal };

/** On-the-fly stays last as long as is chosen at the entry (X2): by who talks with the driver, from the passage on. */
export interface StayDurations {
	of(stayId: string): DurationAnswer;
	/** Where an open stay lies among the scopes; undefined: no such vehicle is inside. */
	placeOf(stayId: string, look: RowLook): RecordPlace | undefined;
	/** Of the stay that this decision let in; undefined: none is open, or it is not on the fly. */
	begunBy(decision: { readonly id: string; readonly holderId: string | null }): StayDuration | undefined;
	/** Journalled with the operator. What was told or charged of an earlier end stays. */
	choose(choice: { readonly stayId: string; readonly untilMs: number; readonly operatorId: string }): DurationAnswer;
}

export function createStayDurations(deps: {
	readonly store: Pick<SiteStore, 'transaction' | 'journal' | 'parkingSessions' | 'stayDeadlines'>;
	readonly directory: Pick<DirectoryReader, 'read' | 'row'>;
	readonly nowMs: () => number;
	readonly newId: () => string;
	readonly journalGrew: () => void;
}): StayDurations {
	const { store, directory } = deps;

	/** By the first right that is on the fly: the one that let it in, or that it went on by. */
	function find(session: OpenParkingSession) {
		return directory.read(() => {
			for (const rightId of session.rightIds ?? []) {
				const right = directory.row('assignedRights', rightId);
				const specification = right && directory.row('rightSpecifications', right.specificationId);
				if (specification?.strategy === 'onTheFly') return { rightId, limits: limitsOf(specification) };
			}
			return undefined;
		});
	}

	const overstayOf = (stayId: string, rightId: string) =>
		store.stayDeadlines
			.of(stayId)
			.flatMap((deadline) => (deadline.kind === 'overstay' && deadline.rightId === rightId ? [deadline] : []))[0];

	function durationOf(session: OpenParkingSession): StayDuration | undefined {
		const found = find(session);
		if (found === undefined) return undefined;
		const { id: stayId, openedAtMs: sinceMs } = session;
		const { rightId, limits } = found;
		const untilMs = overstayOf(stayId, rightId)?.detail.atMs ?? null;
		// Nobody chooses longer than could be booked.
		const longestMs = limits.maxStayMin === null ? LIMITS.bookingMs : limits.maxStayMin * 60_000;
		return { stayId, rightId, sinceMs, untilMs, latestMs: sinceMs + longestMs };
	}

	function of(stayId: string): DurationAnswer {
		const session = store.parkingSessions.openById(stayId);
		if (session === undefined) return refused('noSuchStay');
		const duration = durationOf(session);
		return duration === undefined ? refused('notOnTheFly') : { result: 'found', duration };
	}

	return {
		of,
		placeOf(stayId, look) {
			const session = store.parkingSessions.openById(stayId);
			return session && placeOfStay(session, look);
		},
		begunBy({ id, holderId }) {
			if (holderId === null) return undefined;
			const session = store.parkingSessions.openFor(holderId).find(({ decisionId }) => decisionId === id);
			return session && durationOf(session);
		},
		choose({ stayId, untilMs, operatorId }) {
			const answer = of(stayId);
			if (answer.result === 'refused') return answer;
			const { rightId, sinceMs, untilMs: before, latestMs } = answer.duration;
			const atMs = deps.nowMs();
			if (untilMs <= atMs) return refused('past');
			if (untilMs > latestMs) return refused('tooLong');
			store.transaction(() => {
				const session = store.parkingSessions.openById(stayId);
				const found = session && find(session);
				if (found === undefined) return;
				const agreed = overstayOf(stayId, rightId);
				const lastsMs = untilMs - sinceMs;
				// Prices stay those of the entry; parts that were charged are not charged again.
				const terms = agreed?.detail ?? overstayAt(found.limits, untilMs, lastsMs);
				const detail = { ...terms, atMs: untilMs, everyMs: terms.does === 'event' ? null : lastsMs };
				const times = agreed?.times ?? 0;
				store.stayDeadlines.set({ stayId, rightId, kind: 'overstay', dueAtMs: untilMs, times, detail });
				const entry = { type: 'audit', class: 'audit', id: deps.newId(), atMs } as const;
				const about = { operatorId, action: 'stayDurationChosen', target: stayId };
				store.journal.append({ ...entry, ...about, detail: { before, until: untilMs } });
			});
			deps.journalGrew();
			return of(stayId);
		},
	};
}

function refused(because: DurationRefusal): DurationAnswer {
	return { result: 'refused', because };
}
