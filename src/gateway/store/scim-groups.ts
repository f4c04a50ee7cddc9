import { foldCase } from '../core/scim/scim-filter.ts';
import type { Sqlite } from './open-database.ts';
import type { Transactions } from './transactions.ts';

/** What is kept of a group of operators for SCIM besides what it is here. */
export interface ScimGroupRow {
	readonly externalId: string | null;
	readonly createdAtMs: number;
	readonly changedAtMs: number;
	/** Counts the changes of the group and of its members. */
	readonly changes: number;
}

export interface ScimMemberRow {
	readonly id: string;
	readonly name: string;
}

export interface ScimGroupStore {
	scimGroup(groupId: string): ScimGroupRow | undefined;
	setGroupExternalId(groupId: string, externalId: string | null): void;
	/** All in the group itself whom SCIM sees, by id. */
	scimMembers(groupId: string): readonly ScimMemberRow[];
}

/** Called by the store of groups within its changes. */
export interface ScimGroupMirror {
	written(group: { readonly id: string; readonly name: string }): void;
	touched(groupId: string): void;
}

export function createScimGroups(
	db: Sqlite,
	{ run }: Transactions,
	nowMs: () => number,
): { readonly scimGroups: ScimGroupStore; readonly mirror: ScimGroupMirror } {
	const byId = db.prepare<[string], ScimGroupRow>(
		'SELECT external_id AS externalId, created_at_ms AS createdAtMs, changed_at_ms AS changedAtMs, changes FROM scim_groups WHERE group_id = ?',
	);
	const write = db.prepare<[{ id: string; key: string; nowMs: number }]>(
		`INSERT INTO scim_groups (group_id, display_key, created_at_ms, changed_at_ms) VALUES (:id, :key, :nowMs, :nowMs)
		ON CONFLICT DO UPDATE SET display_key = :key, changed_at_ms = :nowMs, changes = changes + 1`,
	);
	const touch = db.prepare<[number, string]>(
		'UPDATE scim_groups SET changed_at_ms = ?, changes = changes + 1 WHERE group_id = ?',
	);
	const setExternal = db.prepare<[string | null, number, string]>(
		'UPDATE scim_groups SET external_id = ?, changed_at_ms = ?, changes = changes + 1 WHERE group_id = ?',
	);
	const members = db.prepare<[string], ScimMemberRow>(
		`SELECT o.id, o.name FROM operator_group_members AS m CROSS JOIN operators AS o ON o.id = m.operator_id
		CROSS JOIN scim_users AS s ON s.operator_id = o.id WHERE m.group_id = ? AND s.deleted = 0 ORDER BY o.id`,
	);
	return {
		scimGroups: {
			scimGroup: (groupId) => byId.get(groupId),
			setGroupExternalId: (groupId, externalId) => void run(() => setExternal.run(externalId, nowMs(), groupId)),
			scimMembers: (groupId) => members.all(groupId),
		},
		mirror: {
			written: ({ id, name }) => void write.run({ id, key: foldCase(name), nowMs: nowMs() }),
			touched: (groupId) => void touch.run(nowMs(), groupId),
		},
	};
}
