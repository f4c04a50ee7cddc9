import { foldText } from '../core/fold-text.ts';
import { LICENCE_KIND_NAMES, maySignIn } from '../core/licence/licence-kinds.ts';
import type { AccessVersion, ChangedAccess } from './access-version.ts';
import type { Sqlite } from './open-database.ts';
import type { OperatorSeats } from './operator-seats.ts';
import { writtenUnlessTaken } from './store-failure.ts';
import type { Transactions } from './transactions.ts';

/** `scope`: its text (`core/permission/scope.ts`). */
export interface RoleAssignment {
	readonly roleId: string;
	readonly scope: string;
}

export interface DeniedPermission {
	readonly permission: string;
	readonly scope: string;
}

/** One that may end by itself. */
export interface GivenPermission extends DeniedPermission {
	/** Absent: it stays. */
	readonly endsAtMs?: number | null;
}

/** As the file keeps it. */
export function toGiven({ endsAtMs, ...given }: GivenPermission): GivenPermission {
	return endsAtMs === null || endsAtMs === undefined ? given : { ...given, endsAtMs };
}

/** A role of the site's own. */
export interface OwnRoleRow {
	readonly id: string;
	readonly name: string;
	readonly permissions: readonly string[];
	readonly version: number;
}

/** What operators may do: their roles, what they are denied, and the roles of the site's own. */
export interface OperatorAccessStore {
	rolesOf(operatorId: string): readonly RoleAssignment[];
	/** In place of all they had. */
	setRoles(operatorId: string, roles: readonly RoleAssignment[]): void;
	denialsOf(operatorId: string): readonly DeniedPermission[];
	/** In place of all they had. */
	setDenials(operatorId: string, denials: readonly DeniedPermission[]): void;
	/** Active operators who may sign in, with the role for the whole site and nothing denied, by no group either. */
	administratorCount(): number;
	/** Active operators with any other role than that of simple users, or a permission; by a group or by themselves. */
	seatsTaken(): number;
	/** Another number once what anybody may do may have changed: here, by a rollback, or by another program. */
	accessVersion(): number;
	/** See `AccessVersion`. */
	onAccessChange(listener: (what: ChangedAccess) => void): void;

	ownRoles(): readonly OwnRoleRow[];
	ownRole(id: string): OwnRoleRow | undefined;
	/** @returns false when the name is taken. */
	addOwnRole(role: Omit<OwnRoleRow, 'version'>): boolean;
	/** @returns false when the name is taken. */
	updateOwnRole(role: Omit<OwnRoleRow, 'version'>): boolean;
	removeOwnRole(id: string): void;
	/** Operators and groups that have the role. */
	holdersOfRole(roleId: string): number;
}

export function createOperatorAccess(
	db: Sqlite,
	transactions: Transactions,
	version: AccessVersion,
	seats: OperatorSeats,
): OperatorAccessStore {
	const roles = db.prepare<[string], RoleAssignment>(
		'SELECT role_id AS roleId, scope FROM operator_roles WHERE operator_id = ? ORDER BY role_id, scope',
	);
	const noRoles = db.prepare<[string]>('DELETE FROM operator_roles WHERE operator_id = ?');
	const addRole = db.prepare<[string, string, string]>(
		'INSERT OR IGNORE INTO operator_roles (operator_id, role_id, scope) VALUES (?, ?, ?)',
	);
	const denials = db.prepare<[string], DeniedPermission>(
		'SELECT permission, scope FROM operator_denials WHERE operator_id = ? ORDER BY permission, scope',
	);
	const noDenials = db.prepare<[string]>('DELETE FROM operator_denials WHERE operator_id = ?');
	const addDenial = db.prepare<[string, string, string]>(
		'INSERT OR IGNORE INTO operator_denials (operator_id, permission, scope) VALUES (?, ?, ?)',
	);
	const administrators = db.prepare<[string], number>(ADMINISTRATORS_SQL).pluck();
	return {
		rolesOf: (id) => roles.all(id),
		setRoles: (id, assigned) =>
			transactions.run(() => {
				version.changed({ operatorId: id });
				noRoles.run(id);
				for (const { roleId, scope } of assigned) addRole.run(id, roleId, scope);
				seats.recount(id);
			}),
		denialsOf: (id) => denials.all(id),
		setDenials: (id, denied) =>
			transactions.run(() => {
				version.changed({ operatorId: id });
				noDenials.run(id);
				for (const { permission, scope } of denied) addDenial.run(id, permission, scope);
			}),
		administratorCount: () => administrators.get(NEVER_SIGNS_IN) ?? 0,
		seatsTaken: seats.taken,
		accessVersion: version.get,
		onAccessChange: version.onChange,
		...ownRoles(db, transactions, version),
	};
}

