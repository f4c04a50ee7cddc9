import { beforeEach, expect, test } from 'vitest';
import type { DeviceStatus, KeyWindowEnd } from '../../../src/gateway/core/device.ts';
import { LIMITS } from '../../../src/gateway/core/limits.ts';
import { createKeyWindows, type KeyWindows } from '../../../src/gateway/services/key-windows.ts';
import type { SiteStore } from '../../../src/gateway/store/site-store.ts';
import { TUESDAY_10H } from '../../support/access-facts.ts';
import { createMemoryLog } from '../../support/memory-log.ts';
import { openTempStore } from '../../support/temp-store.ts';
import { createVirtualClock } from '../../support/virtual-clock.ts';

const MINUTE_MS = 60_000;
let store: SiteStore;
let windows: KeyWindows;
let done: string[];
let end: (how: KeyWindowEnd) => void;
let status: DeviceStatus;

beforeEach(() => {
	store = openTempStore();
	done = [];
	status = {
		...{ id: 'reader-1', driver: 'osdp', address: 'sim:x', state: 'faulted', sinceMs: 0 },
		...{ identity: {}, capabilities: ['takes a key'], statistics: {}, inputs: {} },
	};
	let ids = 0;
	windows = createKeyWindows({
		...{ clock: createVirtualClock(TUESDAY_10H), log: createMemoryLog(), store, journalGrew() {} },
		newId: () => `k${++ids}`,
		deviceStatus: (deviceId) => (deviceId === 'reader-1' || deviceId === 'boom-1' ? status : undefined),
		takesKey: (deviceId) =>
			deviceId !== 'reader-1'
				? undefined
				: {
						openKeyWindow(forMs, onEnd) {
							done.push(`open ${forMs / MINUTE_MS}`);
							end = onEnd;
							status = { ...status, keyWindowEndMs: TUESDAY_10H + forMs };
						},
						closeKeyWindow() {
							done.push('close');
							const { keyWindowEndMs: _, ...closed } = status;
							status = closed;
						},
					},
	});
});

const told = () =>
	store.journal.after(0, 100).map(({ entry }) => {
		if (entry?.type !== 'audit') throw new Error('something else was journalled');
		return [entry.operatorId, entry.action, entry.target, entry.detail];
	});

test('who opened it, for how long, and how it ended is recorded', () => {
	const opened = windows.open({ deviceId: 'reader-1', operatorId: 'op-1', forMs: 5 * MINUTE_MS });
	expect(opened).toEqual({ result: 'opened', endMs: TUESDAY_10H + 5 * MINUTE_MS });
	end('given');
	expect(told()).toEqual([
		['op-1', 'keyWindow.opened', 'reader-1', { minutes: 5 }],
		['op-1', 'keyWindow.ended', 'reader-1', { how: 'given' }],
	]);
});

test('is never open longer than ten minutes', () => {
	windows.open({ deviceId: 'reader-1', operatorId: 'op-1', forMs: 60 * MINUTE_MS });
	expect(LIMITS.keyWindowMs).toBe(10 * MINUTE_MS);
	expect(done).toEqual(['open 10']);
});

test('what cannot be recorded is not opened', () => {
	store.close();
	expect(() => windows.open({ deviceId: 'reader-1', operatorId: 'op-1', forMs: MINUTE_MS })).toThrow();
	expect(done).toEqual([]);
});

test('closing is recorded when one was open', () => {
	expect(windows.close({ deviceId: 'reader-1', operatorId: 'op-1' })).toBe(true);
	expect(told()).toEqual([]);
	windows.open({ deviceId: 'reader-1', operatorId: 'op-1', forMs: MINUTE_MS });
	windows.close({ deviceId: 'reader-1', operatorId: 'op-2' });
	expect(told().at(-1)).toEqual(['op-2', 'keyWindow.closed', 'reader-1', {}]);
	expect(done).toEqual(['close', 'open 1', 'close']);
});

test('an unknown device and one without a key are told apart', () => {
	expect(windows.open({ deviceId: 'nobody', operatorId: 'op-1', forMs: MINUTE_MS })).toEqual({ result: 'noDevice' });
	expect(windows.open({ deviceId: 'boom-1', operatorId: 'op-1', forMs: MINUTE_MS })).toEqual({ result: 'noKey' });
	expect(windows.close({ deviceId: 'boom-1', operatorId: 'op-1' })).toBe(false);
});
