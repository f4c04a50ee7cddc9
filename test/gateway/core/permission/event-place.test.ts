import { describe, expect, test } from 'vitest';
import { createAccess } from '../../../../src/gateway/core/permission/access.ts';
import { placeOfEvent } from '../../../../src/gateway/core/permission/event-place.ts';
import type { RowLook } from '../../../../src/gateway/core/permission/row-place.ts';
import { createPlaces, parseScope, type Scope } from '../../../../src/gateway/core/permission/scope.ts';
import { aLane } from '../../../support/access-facts.ts';

const PLACES = createPlaces({
	parks: [
		{ id: 'P1', name: 'North' },
		{ id: 'P2', name: 'South' },
	],
	areas: [
		{ id: 'A1', name: 'A1', parkId: 'P1', capacity: 1 },
		{ id: 'B1', name: 'B1', parkId: 'P2', capacity: 1 },
	],
	lanes: [aLane({ id: 'L1', to: 'A1' }), aLane({ id: 'M1', to: 'B1' }), aLane({ id: 'T1', from: 'A1', to: 'B1' })],
});

/** Sam is one of the tenants, and may park in the north. */
const LOOK: RowLook = {
	row: (table, id) => ROWS.get(`${table}/${id}`),
	find: (table, where) =>
		table === 'assignedRights' && where['holderId'] === 'sam' ? [{ id: 'r', specificationId: 'north' }] : [],
};
const ROWS = new Map<string, Record<string, unknown>>([
	['holders/sam', { id: 'sam', groupIds: ['tenants'], tags: [] }],
	['groups/tenants', { id: 'tenants', parentId: null }],
	['rightSpecifications/north', { id: 'north', areaIds: ['A1'] }],
]);

function scopeOf(text: string): Scope {
	const scope = parseScope(text);
	if (scope === undefined) throw new Error(`${text} is no scope`);
	return scope;
}

function mayRead(given: string, denied: string | null, event: Parameters<typeof placeOfEvent>[0]): boolean {
	const permission = 'review:read';
	const source = { kind: 'role', id: 'r', name: 'r' } as const;
	const access = createAccess(
		{
			grants: [{ permissions: new Set([permission]), scope: scopeOf(given), source }],
			denials: denied === null ? [] : [{ permission, scope: scopeOf(denied), source: { kind: 'operator' } }],
		},
		PLACES,
	);
	return access.may(permission, placeOfEvent(event, LOOK));
}

const at = (...laneIds: readonly string[]) => ({ laneIds, holderId: null });
const sams = (...laneIds: readonly string[]) => ({ laneIds, holderId: 'sam' });

describe('A9 where something lies that happened', () => {
	test.each([
		['park:P1', at('L1'), true],
		['park:P1', at('M1'), false],
		['area:B1', at('M1'), true],
		['record:lanes/L1', at('L1'), true],
		['record:lanes/L1', at('M1'), false],
		['park:P1', at('L1', 'M1'), false],
		['park:P1', at('T1'), false],
		['park:P1', at(), false],
		['site', at(), true],
		['site', at('gone'), true],
		['park:P1', at('gone'), false],
		['record:lanes/gone', at('gone'), false],
		['group:tenants', sams('M1'), true],
		['group:tenants', at('M1'), false],
		['record:holders/sam', sams('M1'), true],
		['park:P1', { laneIds: [], areaIds: ['A1'], holderId: null }, true],
		['park:P1', { laneIds: [], areaIds: ['A1', 'B1'], holderId: null }, false],
	])('%s has %j: %s', (given, event, expected) => {
		expect(mayRead(given, null, event)).toBe(expected);
	});

	test('where a holder’s rights open says nothing of where they were', () => {
		expect(mayRead('park:P1', null, sams('M1'))).toBe(false);
		expect(mayRead('site', 'park:P1', sams('M1'))).toBe(true);
	});

	test.each([
		['site', 'group:tenants', sams('L1'), false],
		['site', 'group:tenants', at('L1'), true],
		['park:P1', 'record:lanes/L1', at('L1'), false],
		['site', 'park:P2', at('L1', 'M1'), false],
		['site', 'park:P2', at('T1'), false],
		['group:tenants', 'park:P2', sams('M1'), false],
		['site', 'area:B1', at('L1'), true],
	])('%s less %s has %j: %s', (given, denied, event, expected) => {
		expect(mayRead(given, denied, event)).toBe(expected);
	});
});
