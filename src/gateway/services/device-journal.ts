import { randomUUIDv7 } from 'node:crypto';
import type { DeviceStatus } from '../core/device.ts';
import type { Log } from '../core/log.ts';
import type { SiteStore } from '../store/site-store.ts';

/** Journals when a device comes, goes or has a fault; counters and identities alone are not written. */
export function createDeviceJournal(deps: {
	readonly store: SiteStore;
	readonly nowMs: () => number;
	readonly log: Log;
	readonly journalGrew: () => void;
}): (status: DeviceStatus) => void {
	const known = new Map<string, string>();
	return ({ id: deviceId, state, problem = null }) => {
		const told = `${state} ${problem}`;
		if (known.get(deviceId) === told) return;
		known.set(deviceId, told);
		if (state === 'starting') return;
		const level = state === 'online' ? 'info' : 'warn';
		deps.log[level]({ deviceId, state, problem }, 'device changed');
		try {
			const { store, nowMs } = deps;
			store.journal.append({
				type: 'device',
				class: 'telemetry',
				id: randomUUIDv7(),
				atMs: nowMs(),
				deviceId,
				state,
				problem,
			});
			deps.journalGrew();
		} catch (error) {
			deps.log.error({ err: error, deviceId }, 'a change of a device could not be journalled');
		}
	};
}
