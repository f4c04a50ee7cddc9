import { type DirectoryTable, isDirectoryTable } from '../directory.ts';
import type { RecordPlace } from './scope.ts';

type AnyRow = Readonly<Record<string, unknown>>;

/** The rows beside the one that is asked about, all of one state. */
export interface RowLook {
	row(table: DirectoryTable, id: string): AnyRow | undefined;
	/** Rows whose fields have these values. */
	find(table: DirectoryTable, where: AnyRow): readonly AnyRow[];
}

/** What a row belongs to, as the store's `directory-list-scope.ts` finds the rows of a scope. */
type Belonging = Pick<RecordPlace, 'groupIds'> & Partial<Pick<RecordPlace, 'bundleIds' | 'ownerIds' | 'opens'>>;

/**
 * Where a row of the directory lies among the scopes. A holder is of its groups and of each scheme and territory that its
 * tags or one of its rights lead to; a right, of its holder's groups, and of the schemes that have its specification, and
 * of a territory where it opens nothing outside; what is carried or booked goes with its holder. What depends on nothing
 * is found by itself alone.
 */
export function placeOfRow(table: DirectoryTable, row: AnyRow, look: RowLook): RecordPlace {
	return { kind: 'record', id: `${table}/${String(row['id'])}`, ...belongingOf(table, row, look) };
}

/** `holders/h-1`, as in a scope; of what is not there it is only itself. */
export function placeOfRecord(record: string, look: RowLook): RecordPlace {
	const [table = '', id = ''] = record.split(/\/(.*)/su);
	const row = isDirectoryTable(table) ? look.row(table, id) : undefined;
	return row === undefined || !isDirectoryTable(table)
		? { kind: 'record', id: record, groupIds: [] }
		: placeOfRow(table, row, look);
}

/**
 * Where what a stay was charged lies: with its holder and right, in the area of the stay. `areaId` null: nobody knows it
 * any more; then it is wherever its right opens.
 */
export function placeOfCharge(
	charge: { readonly stayId: string; readonly rightId: string; readonly holderId: string | null },
	areaId: string | null,
	look: RowLook,
): RecordPlace {
	const { groupIds, ownerIds } = ownedBy(charge.holderId, look);
	return {
		kind: 'record',
		id: `charges/${charge.stayId}`,
		groupIds,
		ownerIds: [...ownerIds, `assignedRights/${charge.rightId}`],
		...ofBooking({ rightId: charge.rightId, areaId }, look),
	};
}

/** Where a stay lies: with its holder and the schemes of the rights it is by, in the area it is, or was last, in. */
export function placeOfStay(
	stay: { readonly holderId: string | null; readonly areaId: string; readonly rightIds?: readonly string[] },
	look: RowLook,
): RecordPlace {
	const byRights = (stay.rightIds ?? []).map((rightId) => ofBooking({ rightId, areaId: stay.areaId }, look));
	return {
		kind: 'record',
		// Nothing is given for it by itself.
		id: '',
		...ownedBy(stay.holderId, look),
		bundleIds: byRights.flatMap(({ bundleIds }) => bundleIds),
		opens: [[stay.areaId]],
	};
}

function belongingOf(table: DirectoryTable, row: AnyRow, look: RowLook): Belonging {
	switch (table) {
		case 'holders':
			return ofHolder(row, look);
		case 'credentials':
			return { ...ownedBy(row['holderId'], look), ...holderOf(row['holderId'], look) };
		case 'assignedRights':
			return { ...ownedBy(row['holderId'], look), ...ofSpecification(row['specificationId'], look) };
		case 'plannedUses':
			return { ...ownedBy(row['holderId'], look), ...ofBooking(row, look) };
		case 'pools':
			return { ...ownedBy(row['holderId'], look), opens: [listed(row['areaId'])] };
		case 'groups':
			return { groupIds: groupChain([String(row['id'])], look, row) };
		case 'rightSpecifications':
			return { groupIds: [], ...openedBy(row, look) };
		case 'bundles':
			return { groupIds: [], bundleIds: listed(row['id']) };
		default:
			return { groupIds: [] };
	}
}

function ofHolder(row: AnyRow, look: RowLook): Belonging {
	const byRight = look
		.find('assignedRights', { holderId: row['id'] })
		.map((right) => ofSpecification(right['specificationId'], look));
	const byTag = listed(row['tags']).flatMap((tag) => look.find('bundles', { tag }).map(({ id }) => String(id)));
	return {
		groupIds: groupsOfHolder(row, look),
		bundleIds: [...byTag, ...byRight.flatMap(({ bundleIds }) => bundleIds)],
		opens: byRight.flatMap(({ opens }) => opens),
	};
}

function groupsOfHolder(row: AnyRow, look: RowLook): readonly string[] {
	return groupChain([...listed(row['groupIds']), ...listed(row['sharingGroupId'])], look);
}

/** All that the holder belongs to. */
function holderOf(holderId: unknown, look: RowLook): Belonging {
	const holder = typeof holderId === 'string' ? look.row('holders', holderId) : undefined;
	return holder === undefined ? { groupIds: [] } : ofHolder(holder, look);
}

/** The holder by name, and the groups it is in. */
function ownedBy(holderId: unknown, look: RowLook) {
	if (typeof holderId !== 'string') return { groupIds: [], ownerIds: [] };
	const holder = look.row('holders', holderId);
	const groupIds = holder === undefined ? [] : groupsOfHolder(holder, look);
	return { groupIds, ownerIds: [`holders/${holderId}`] };
}

function ofSpecification(id: unknown, look: RowLook) {
	const specification = typeof id === 'string' ? look.row('rightSpecifications', id) : undefined;
	return specification === undefined ? { bundleIds: [], opens: [] } : openedBy(specification, look);
}

function openedBy(specification: AnyRow, look: RowLook) {
	const id = String(specification['id']);
	const bundles = look.find('bundles', {}).filter((bundle) => listed(bundle['specificationIds']).includes(id));
	return { bundleIds: bundles.map((bundle) => String(bundle['id'])), opens: [listed(specification['areaIds'])] };
}

/** Where no area is said, it is wherever its right opens. */
function ofBooking(row: AnyRow, look: RowLook) {
	const right = typeof row['rightId'] === 'string' ? look.row('assignedRights', row['rightId']) : undefined;
	const byRight = ofSpecification(right?.['specificationId'], look);
	return row['areaId'] === null ? byRight : { ...byRight, opens: [listed(row['areaId'])] };
}

/** These groups with those around them. `as`: how one of them is, in place of what is looked up. */
function groupChain(ids: readonly string[], look: RowLook, as?: AnyRow): readonly string[] {
	const chain = new Set(ids);
	for (const id of chain) {
		const group = as !== undefined && as['id'] === id ? as : look.row('groups', id);
		const parentId = group?.['parentId'];
		if (typeof parentId === 'string') chain.add(parentId);
	}
	return [...chain];
}

function listed(value: unknown): readonly string[] {
	return [value].flat().filter((one) => typeof one === 'string');
}
