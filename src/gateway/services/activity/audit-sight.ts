import { type AuditKind, isAuditKind } from '../../core/audit/audited-action.ts';
import { DIRECTORY_TABLES, isDirectoryTable } from '../../core/directory.ts';
import type { Access } from '../../core/permission/access.ts';
import { placeOfEvent } from '../../core/permission/event-place.ts';
import { placeOfRow, type RowLook } from '../../core/permission/row-place.ts';
import type { Place } from '../../core/permission/scope.ts';
import type { Permission } from '../../core/permission.ts';
import type { AuditLine } from '../../store/audit-rows.ts';
import type { DecisionSummary } from '../access-log.ts';
import type { PersonalView } from '../privacy/personal-view.ts';

/** What of the audit somebody who has a part of the site may read. */
export interface AuditSight {
	/** What lies somewhere at all: the rest is the whole site's. */
	readonly kinds: readonly AuditKind[];
	isSeen(line: AuditLine): boolean;
	/** Names, plates and notes of it as they are. */
	isPersonal(line: AuditLine): boolean;
}

export interface AuditSightDeps {
	readonly rowLook: () => RowLook;
	readonly decisionOf: (decisionId: string) => Pick<DecisionSummary, 'laneId' | 'holderId'> | undefined;
	readonly viewAt: (place: Place) => PersonalView;
}

const KINDS: readonly AuditKind[] = [
	...Object.keys(DIRECTORY_TABLES).filter(isAuditKind),
	...(['lanes', 'occupancy', 'decisions'] as const),
];

/** undefined: all of these are theirs everywhere. */
export function auditSightOf(
	{ may }: Pick<Access, 'may'>,
	deps: AuditSightDeps,
	...permissions: readonly Permission[]
): AuditSight | undefined {
	if (permissions.every((permission) => may(permission))) return undefined;
	const look = deps.rowLook();
	const placesOf = (line: AuditLine) => placesOfLine(line, look, deps.decisionOf);
	return {
		kinds: KINDS,
		isSeen(line) {
			const places = placesOf(line);
			return places.length > 0 && places.every((place) => permissions.every((one) => may(one, place)));
		},
		isPersonal: (line) => placesOf(line).every((place) => deps.viewAt(place).seesAll),
	};
}

/**
 * Where a line lies: what it tells is told to who has all of these places. A row is where it is now, and where it was
 * before and after: who did not have it then is not told what it was. None: it is the whole site's.
 */
function placesOfLine(
	{ entry, kind, target, action }: AuditLine,
	look: RowLook,
	decisionOf: AuditSightDeps['decisionOf'],
): readonly Place[] {
	if (entry === undefined || target === null) return [];
	if (entry.type === 'edit') {
		const { table, key, before, after } = entry;
		if (!isDirectoryTable(table)) return [];
		const states = [look.row(table, key), before, after].filter((row) => row !== undefined && row !== null);
		return states.map((row) => placeOfRow(table, row, look));
	}
	if (isDirectoryTable(kind)) {
		const row = look.row(kind, target);
		return row === undefined ? [] : [placeOfRow(kind, row, look)];
	}
	if (kind === 'lanes') return [{ kind: 'lane', id: target }];
	if (kind === 'occupancy' && action === 'occupancyAdjusted') return [{ kind: 'area', id: target }];
	const decision = kind === 'decisions' ? decisionOf(target) : undefined;
	return decision === undefined
		? []
		: [placeOfEvent({ laneIds: [decision.laneId], holderId: decision.holderId }, look)];
}
