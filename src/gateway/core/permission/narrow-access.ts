import type { Permission } from '../permission.ts';
import type { Access } from './access.ts';

/** What of somebody's access is lent to a program: never more than they may do themselves at that moment. */
export function narrowAccess(own: Access, lent: ReadonlySet<Permission>): Access {
	return {
		may: (permission, place) => lent.has(permission) && own.may(permission, place),
		mayInParts: (permission) => lent.has(permission) && own.mayInParts(permission),
		reach: (permission) => (lent.has(permission) ? own.reach(permission) : 'nothing'),
		explain: (permission, place) =>
			lent.has(permission) ? own.explain(permission, place) : { may: false, because: 'notGranted', elsewhere: [] },
		everywhere: () => own.everywhere().filter((permission) => lent.has(permission)),
		covers: (given) =>
			given.grants.every(({ permissions }) => [...permissions].every((permission) => lent.has(permission))) &&
			own.covers(given),
	};
}
