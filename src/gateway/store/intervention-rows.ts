import type {
	InterventionKind,
	InterventionPriority,
	InterventionStatus,
	InterventionTarget,
	PlannedTime,
} from '../core/maintenance/intervention.ts';

export interface InterventionRow {
	/** What people call it by; counted from 1. */
	readonly number: number;
	/** Names it wherever numbers may begin again, as in a store that was restored. */
	readonly id: string;
	readonly kind: InterventionKind;
	readonly target: InterventionTarget;
	readonly title: string;
	readonly description: string;
	readonly priority: InterventionPriority;
	readonly status: InterventionStatus;
	/** null: nobody said when. */
	readonly plan: PlannedTime | null;
	/** Operators who do it. */
	readonly people: readonly string[];
	readonly openedAtMs: number;
	/** null: the gateway itself. */
	readonly openedBy: string | null;
	readonly changedAtMs: number;
	readonly closedAtMs: number | null;
	/** Counts the changes of all this; comments, parts and photos are none. */
	readonly version: number;
}

/** As SQLite holds it. */
export interface StoredIntervention extends Omit<InterventionRow, 'target' | 'plan' | 'people'> {
	readonly targetKind: InterventionTarget['kind'];
	readonly targetId: string;
	readonly planStartMs: number | null;
	readonly planEndMs: number | null;
	/** JSON. */
	readonly people: string;
}

export const INTERVENTION_COLUMNS = `number, id, kind, target_kind AS targetKind, target_id AS targetId, title, description,
	priority, status, plan_start_ms AS planStartMs, plan_end_ms AS planEndMs, opened_at_ms AS openedAtMs, opened_by AS openedBy,
	changed_at_ms AS changedAtMs, closed_at_ms AS closedAtMs, version,
	(SELECT json_group_array(operator_id) FROM intervention_people AS p WHERE p.number = interventions.number) AS people`;

export function toIntervention(stored: StoredIntervention): InterventionRow {
	const { targetKind, targetId, planStartMs, planEndMs, people, ...rest } = stored;
	return {
		...rest,
		target: targetKind === 'site' ? { kind: targetKind } : { kind: targetKind, id: targetId },
		plan: planStartMs === null || planEndMs === null ? null : { startMs: planStartMs, endMs: planEndMs },
		people: JSON.parse(people) as string[],
	};
}
