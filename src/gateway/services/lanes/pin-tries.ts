import type { Clock } from '../../core/clock.ts';
import { LIMITS } from '../../core/limits.ts';
import type { Log } from '../../core/log.ts';
import type { Observation } from '../../core/observation.ts';
import type { DirectoryReader } from '../../store/directory-reader.ts';
import type { SiteStore } from '../../store/site-store.ts';

/** Keeps PINs from being found by trying. */
export interface PinTries {
	/** Every read, before the lanes. @returns true: the keypad rests, and no lane may hear of it */
	take(observation: Observation): boolean;
}

export interface PinTriesDeps {
	readonly clock: Clock;
	readonly log: Log;
	readonly directory: Pick<DirectoryReader, 'read' | 'credential'>;
	readonly store: Pick<SiteStore, 'journal'>;
	readonly newId: () => string;
	readonly journalGrew: () => void;
	/** Says at the keypad that it was not taken. */
	readonly showRefused: (deviceId: string) => void;
}

interface Keypad {
	tries: number;
	/** Monotonic: when the tries were counted. */
	atMs: number;
	isResting: boolean;
}

/**
 * Each keypad has LIMITS.pinTries wrong PINs and gets one back each LIMITS.pinRestMs. A right one gives none back: who
 * knows one PIN must not find others by it.
 */
export function createPinTries(deps: PinTriesDeps): PinTries {
	const { clock, log, directory } = deps;
	const keypads = new Map<string, Keypad>();

	function keypadNow(deviceId: string): Keypad {
		const nowMs = clock.monotonicMs();
		const known = keypads.get(deviceId) ?? { tries: LIMITS.pinTries, atMs: nowMs, isResting: false };
		const regained = Math.floor((nowMs - known.atMs) / LIMITS.pinRestMs);
		const tries = Math.min(LIMITS.pinTries, known.tries + regained);
		const atMs = tries === LIMITS.pinTries ? nowMs : known.atMs + regained * LIMITS.pinRestMs;
		const keypad = { ...known, tries, atMs, isResting: tries === 0 };
		keypads.set(deviceId, keypad);
		return keypad;
	}

	function recordRest(deviceId: string): void {
		log.warn({ deviceId, restMs: LIMITS.pinRestMs }, 'too many wrong PINs: the keypad rests');
		try {
			const entry = { type: 'audit', class: 'audit', id: deps.newId(), atMs: clock.nowMs() } as const;
			const detail = { wrong: LIMITS.pinTries };
			deps.store.journal.append({ ...entry, operatorId: null, action: 'keypad.rests', target: deviceId, detail });
			deps.journalGrew();
		} catch (error) {
			log.error({ err: error, deviceId }, 'a resting keypad could not be journalled');
		}
	}

	return {
		take(observation) {
			if (observation.kind !== 'pin') return false;
			const { deviceId, pin } = observation;
			const keypad = keypadNow(deviceId);
			if (keypad.isResting) {
				deps.showRefused(deviceId);
				return true;
			}
			if (isKnown(pin)) return false;
			keypad.tries -= 1;
			if (keypad.tries === 0) recordRest(deviceId);
			return false;
		},
	};

	/** While the directory can't be read the lane decides what becomes of it. */
	function isKnown(pin: string): boolean {
		try {
			return directory.read(() => directory.credential('pin', pin)) !== undefined;
		} catch (error) {
			log.error({ err: error }, 'a PIN could not be looked up');
			return true;
		}
	}
}
