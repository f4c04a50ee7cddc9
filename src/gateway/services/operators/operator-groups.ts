import { foldText } from '../../core/fold-text.ts';
import { GatewayError } from '../../core/gateway-error.ts';
import { LIMITS } from '../../core/limits.ts';
import { decideMove, denialsTakenAlong, type GroupMove } from '../../core/permission/operator-group.ts';
import { WHOLE_SITE } from '../../core/permission/scope.ts';
import { PERMISSIONS } from '../../core/permission.ts';
import type { GroupPlace } from '../../store/operator-group-lists.ts';
import type { OperatorGroupRow } from '../../store/operator-group-row.ts';
import type { GroupRules } from '../../store/operator-groups.ts';
import { cursorParts } from '../list-cursor.ts';
import { rulesDetail } from './audited-rules.ts';
import { type GuardRefusal, guardedChange, Refused } from './guarded-change.ts';
import type { OperatorRefusal } from './operator-administration.ts';
import {
	itemOfGroup,
	type OperatorGroupPage,
	type OperatorGroupPatch,
	type OperatorGroupQuery,
	type OperatorGroupView,
	type OperatorGroupWish,
	viewOfGroup,
} from './operator-group-view.ts';
import { type OperatorPage, viewOfOperator } from './operator-view.ts';
import type { Actor, OperatorsParts } from './operators-deps.ts';
import { createWishChecks } from './wish-checks.ts';

export type GroupRefusal =
	| GuardRefusal
	| Extract<OperatorRefusal, { readonly result: 'unknownRole' | 'unknownScope' | 'unknownPermission' | 'notYours' }>
	| { readonly result: 'noGroup' | 'notFound' | 'groupNameTaken' | 'changed' | 'tooMany' }
	/** Where it would stand. */
	| { readonly result: Exclude<GroupMove, 'allowed'> }
	/** Other groups are in it. */
	| { readonly result: 'hasSubgroups'; readonly subgroups: number };

export type GroupChange = { readonly result: 'done'; readonly group: OperatorGroupView } | GroupRefusal;

/**
 * Groups of operators in a tree. What a group is given and denied holds for its members and for those of all groups
 * below it; every change is one transaction, audited with what was before, and acts on the next request.
 */
export interface OperatorGroups {
	list(query: OperatorGroupQuery): OperatorGroupPage;
	get(id: string): OperatorGroupView | undefined;
	/** Those in the group itself, by name; undefined: there is no such group. */
	members(
		id: string,
		query: { readonly cursor?: string | undefined; readonly limit: number },
	): OperatorPage | undefined;
	add(wish: OperatorGroupWish, by: Actor): GroupChange;
	/**
	 * A move is a change of `parentId`. What the groups around it denied it takes along as its own.
	 * @param version As it was read; undefined: whatever it is now.
	 */
	update(id: string, patch: OperatorGroupPatch, by: Actor, version?: number): GroupChange;
	/** Its members stay operators. */
	remove(id: string, by: Actor): { readonly result: 'removed' } | GroupRefusal;
	/** Puts an operator in, or takes them out. */
	setMember(id: string, operatorId: string, isMember: boolean, by: Actor): GroupChange;
}

