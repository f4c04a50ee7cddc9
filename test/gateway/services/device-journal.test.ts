import { beforeEach, describe, expect, test } from 'vitest';
import type { DeviceStatus } from '../../../src/gateway/core/device.ts';
import { LIMITS } from '../../../src/gateway/core/limits.ts';
import { createDeviceJournal, type DeviceJournal } from '../../../src/gateway/services/device-journal.ts';
import type { SiteStore } from '../../../src/gateway/store/site-store.ts';
import { TUESDAY_10H } from '../../support/access-facts.ts';
import { createMemoryLog } from '../../support/memory-log.ts';
import { openTempStore } from '../../support/temp-store.ts';
import { createVirtualClock, type VirtualClock } from '../../support/virtual-clock.ts';

const HOUR_MS = 3_600_000;
let store: SiteStore;
let clock: VirtualClock;
let journal: DeviceJournal;
let telemetry: 'all' | 'hourly' | 'none';
let skipped: number[];
let ids: number;
beforeEach(() => {
	store = openTempStore();
	clock = createVirtualClock(TUESDAY_10H);
	telemetry = 'all';
	skipped = [];
	ids = 0;
	journal = createDeviceJournal({
		...{ store, clock, log: createMemoryLog(), journalGrew() {} },
		newId: () => `t${++ids}`,
		budget: { telemetry: () => telemetry, skipped: (count) => void skipped.push(count) },
	});
});

function becomes(state: DeviceStatus['state'], id = 'reader-1', problem?: string): void {
	const status = { id, driver: 'osdp', address: 'sim', state, sinceMs: 0, identity: {}, capabilities: [] };
	journal.onStatus({ ...status, statistics: {}, inputs: {}, ...(problem !== undefined && { problem }) });
}

/** A loose cable: there and away again, `times` times. */
function flap(times: number, id?: string): void {
	for (let n = 0; n < times; n += 1) {
		becomes('offline', id, 'unplugged');
		becomes('online', id);
	}
}

const told = () =>
	store.journal.after(0, 1_000).map(({ entry }) => {
		if (entry?.type !== 'device') throw new Error('something else was journalled');
		return [entry.deviceId, entry.state, entry.changes ?? 1];
	});

describe('changes of devices', () => {
	test('are journalled when a device comes, goes or has another problem; nothing twice, and no start', () => {
		becomes('starting');
		becomes('online');
		becomes('online');
		becomes('offline', 'reader-1', 'unplugged');
		becomes('offline', 'reader-1', 'no power');
		expect(told()).toEqual([
			['reader-1', 'online', 1],
			['reader-1', 'offline', 1],
			['reader-1', 'offline', 1],
		]);
	});

	test('that come too often are told by the hour, with how many there were; each device by itself', () => {
		flap(50);
		becomes('offline', 'cam-1');
		expect(told()).toHaveLength(LIMITS.deviceChangesPerHour + 1);
		clock.advance(HOUR_MS);
		expect(told().slice(LIMITS.deviceChangesPerHour)).toEqual([
			['cam-1', 'offline', 1],
			['reader-1', 'online', 100 - LIMITS.deviceChangesPerHour],
		]);
		becomes('offline');
		clock.advance(HOUR_MS * 3);
		expect(told().at(-1)).toEqual(['reader-1', 'offline', 1]);
		expect(clock.pendingTimers()).toBe(0);
	});

	test('are told by the hour at once where telemetry has little room', () => {
		telemetry = 'hourly';
		flap(5);
		clock.advance(HOUR_MS);
		expect(told()).toEqual([
			['reader-1', 'offline', 1],
			['reader-1', 'online', 9],
		]);
	});

	test('are only counted where it has none', () => {
		telemetry = 'none';
		flap(20);
		clock.advance(HOUR_MS);
		expect(told()).toEqual([]);
		expect(skipped.reduce((sum, count) => sum + count, 0)).toBe(40);
	});

	test('that were not told yet are told when the gateway stops; what goes then says nothing', () => {
		flap(10);
		journal.stop();
		becomes('offline');
		expect(told().at(-1)).toEqual(['reader-1', 'online', 20 - LIMITS.deviceChangesPerHour]);
		expect(clock.pendingTimers()).toBe(0);
	});
});

describe('alarms of devices', () => {
	const alarms = () =>
		store.journal
			.after(0, 1_000)
			.flatMap(({ entry }) => (entry?.type === 'audit' ? [[entry.action, entry.target, entry.detail['alarm']]] : []));
	function raises(alarm: DeviceStatus['alarm'], id = 'reader-1'): void {
		const status = { id, driver: 'osdp', address: 'sim', state: 'faulted', problem: 'exchanged', sinceMs: 0 } as const;
		const told = { identity: {}, capabilities: [], statistics: {}, inputs: {} };
		journal.onStatus({ ...status, ...told, ...(alarm !== undefined && { alarm }) });
	}

	test('are kept where nothing is dropped, once in a while however often they come and go', () => {
		telemetry = 'none';
		for (let n = 0; n < 5; n += 1) {
			raises('downgrade');
			becomes('online');
		}
		expect(alarms()).toEqual([['device.alarm', 'reader-1', 'downgrade']]);
		raises('tamper');
		raises('downgrade', 'reader-2');
		expect(alarms()).toHaveLength(3);
		becomes('online');
		clock.advance(LIMITS.deviceAlarmQuietMs);
		raises('downgrade');
		expect(alarms()).toHaveLength(4);
	});
});
