import type { RoleAssignment } from '../../store/operator-access.ts';
import { knownLanguage } from './access-of-operator.ts';
import { rolesText } from './audited-rules.ts';
import { Refused } from './guarded-change.ts';
import { createOperatorAdministration, type OperatorRefusal } from './operator-administration.ts';
import type { GroupRefusal, OperatorGroups } from './operator-groups.ts';
import type { Actor, OperatorsParts } from './operators-deps.ts';
import type { OperatorRowWish } from './read-operators.ts';

export type MakeRefusal = OperatorRefusal | GroupRefusal;

/** A one-time code on its way to who was invited; kept as a hash. */
export interface OperatorCode {
	readonly operatorId: string;
	readonly email: string;
	readonly name: string;
	readonly code: string;
	readonly endsAtMs: number;
}

/** What was done for one row, and what it takes to undo it. */
export interface MadeOperator {
	readonly outcome: 'new' | 'changed' | 'same';
	readonly operatorId: string;
	/** After it. */
	readonly version: number;
	/** null: of who is new. */
	readonly before: {
		readonly name: string;
		readonly language: string | null;
		readonly roles: readonly RoleAssignment[];
	} | null;
	/** Groups they were put in. */
	readonly joined: readonly string[];
	readonly code: OperatorCode | null;
}

export interface OperatorMaker {
	/** Joins the transaction around it. Throws Refused of `{ refusal }`. */
	make(wish: OperatorRowWish, by: Actor): MadeOperator;
	/** @returns false: they were changed or came in since, or are not theirs to change; they stay. */
	takeBack(made: MadeOperator, by: Actor): boolean;
	/** Once it is committed; nothing where codes are handed over. */
	mail(code: OperatorCode): void;
}

/** Who nobody says anything else of. */
const SIMPLE_USER: readonly RoleAssignment[] = [{ roleId: 'user', scope: 'site' }];

/** Does for each row what an administrator does by hand, through the same checks; codes are mailed when all of it stays. */
export function createOperatorMaker(parts: OperatorsParts, groups: OperatorGroups): OperatorMaker {
	const { operators } = parts.store;
	const { codeMails, ...withoutMail } = parts;
	const administration = createOperatorAdministration(withoutMail);

	function done<T extends { readonly result: string }, R extends T['result']>(
		answer: T,
		wanted: R,
	): Extract<T, { readonly result: R }> {
		// What has another result is a refusal.
		if (answer.result !== wanted) throw new Refused({ refusal: answer });
		return answer as Extract<T, { readonly result: R }>;
	}

	function join(operatorId: string, groupIds: readonly string[], by: Actor): readonly string[] {
		const isIn = new Set(operators.groupIdsOf(operatorId));
		const joined = [...new Set(groupIds)].filter((id) => !isIn.has(id));
		for (const id of joined) done(groups.setMember(id, operatorId, true, by), 'done');
		return joined;
	}

	const versionOf = (operatorId: string) => operators.operatorById(operatorId)?.version ?? 0;

	function invite({ email, name, language, roles, groupIds }: OperatorRowWish, by: Actor): MadeOperator {
		const wish = { email, name: name ?? '', roles: roles ?? SIMPLE_USER };
		const { operator, code, endsAtMs } = done(administration.invite(wish, by), 'code');
		const { id } = operator;
		if (language !== null) operators.setLanguage(id, language);
		const joined = join(id, groupIds, by);
		return {
			...{ outcome: 'new', operatorId: id, version: versionOf(id), before: null, joined },
			code: { operatorId: id, email: operator.email, name: operator.name, code, endsAtMs },
		};
	}

	return {
		make(wish, by) {
			const row = operators.operatorByEmail(wish.email);
			if (row === undefined) {
				// They were here when the file was read.
				if (wish.version !== null) throw new Refused({ refusal: { result: 'changed' } });
				return invite(wish, by);
			}
			const { id } = row;
			if (wish.version !== row.version) throw new Refused({ refusal: { result: 'changed' } });
			const before = { name: row.name, language: row.language, roles: operators.rolesOf(id) };
			const { name, roles, language } = wish;
			const patch = {
				...(name !== null && name !== row.name && { name }),
				...(roles !== null && !isSame(roles, before.roles) && { roles }),
			};
			if (Object.keys(patch).length > 0) done(administration.update(id, patch, by), 'done');
			const speaks = language !== null && language !== row.language;
			// Who may not touch them does not choose their language either.
			if (speaks) {
				done(administration.update(id, {}, by), 'done');
				operators.setLanguage(id, language);
			}
			const joined = join(id, wish.groupIds, by);
			const isChanged = Object.keys(patch).length > 0 || joined.length > 0 || speaks;
			const outcome = isChanged ? 'changed' : 'same';
			return { outcome, operatorId: id, version: versionOf(id), before, joined, code: null };
		},
		takeBack({ outcome, operatorId, version, before, joined }, by) {
			if (outcome === 'same') return true;
			const row = operators.operatorById(operatorId);
			if (row === undefined) return true;
			if (row.version !== version || (before === null && row.state !== 'invited')) return false;
			if (before === null) return administration.remove(operatorId, by).result === 'removed';
			try {
				return parts.store.attempt(() => {
					for (const id of joined) {
						const left = groups.setMember(id, operatorId, false, by);
						// A group that is gone has nobody in it.
						if (left.result !== 'noGroup') done(left, 'done');
					}
					done(administration.update(operatorId, { name: before.name, roles: before.roles }, by), 'done');
					if (before.language !== null) operators.setLanguage(operatorId, before.language);
					return true;
				});
			} catch (error) {
				if (error instanceof Refused) return false;
				throw error;
			}
		},
		mail({ operatorId, email, name, code, endsAtMs }) {
			const language = knownLanguage(operators.operatorById(operatorId)?.language ?? null) ?? 'en';
			codeMails?.put(operatorId, { to: email, name, language, code, endsAtMs, isInvitation: true });
		},
	};
}

function isSame(one: readonly RoleAssignment[], other: readonly RoleAssignment[]): boolean {
	return rolesText(one.toSorted(inOrder)) === rolesText(other.toSorted(inOrder));
}

function inOrder(one: RoleAssignment, other: RoleAssignment): number {
	return `${one.roleId}@${one.scope}`.localeCompare(`${other.roleId}@${other.scope}`);
}
