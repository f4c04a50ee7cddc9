import type { Permission } from '../permission.ts';
import { type Place, type Places, type Scope, scopeText } from './scope.ts';

/** Why somebody has a permission. Names are those at the time of asking. */
export type GrantSource =
	| { readonly kind: 'role'; readonly id: string; readonly name: string }
	/** By belonging to a group, or to one below it. `roleId`: of the role it has; null: it was given the permission itself. */
	| { readonly kind: 'group'; readonly id: string; readonly name: string; readonly roleId: string | null }
	/** Given to them by itself, for one record or a part of the site. */
	| { readonly kind: 'record'; readonly id: string; readonly name: string }
	| { readonly kind: 'licenceKind'; readonly id: string; readonly name: string };

export interface Grant {
	readonly permissions: ReadonlySet<Permission>;
	readonly scope: Scope;
	readonly source: GrantSource;
	/** Until when it was given; absent: it stays. Whoever asks leaves out what has ended (`lastingRules`). */
	readonly endsAtMs?: number;
}

/** Said of an operator, or of a group they belong to. */
export interface Denial {
	readonly permission: Permission;
	readonly scope: Scope;
	readonly source:
		| { readonly kind: 'operator' }
		| { readonly kind: 'group'; readonly id: string; readonly name: string };
}

/** All that is said of one operator: what roles, groups, records and licence kinds give, and what is denied. */
export interface PermissionRules {
	readonly grants: readonly Grant[];
	readonly denials: readonly Denial[];
}

/** Without what has ended by now; the same rules when nothing has. */
export function lastingRules(rules: PermissionRules, nowMs: number): PermissionRules {
	const hasEnded = ({ endsAtMs }: Grant) => endsAtMs !== undefined && endsAtMs <= nowMs;
	return rules.grants.some(hasEnded) ? { ...rules, grants: rules.grants.filter((grant) => !hasEnded(grant)) } : rules;
}

export type PermissionAnswer =
	| { readonly may: true; readonly by: readonly Grant[] }
	/** `by`: what would have given it. */
	| {
			readonly may: false;
			readonly because: 'denied';
			readonly denials: readonly Denial[];
			readonly by: readonly Grant[];
	  }
	/** `elsewhere`: it is given for other parts of the site, or for some of what was asked about. */
	| { readonly may: false; readonly because: 'notGranted'; readonly elsewhere: readonly Grant[] };

/**
 * Whether somebody may do something somewhere, and why: one grant for all of the place is enough, and one denial for
 * any part of it wins over every grant.
 */
export function decidePermission(
	{ grants, denials }: PermissionRules,
	permission: Permission,
	place: Place,
	places: Places,
): PermissionAnswer {
	const { within, touches } = places.find(place);
	const holding = grants.filter((grant) => grant.permissions.has(permission));
	const by = holding.filter(({ scope }) => within.has(scopeText(scope)));
	if (by.length === 0) return { may: false, because: 'notGranted', elsewhere: holding };
	const against = denials.filter((denial) => {
		if (denial.permission !== permission) return false;
		const scope = scopeText(denial.scope);
		return within.has(scope) || touches === 'everything' || touches.has(scope);
	});
	return against.length === 0 ? { may: true, by } : { may: false, because: 'denied', denials: against, by };
}

/** Whether they may do it in one part of the site at least: for menus, and for lists that show each reader their part. */
export function mayInParts({ grants, denials }: PermissionRules, permission: Permission, places: Places): boolean {
	return grants.some((grant) => {
		if (!grant.permissions.has(permission)) return false;
		const around = places.around(grant.scope);
		return !denials.some((denial) => denial.permission === permission && around.has(scopeText(denial.scope)));
	});
}

/**
 * Whether who has `own` could do all that `given` lets somebody do: nobody gives, or takes over, more than they have.
 */
export function coversRules(own: PermissionRules, given: PermissionRules, places: Places): boolean {
	return given.grants.every(({ permissions, scope }) =>
		[...permissions].every((permission) => isOwned(own, permission, scope, places)),
	);
}

function isOwned(own: PermissionRules, permission: Permission, scope: Scope, places: Places): boolean {
	if (decidePermission(own, permission, { kind: 'site' }, places).may) return true;
	const around = places.around(scope);
	const isGiven = own.grants.some((grant) => grant.permissions.has(permission) && around.has(scopeText(grant.scope)));
	return isGiven && !own.denials.some((denial) => denial.permission === permission);
}

/** Which records somebody has a permission for, as lists ask it: those in one of `given` that touch none of `denied`. */
export type Reach = 'everything' | 'nothing' | { readonly given: readonly Scope[]; readonly denied: readonly Scope[] };

/** The same as `decidePermission` says of each record by itself. */
export function reachOf({ grants, denials }: PermissionRules, permission: Permission): Reach {
	const given = scopesOf(grants.filter(({ permissions }) => permissions.has(permission)));
	const denied = scopesOf(denials.filter((denial) => denial.permission === permission));
	if (given.length === 0 || denied.some(({ kind }) => kind === 'site')) return 'nothing';
	return denied.length === 0 && given.some(({ kind }) => kind === 'site') ? 'everything' : { given, denied };
}

/** Each once. */
function scopesOf(rules: readonly { readonly scope: Scope }[]): readonly Scope[] {
	return [...new Map(rules.map(({ scope }) => [scopeText(scope), scope])).values()];
}
