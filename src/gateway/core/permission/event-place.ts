import { placeOfRow, type RowLook } from './row-place.ts';
import type { RecordPlace, Scope } from './scope.ts';

/** What happened, and whom it concerned. */
export interface PlacedEvent {
	/** All of them; empty: no lane knows of it, so that it is the whole site's. */
	readonly laneIds: readonly string[];
	/** null: nobody that is known. */
	readonly holderId: string | null;
}

/**
 * Where something lies that happened at lanes: in each territory that has all of them, and with its holder in the holder's
 * groups and access schemes. Where the holder's rights open says nothing of where they were.
 */
export function placeOfEvent({ laneIds, holderId }: PlacedEvent, look: RowLook): RecordPlace {
	// Nothing is given for it by itself.
	const id = '';
	const holder = holderId === null ? undefined : look.row('holders', holderId);
	if (holderId === null || holder === undefined) return { kind: 'record', id, groupIds: [], laneIds };
	const { groupIds, bundleIds = [] } = placeOfRow('holders', holder, look);
	return { kind: 'record', id, groupIds, bundleIds, ownerIds: [`holders/${holderId}`], laneIds };
}

/** Whether it holds what happened by its lanes alone, whomever it concerned. */
export function isOfLanes(scope: Scope): boolean {
	if (scope.kind === 'record') return scope.id.startsWith('lanes/');
	return scope.kind === 'park' || scope.kind === 'area';
}
