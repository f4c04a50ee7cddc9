import type { Cancel } from './clock.ts';
import type { EvidenceImage, Observation } from './observation.ts';

/** `starting`: never yet answered. `offline`: port or protocol lost, being re-opened. `faulted`: answers, but reports a fault (tamper, wrong key). */
export type DeviceState = 'starting' | 'online' | 'offline' | 'faulted';

/** Somebody may be at it: `tamper`, its housing is open; `downgrade`, it no longer proves the key it has. */
export type DeviceAlarm = 'tamper' | 'downgrade';

/** What a technician sees of one device; plain data, safe to log. */
export interface DeviceStatus {
	readonly id: string;
	readonly driver: string;
	/** Stable address as configured: by-id path, `sim:NAME` or the push path. */
	readonly address: string;
	readonly state: DeviceState;
	/** Why it is not online, in words that say what to do. */
	readonly problem?: string;
	readonly alarm?: DeviceAlarm;
	readonly sinceMs: number;
	readonly lastSeenMs?: number;
	/** Vendor, model, firmware, serial number as the device tells them. */
	readonly identity: Readonly<Record<string, string>>;
	readonly capabilities: readonly Capability[];
	/** Counters such as frames, frameErrors, reads, timeouts, reconnects. */
	readonly statistics: Readonly<Record<string, number>>;
	/** Named inputs and their last level. */
	readonly inputs: Readonly<Record<string, boolean>>;
	/** Named outputs and whether they are on, where the device tells. */
	readonly outputs?: Readonly<Record<string, boolean>>;
	/** A person lets it take its key until then, UTC epoch ms. */
	readonly keyWindowEndMs?: number;
}

export type Capability =
	| 'reads tags'
	| 'reads plates'
	| 'opens'
	| 'reads inputs'
	| 'shows'
	| 'takes a key'
	| 'takes stills';

/** What the lane tells the driver in the car. */
export type Feedback = 'granted' | 'refused' | 'wait' | 'idle';

/**
 * `done`: the device confirmed it. `failed`: it certainly did not happen. `expired`: the deadline passed
 * before bytes left. `unknown`: bytes left, no answer came; never sent again.
 */
export type CommandOutcome =
	| { readonly result: 'done' }
	| { readonly result: 'failed'; readonly problem: string }
	| { readonly result: 'expired' }
	| { readonly result: 'unknown'; readonly problem: string };

export interface PulseCommand {
	/** Name of the output in the device's configuration, such as `open`. */
	readonly output: string;
	/** Pulse length, ms; 200–3000. Timed by the board where it can. */
	readonly durationMs: number;
	/** Monotonic; checked last before bytes leave: later than this nothing is sent. */
	readonly deadlineMonotonicMs: number;
	/** Called when the command's bytes were handed to the port; never when nothing was sent. */
	readonly onWritten?: () => void;
}

export interface Opens {
	/** Pulses one output once. Never rejects: every way it can end is an outcome. */
	pulse(command: PulseCommand): Promise<CommandOutcome>;
}

export interface Holds {
	/** Switches a maintained output until it is switched back. Never rejects. */
	hold(command: { readonly output: string; readonly on: boolean }): Promise<CommandOutcome>;
}

export interface Shows {
	/** LED, buzzer and display; best effort, never on the path to the barrier. */
	show(feedback: Feedback): void;
}

/** How a key window ended: the device was `given` its key, `proved` to have it already, or the time was over. */
export type KeyWindowEnd = 'given' | 'proved' | 'timedOut';

/** A device that can be given the key of its secure channel while a person lets it. */
export interface TakesKey {
	/** @param onEnd called once, unless it is closed or opened again before. */
	openKeyWindow(forMs: number, onEnd: (how: KeyWindowEnd) => void): void;
	closeKeyWindow(): void;
}

/** A camera on this machine that is asked for pictures. */
export interface TakesStills {
	/** A picture of now: one that is being taken, or was within LIMITS.stillFreshMs. Never rejects; undefined: none, and the device's status says why. */
	still(): Promise<EvidenceImage | undefined>;
	/**
	 * A vehicle stands where the camera looks: its plate is looked for, and told as an observation. Absent where nothing
	 * reads the stills. @returns what to call when it is gone: what is read after that opens nothing.
	 */
	vehicleCame?(): Cancel;
}

/** A level change (or the first level known) of one named input, already debounced. */
export interface InputChange {
	readonly deviceId: string;
	readonly input: string;
	readonly active: boolean;
	readonly atMs: number;
	readonly monotonicMs: number;
}

/** One typed callback per edge; given to every device at creation. */
export interface DeviceEvents {
	onObservation(observation: Observation): void;
	onInput(change: InputChange): void;
	/** State or problem changed; statistics alone do not call it. */
	onStatus(status: DeviceStatus): void;
}

/** A running device as the lanes and pages see it. */
export interface Device {
	readonly id: string;
	status(): DeviceStatus;
	readonly opens?: Opens;
	readonly holds?: Holds;
	readonly shows?: Shows;
	readonly takesKey?: TakesKey;
	readonly takesStills?: TakesStills;
}
