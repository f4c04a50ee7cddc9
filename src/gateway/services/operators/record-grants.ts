import { LIMITS } from '../../core/limits.ts';
import { levelOf, permissionsOfLevel, type RecordLevel, scopeOfRecord } from '../../core/permission/record-kinds.ts';
import { scopeText } from '../../core/permission/scope.ts';
import type { GivenPermission } from '../../store/operator-access.ts';
import type { OperatorAdministration, OperatorRefusal } from './operator-administration.ts';
import type { GroupRefusal, OperatorGroups } from './operator-groups.ts';
import type { Actor, OperatorsParts } from './operators-deps.ts';

/** To whom a record is given. */
export interface Grantee {
	readonly kind: 'operator' | 'group';
	readonly id: string;
}

/** Who may see or change one record besides those whose roles reach there. */
export interface RecordGrant {
	readonly to: Grantee & { readonly name: string };
	/** null: some permissions that are no level as a whole. */
	readonly level: RecordLevel | null;
	readonly permissions: readonly string[];
	/** The first of them that ends; null: none does. */
	readonly endsAtMs: number | null;
}

export interface RecordWish {
	/** `holders/h-1`, `lanes/L1`: see `core/permission/record-kinds.ts`. */
	readonly record: string;
	readonly to: Grantee;
	/** null: taken away. */
	readonly level: RecordLevel | null;
	/** null: it stays. */
	readonly endsAtMs: number | null;
}

export type RecordAnswer = { readonly result: 'done' } | OperatorRefusal | GroupRefusal;

/**
 * Records given to operators and groups of operators one by one. They are permissions for the record's scope, audited,
 * explained and taken away as all others are.
 */
export interface RecordGrants {
	/** At most `LIMITS.recordGrants`. */
	of(record: string): readonly RecordGrant[];
	/** Acts on their next request. Nobody gives what they may not do themselves. */
	set(wish: RecordWish, by: Actor): RecordAnswer;
}

export function createRecordGrants(
	{ store: { operators }, clock }: Pick<OperatorsParts, 'store' | 'clock'>,
	{ administration, groups }: { readonly administration: OperatorAdministration; readonly groups: OperatorGroups },
): RecordGrants {
	const heldBy = ({ kind, id }: Grantee): readonly GivenPermission[] =>
		kind === 'operator' ? operators.permissionsOf(id) : operators.groupRules(id).permissions;
	const nameOf = ({ kind, id }: Grantee) =>
		(kind === 'operator' ? operators.operatorById(id) : operators.group(id))?.name ?? id;

	function grantOf(record: string, scope: string, to: Grantee): RecordGrant | undefined {
		const nowMs = clock.nowMs();
		const held = heldBy(to).filter((one) => one.scope === scope && (one.endsAtMs ?? nowMs + 1) > nowMs);
		if (held.length === 0) return undefined;
		const permissions = held.map(({ permission }) => permission);
		const ends = held.flatMap(({ endsAtMs }) => endsAtMs ?? []);
		return {
			to: { ...to, name: nameOf(to) },
			level: levelOf(record, permissions),
			permissions,
			endsAtMs: ends.length === 0 ? null : Math.min(...ends),
		};
	}

	return {
		of(record) {
			const scope = scopeOfRecord(record);
			if (scope === undefined) return [];
			const text = scopeText(scope);
			return operators
				.permissionHolders(text, LIMITS.recordGrants)
				.flatMap((to) => grantOf(record, text, to) ?? [])
				.toSorted((a, b) => a.to.name.localeCompare(b.to.name));
		},
		set({ record, to, level, endsAtMs }, by) {
			const scope = scopeOfRecord(record);
			if (scope === undefined) return { result: 'unknownScope', name: record };
			const text = scopeText(scope);
			const ending = endsAtMs === null ? {} : { endsAtMs };
			const own = new Set<string>(permissionsOfLevel(record, 'write'));
			const others = heldBy(to).filter((one) => one.scope !== text || !own.has(one.permission));
			const given = level === null ? [] : permissionsOfLevel(record, level);
			const permissions = [...others, ...given.map((permission) => ({ permission, scope: text, ...ending }))];
			if (permissions.length > LIMITS.operatorPermissions) return { result: 'tooMany' };
			const answer =
				to.kind === 'operator'
					? administration.update(to.id, { permissions }, by)
					: groups.update(to.id, { permissions }, by);
			return answer.result === 'done' ? { result: 'done' } : answer;
		},
	};
}
