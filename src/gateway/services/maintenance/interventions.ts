import type {
	InterventionKind,
	InterventionPriority,
	InterventionStatus,
	InterventionTarget,
	PlannedTime,
} from '../../core/maintenance/intervention.ts';
import type { InterventionFilter } from '../../store/intervention-list.ts';
import type { InterventionEntryRow, InterventionPart, InterventionPhoto } from '../../store/intervention-records.ts';
import type { InterventionRow } from '../../store/intervention-rows.ts';
import type { Page } from '../access-log.ts';

export type { InterventionEntryRow, InterventionPart, InterventionPhoto };

export interface Intervention extends InterventionRow {
	/** Its planned time is over, and it is not. */
	readonly isOverdue: boolean;
	/** Where it may go from here. */
	readonly next: readonly InterventionStatus[];
}

/** What whoever finds something broken says of it. */
export interface InterventionReport {
	readonly kind: InterventionKind;
	readonly target: InterventionTarget;
	readonly title: string;
	readonly description: string;
	readonly priority: InterventionPriority;
	/** null: nobody says yet when. */
	readonly plan: PlannedTime | null;
	/** Operators who do it. */
	readonly people: readonly string[];
}

export type InterventionPatch = { readonly [K in keyof InterventionReport]?: InterventionReport[K] | undefined };

export interface InterventionQuery extends Omit<InterventionFilter, 'before' | 'overdueAtMs'> {
	readonly overdue?: boolean;
	readonly cursor?: string;
}

export type InterventionRefusal =
	| 'notFound'
	/** It is no longer as it was when it was read. */
	| 'changedMeanwhile'
	/** Done or cancelled: it is opened again first. */
	| 'closed'
	/** The site has no such device or lane. */
	| 'unknownTarget'
	/** Nobody whom work can be given to. */
	| 'unknownPerson'
	/** It ends before it begins, is too long, or too far away. */
	| 'badPlan'
	| 'sameStatus'
	| 'notFromHere'
	| 'noPlan'
	/** As many as are kept. */
	| 'tooMany'
	/** The product licence does not include maintenance: nothing new is begun. */
	| 'notIncluded'
	| 'noSuchPart';

export type InterventionAnswer =
	| { readonly result: 'done'; readonly intervention: Intervention }
	| { readonly result: 'refused'; readonly because: InterventionRefusal };

/** Work on the equipment: what is broken or due, who does it when, and what was done. Each change is audited, and central is told. */
export interface Interventions {
	/** The newest first. Throws INVALID_REQUEST for a cursor that is not ours. */
	list(query: InterventionQuery): Page<Intervention>;
	get(number: number): Intervention | undefined;
	/** Devices that there is or was work on. */
	deviceIds(): readonly string[];
	parts(number: number): readonly InterventionPart[];
	photos(number: number): readonly InterventionPhoto[];
	/** What was done and said, the newest first. Throws INVALID_REQUEST for a cursor that is not ours. */
	entries(number: number, query: { readonly cursor?: string; readonly limit: number }): Page<InterventionEntryRow>;
	report(report: InterventionReport, operatorId: string): InterventionAnswer;
	/** @param version as it was read; absent: whatever it is. */
	change(number: number, patch: InterventionPatch, operatorId: string, version?: number): InterventionAnswer;
	/** @param comment said with it; empty: nothing. */
	setStatus(
		number: number,
		to: { readonly status: InterventionStatus; readonly comment: string },
		operatorId: string,
		version?: number,
	): InterventionAnswer;
	comment(number: number, text: string, operatorId: string): InterventionAnswer;
	addPart(
		number: number,
		part: Pick<InterventionPart, 'name' | 'reference' | 'quantity'>,
		operatorId: string,
	): InterventionAnswer;
	removePart(number: number, partId: string, operatorId: string): InterventionAnswer;
}
