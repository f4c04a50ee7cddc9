import { devicesOfLane } from '../../core/lane/lane-devices.ts';
import type { Access } from '../../core/permission/access.ts';
import { isOfLanes, type PlacedEvent, placeOfEvent } from '../../core/permission/event-place.ts';
import { placeOfRecord, type RowLook } from '../../core/permission/row-place.ts';
import type { Place } from '../../core/permission/scope.ts';
import type { Site } from '../../core/site.ts';
import type { PersonalView } from '../privacy/personal-view.ts';
import type { Scan, ScanAnswer, ScanSight } from './scan.ts';

export interface SeenFieldDeps {
	readonly rowLook: () => RowLook;
	readonly site: Pick<Site, 'lanes' | 'areas'>;
	/** What the reader is shown of people of that place. */
	readonly viewAt: (place: Place) => PersonalView;
}

/** Scans that know only whom the reader may ask about, and tell of them what happened in their parts of the site. */
export function seenScan(
	scan: Scan,
	{ rowLook, site, viewAt }: SeenFieldDeps,
	access: Pick<Access, 'may' | 'reach'>,
): Scan {
	const isWide = access.may('scan:read');

	/** The looked-up rows are those of one question. */
	function sightOf(look: RowLook): ScanSight {
		const knows = (holderId: string) => isWide || access.may('scan:read', placeOfRecord(`holders/${holderId}`, look));
		const isAt = (event: PlacedEvent) => isWide || access.may('scan:read', placeOfEvent(event, look));
		const reach = access.reach('scan:read');
		const byLane = !isWide && typeof reach === 'object' && reach.given.every(isOfLanes);
		const isLane = (id: string) => !byLane || access.may('scan:read', { kind: 'lane', id });
		return {
			...{ knows, isLane },
			isRight: (id) => isWide || access.may('scan:read', placeOfRecord(`assignedRights/${id}`, look)),
			isStay: ({ areaId, holderId }) => isAt({ laneIds: [], areaIds: [areaId], holderId }),
			isDecision: ({ laneId, holderId }) => isAt({ laneIds: [laneId], holderId }),
			...(byLane && { laneIds: site.lanes.map(({ id }) => id).filter(isLane) }),
		};
	}

	/** Plates that it may have been are told of people whose names they read. */
	function shown(answer: ScanAnswer, look: RowLook): ScanAnswer {
		if (answer.result === 'known') return answer;
		const isNamed = (holderId: string) => viewAt(placeOfRecord(`holders/${holderId}`, look)).seesAll;
		return { ...answer, hints: answer.hints.filter(({ holderId }) => isNamed(holderId)) };
	}

	return {
		async look(text) {
			const look = rowLook();
			return shown(await scan.look(text, sightOf(look)), look);
		},
		lookAt: (credentialId) => scan.lookAt(credentialId, sightOf(rowLook())),
		lastAt(deviceId, afterMs) {
			const served = site.lanes.filter((lane) => devicesOfLane(lane).includes(deviceId));
			const isOfAll = (isTheirs: (place: Place) => boolean) =>
				isTheirs({ kind: 'site' }) || (served.length > 0 && served.every(({ id }) => isTheirs({ kind: 'lane', id })));
			// Who sees first letters could find the rest by presenting what comes by.
			const isNamed = isOfAll((place) => viewAt(place).seesAll);
			if (!isNamed || !isOfAll((place) => access.may('scan:read', place))) return undefined;
			return scan.lastAt(deviceId, afterMs, sightOf(rowLook()));
		},
	};
}

/** The holder's own place: what an answer tells of them is shown as their names are. */
export function placeOfScanned(answer: ScanAnswer, look: RowLook): Place {
	const holderId = answer.result === 'known' ? answer.holder?.id : undefined;
	return holderId === undefined ? { kind: 'site' } : placeOfRecord(`holders/${holderId}`, look);
}
