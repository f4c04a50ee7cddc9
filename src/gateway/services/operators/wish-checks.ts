import { parseScope } from '../../core/permission/scope.ts';
import { isPermission, isRole } from '../../core/permission.ts';
import type { DeniedPermission } from '../../store/operator-access.ts';
import type { OperatorRow } from '../../store/operators.ts';
import { Refused } from './guarded-change.ts';
import type { OperatorRefusal } from './operator-administration.ts';
import type { Actor, OperatorsParts } from './operators-deps.ts';
import type { StoredRules } from './rules-from.ts';

/** What every change of who may do what must stand; each throws Refused, inside the transaction. */
export interface WishChecks {
	/** Whom one may touch: who can do no more than oneself. */
	touchable(operatorId: string, by: Actor): OperatorRow;
	/** That all of it exists, and that who gives it could do it themselves. */
	rules(wish: Partial<StoredRules>, by: Actor): void;
}

export function createWishChecks({ store: { operators }, access, knowsRecord }: OperatorsParts): WishChecks {
	const refuse = (answer: OperatorRefusal): never => {
		throw new Refused(answer);
	};

	/** Parks, areas and lanes are the site's; groups, schemes and other records are in the directory. */
	function checkScope(text: string): void {
		const scope = parseScope(text);
		const isKnown = scope !== undefined && (access.places.has(scope) || knowsRecord?.(scope) === true);
		if (!isKnown) refuse({ result: 'unknownScope', name: text });
	}

	function checkPermissions(named: readonly DeniedPermission[]): void {
		for (const { permission, scope } of named) {
			if (!isPermission(permission)) refuse({ result: 'unknownPermission', name: permission });
			checkScope(scope);
		}
	}

	return {
		touchable(operatorId, by) {
			const row = operators.operatorById(operatorId) ?? refuse({ result: 'notFound' });
			if (by.access !== null && !by.access.covers(access.rulesOf(operatorId))) refuse({ result: 'notYours' });
			return row;
		},
		rules({ roles = [], permissions = [], denials = [] }, by) {
			for (const { roleId, scope } of roles) {
				if (!isRole(roleId) && access.ownRole(roleId) === undefined) refuse({ result: 'unknownRole', name: roleId });
				checkScope(scope);
			}
			checkPermissions(permissions);
			checkPermissions(denials);
			if (by.access !== null && !by.access.covers(access.rules({ roles, permissions }))) refuse({ result: 'notYours' });
		},
	};
}
