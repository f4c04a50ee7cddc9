import { LIMITS } from '../../core/limits.ts';
import { namedText, rolesText } from './audited-rules.ts';
import { guardedChange, Refused } from './guarded-change.ts';
import type { CodeAnswer, OperatorRefusal } from './operator-administration.ts';
import { viewOfGroup } from './operator-group-view.ts';
import type { GroupChange, GroupRefusal } from './operator-groups.ts';
import { viewOfOperator } from './operator-view.ts';
import type { Actor, OperatorsParts } from './operators-deps.ts';
import { writeCode } from './passwords.ts';
import { createWishChecks } from './wish-checks.ts';

/** Who the copy of an operator is. */
export interface CloneWish {
	readonly email: string;
	readonly name: string;
}

/**
 * Copies that may do what the original may: roles, permissions, denials and groups. No password, code, login, token,
 * licence or linked holder goes along, and nobody copies more than they may do themselves.
 */
export interface Cloning {
	/** Invited: they come in with the code. */
	operator(id: string, wish: CloneWish, by: Actor): CodeAnswer | GroupRefusal;
	/** In the same place, without members or the groups in it. */
	group(id: string, name: string, by: Actor): GroupChange;
}

export function createCloning(parts: OperatorsParts): Cloning {
	const { access, audit, clock, newId } = parts;
	const { operators } = parts.store;
	const checks = createWishChecks(parts);
	const refuse = (answer: OperatorRefusal | GroupRefusal): never => {
		throw new Refused(answer);
	};
	const checkCovers = (groupId: string, by: Actor) => {
		if (by.access !== null && !by.access.covers(access.rulesOfGroup(groupId))) refuse({ result: 'notYours' });
	};

	return {
		operator: (id, { email, name }, by) =>
			guardedChange<CodeAnswer | GroupRefusal>(parts, () => {
				if (operators.operatorById(id) === undefined) refuse({ result: 'notFound' });
				if (operators.operatorCount() >= LIMITS.operators) refuse({ result: 'tooMany' });
				const roles = operators.rolesOf(id);
				const permissions = operators.permissionsOf(id);
				const denials = operators.denialsOf(id);
				checks.rules({ roles, permissions }, by);
				const row = {
					...{ id: newId(), email: email.trim().toLowerCase(), name: name.trim(), language: null, version: 1 },
					...({ state: 'invited', passwordHash: null, passwordOnce: false } as const),
					...{ createdAtMs: clock.nowMs(), lastLoginAtMs: null },
				};
				if (!operators.addOperator(row)) refuse({ result: 'emailTaken' });
				operators.setRoles(row.id, roles);
				operators.setPermissions(row.id, permissions);
				operators.setDenials(row.id, denials);
				const groupIds = operators.groupIdsOf(id);
				for (const groupId of groupIds) {
					checkCovers(groupId, by);
					operators.addGroupMember(groupId, row.id);
				}
				audit.write('operatorCloned', by.operatorId, row.id, {
					...{ from: id, roles: rolesText(roles), given: namedText(permissions), denied: namedText(denials) },
					groups: groupIds.join(', '),
				});
				const code = writeCode(parts, row.id, LIMITS.invitationMs);
				return { result: 'code', operator: viewOfOperator(parts, row), ...code };
			}),
		group: (id, name, by) =>
			guardedChange<GroupChange>(parts, () => {
				const original = operators.group(id) ?? refuse({ result: 'noGroup' });
				if (operators.groupCount() >= LIMITS.operatorGroups) refuse({ result: 'tooMany' });
				checkCovers(id, by);
				const copyId = newId();
				const { kind, tags, parentId } = original;
				if (!operators.addGroup({ id: copyId, kind, tags, parentId, name: name.trim() })) {
					refuse({ result: 'groupNameTaken' });
				}
				operators.setGroupRules(copyId, operators.groupRules(id));
				audit.write('operatorGroupCloned', by.operatorId, copyId, { from: id, name });
				const copy = operators.group(copyId) ?? refuse({ result: 'noGroup' });
				return { result: 'done', group: viewOfGroup(parts, copy) };
			}),
	};
}
