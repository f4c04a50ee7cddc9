import type { Sqlite } from './open-database.ts';

/**
 * Who takes a seat of the product licence while active: kept with each change, as every change of operators asks how
 * many there are, and working it out looks through everybody's groups.
 */
export const OPERATOR_SEATS_SQL = `
CREATE TABLE operator_seats (
	operator_id TEXT PRIMARY KEY REFERENCES operators ON DELETE CASCADE,
	active INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX operator_seats_taken ON operator_seats (operator_id) WHERE active = 1;

CREATE TRIGGER operator_state_changed AFTER UPDATE OF state ON operators WHEN NEW.state <> OLD.state BEGIN
	UPDATE operator_seats SET active = (NEW.state = 'active') WHERE operator_id = NEW.id;
END;
`;

/** All of it in the caller's transaction. */
export interface OperatorSeats {
	/** Of active operators with any other role than that of simple users, or a permission; by a group or by themselves. */
	taken(): number;
	/** After a change of what one operator has. */
	recount(operatorId: string): void;
	/** Runs a change of a group, and counts again who is in or below it where that makes a difference. */
	around<T>(groupId: string, change: () => T): T;
}

export function createOperatorSeats(db: Sqlite): OperatorSeats {
	const taken = db.prepare<[], number>('SELECT count(*) FROM operator_seats WHERE active = 1').pluck();
	const leave = db.prepare<[string]>('DELETE FROM operator_seats WHERE operator_id = ?');
	const take = db.prepare<[{ id: string }]>(
		`INSERT INTO operator_seats (operator_id, active)
		SELECT o.id, o.state = 'active' FROM operators AS o WHERE o.id = :id AND (
			EXISTS (SELECT 1 FROM operator_roles AS r WHERE r.operator_id = o.id AND r.role_id <> 'user')
			OR EXISTS (SELECT 1 FROM operator_permissions AS p WHERE p.operator_id = o.id)
			OR EXISTS (
				WITH RECURSIVE around (id) AS (
					SELECT m.group_id FROM operator_group_members AS m WHERE m.operator_id = :id
					UNION SELECT g.parent_id FROM around CROSS JOIN operator_groups AS g ON g.id = around.id WHERE g.parent_id IS NOT NULL
				) SELECT 1 FROM around CROSS JOIN operator_group_rules AS d ON d.group_id = around.id WHERE ${GIVES}
			)
		)`,
	);
	const gives = db
		.prepare<[string], number>(
			`WITH RECURSIVE around (id) AS (
				SELECT ? UNION SELECT g.parent_id FROM around CROSS JOIN operator_groups AS g ON g.id = around.id WHERE g.parent_id IS NOT NULL
			) SELECT EXISTS (SELECT 1 FROM around CROSS JOIN operator_group_rules AS d ON d.group_id = around.id WHERE ${GIVES})`,
		)
		.pluck();
	const below = db
		.prepare<[string], string>(
			`WITH RECURSIVE below (id) AS (
				SELECT ? UNION SELECT g.id FROM below CROSS JOIN operator_groups AS g ON g.parent_id = below.id
			) SELECT DISTINCT operator_id FROM below CROSS JOIN operator_group_members AS m ON m.group_id = below.id`,
		)
		.pluck();
	const recount = (id: string) => {
		leave.run(id);
		take.run({ id });
	};
	return {
		taken: () => taken.get() ?? 0,
		recount,
		around(groupId, change) {
			const before = gives.get(groupId);
			const members = below.all(groupId);
			const changed = change();
			if (gives.get(groupId) !== before) for (const id of members) recount(id);
			return changed;
		},
	};
}

/** Of a rule of a group. */
const GIVES = `(d.rule = 'permission' OR (d.rule = 'role' AND d.what <> 'user'))`;
