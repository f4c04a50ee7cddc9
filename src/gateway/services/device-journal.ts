import type { Cancel, Clock } from '../core/clock.ts';
import type { DeviceStatus } from '../core/device.ts';
import { LIMITS } from '../core/limits.ts';
import type { Log } from '../core/log.ts';
import type { SiteStore } from '../store/site-store.ts';
import type { JournalBudget } from './journal/journal-budget.ts';

export interface DeviceJournal {
	onStatus(status: DeviceStatus): void;
	/** The gateway stops: devices that go now say nothing. */
	stop(): void;
}

/** What is told of one device within the hour that runs. */
interface DeviceHour {
	/** Monotonic. */
	readonly endMs: number;
	written: number;
	/** Changes that were not told one by one, and where they led to. */
	folded: number;
	latest: DeviceStatus;
	cancel: Cancel | undefined;
}

const HOUR_MS = 3_600_000;

/** Journals when a device comes, goes or has a fault; counters and identities alone are not written. A device that flaps is told by the hour. */
export function createDeviceJournal(deps: {
	readonly store: Pick<SiteStore, 'journal'>;
	readonly clock: Clock;
	readonly log: Log;
	readonly newId: () => string;
	readonly journalGrew: () => void;
	readonly budget: Pick<JournalBudget, 'telemetry' | 'skipped'>;
}): DeviceJournal {
	const { store, clock, log, newId, budget } = deps;
	const known = new Map<string, DeviceStatus>();
	/** When each alarm of each device was last recorded, monotonic. */
	const alarms = new Map<string, number>();
	const hours = new Map<string, DeviceHour>();
	let stopped = false;

	function hourOf(status: DeviceStatus): DeviceHour {
		const running = hours.get(status.id);
		if (running !== undefined && clock.monotonicMs() < running.endMs) return running;
		if (running !== undefined) tellFolded(running);
		const endMs = clock.monotonicMs() + HOUR_MS;
		const hour = { endMs, written: 0, folded: 0, latest: status, cancel: undefined };
		hours.set(status.id, hour);
		return hour;
	}

	/** @param changes that the row stands for. */
	function write({ id: deviceId, state, problem }: DeviceStatus, changes: number): void {
		if (budget.telemetry() === 'none') {
			budget.skipped(changes);
			return;
		}
		try {
			store.journal.append({
				...{ type: 'device', class: 'telemetry', id: newId(), atMs: clock.nowMs() },
				...{ deviceId, state, problem: problem ?? null },
				...(changes > 1 && { changes }),
			});
			deps.journalGrew();
		} catch (error) {
			log.error({ err: error, deviceId }, 'a change of a device could not be journalled');
		}
	}

	/** An alarm is no telemetry: it is kept where nothing is dropped, for people and central to see. */
	function tellAlarm({ id: deviceId, alarm, problem }: DeviceStatus): void {
		const key = `${deviceId} ${alarm}`;
		const nowMs = clock.monotonicMs();
		const lastMs = alarms.get(key);
		if (alarm === undefined || (lastMs !== undefined && nowMs - lastMs < LIMITS.deviceAlarmQuietMs)) return;
		alarms.set(key, nowMs);
		log.error({ deviceId, alarm, problem }, 'device alarm');
		try {
			const entry = { type: 'audit', class: 'audit', id: newId(), atMs: clock.nowMs(), operatorId: null } as const;
			store.journal.append({
				...{ ...entry, action: 'device.alarm', target: deviceId },
				detail: { alarm, problem: problem ?? null },
			});
			deps.journalGrew();
		} catch (error) {
			log.error({ err: error, deviceId, alarm }, 'an alarm of a device could not be journalled');
		}
	}

	function tellFolded(hour: DeviceHour): void {
		hour.cancel?.();
		hour.cancel = undefined;
		if (hour.folded === 0) return;
		write(hour.latest, hour.folded);
		hour.folded = 0;
	}

	function tell(status: DeviceStatus): void {
		const hour = hourOf(status);
		const allowed = budget.telemetry() === 'hourly' ? 1 : LIMITS.deviceChangesPerHour;
		if (hour.written < allowed) {
			hour.written += 1;
			write(status, 1);
			return;
		}
		hour.folded += 1;
		hour.latest = status;
		hour.cancel ??= clock.after(hour.endMs - clock.monotonicMs(), () => tellFolded(hour));
	}

	return {
		onStatus(status) {
			const { id: deviceId, state, problem = null } = status;
			const before = known.get(deviceId);
			if (stopped || (before?.state === state && (before.problem ?? null) === problem)) return;
			known.set(deviceId, status);
			if (state === 'starting') return;
			tellAlarm(status);
			const level = state === 'online' ? 'info' : 'warn';
			log[level]({ deviceId, state, problem }, 'device changed');
			tell(status);
		},
		stop() {
			for (const hour of hours.values()) tellFolded(hour);
			stopped = true;
		},
	};
}
