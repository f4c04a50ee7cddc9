import type { OperatorAdministration, OperatorRefusal } from './operator-administration.ts';
import type { GroupRefusal, OperatorGroups } from './operator-groups.ts';
import type { Actor, OperatorsParts } from './operators-deps.ts';

export const BULK_ACTIONS = ['activate', 'deactivate', 'join', 'leave', 'remove'] as const;

export type BulkAction = (typeof BULK_ACTIONS)[number];

export interface BulkWish {
	readonly action: BulkAction;
	/** Each once; at most `LIMITS.operatorsTogether`. */
	readonly operatorIds: readonly string[];
	/** Whose members they become or stop to be; of the other actions null. */
	readonly groupId: string | null;
	/** Of `deactivate`: their present logins end too. */
	readonly endLogins: boolean;
}

/** What came of one of them; null: it was done. */
export interface BulkRow {
	readonly operatorId: string;
	readonly name: string | null;
	readonly refusal: OperatorRefusal | GroupRefusal | null;
}

/** One change of many operators: each is done or refused by itself, all that are done are kept together. */
export interface BulkChanges {
	run(wish: BulkWish, by: Actor): readonly BulkRow[];
}

export function createBulkChanges(
	parts: OperatorsParts,
	{ administration, groups }: { readonly administration: OperatorAdministration; readonly groups: OperatorGroups },
): BulkChanges {
	const { operators, transaction } = parts.store;

	function change(id: string, { action, groupId, endLogins }: BulkWish, by: Actor) {
		switch (action) {
			case 'activate':
				return administration.activate(id, by);
			case 'deactivate':
				return administration.deactivate(id, by, { endLogins });
			case 'remove':
				return administration.remove(id, by);
			case 'join':
			case 'leave':
				return groups.setMember(groupId ?? '', id, action === 'join', by);
		}
	}

	return {
		run: (wish, by) =>
			transaction(() =>
				[...new Set(wish.operatorIds)].map((operatorId) => {
					const name = operators.operatorById(operatorId)?.name ?? null;
					const answer = change(operatorId, wish, by);
					const isDone = answer.result === 'done' || answer.result === 'removed';
					return { operatorId, name, refusal: isDone ? null : answer };
				}),
			),
	};
}
