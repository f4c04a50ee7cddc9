import type { Clock } from '../core/clock.ts';
import type { DeviceStatus, KeyWindowEnd, TakesKey } from '../core/device.ts';
import { LIMITS } from '../core/limits.ts';
import type { Log } from '../core/log.ts';
import type { SiteStore } from '../store/site-store.ts';

export type KeyWindowAnswer =
	| { readonly result: 'opened'; readonly endMs: number }
	| { readonly result: 'noDevice' }
	/** It has no key in gateway.yaml that it could be given. */
	| { readonly result: 'noKey' };

/** Lets a new or reset device take its own key: by its default key, which everybody knows, so for minutes only and by a person. */
export interface KeyWindows {
	/** For at most LIMITS.keyWindowMs; one that is open there begins anew. Throws STORE_*: then none is open. */
	open(request: { readonly deviceId: string; readonly operatorId: string; readonly forMs: number }): KeyWindowAnswer;
	/** @returns false: there is no such device, or it takes no key */
	close(request: { readonly deviceId: string; readonly operatorId: string }): boolean;
}

export interface KeyWindowsDeps {
	readonly clock: Pick<Clock, 'nowMs'>;
	readonly log: Log;
	readonly store: Pick<SiteStore, 'journal'>;
	readonly deviceStatus: (deviceId: string) => DeviceStatus | undefined;
	readonly takesKey: (deviceId: string) => TakesKey | undefined;
	readonly newId: () => string;
	readonly journalGrew: () => void;
}

export function createKeyWindows(deps: KeyWindowsDeps): KeyWindows {
	const { clock, log, store } = deps;

	function journal(
		operatorId: string | null,
		action: string,
		target: string,
		detail: Readonly<Record<string, string | number>> = {},
	): void {
		const entry = { type: 'audit', class: 'audit', id: deps.newId(), atMs: clock.nowMs() } as const;
		store.journal.append({ ...entry, operatorId, action, target, detail });
		deps.journalGrew();
	}

	function ended(operatorId: string, deviceId: string, how: KeyWindowEnd): void {
		log.info({ deviceId, how }, 'key window ended');
		try {
			journal(operatorId, 'keyWindow.ended', deviceId, { how });
		} catch (error) {
			log.error({ err: error, deviceId, how }, 'the end of a key window could not be journalled');
		}
	}

	return {
		open({ deviceId, operatorId, forMs }) {
			if (deps.deviceStatus(deviceId) === undefined) return { result: 'noDevice' };
			const takesKey = deps.takesKey(deviceId);
			if (takesKey === undefined) return { result: 'noKey' };
			const lastsMs = Math.min(LIMITS.keyWindowMs, forMs);
			// Recorded first: what can't be recorded is not allowed.
			journal(operatorId, 'keyWindow.opened', deviceId, { minutes: lastsMs / 60_000 });
			takesKey.openKeyWindow(lastsMs, (how) => ended(operatorId, deviceId, how));
			return { result: 'opened', endMs: clock.nowMs() + lastsMs };
		},
		close({ deviceId, operatorId }) {
			const takesKey = deps.takesKey(deviceId);
			if (takesKey === undefined) return false;
			const isOpen = deps.deviceStatus(deviceId)?.keyWindowEndMs !== undefined;
			takesKey.closeKeyWindow();
			if (isOpen) journal(operatorId, 'keyWindow.closed', deviceId);
			return true;
		},
	};
}
