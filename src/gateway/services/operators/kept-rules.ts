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

/**
 * Reading an operator's groups and what each level gives takes a few hundred statements at the worst, and every request
 * asks: kept until the store says that something changed, also by another program.
 */
export function createKeptRules(
	operators: OperatorStore,
	grantOf: (role: RoleAssignment) => Grant | undefined,
): KeptRules {
	const byOperator = new Map<string, PermissionRules>();
	const byGroup = new Map<string, PermissionRules>();
	let version = operators.accessVersion();

	function forgetChanged(): void {
		const now = operators.accessVersion();
		if (now === version) return;
		version = now;
		byOperator.clear();
		byGroup.clear();
	}

	/** Each level once, as many groups stand below the same ones. */
	function levelOf(group: { readonly id: string; readonly name: string }): PermissionRules {
		return kept(byGroup, group.id, () => rulesFrom(operators.groupRules(group.id), group, grantOf));
	}

	function ofOperator(operatorId: string): PermissionRules {
		const around = operators.groupIdsOf(operatorId).flatMap((id) => operators.groupChain(id));
		const groups = new Map(around.map((group) => [group.id, group]));
		const own = {
			roles: operators.rolesOf(operatorId),
			permissions: operators.permissionsOf(operatorId),
			denials: operators.denialsOf(operatorId),
		};
		return joinedRules([rulesFrom(own, undefined, grantOf), ...[...groups.values()].map(levelOf)]);
	}

	return {
		ofOperator(operatorId) {
			forgetChanged();
			return kept(byOperator, operatorId, () => ofOperator(operatorId));
		},
		ofGroup(groupId) {
			forgetChanged();
			return joinedRules(operators.groupChain(groupId).map(levelOf));
		},
	};
}

function kept(known: Map<string, PermissionRules>, id: string, read: () => PermissionRules): PermissionRules {
	const found = known.get(id);
	if (found !== undefined) return found;
	const rules = read();
	const [oldest] = known.keys();
	if (known.size >= LIMITS.accessesKept && oldest !== undefined) known.delete(oldest);
	known.set(id, rules);
	return rules;
}
