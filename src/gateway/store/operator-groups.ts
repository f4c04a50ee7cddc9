import { foldText } from '../core/fold-text.ts';
import { LIMITS } from '../core/limits.ts';
import type { AccessVersion } from './access-version.ts';
import type { Sqlite } from './open-database.ts';
import { type DeniedPermission, type GivenPermission, type RoleAssignment, toGiven } from './operator-access.ts';
import { createGroupLists, type OperatorGroupLists } from './operator-group-lists.ts';
import { GROUP_COLUMNS, type OperatorGroupRow, type StoredGroup, toGroup } from './operator-group-row.ts';
import type { OperatorSeats } from './operator-seats.ts';
import type { ScimGroupMirror } from './scim-groups.ts';
import { writtenUnlessTaken } from './store-failure.ts';
import type { Transactions } from './transactions.ts';

/** What a group gives its members and those of the groups below it, and what it denies them. */
export interface GroupRules {
	readonly roles: readonly RoleAssignment[];
	readonly permissions: readonly GivenPermission[];
	readonly denials: readonly DeniedPermission[];
}

/** Statements over groups of operators; the rules are in `services/operators/operator-groups.ts`. */
export interface OperatorGroupStore extends OperatorGroupLists {
	group(id: string): OperatorGroupRow | undefined;
	groupCount(): number;
	/** @returns false when a neighbour has the name. */
	addGroup(row: Omit<OperatorGroupRow, 'version'>): boolean;
	/** Counts as a change. @returns false when a neighbour has the name. */
	updateGroup(row: Omit<OperatorGroupRow, 'version'>): boolean;
	/** With its rules; its members stay operators. Fails where other groups are in it. */
	removeGroup(id: string): void;
	/** Itself first, the uppermost last; none: there is no such group. */
	groupChain(id: string): readonly OperatorGroupRow[];
	/** Levels with what is below it, itself counted. */
	groupHeight(id: string): number;
	groupRules(id: string): GroupRules;
	/** In place of all it had. */
	setGroupRules(id: string, rules: GroupRules): void;
	/** Ids of the groups that an operator is in, not of those around them. */
	groupIdsOf(operatorId: string): readonly string[];
	/** @returns false: they are in it already. */
	addGroupMember(groupId: string, operatorId: string): boolean;
	/** @returns false: they were not in it. */
	removeGroupMember(groupId: string, operatorId: string): boolean;
	/** Given to one operator by themselves. */
	permissionsOf(operatorId: string): readonly GivenPermission[];
	/** In place of all they had. */
	setPermissions(operatorId: string, permissions: readonly GivenPermission[]): void;
	/** Operators and groups that were given any permission for a scope, those whose permissions have ended too. */
	permissionHolders(scope: string, limit: number): readonly PermissionHolder[];
}

export interface PermissionHolder {
	readonly kind: 'operator' | 'group';
	readonly id: string;
}

type StoredRule = {
	readonly rule: 'role' | 'permission' | 'denial';
	readonly what: string;
	readonly scope: string;
	readonly endsAtMs: number | null;
};

interface GroupStoreParts {
	readonly version: Pick<AccessVersion, 'changed'>;
	readonly seats: OperatorSeats;
	readonly scim: ScimGroupMirror;
}

export function createOperatorGroups(
	db: Sqlite,
	{ run }: Transactions,
	{ version: { changed }, seats, scim }: GroupStoreParts,
): OperatorGroupStore {
	const byId = db.prepare<[string], StoredGroup>(`SELECT ${GROUP_COLUMNS} FROM operator_groups WHERE id = ?`);
	const count = db.prepare<[], number>('SELECT count(*) FROM operator_groups').pluck();
	type Written = Omit<StoredGroup, 'version'> & { readonly nameKey: string };
	const insert = db.prepare<[Written]>(
		'INSERT INTO operator_groups (id, kind, name, name_key, parent_id, tags) VALUES (:id, :kind, :name, :nameKey, :parentId, :tags)',
	);
	const update = db.prepare<[Written]>(
		'UPDATE operator_groups SET kind = :kind, name = :name, name_key = :nameKey, parent_id = :parentId, tags = :tags, version = version + 1 WHERE id = :id',
	);
	const remove = db.prepare<[string]>('DELETE FROM operator_groups WHERE id = ?');
	const height = db
		.prepare<[string, number], number>(
			`WITH RECURSIVE below (id, level) AS (
				SELECT ?, 1 UNION ALL
				SELECT g.id, level + 1 FROM below CROSS JOIN operator_groups AS g ON g.parent_id = below.id WHERE level <= ?
			) SELECT max(level) FROM below`,
		)
		.pluck();
	const members = createMembers(db, run, { changed, recount: seats.recount, touched: scim.touched });
	const written = ({ id, kind, name, tags, parentId }: Omit<OperatorGroupRow, 'version'>): Written => ({
		...{ id, kind, name, parentId, nameKey: foldText(name), tags: JSON.stringify(tags) },
	});
	const write = (statement: typeof insert, row: Omit<OperatorGroupRow, 'version'>) =>
		run(() => {
			changed({ groupId: row.id });
			return seats.around(row.id, () =>
				writtenUnlessTaken(() => {
					statement.run(written(row));
					scim.written(row);
				}),
			);
		});

	return {
		...createGroupLists(db),
		...createRules(db, run, { changed, around: seats.around }),
		...members,
		group: (id) => toGroup(byId.get(id)),
		groupCount: () => count.get() ?? 0,
		addGroup: (row) => write(insert, row),
		updateGroup: (row) => write(update, row),
		removeGroup: (id) =>
			run(() => {
				changed({ groupId: id });
				seats.aroundRemoval(id, () => void remove.run(id));
			}),
		groupChain(id) {
			const chain: OperatorGroupRow[] = [];
			let next = toGroup(byId.get(id));
			// Bounded for a store that was written by hand: no row here makes a ring.
			while (next !== undefined && chain.length < LIMITS.operatorGroupDepth) {
				chain.push(next);
				next = next.parentId === null ? undefined : toGroup(byId.get(next.parentId));
			}
			return chain;
		},
		groupHeight: (id) => height.get(id, LIMITS.operatorGroupDepth) ?? 1,
	};
}

