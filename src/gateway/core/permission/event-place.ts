import { placeOfRow, type RowLook } from './row-place.ts';
import type { RecordPlace, Scope } from './scope.ts';

/** What happened, and whom it concerned. */
export interface PlacedEvent {
	/** All of them; empty: no lane says where it was. */
	readonly laneIds: readonly string[];
	/** Areas where it stands or stood, all of them; absent: said by its lanes. */
	readonly areaIds?: readonly string[];
	/** null: nobody that is known. */
	readonly holderId: string | null;
}

/**
 * Where something lies that happened at lanes: in each territory that has all of them, and with its holder in the holder's
 * groups and access schemes. Where the holder's rights open says nothing of where they were.
 */
export function placeOfEvent({ laneIds, areaIds, holderId }: PlacedEvent, look: RowLook): RecordPlace {
	// Nothing is given for it by itself.
	const where = { id: '', laneIds, ...(areaIds !== undefined && { opens: [areaIds] }) };
	const holder = holderId === null ? undefined : look.row('holders', holderId);
	if (holderId === null || holder === undefined) return { kind: 'record', groupIds: [], ...where };
	const { groupIds, bundleIds = [] } = placeOfRow('holders', holder, look);
	return { kind: 'record', groupIds, bundleIds, ownerIds: [`holders/${holderId}`], ...where };
}

/** Whether it holds what happened by its lanes alone, whomever it concerned. */
export function isOfLanes(scope: Scope): boolean {
	if (scope.kind === 'record') return scope.id.startsWith('lanes/');
	return scope.kind === 'park' || scope.kind === 'area';
}
