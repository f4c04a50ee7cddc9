/** What a group of operators stands for. */
export const OPERATOR_GROUP_KINDS = ['role', 'region', 'partnerType', 'site', 'company'] as const;

export type OperatorGroupKind = (typeof OPERATOR_GROUP_KINDS)[number];

/** How groups of operators lie in each other. */
export interface GroupTree {
	/** null: the group is an uppermost one; undefined: there is no such group. */
	parentOf(groupId: string): string | null | undefined;
	/** Levels of the group with what is below it, itself counted. */
	heightOf(groupId: string): number;
}

export type GroupMove = 'allowed' | 'unknownParent' | 'cycle' | 'tooDeep';

/**
 * Whether a group may stand below another: never in itself or in what is below it, and never deeper than the bound.
 * @param groupId null: of one that is new.
 */
export function decideMove(tree: GroupTree, groupId: string | null, parentId: string | null, depth: number): GroupMove {
	let above = parentId;
	let around = 0;
	for (; above !== null && around <= depth; around += 1) {
		if (above === groupId) return 'cycle';
		const next = tree.parentOf(above);
		if (next === undefined) return 'unknownParent';
		above = next;
	}
	return around + (groupId === null ? 1 : tree.heightOf(groupId)) > depth ? 'tooDeep' : 'allowed';
}

/** One thing that is denied somewhere; `scope`: its text. */
export interface DeniedThere {
	readonly permission: string;
	readonly scope: string;
}

/**
 * What a group was denied by the groups above it, and would not be where it goes: it takes these along, so that no move
 * lets anybody do what was denied to them. Whoever wants to lift one takes it away by itself.
 */
export function denialsTakenAlong(
	before: readonly DeniedThere[],
	after: readonly DeniedThere[],
): readonly DeniedThere[] {
	const known = new Set(after.map(denialText));
	const taken = new Map(before.filter((denial) => !known.has(denialText(denial))).map((one) => [denialText(one), one]));
	return [...taken.values()];
}

function denialText({ permission, scope }: DeniedThere): string {
	return `${permission} ${scope}`;
}