/** Kinds of licence whose owners never sign in. */
const NEVER_SIGNS_IN = JSON.stringify(LICENCE_KIND_NAMES.filter((kind) => !maySignIn([kind])));

const ADMINISTRATORS_SQL = `
SELECT count(*) FROM operator_roles AS r CROSS JOIN operators AS o ON o.id = r.operator_id
WHERE r.role_id = 'administrator' AND r.scope = 'site' AND o.state = 'active'
	AND NOT EXISTS (SELECT 1 FROM operator_denials AS d WHERE d.operator_id = o.id)
	AND NOT EXISTS (SELECT 1 FROM licence_grants AS g WHERE g.operator_id = o.id AND g.kind IN (SELECT value FROM json_each(?)))
	AND NOT EXISTS (
		WITH RECURSIVE around (id) AS (
			SELECT m.group_id FROM operator_group_members AS m WHERE m.operator_id = o.id
			UNION SELECT g.parent_id FROM around CROSS JOIN operator_groups AS g ON g.id = around.id WHERE g.parent_id IS NOT NULL
		) SELECT 1 FROM around CROSS JOIN operator_group_rules AS d ON d.group_id = around.id AND d.rule = 'denial'
	)`;

type StoredRole = Omit<OwnRoleRow, 'permissions'> & { readonly permissions: string };

function ownRoles(db: Sqlite, transactions: Transactions, { changed }: Pick<AccessVersion, 'changed'>) {
	const columns = 'id, name, permissions, version';
	const all = db.prepare<[], StoredRole>(`SELECT ${columns} FROM own_roles ORDER BY name_key`);
	const byId = db.prepare<[string], StoredRole>(`SELECT ${columns} FROM own_roles WHERE id = ?`);
	const insert = db.prepare<[string, string, string, string]>(
		'INSERT INTO own_roles (id, name, name_key, permissions) VALUES (?, ?, ?, ?)',
	);
	const update = db.prepare<[string, string, string, string]>(
		'UPDATE own_roles SET name = ?, name_key = ?, permissions = ?, version = version + 1 WHERE id = ?',
	);
	const remove = db.prepare<[string]>('DELETE FROM own_roles WHERE id = ?');
	const holders = db
		.prepare<[{ roleId: string }], number>(
			`SELECT (SELECT count(DISTINCT operator_id) FROM operator_roles WHERE role_id = :roleId)
				+ (SELECT count(DISTINCT group_id) FROM operator_group_rules WHERE rule = 'role' AND what = :roleId)`,
		)
		.pluck();
	const changing = <T>(work: () => T) =>
		transactions.run(() => {
			changed(null);
			return work();
		});
	return {
		ownRoles: () => all.all().map(toRole),
		ownRole: (id: string) => {
			const stored = byId.get(id);
			return stored && toRole(stored);
		},
		addOwnRole: ({ id, name, permissions }: Omit<OwnRoleRow, 'version'>) =>
			writtenUnlessTaken(() => changing(() => insert.run(id, name, foldText(name), JSON.stringify(permissions)))),
		updateOwnRole: ({ id, name, permissions }: Omit<OwnRoleRow, 'version'>) =>
			writtenUnlessTaken(() => changing(() => update.run(name, foldText(name), JSON.stringify(permissions), id))),
		removeOwnRole: (id: string) => void changing(() => remove.run(id)),
		holdersOfRole: (roleId: string) => holders.get({ roleId }) ?? 0,
	};
}

function toRole({ permissions, ...role }: StoredRole): OwnRoleRow {
	const parsed: unknown = JSON.parse(permissions);
	return { ...role, permissions: Array.isArray(parsed) ? parsed.map(String) : [] };
}