export function createOperatorGroups(parts: OperatorsParts): OperatorGroups {
	const { access, audit, newId } = parts;
	const { operators } = parts.store;
	const checks = createWishChecks(parts);
	const refuse = (answer: GroupRefusal): never => {
		throw new Refused(answer);
	};
	const rowOf = (id: string): OperatorGroupRow => operators.group(id) ?? refuse({ result: 'noGroup' });
	const done = (id: string): GroupChange => ({ result: 'done', group: viewOfGroup(parts, rowOf(id)) });
	const tree = { parentOf: (id: string) => operators.group(id)?.parentId, heightOf: operators.groupHeight };

	/** Nobody gives more than they have, through the groups around it either. */
	function checkCovers(groupId: string, by: Actor): void {
		if (by.access !== null && !by.access.covers(access.rulesOfGroup(groupId))) refuse({ result: 'notYours' });
	}

	/** What is changed for a group is changed for all in it: nobody takes from those who may do more than they. */
	function checkMembers(groupId: string, by: Actor): void {
		if (by.access === null || by.access.covers(ALL)) return;
		const members = operators.membersBelow(groupId, LIMITS.groupMembersChecked + 1);
		if (members.length > LIMITS.groupMembersChecked) refuse({ result: 'notYours' });
		for (const operatorId of members) checks.touchable(operatorId, by);
	}

	function checkPlace(id: string | null, parentId: string | null): void {
		const move = decideMove(tree, id, parentId, LIMITS.operatorGroupDepth);
		if (move !== 'allowed') refuse({ result: move });
	}

	const deniedAround = (parentId: string | null) =>
		parentId === null ? [] : operators.groupChain(parentId).flatMap(({ id }) => operators.groupRules(id).denials);

	/** With what it takes along to its new place. */
	function rulesAfter(row: OperatorGroupRow, patch: OperatorGroupPatch, before: GroupRules): GroupRules {
		const { roles = before.roles, permissions = before.permissions, denials = before.denials } = patch;
		const { parentId = row.parentId } = patch;
		if (parentId === row.parentId) return { roles, permissions, denials };
		const along = denialsTakenAlong(deniedAround(row.parentId), [...deniedAround(parentId), ...denials]);
		return { roles, permissions, denials: [...denials, ...along] };
	}

	function checkRules(rules: GroupRules, by: Actor): void {
		const { roles, permissions, denials } = rules;
		if (roles.length + permissions.length + denials.length > LIMITS.operatorGroupRules) refuse({ result: 'tooMany' });
		checks.rules(rules, by);
	}

	return {
		list({ q = '', kind, tag, parentId, cursor, limit }) {
			const filter = { text: q, kind: kind ?? null, tag: tag ?? null, parentId: parentId ?? null };
			const rows = operators.listGroups({ ...filter, after: placeOf(GROUPS, cursor), limit: limit + 1 });
			const shown = rows.slice(0, limit);
			const nextCursor = rows.length > limit ? cursorAfter(GROUPS, shown.at(-1)) : null;
			return { items: shown.map((row) => itemOfGroup(parts, row)), nextCursor };
		},
		get(id) {
			const row = operators.group(id);
			return row && viewOfGroup(parts, row);
		},
		members(id, { cursor, limit }) {
			if (operators.group(id) === undefined) return undefined;
			const ids = operators.groupMembers(id, placeOf(MEMBERS, cursor), limit + 1);
			const shown = ids.slice(0, limit).flatMap((operatorId) => operators.operatorById(operatorId) ?? []);
			const nextCursor = ids.length > limit ? cursorAfter(MEMBERS, shown.at(-1)) : null;
			return { items: shown.map((row) => viewOfOperator(parts, row)), nextCursor };
		},
		add: (wish, by) =>
			guardedChange<GroupChange>(parts, () => {
				if (operators.groupCount() >= LIMITS.operatorGroups) refuse({ result: 'tooMany' });
				checkPlace(null, wish.parentId);
				checkRules(wish, by);
				const { kind, name, tags, parentId } = wish;
				const id = newId();
				if (!operators.addGroup({ id, kind, name, tags, parentId })) refuse({ result: 'groupNameTaken' });
				operators.setGroupRules(id, wish);
				checkCovers(id, by);
				audit.write('operatorGroupAdded', by.operatorId, id, { kind, name, parentId, ...rulesDetail(wish) });
				return done(id);
			}),
		update: (id, patch, by, version) =>
			guardedChange<GroupChange>(parts, () => {
				const row = rowOf(id);
				if (version !== undefined && version !== row.version) refuse({ result: 'changed' });
				checkCovers(id, by);
				checkMembers(id, by);
				const { kind = row.kind, name = row.name, tags = row.tags, parentId = row.parentId } = patch;
				checkPlace(id, parentId);
				const before = operators.groupRules(id);
				const after = rulesAfter(row, patch, before);
				checkRules(after, by);
				if (!operators.updateGroup({ id, kind, name, tags, parentId })) refuse({ result: 'groupNameTaken' });
				operators.setGroupRules(id, after);
				checkCovers(id, by);
				const detail = changedDetail({ ...row, ...before }, { ...{ kind, name, tags, parentId }, ...after });
				audit.write('operatorGroupChanged', by.operatorId, id, detail);
				return done(id);
			}),
		remove: (id, by) =>
			guardedChange<{ readonly result: 'removed' } | GroupRefusal>(parts, () => {
				const row = rowOf(id);
				const subgroups = operators.subgroupCount(id);
				if (subgroups > 0) refuse({ result: 'hasSubgroups', subgroups });
				checkCovers(id, by);
				checkMembers(id, by);
				const detail = { name: row.name, members: operators.memberCount(id), ...rulesDetail(operators.groupRules(id)) };
				operators.removeGroup(id);
				audit.write('operatorGroupRemoved', by.operatorId, id, detail);
				return { result: 'removed' };
			}),
		setMember: (id, operatorId, isMember, by) =>
			guardedChange<GroupChange>(parts, () => {
				const { name } = rowOf(id);
				checks.touchable(operatorId, by);
				checkCovers(id, by);
				if (isMember && operators.groupIdsOf(operatorId).length >= LIMITS.groupsOfOperator)
					refuse({ result: 'tooMany' });
				const isChange = isMember
					? operators.addGroupMember(id, operatorId)
					: operators.removeGroupMember(id, operatorId);
				if (isChange) {
					operators.countChange(operatorId);
					const action = isMember ? 'operatorGroupJoined' : 'operatorGroupLeft';
					audit.write(action, by.operatorId, operatorId, { groupId: id, group: name });
				}
				return done(id);
			}),
	};
}