function createRules(
	db: Sqlite,
	run: Transactions['run'],
	{ changed, around }: Pick<AccessVersion, 'changed'> & Pick<OperatorSeats, 'around'>,
) {
	const ofGroup = db.prepare<[string], StoredRule>(
		'SELECT rule, what, scope, ends_at_ms AS endsAtMs FROM operator_group_rules WHERE group_id = ? ORDER BY what, scope',
	);
	const clear = db.prepare<[string]>('DELETE FROM operator_group_rules WHERE group_id = ?');
	const add = db.prepare<[string, string, string, string, number | null]>(
		'INSERT OR IGNORE INTO operator_group_rules (group_id, rule, what, scope, ends_at_ms) VALUES (?, ?, ?, ?, ?)',
	);
	return {
		groupRules(id: string): GroupRules {
			const rules = ofGroup.all(id);
			const things = (rule: StoredRule['rule']) =>
				rules
					.filter((one) => one.rule === rule)
					.map(({ what, scope, endsAtMs }) => toGiven({ permission: what, scope, endsAtMs }));
			const roles = things('role').map(({ permission, scope }) => ({ roleId: permission, scope }));
			return { roles, permissions: things('permission'), denials: things('denial') };
		},
		setGroupRules: (id: string, { roles, permissions, denials }: GroupRules) =>
			run(() => {
				changed({ groupId: id });
				around(id, () => {
					clear.run(id);
					for (const { roleId, scope } of roles) add.run(id, 'role', roleId, scope, null);
					for (const { permission, scope, endsAtMs = null } of permissions) {
						add.run(id, 'permission', permission, scope, endsAtMs);
					}
					for (const { permission, scope } of denials) add.run(id, 'denial', permission, scope, null);
				});
			}),
	};
}

function createMembers(
	db: Sqlite,
	run: Transactions['run'],
	{
		changed,
		recount,
		touched,
	}: Pick<AccessVersion, 'changed'> & Pick<OperatorSeats, 'recount'> & Pick<ScimGroupMirror, 'touched'>,
) {
	const groups = db
		.prepare<[string], string>('SELECT group_id FROM operator_group_members WHERE operator_id = ? ORDER BY group_id')
		.pluck();
	const add = db.prepare<[string, string]>(
		'INSERT INTO operator_group_members (group_id, operator_id) VALUES (?, ?) ON CONFLICT DO NOTHING',
	);
	const remove = db.prepare<[string, string]>(
		'DELETE FROM operator_group_members WHERE group_id = ? AND operator_id = ?',
	);
	const permissions = db.prepare<[string], GivenPermission>(
		'SELECT permission, scope, ends_at_ms AS endsAtMs FROM operator_permissions WHERE operator_id = ? ORDER BY permission, scope',
	);
	const clear = db.prepare<[string]>('DELETE FROM operator_permissions WHERE operator_id = ?');
	const give = db.prepare<[string, string, string, number | null]>(
		'INSERT OR IGNORE INTO operator_permissions (operator_id, permission, scope, ends_at_ms) VALUES (?, ?, ?, ?)',
	);
	const holders = db.prepare<[{ readonly scope: string; readonly limit: number }], PermissionHolder>(
		`SELECT 'operator' AS kind, operator_id AS id FROM operator_permissions WHERE scope = :scope
			UNION SELECT 'group', group_id FROM operator_group_rules WHERE rule = 'permission' AND scope = :scope LIMIT :limit`,
	);
	const changing = <T>(operatorId: string, work: () => T) =>
		run(() => {
			changed({ operatorId });
			const answer = work();
			recount(operatorId);
			return answer;
		});
	return {
		groupIdsOf: (operatorId: string) => groups.all(operatorId),
		addGroupMember: (groupId: string, operatorId: string) =>
			changing(operatorId, () => {
				touched(groupId);
				return add.run(groupId, operatorId).changes === 1;
			}),
		removeGroupMember: (groupId: string, operatorId: string) =>
			changing(operatorId, () => {
				touched(groupId);
				return remove.run(groupId, operatorId).changes === 1;
			}),
		permissionsOf: (operatorId: string) => permissions.all(operatorId).map(toGiven),
		permissionHolders: (scope: string, limit: number) => holders.all({ scope, limit }),
		setPermissions: (operatorId: string, given: readonly GivenPermission[]) =>
			changing(operatorId, () => {
				clear.run(operatorId);
				for (const { permission, scope, endsAtMs = null } of given) give.run(operatorId, permission, scope, endsAtMs);
			}),
	};
}
