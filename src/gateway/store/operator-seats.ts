import type { Sqlite } from './open-database.ts';

/**
 * Who takes a seat of the product licence while active, how many do, and how many operators there are: kept with each
 * change, as every change of operators asks, and working it out looks through everybody and their groups.
 */
export const OPERATOR_SEATS_SQL = `
CREATE TABLE operator_seats (
	operator_id TEXT PRIMARY KEY REFERENCES operators ON DELETE CASCADE,
	active INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE operator_counts (
	id INTEGER PRIMARY KEY CHECK (id = 1),
	operators INTEGER NOT NULL,
	seats INTEGER NOT NULL
) STRICT;
INSERT INTO operator_counts (id, operators, seats) SELECT 1, count(*), 0 FROM operators;

CREATE TRIGGER operator_added AFTER INSERT ON operators BEGIN
	UPDATE operator_counts SET operators = operators + 1;
END;
CREATE TRIGGER operator_removed AFTER DELETE ON operators BEGIN
	UPDATE operator_counts SET operators = operators - 1;
END;
CREATE TRIGGER operator_seat_taken AFTER INSERT ON operator_seats WHEN NEW.active = 1 BEGIN
	UPDATE operator_counts SET seats = seats + 1;
END;
CREATE TRIGGER operator_seat_left AFTER DELETE ON operator_seats WHEN OLD.active = 1 BEGIN
	UPDATE operator_counts SET seats = seats - 1;
END;
CREATE TRIGGER operator_seat_changed AFTER UPDATE OF active ON operator_seats WHEN NEW.active <> OLD.active BEGIN
	UPDATE operator_counts SET seats = seats + NEW.active - OLD.active;
END;
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
	/** Runs a change of a group, and settles who is in or below it where that makes a difference. */
	around<T>(groupId: string, change: () => T): T;
	/** Runs the removal of a group that none is in. */
	aroundRemoval(groupId: string, remove: () => void): void;
}

export function createOperatorSeats(db: Sqlite): OperatorSeats {
	const taken = db.prepare<[], number>('SELECT seats FROM operator_counts').pluck();
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
	const members = db
		.prepare<[string], string>('SELECT operator_id FROM operator_group_members WHERE group_id = ?')
		.pluck();
	// All of a subtree at once: one after the other, 10,000 members would hold up the lanes.
	const takeBelow = db.prepare<[{ readonly groupId: string }]>(
		`WITH RECURSIVE ${BELOW} INSERT INTO operator_seats (operator_id, active)
		SELECT o.id, o.state = 'active' FROM (${MEMBERS_BELOW}) AS m CROSS JOIN operators AS o ON o.id = m.operator_id
		WHERE true ON CONFLICT DO NOTHING`,
	);
	const leaveBelow = db.prepare<[{ readonly groupId: string }]>(
		`WITH RECURSIVE ${BELOW} DELETE FROM operator_seats AS s WHERE operator_id IN (${MEMBERS_BELOW})
			AND NOT EXISTS (SELECT 1 FROM operator_roles AS r WHERE r.operator_id = s.operator_id AND r.role_id <> 'user')
			AND NOT EXISTS (SELECT 1 FROM operator_permissions AS p WHERE p.operator_id = s.operator_id)
			AND NOT EXISTS (SELECT 1 FROM operator_group_members AS m WHERE m.operator_id = s.operator_id AND EXISTS (
				WITH RECURSIVE around (id) AS (
					SELECT m.group_id UNION SELECT g.parent_id FROM around CROSS JOIN operator_groups AS g ON g.id = around.id WHERE g.parent_id IS NOT NULL
				) SELECT 1 FROM around CROSS JOIN operator_group_rules AS d ON d.group_id = around.id WHERE ${GIVES}))`,
	);
	const recount = (id: string) => {
		leave.run(id);
		take.run({ id });
	};
	return {
		taken: () => taken.get() ?? 0,
		recount,
		around(groupId, change) {
			const before = gives.get(groupId);
			const changed = change();
			const after = gives.get(groupId);
			if (after !== before) (after === 1 ? takeBelow : leaveBelow).run({ groupId });
			return changed;
		},
		aroundRemoval(groupId, remove) {
			const left = gives.get(groupId) === 1 ? members.all(groupId) : [];
			remove();
			for (const id of left) recount(id);
		},
	};
}

/** Of a rule of a group. */
const GIVES = `(d.rule = 'permission' OR (d.rule = 'role' AND d.what <> 'user'))`;

const BELOW = `below (id) AS (
	SELECT :groupId UNION SELECT g.id FROM below CROSS JOIN operator_groups AS g ON g.parent_id = below.id
)`;

const MEMBERS_BELOW =
	'SELECT DISTINCT m.operator_id FROM below CROSS JOIN operator_group_members AS m ON m.group_id = below.id';