/** What administrators may do. */
const ALL = {
	grants: [
		{
			permissions: new Set(PERMISSIONS),
			scope: WHOLE_SITE,
			source: { kind: 'role', id: 'administrator', name: 'administrator' },
		},
	],
	denials: [],
} as const;

const GROUPS = 'operator groups';
const MEMBERS = 'members of an operator group';

function cursorAfter(list: string, last: { readonly name: string; readonly id: string } | undefined): string | null {
	return last === undefined
		? null
		: Buffer.from(JSON.stringify([list, foldText(last.name), last.id])).toString('base64url');
}

/** Throws INVALID_REQUEST for any text that `cursorAfter` did not make for this list. */
function placeOf(list: string, cursor: string | undefined): GroupPlace | null {
	if (cursor === undefined) return null;
	const [of, nameKey, id] = cursorParts(cursor);
	if (of === list && typeof nameKey === 'string' && typeof id === 'string') return { nameKey, id };
	throw new GatewayError('INVALID_REQUEST', `this cursor is not from the list of ${list}; start without one`);
}

type GroupFacts = Omit<OperatorGroupRow, 'id' | 'version'> & GroupRules;

/** Only what became different, with what it was. */
function changedDetail(before: GroupFacts, after: GroupFacts): Readonly<Record<string, string | null>> {
	const was = textsOf(before);
	return Object.fromEntries(
		Object.entries(textsOf(after)).flatMap(([name, now]) => {
			const then = was[name] ?? null;
			return then === now ? [] : [[`${name}Before`, then] as const, [name, now] as const];
		}),
	);
}

function textsOf(facts: GroupFacts): Readonly<Record<string, string | null>> {
	const { kind, name, tags, parentId } = facts;
	return { kind, name, tags: tags.join(', '), parentId, ...rulesDetail(facts) };
}
