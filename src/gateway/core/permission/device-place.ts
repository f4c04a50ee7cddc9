import { devicesOfLane } from '../lane/lane-devices.ts';
import type { Permission } from '../permission.ts';
import type { Lane } from '../site.ts';
import type { Access } from './access.ts';
import type { PermissionAnswer } from './decide-permission.ts';
import { placeOfRecord, type RowLook } from './row-place.ts';
import type { Place, RecordPlace } from './scope.ts';

/**
 * A device at each lane it serves, else by itself: something is allowed for it when it is for each of these. So it is by
 * its lanes as well as by a grant of the device alone, and a denial of the device wins over what its lanes allow.
 */
function placesOfDevice(lanes: readonly Lane[], deviceId: string): readonly RecordPlace[] {
	const alone = { kind: 'record', id: `devices/${deviceId}`, groupIds: [] } as const;
	const served = lanes.filter((lane) => devicesOfLane(lane).includes(deviceId));
	return served.length === 0 ? [alone] : served.map(({ id }) => ({ ...alone, laneIds: [id] }));
}

export function mayAtDevice(
	access: Pick<Access, 'may'>,
	lanes: readonly Lane[],
	deviceId: string,
	permission: Permission = 'devices:read',
): boolean {
	const places = placesOfDevice(lanes, deviceId);
	return access.may(permission) || places.every((place) => access.may(permission, place));
}

/** May they, for one record of the directory or of the site (`holders/h-1`, `lanes/L1`, `devices/reader-1`, `areas/A1`)? */
export function explainAtRecord(
	access: Pick<Access, 'explain'>,
	permission: Parameters<Access['explain']>[0],
	record: string,
	{ look, lanes }: { readonly look: RowLook; readonly lanes: readonly Lane[] },
): PermissionAnswer {
	const answers = placesOf(record, look, lanes).map((place) => access.explain(permission, place));
	const refused = answers.find(({ may }) => !may) ?? answers[0];
	return refused ?? access.explain(permission);
}

const PARTS: Readonly<Record<string, 'lane' | 'area' | 'park'>> = { lanes: 'lane', areas: 'area', parks: 'park' };

function placesOf(record: string, look: RowLook, lanes: readonly Lane[]): readonly Place[] {
	const [, table = '', id = ''] = /^(\w+)\/(.+)$/su.exec(record) ?? [];
	const part = Object.hasOwn(PARTS, table) ? PARTS[table] : undefined;
	if (part !== undefined) return [{ kind: part, id }];
	return table === 'devices' ? placesOfDevice(lanes, id) : [placeOfRecord(record, look)];
}
