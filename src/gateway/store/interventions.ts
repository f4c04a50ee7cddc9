import type { InterventionTarget, PlannedTime } from '../core/maintenance/intervention.ts';
import { createInterventionList, type InterventionList } from './intervention-list.ts';
import { createInterventionRecords, type InterventionRecords } from './intervention-records.ts';
import {
	INTERVENTION_COLUMNS,
	type InterventionRow,
	type StoredIntervention,
	toIntervention,
} from './intervention-rows.ts';
import type { Sqlite } from './open-database.ts';
import type { Transactions } from './transactions.ts';

export type NewIntervention = Omit<InterventionRow, 'number' | 'version' | 'changedAtMs' | 'closedAtMs'>;

/** Changed in the caller's transaction. */
export interface InterventionStore extends InterventionList, InterventionRecords {
	/** @returns its number. */
	addIntervention(intervention: NewIntervention): number;
	/** All but its number, id and opening; counts as a change. */
	updateIntervention(intervention: InterventionRow): void;
	intervention(number: number): InterventionRow | undefined;
	interventionCount(): number;
	/** With all that belongs to it. */
	removeIntervention(number: number): void;
}

export function createInterventionStore(db: Sqlite, transactions: Transactions): InterventionStore {
	const { run, read } = transactions;
	const insert = db
		.prepare<[Omit<StoredIntervention, 'number' | 'version' | 'people' | 'changedAtMs' | 'closedAtMs'>], number>(
			`INSERT INTO interventions (id, kind, target_kind, target_id, title, description, priority, status, plan_start_ms,
			plan_end_ms, opened_at_ms, opened_by, changed_at_ms) VALUES (:id, :kind, :targetKind, :targetId, :title,
			:description, :priority, :status, :planStartMs, :planEndMs, :openedAtMs, :openedBy, :openedAtMs) RETURNING number`,
		)
		.pluck();
	const update = db.prepare<[Omit<StoredIntervention, 'people'>]>(
		`UPDATE interventions SET kind = :kind, target_kind = :targetKind, target_id = :targetId, title = :title,
		description = :description, priority = :priority, status = :status, plan_start_ms = :planStartMs,
		plan_end_ms = :planEndMs, changed_at_ms = :changedAtMs, closed_at_ms = :closedAtMs, version = version + 1
		WHERE number = :number`,
	);
	const select = db.prepare<[number], StoredIntervention>(
		`SELECT ${INTERVENTION_COLUMNS} FROM interventions WHERE number = ?`,
	);
	const count = db.prepare<[], number>('SELECT count(*) FROM interventions').pluck();
	const remove = db.prepare<[number]>('DELETE FROM interventions WHERE number = ?');
	const addPerson = db.prepare<[number, string]>(
		'INSERT INTO intervention_people (number, operator_id) VALUES (?, ?) ON CONFLICT DO NOTHING',
	);
	const removePeople = db.prepare<[number]>('DELETE FROM intervention_people WHERE number = ?');

	function putPeople(number: number, people: readonly string[]): void {
		removePeople.run(number);
		for (const operatorId of people) addPerson.run(number, operatorId);
	}

	return {
		...createInterventionList(db, transactions),
		...createInterventionRecords(db, transactions),
		addIntervention: ({ people, ...row }) =>
			run(() => {
				const number = insert.get(flat(row));
				if (number === undefined) throw new Error('an intervention got no number');
				putPeople(number, people);
				return number;
			}),
		updateIntervention: ({ people, ...row }) =>
			run(() => {
				update.run(flat(row));
				putPeople(row.number, people);
			}),
		intervention: (number) =>
			read(() => {
				const stored = select.get(number);
				return stored && toIntervention(stored);
			}),
		interventionCount: () => read(() => count.get() ?? 0),
		removeIntervention: (number) => run(() => void remove.run(number)),
	};
}

function flat<T extends { readonly target: InterventionTarget; readonly plan: PlannedTime | null }>(row: T) {
	const { target, plan, ...rest } = row;
	return {
		...rest,
		...{ targetKind: target.kind, targetId: target.kind === 'site' ? '' : target.id },
		...{ planStartMs: plan?.startMs ?? null, planEndMs: plan?.endMs ?? null },
	};
}
