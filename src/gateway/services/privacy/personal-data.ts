import type { DirectoryTable } from '../../core/directory.ts';
import type { JournalEntry } from '../../core/journal.ts';
import type { PersonalCosts } from '../../store/personal-stays.ts';
import type { AnyRow, EditProblem } from '../directory/directory-edits.ts';

/** How much is kept of one person. */
export interface PersonalDataExtent {
	readonly credentials: number;
	readonly rights: number;
	readonly bookings: number;
	readonly stays: number;
	/** Evidence images of their vehicles. */
	readonly images: number;
	readonly decisions: number;
	readonly edits: number;
	/** Passages, costs and whatever else of the journal names them. */
	readonly others: number;
	/** Held by an incident: erased when the hold ends. */
	readonly held: number;
}

/** All that is kept of one person, part by part; lists of the journal in its order. */
export type PersonalDataPart =
	| { readonly part: DirectoryTable; readonly rows: readonly AnyRow[] }
	| { readonly part: 'stays' | 'images' | 'leads' | keyof PersonalCosts; readonly rows: readonly AnyRow[] }
	| { readonly part: 'journal'; readonly rows: readonly JournalEntry[] };

export interface ErasureView {
	readonly id: string;
	readonly requestedAtMs: number;
	readonly operatorId: string;
	/** `waiting`: for central to take what it has not, for a hold to end, or for the night. */
	readonly state: 'waiting' | 'done';
	readonly doneAtMs: number | null;
	/** Rows of the journal erased so far. */
	readonly erased: number;
}

export type ErasureAnswer =
	| { readonly result: 'begun'; readonly erasureId: string }
	/** A vehicle of theirs stands at a barrier: in a minute it does not. */
	| { readonly result: 'refused'; readonly because: 'underWay' }
	/** The reason names whom it is to forget. */
	| { readonly result: 'refused'; readonly because: 'namedInReason' }
	/** Rows of the directory that can't go. */
	| { readonly result: 'refused'; readonly because: 'inUse'; readonly problems: readonly EditProblem[] };

export interface PersonalData {
	/** Rejects with NOT_FOUND. */
	extent(holderId: string): Promise<PersonalDataExtent>;
	/** Audited. Throws NOT_FOUND. */
	export(holderId: string, operatorId: string): AsyncIterable<PersonalDataPart>;
	/**
	 * Irreversible. Who it was can no longer be looked up when it returns; what was recorded of them is erased from here
	 * on, piece by piece, also over a restart. Audited without who it was. Throws NOT_FOUND.
	 */
	erase(holderId: string, by: { readonly operatorId: string; readonly reason: string }): ErasureAnswer;
	/** Newest first. */
	erasures(): readonly ErasureView[];
	/** Goes on with what waits; resolves when nothing more can be done now. */
	work(): Promise<void>;
	/** What is read or erased ends where it is; an erasure goes on at the next start. */
	stop(): Promise<void>;
}
