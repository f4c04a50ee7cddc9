import { LIMITS } from '../../core/limits.ts';
import type { Grant, PermissionRules } from '../../core/permission/decide-permission.ts';
import type { RoleAssignment } from '../../store/operator-access.ts';
import type { OperatorStore } from '../../store/operators.ts';
import { joinedRules, rulesFrom } from './rules-from.ts';

/** Rules as they were read, until anything of them changes. */
export interface KeptRules {
	ofOperator(operatorId: string): PermissionRules;
	/** With those of the groups around it. */
	ofGroup(groupId: string): PermissionRules;
}

interface KeptOperator {
	readonly rules: PermissionRules;
	/** Those they are in, and all around them. */
	readonly groupIds: ReadonlySet<string>;
}

/**
 * Reading an operator's groups and what each level gives takes a few hundred statements at the worst, and every request
 * asks: kept until the store says that something of them changed, also by another program.
 */
export function createKeptRules(
	operators: OperatorStore,
	grantOf: (role: RoleAssignment) => Grant | undefined,
): KeptRules {
	const byOperator = new Map<string, KeptOperator>();
	const byGroup = new Map<string, PermissionRules>();
	operators.onAccessChange((what) => {
		if (what === null) {
			byOperator.clear();
			byGroup.clear();
		} else if ('operatorId' in what) byOperator.delete(what.operatorId);
		else {
			byGroup.delete(what.groupId);
			for (const [id, { groupIds }] of byOperator) if (groupIds.has(what.groupId)) byOperator.delete(id);
		}
	});

	/** Each level once, as many groups stand below the same ones. */
	function levelOf(group: { readonly id: string; readonly name: string }): PermissionRules {
		return kept(byGroup, LIMITS.operatorGroups, group.id, () =>
			rulesFrom(operators.groupRules(group.id), group, grantOf),
		);
	}

	function ofOperator(operatorId: string): KeptOperator {
		const around = operators.groupIdsOf(operatorId).flatMap((id) => operators.groupChain(id));
		const groups = new Map(around.map((group) => [group.id, group]));
		const own = {
			roles: operators.rolesOf(operatorId),
			permissions: operators.permissionsOf(operatorId),
			denials: operators.denialsOf(operatorId),
		};
		const rules = joinedRules([rulesFrom(own, undefined, grantOf), ...[...groups.values()].map(levelOf)]);
		return { rules, groupIds: new Set(groups.keys()) };
	}

	/** Another program's change is heard of when the version is asked for. */
	const hearOthers = () => void operators.accessVersion();

	return {
		ofOperator(operatorId) {
			hearOthers();
			return kept(byOperator, LIMITS.accessesKept, operatorId, () => ofOperator(operatorId)).rules;
		},
		ofGroup(groupId) {
			hearOthers();
			return joinedRules(operators.groupChain(groupId).map(levelOf));
		},
	};
}

function kept<T>(known: Map<string, T>, most: number, id: string, read: () => T): T {
	const found = known.get(id);
	if (found !== undefined) return found;
	const made = read();
	const [oldest] = known.keys();
	if (known.size >= most && oldest !== undefined) known.delete(oldest);
	known.set(id, made);
	return made;
}
