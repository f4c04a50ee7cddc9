import type { OperatorGroupKind } from '../../core/permission/operator-group.ts';
import type { DeniedPermission, GivenPermission, RoleAssignment } from '../../store/operator-access.ts';
import type { OperatorGroupRow } from '../../store/operator-group-row.ts';
import type { RoleName } from '../operators.ts';
import type { OperatorsParts } from './operators-deps.ts';
import type { GroupName } from './rules-from.ts';

/** A group in a list. */
export interface OperatorGroupItem {
	readonly id: string;
	readonly kind: OperatorGroupKind;
	readonly name: string;
	readonly tags: readonly string[];
	/** The groups around it, the uppermost first. */
	readonly path: readonly GroupName[];
	/** Operators in it, not in those below. */
	readonly members: number;
	readonly subgroups: number;
	/** Changes with every change of it, its rules and its place. */
	readonly version: number;
}

/** What a group gives and denies; of each, whose it is. */
export interface GroupRulesView {
	readonly roles: readonly (RoleName & { readonly scope: string })[];
	readonly permissions: readonly GivenPermission[];
	readonly denials: readonly DeniedPermission[];
}

export interface OperatorGroupView extends OperatorGroupItem, GroupRulesView {
	/** From the groups around it, the nearest first. */
	readonly inherited: readonly (GroupRulesView & { readonly group: GroupName })[];
}

export interface OperatorGroupPage {
	readonly items: readonly OperatorGroupItem[];
	readonly nextCursor: string | null;
}

export interface OperatorGroupQuery {
	readonly q?: string | undefined;
	readonly kind?: OperatorGroupKind | undefined;
	readonly tag?: string | undefined;
	/** Only those right below it; `''`: only uppermost ones. */
	readonly parentId?: string | undefined;
	readonly cursor?: string | undefined;
	readonly limit: number;
}

export interface OperatorGroupWish {
	readonly kind: OperatorGroupKind;
	readonly name: string;
	readonly tags: readonly string[];
	readonly parentId: string | null;
	readonly roles: readonly RoleAssignment[];
	readonly permissions: readonly GivenPermission[];
	readonly denials: readonly DeniedPermission[];
}

export type OperatorGroupPatch = { readonly [Name in keyof OperatorGroupWish]?: OperatorGroupWish[Name] | undefined };

export function itemOfGroup({ store: { operators } }: OperatorsParts, row: OperatorGroupRow): OperatorGroupItem {
	const { id, kind, name, tags, parentId, version } = row;
	const around = parentId === null ? [] : operators.groupChain(parentId);
	return {
		...{ id, kind, name, tags, version },
		path: around.map(nameOf).reverse(),
		members: operators.memberCount(id),
		subgroups: operators.subgroupCount(id),
	};
}

export function viewOfGroup(parts: OperatorsParts, row: OperatorGroupRow): OperatorGroupView {
	const { operators } = parts.store;
	const around = row.parentId === null ? [] : operators.groupChain(row.parentId);
	return {
		...itemOfGroup(parts, row),
		...rulesView(parts, row.id),
		inherited: around.map((group) => ({ group: nameOf(group), ...rulesView(parts, group.id) })).filter(givesAnything),
	};
}

function rulesView({ store, access }: OperatorsParts, groupId: string): GroupRulesView {
	const { roles, permissions, denials } = store.operators.groupRules(groupId);
	return {
		roles: roles.map(({ roleId, scope }) => ({ id: roleId, name: access.roleName(roleId), scope })),
		permissions,
		denials,
	};
}

function givesAnything({ roles, permissions, denials }: GroupRulesView): boolean {
	return roles.length + permissions.length + denials.length > 0;
}

function nameOf({ id, name }: OperatorGroupRow): GroupName {
	return { id, name };
}
