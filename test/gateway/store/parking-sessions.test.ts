import { describe, expect, test } from 'vitest';
import type { OpenParkingSession } from '../../../src/gateway/store/parking-sessions.ts';
import { openTempStore, tempDir } from '../../support/temp-store.ts';

const stay = (id: string, change: Partial<OpenParkingSession> = {}): OpenParkingSession => ({
	id,
	holderId: 'anna',
	credentialId: 'anna-tag',
	decisionId: 'd1',
	areaId: 'A1',
	counted: true,
	laneInId: 'L1',
	openedAtMs: 100,
	...change,
});
const END = { atMs: 900, laneOutId: 'L2', by: 'passage' } as const;

describe('a parking session', () => {
	test('is open until it is closed, over a restart', () => {
		const dir = tempDir();
		const store = openTempStore(dir);
		store.parkingSessions.open(stay('s1'));
		store.close();
		const { parkingSessions } = openTempStore(dir);
		expect(parkingSessions.openFor('anna')).toEqual([stay('s1')]);
		expect(parkingSessions.close('s1', END)).toEqual(stay('s1'));
		expect(parkingSessions.close('s1', END)).toBeUndefined();
		expect(parkingSessions.openFor('anna')).toEqual([]);
		expect(parkingSessions.countOpen()).toBe(0);
	});

	test('goes from area to area', () => {
		const { parkingSessions } = openTempStore();
		parkingSessions.open(stay('s1'));
		expect(parkingSessions.moveTo('s1', 'B1')).toBe(true);
		expect(parkingSessions.openFor('anna')).toMatchObject([{ areaId: 'B1' }]);
		parkingSessions.close('s1', END);
		expect(parkingSessions.moveTo('s1', 'A1')).toBe(false);
	});

	test('of somebody with several is listed oldest first', () => {
		const { parkingSessions } = openTempStore();
		parkingSessions.open(stay('late', { openedAtMs: 300 }));
		parkingSessions.open(stay('early', { openedAtMs: 200 }));
		expect(parkingSessions.openFor('anna').map(({ id }) => id)).toEqual(['early', 'late']);
	});

	test('may be of nobody: the one longest in the area leaves first', () => {
		const { parkingSessions } = openTempStore();
		parkingSessions.open(stay('x2', { holderId: null, openedAtMs: 20 }));
		parkingSessions.open(stay('x1', { holderId: null, openedAtMs: 10 }));
		parkingSessions.open(stay('elsewhere', { holderId: null, openedAtMs: 1, areaId: 'B1' }));
		expect(parkingSessions.oldestAnonymous('A1')).toMatchObject({ id: 'x1' });
		parkingSessions.close('x1', END);
		expect(parkingSessions.oldestAnonymous('A1')).toMatchObject({ id: 'x2' });
		expect(parkingSessions.oldestAnonymous('C1')).toBeUndefined();
	});

	test('that takes no place is not counted in its area', () => {
		const { parkingSessions } = openTempStore();
		parkingSessions.open(stay('s1'));
		parkingSessions.open(stay('s2', { counted: false }));
		parkingSessions.open(stay('s3', { areaId: 'B1' }));
		expect(parkingSessions.openFor('anna').map(({ counted }) => counted)).toEqual([true, false, true]);
		expect(parkingSessions.countedIn(['A1'])).toBe(1);
		expect(parkingSessions.countedIn(['A1', 'B1'])).toBe(2);
	});

	test('is listed page by page while open', () => {
		const { parkingSessions } = openTempStore();
		for (let n = 0; n < 5; n += 1) parkingSessions.open(stay(`s${n}`, { holderId: `h${n}`, openedAtMs: n }));
		parkingSessions.close('s2', END);
		expect(parkingSessions.listOpen({ limit: 3 }).map(({ id }) => id)).toEqual(['s0', 's1', 's3']);
		expect(parkingSessions.listOpen({ limit: 3, offset: 3 }).map(({ id }) => id)).toEqual(['s4']);
		expect(parkingSessions.countOpen()).toBe(4);
	});
});
