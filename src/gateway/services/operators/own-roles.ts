import { LIMITS } from '../../core/limits.ts';
import { WHOLE_SITE } from '../../core/permission/scope.ts';
import { isPermission, type Permission, ROLE_PERMISSIONS, ROLES } from '../../core/permission.ts';
import type { OwnRoleRow } from '../../store/operator-access.ts';
import { type GuardRefusal, guardedChange, Refused } from './guarded-change.ts';
import type { Actor, OperatorsParts } from './operators-deps.ts';

export interface RoleView {
	readonly id: string;
	/** Of a built-in role its id: faces say it in their reader's language. */
	readonly name: string;
	readonly builtIn: boolean;
	readonly permissions: readonly Permission[];
	readonly operators: number;
	/** Of the site's own; 0 for built-in ones, which nobody changes. */
	readonly version: number;
}

export type RoleRefusal =
	| GuardRefusal
	| { readonly result: 'notFound' | 'nameTaken' | 'changed' | 'tooMany' | 'builtIn' }
	/** It would give more than whoever asks may do. */
	| { readonly result: 'notYours' }
	| { readonly result: 'inUse'; readonly operators: number };

export type RoleChange = { readonly result: 'done'; readonly role: RoleView } | RoleRefusal;

export interface RoleWish {
	readonly name: string;
	readonly permissions: readonly Permission[];
}

/** Built-in roles, and those that the site defined for itself. */
export interface OwnRoles {
	list(): readonly RoleView[];
	get(id: string): RoleView | undefined;
	add(wish: RoleWish, by: Actor): RoleChange;
	/** Acts on the next request of everybody who has it. */
	update(id: string, wish: RoleWish, by: Actor, version?: number): RoleChange;
	remove(id: string, by: Actor): { readonly result: 'removed' } | RoleRefusal;
}

export function createOwnRoles(parts: OperatorsParts): OwnRoles {
	const { operators } = parts.store;
	const { audit, newId } = parts;
	const refuse = (answer: RoleRefusal): never => {
		throw new Refused(answer);
	};

	let counted = { version: -1, holders: new Map<string, number>() };
	/** Counted once for each state of the rules: every page that offers roles has them, and 100,000 may have one. */
	function holdersOf(id: string): number {
		const version = operators.accessVersion();
		if (counted.version !== version) counted = { version, holders: new Map() };
		const known = counted.holders.get(id) ?? operators.holdersOfRole(id);
		counted.holders.set(id, known);
		return known;
	}

	const builtIn = (id: (typeof ROLES)[number]): RoleView => ({
		...{ id, name: id, builtIn: true, permissions: [...ROLE_PERMISSIONS[id]] },
		...{ operators: holdersOf(id), version: 0 },
	});

	const own = ({ id, name, permissions, version }: OwnRoleRow): RoleView => ({
		...{ id, name, builtIn: false, permissions: permissions.filter(isPermission) },
		...{ operators: holdersOf(id), version },
	});

	function get(id: string): RoleView | undefined {
		const role = ROLES.find((known) => known === id);
		if (role !== undefined) return builtIn(role);
		const row = operators.ownRole(id);
		return row && own(row);
	}

	function checkGiven(permissions: readonly Permission[], by: Actor): void {
		const source = { kind: 'role', id: '', name: '' } as const;
		const grant = { permissions: new Set(permissions), scope: WHOLE_SITE, source };
		if (by.access !== null && !by.access.covers({ grants: [grant], denials: [] })) refuse({ result: 'notYours' });
	}

	/** Its present permissions too: nobody takes away what they do not have. */
	function changeable(id: string, by: Actor): RoleView {
		const role = get(id) ?? refuse({ result: 'notFound' });
		if (role.builtIn) refuse({ result: 'builtIn' });
		checkGiven(role.permissions, by);
		return role;
	}

	return {
		list: () => [...ROLES.map(builtIn), ...operators.ownRoles().map(own)],
		get,
		add: ({ name, permissions }, by) =>
			guardedChange<RoleChange>(parts, () => {
				checkGiven(permissions, by);
				if (operators.ownRoles().length >= LIMITS.ownRoles) refuse({ result: 'tooMany' });
				const id = newId();
				if (!operators.addOwnRole({ id, name, permissions })) refuse({ result: 'nameTaken' });
				audit.write('roleAdded', by.operatorId, id, { name, permissions: permissions.join(' ') });
				return { result: 'done', role: get(id) ?? refuse({ result: 'notFound' }) };
			}),
		update: (id, { name, permissions }, by, version) =>
			guardedChange<RoleChange>(parts, () => {
				const before = changeable(id, by);
				if (version !== undefined && version !== before.version) refuse({ result: 'changed' });
				checkGiven(permissions, by);
				if (!operators.updateOwnRole({ id, name, permissions })) refuse({ result: 'nameTaken' });
				const detail = { before: before.permissions.join(' '), after: permissions.join(' ') };
				const named = name === before.name ? { name } : { nameBefore: before.name, name };
				audit.write('roleChanged', by.operatorId, id, { ...named, ...detail });
				return { result: 'done', role: get(id) ?? refuse({ result: 'notFound' }) };
			}),
		remove: (id, by) =>
			guardedChange<{ readonly result: 'removed' } | RoleRefusal>(parts, () => {
				const role = changeable(id, by);
				if (role.operators > 0) refuse({ result: 'inUse', operators: role.operators });
				operators.removeOwnRole(id);
				audit.write('roleRemoved', by.operatorId, id, { name: role.name });
				return { result: 'removed' };
			}),
	};
}
