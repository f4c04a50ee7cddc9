import type { Cancel, Clock } from '../../core/clock.ts';
import type { DeviceStatus } from '../../core/device.ts';
import { LIMITS } from '../../core/limits.ts';
import type { Log } from '../../core/log.ts';
import type { Observation, TagObservation } from '../../core/observation.ts';
import { tagName } from '../../core/scanned-text.ts';
import type { Lane } from '../../core/site.ts';
import type { DirectoryReader } from '../../store/directory-reader.ts';
import type { SiteStore } from '../../store/site-store.ts';
import type { LaneView } from '../lanes/lane-view.ts';
import { isAtWork, lanesAt, whoseTag } from './judge-read.ts';

/** `signedOut`: the operator who waited for it is no longer signed in. */
export type EnrolmentState = 'waiting' | 'read' | 'cancelled' | 'timedOut' | 'signedOut';

/** One operator waits at one reader for a tag that fills a credential. */
export interface Enrolment {
	readonly id: string;
	readonly deviceId: string;
	readonly operatorId: string;
	readonly state: EnrolmentState;
	readonly createdAtMs: number;
	readonly expiresAtMs: number;
	/** What was presented, nobody's until now; null before. `label`: what can be read on the card. */
	readonly tag: { readonly value: string; readonly label: string | null } | null;
	/** The last read that was left to the lane, and why; null: none. */
	readonly passedOn: PassedOn | null;
}

/** `known`: it is somebody's. `vehicle`: a vehicle stands or moves at the reader's lane. */
export type PassedOn =
	| {
			readonly because: 'known';
			readonly value: string;
			readonly holder: { readonly id: string; readonly name: string } | null;
	  }
	| { readonly because: 'vehicle'; readonly laneId: string };

export interface EnrolmentReader {
	readonly deviceId: string;
	readonly isOnline: boolean;
	/** Names of the lanes it reads for. */
	readonly lanes: readonly string[];
	/** Who waits at it now. */
	readonly operatorId: string | null;
}

export type OpenEnrolmentAnswer =
	| { readonly result: 'opened'; readonly enrolment: Enrolment }
	/** Nothing there reads tags. */
	| { readonly result: 'noReader' }
	| { readonly result: 'offline'; readonly problem: string | null }
	/** Somebody else waits at this reader. */
	| { readonly result: 'busy'; readonly operatorId: string };

export interface Enrolments {
	readers(): readonly EnrolmentReader[];
	/** For LIMITS.enrolmentMs; one that the same operator has there ends. `stands`: whether the operator is still signed in. */
	open(request: {
		readonly deviceId: string;
		readonly operatorId: string;
		readonly stands: () => boolean;
	}): OpenEnrolmentAnswer;
	/** Those that wait. */
	list(): readonly Enrolment[];
	/** The last LIMITS.enrolmentsKept can be asked for. */
	get(id: string): Enrolment | undefined;
	cancel(id: string): Enrolment | undefined;
	/**
	 * Every read, before the lanes. @returns true: it is the one that was waited for, or that same tag still there; no
	 * lane may hear of it. Only a tag that is nobody's is ever taken, and only while no vehicle is at the reader's
	 * lanes: whoever may pass always reaches the decision, and what fills a credential can open nothing.
	 */
	take(observation: Observation): boolean;
	stop(): void;
}

export interface EnrolmentsDeps {
	readonly clock: Clock;
	readonly log: Log;
	readonly lanes: readonly Lane[];
	readonly laneView: (laneId: string) => LaneView | undefined;
	readonly devices: () => readonly DeviceStatus[];
	readonly directory: Pick<DirectoryReader, 'read' | 'credential' | 'holder'>;
	readonly store: Pick<SiteStore, 'journal'>;
	readonly newId: () => string;
	readonly journalGrew: () => void;
}

interface Window {
	enrolment: Enrolment;
	readonly stands: () => boolean;
	readonly cancelTimer: Cancel;
}

/** A tag that was just taken: while it lies there it opens nothing. */
interface Resting {
	readonly tag: string;
	readonly takenAtMs: number;
	readonly untilMs: number;
}

