import { expect, test } from 'vitest';
import { createAccess } from '../../../../src/gateway/core/permission/access.ts';
import { createPlaces, parseScope, type Scope, WHOLE_SITE } from '../../../../src/gateway/core/permission/scope.ts';
import type { Permission } from '../../../../src/gateway/core/permission.ts';
import type { Scan } from '../../../../src/gateway/services/field/scan.ts';
import { seenScan } from '../../../../src/gateway/services/field/seen-scan.ts';
import { personalView } from '../../../../src/gateway/services/privacy/personal-view.ts';
import { TWO_PARKS } from '../../../support/two-parks.ts';

/** Everything was just read at each device. */
const SCAN: Scan = {
	look: () => Promise.resolve({ result: 'unknown', read: null, hints: [] }),
	lookAt: () => undefined,
	lastAt: (deviceId) => ({ deviceId, kind: 'plate', value: '1NOR111', atMs: 1, credentialId: null }),
};
const NORTH = parseScope('park:P1') ?? WHOLE_SITE;

function isTold(deviceId: string, given: Readonly<Partial<Record<Permission, Scope>>>): boolean {
	const source = { kind: 'role', id: 'r', name: 'r' } as const;
	const grants = Object.entries(given).map(([permission, scope]) => ({
		...{ permissions: new Set([permission as Permission]), scope, source },
	}));
	const access = createAccess({ grants, denials: [] }, createPlaces(TWO_PARKS));
	const deps = {
		site: TWO_PARKS,
		rowLook: () => ({ row: () => undefined, find: () => [] }),
		viewAt: (place: Parameters<typeof access.may>[1]) => personalView(access.may('personalData:read', place)),
	};
	return seenScan(SCAN, deps, access).lastAt(deviceId, 0) !== undefined;
}

test('A9 what a device read last is told to who scans, and reads names, at all of its lanes (I15)', () => {
	const site = { 'scan:read': WHOLE_SITE, 'personalData:read': WHOLE_SITE };
	const north = { 'scan:read': NORTH, 'personalData:read': NORTH };
	expect(['cam-1', 'cam-2', 'boom-1', 'spare'].map((id) => isTold(id, site))).toEqual([true, true, true, true]);
	expect(['cam-1', 'cam-2', 'boom-1', 'spare'].map((id) => isTold(id, north))).toEqual([true, false, false, false]);
	expect(isTold('cam-2', { ...site, 'personalData:read': NORTH }), 'first letters find no rest').toBe(false);
	expect(isTold('cam-1', { ...site, 'personalData:read': NORTH })).toBe(true);
});
