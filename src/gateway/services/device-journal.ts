import type { DeviceStatus } from '../core/device.ts';
import type { Log } from '../core/log.ts';
import type { SiteStore } from '../store/site-store.ts';

export interface DeviceJournal {
	onStatus(status: DeviceStatus): void;
	/** The gateway stops: devices that go now say nothing. */
	stop(): void;
}

/** Journals when a device comes, goes or has a fault; counters and identities alone are not written. */
export function createDeviceJournal(deps: {
	readonly store: SiteStore;
	readonly nowMs: () => number;
	readonly log: Log;
	readonly newId: () => string;
	readonly journalGrew: () => void;
}): DeviceJournal {
	const known = new Map<string, string>();
	let stopped = false;
	return {
		onStatus,
		stop() {
			stopped = true;
		},
	};

	function onStatus({ id: deviceId, state, problem: told }: DeviceStatus): void {
		const problem = told ?? null;
		const now = `${state} ${problem}`;
		if (stopped || known.get(deviceId) === now) return;
		known.set(deviceId, now);
		if (state === 'starting') return;
		const level = state === 'online' ? 'info' : 'warn';
		deps.log[level]({ deviceId, state, problem }, 'device changed');
		try {
			const { store, nowMs, newId } = deps;
			store.journal.append({
				type: 'device',
				class: 'telemetry',
				id: newId(),
				atMs: nowMs(),
				deviceId,
				state,
				problem,
			});
			deps.journalGrew();
		} catch (error) {
			deps.log.error({ err: error, deviceId }, 'a change of a device could not be journalled');
		}
	}
}