export function createEnrolments(deps: EnrolmentsDeps): Enrolments {
	const { clock, log, newId } = deps;
	/** By reader. */
	const waiting = new Map<string, Window>();
	const kept = new Map<string, Enrolment>();
	const resting = new Map<string, Resting>();

	function keep(enrolment: Enrolment): Enrolment {
		kept.delete(enrolment.id);
		kept.set(enrolment.id, enrolment);
		for (const id of kept.keys()) {
			if (kept.size <= LIMITS.enrolmentsKept) break;
			kept.delete(id);
		}
		return enrolment;
	}

	function end(window: Window, change: Pick<Enrolment, 'state'> & Partial<Pick<Enrolment, 'tag'>>): Enrolment {
		window.cancelTimer();
		waiting.delete(window.enrolment.deviceId);
		return keep({ ...window.enrolment, ...change });
	}

	function windowAt(deviceId: string): Window | undefined {
		const window = waiting.get(deviceId);
		if (window === undefined || window.stands()) return window;
		end(window, { state: 'signedOut' });
		return undefined;
	}

	function open({ deviceId, operatorId, stands }: Parameters<Enrolments['open']>[0]): OpenEnrolmentAnswer {
		const reader = deps.devices().find(({ id }) => id === deviceId);
		if (reader === undefined || !reader.capabilities.includes('reads tags')) return { result: 'noReader' };
		if (reader.state !== 'online') return { result: 'offline', problem: reader.problem ?? null };
		const other = windowAt(deviceId);
		if (other !== undefined && other.enrolment.operatorId !== operatorId) {
			return { result: 'busy', operatorId: other.enrolment.operatorId };
		}
		if (other !== undefined) end(other, { state: 'cancelled' });
		const createdAtMs = clock.nowMs();
		const enrolment: Enrolment = {
			...{ id: newId(), deviceId, operatorId, state: 'waiting', createdAtMs },
			...{ expiresAtMs: createdAtMs + LIMITS.enrolmentMs, tag: null, passedOn: null },
		};
		const window: Window = {
			enrolment,
			stands,
			cancelTimer: clock.after(LIMITS.enrolmentMs, () => end(window, { state: 'timedOut' })),
		};
		waiting.set(deviceId, window);
		journal(operatorId, 'enrolment.opened', deviceId, { enrolmentId: enrolment.id });
		return { result: 'opened', enrolment: keep(enrolment) };
	}

	function take(observation: Observation): boolean {
		if (observation.kind !== 'tag') return false;
		if (isResting(observation)) return true;
		const window = windowAt(observation.deviceId);
		if (window === undefined) return false;
		const passedOn = whyPassedOn(observation);
		if (passedOn !== undefined) {
			window.enrolment = keep({ ...window.enrolment, passedOn });
			return false;
		}
		const { deviceId, tag, label = null } = observation;
		const { id, operatorId } = window.enrolment;
		// Journalled first: a read that can't be recorded is the lane's, which refuses it.
		journal(operatorId, 'enrolment.read', deviceId, { enrolmentId: id, tag: tagName(tag) });
		end(window, { state: 'read', tag: { value: tag, label } });
		const nowMs = clock.monotonicMs();
		resting.set(deviceId, { tag, takenAtMs: nowMs, untilMs: nowMs + LIMITS.enrolmentQuietMs });
		return true;
	}

	/** Readers tell a tag that lies on them again and again; meanwhile it may have become a credential. */
	function isResting({ deviceId, tag }: TagObservation): boolean {
		const rest = resting.get(deviceId);
		if (rest === undefined) return false;
		const nowMs = clock.monotonicMs();
		const isOver = nowMs >= rest.untilMs || nowMs - rest.takenAtMs >= LIMITS.enrolmentMs;
		if (isOver) resting.delete(deviceId);
		if (isOver || tag !== rest.tag) return false;
		resting.set(deviceId, { ...rest, untilMs: nowMs + LIMITS.enrolmentQuietMs });
		return true;
	}

	function whyPassedOn({ deviceId, tag }: TagObservation): PassedOn | undefined {
		const atWork = lanesAt(deps.lanes, deviceId).find(({ id }) => isAtWork(deps.laneView(id)));
		if (atWork !== undefined) return { because: 'vehicle', laneId: atWork.id };
		return whoseTag(deps.directory, tag);
	}

	function journal(operatorId: string, action: string, target: string, detail: Readonly<Record<string, string>>): void {
		const entry = { type: 'audit', class: 'audit', id: newId(), atMs: clock.nowMs() } as const;
		deps.store.journal.append({ ...entry, operatorId, action, target, detail });
		deps.journalGrew();
	}

	return {
		readers: () =>
			deps
				.devices()
				.filter(({ capabilities }) => capabilities.includes('reads tags'))
				.map(({ id, state }) => ({
					deviceId: id,
					isOnline: state === 'online',
					lanes: lanesAt(deps.lanes, id).map(({ name }) => name),
					operatorId: windowAt(id)?.enrolment.operatorId ?? null,
				})),
		open,
		list: () => [...waiting.keys()].flatMap((deviceId) => windowAt(deviceId)?.enrolment ?? []),
		get(id) {
			const enrolment = kept.get(id);
			if (enrolment?.state === 'waiting') windowAt(enrolment.deviceId);
			return kept.get(id);
		},
		cancel(id) {
			const window = [...waiting.values()].find(({ enrolment }) => enrolment.id === id);
			return window === undefined ? kept.get(id) : end(window, { state: 'cancelled' });
		},
		take(observation) {
			try {
				return take(observation);
			} catch (error) {
				log.error({ err: error, deviceId: observation.deviceId }, 'a presented tag could not be taken');
				return false;
			}
		},
		stop() {
			for (const window of [...waiting.values()]) end(window, { state: 'cancelled' });
		},
	};
}
