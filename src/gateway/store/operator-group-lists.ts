import { foldText } from '../core/fold-text.ts';
import type { OperatorGroupKind } from '../core/permission/operator-group.ts';
import type { Sqlite } from './open-database.ts';
import { GROUP_COLUMNS, type OperatorGroupRow, type StoredGroup, toGroup } from './operator-group-row.ts';

export interface OperatorGroupFilter {
	/** Of the name, in any case and accents. */
	readonly text: string;
	readonly kind: OperatorGroupKind | null;
	readonly tag: string | null;
	/** Only those right below it; `''`: only uppermost ones; null: wherever they are. */
	readonly parentId: string | null;
	readonly after: GroupPlace | null;
	readonly limit: number;
}

/** The last row of the page before. */
export interface GroupPlace {
	readonly nameKey: string;
	readonly id: string;
}

/** What is read of groups by the page. */
export interface OperatorGroupLists {
	/** By name. */
	listGroups(filter: OperatorGroupFilter): readonly OperatorGroupRow[];
	subgroupCount(groupId: string): number;
	memberCount(groupId: string): number;
	/** Ids of those in the group itself, by name. */
	groupMembers(groupId: string, after: GroupPlace | null, limit: number): readonly string[];
	/** Ids of operators in the group or below it, each once; at most `limit`. */
	membersBelow(groupId: string, limit: number): readonly string[];
}

type Named = Readonly<Record<string, string | number | null>>;

export function createGroupLists(db: Sqlite): OperatorGroupLists {
	const prepare = (below: string) =>
		db.prepare<[Named], StoredGroup>(
			`SELECT ${GROUP_COLUMNS} FROM operator_groups
			WHERE ${below} (name_key, id) > (:nameKey, :id)
				AND (:text = '' OR instr(name_key, :text) > 0)
				AND (:kind IS NULL OR kind = :kind)
				AND (:tag IS NULL OR EXISTS (SELECT 1 FROM json_each(tags) WHERE value = :tag))
			ORDER BY name_key, id LIMIT :limit`,
		);
	const ofAll = prepare('');
	const ofParent = prepare("ifnull(parent_id, '') = :parentId AND");
	const subgroups = db.prepare<[string], number>('SELECT count(*) FROM operator_groups WHERE parent_id = ?').pluck();
	const members = db
		.prepare<[string], number>('SELECT count(*) FROM operator_group_members WHERE group_id = ?')
		.pluck();
	const after = '(names.name_key, names.operator_id) > (:nameKey, :id)';
	const fewMembers = db
		.prepare<[Named], string>(
			`SELECT names.operator_id FROM operator_group_members AS m
			CROSS JOIN operator_names AS names ON names.operator_id = m.operator_id
			WHERE m.group_id = :groupId AND ${after} ORDER BY names.name_key, names.operator_id LIMIT :limit`,
		)
		.pluck();
	const manyMembers = db
		.prepare<[Named], string>(
			`SELECT names.operator_id FROM operator_names AS names
			WHERE ${after} AND EXISTS (SELECT 1 FROM operator_group_members AS m WHERE m.group_id = :groupId AND m.operator_id = names.operator_id)
			ORDER BY names.name_key, names.operator_id LIMIT :limit`,
		)
		.pluck();
	const below = db
		.prepare<[Named], string>(
			`WITH RECURSIVE below (id) AS (
				SELECT :groupId UNION SELECT g.id FROM below CROSS JOIN operator_groups AS g ON g.parent_id = below.id
			) SELECT DISTINCT operator_id FROM below CROSS JOIN operator_group_members AS m ON m.group_id = below.id LIMIT :limit`,
		)
		.pluck();
	return {
		listGroups: ({ text, kind, tag, parentId, after: last, limit }) =>
			(parentId === null ? ofAll : ofParent)
				.all({
					...{ text: foldText(text), kind, tag, limit, ...(parentId !== null && { parentId }) },
					nameKey: last?.nameKey ?? '',
					id: last?.id ?? '',
				})
				.flatMap((stored) => toGroup(stored) ?? []),
		subgroupCount: (groupId) => subgroups.get(groupId) ?? 0,
		memberCount: (groupId) => members.get(groupId) ?? 0,
		groupMembers(groupId, last, limit) {
			const way = (members.get(groupId) ?? 0) < FEW ? fewMembers : manyMembers;
			return way.all({ groupId, nameKey: last?.nameKey ?? '', id: last?.id ?? '', limit });
		},
		membersBelow: (groupId, limit) => below.all({ groupId, limit }),
	};
}

/** Of fewer, sorting all of them is quicker than looking through everybody. */
const FEW = 2_000;
