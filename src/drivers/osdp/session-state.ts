import type { CommandOutcome, DeviceAlarm, DeviceState, KeyWindowEnd } from '../../gateway/core/device.ts';
import { createFlood, type Flood } from '../tag-readers/flood.ts';
import { createRepeats, type Repeats } from '../tag-readers/repeats.ts';
import type { Communication } from './commands.ts';
import type { CheckKind, OsdpFrame } from './frame.ts';
import type { LocalStatus, RawCard, ReaderCapabilities, ReaderIdentity } from './replies.ts';
import type { SecureChannel, SessionKeys } from './secure-channel.ts';

/** Figures of libosdp where the standard leaves them open. */
export const TIMING = {
	/** Offline after this long without a valid reply. */
	offlineAfterMs: 8_000,
	/** The same bytes are sent again this long; then the conversation begins anew. */
	retransmitForMs: 3_000,
	/** Between tries once a reader missed three in a row, and while it is offline. */
	suspectRetryMs: 400,
	offlineRetryMs: 1_000,
	/**
	 * After an answer to a command that was sent again: the reply to its first sending may still come, and in plain
	 * nothing but its number, which returns after three commands, tells it from another.
	 */
	lateReplyMs: 500,
	/** A reader that left for another baud rate is not spoken to at this one; then whoever did not follow is asked again. */
	awayMs: 10_000,
	/** A reader that said BUSY is asked again after this. */
	busyRetryMs: 100,
	/** A reader that was not asked for longer than this may report cards of long ago: they wait in it until it is polled. */
	bufferedAfterMs: 2_000,
	/** Waits before the conversation begins anew, by how often it just failed; never longer than the last. */
	restartDelaysMs: [0, 250, 500, 1_000, 2_000, 5_000],
} as const;

const SAME_CARD_MS = 1_000;

/** Commands waiting for one reader; more means that whoever asks does not wait for answers. */
export const MAX_WAITING_WORK = 8;

export interface SessionSettings {
	readonly address: number;
	readonly check: 'auto' | CheckKind;
	readonly key?: Uint8Array;
	/** The key before `key`: serves to give `key` to a reader that still has it, and for nothing else. */
	readonly formerKey?: Uint8Array;
	/** What a reader with a key that answers in plain may do: nothing, or be read all the same. */
	readonly onDowngrade: 'refuse' | 'accept';
	/** Send a mark byte before each frame. */
	readonly mark: boolean;
	readonly pollMs: number;
	readonly asksInputs: boolean;
	readonly asksOutputs: boolean;
	readonly randomBytes: (length: number) => Uint8Array;
}

/** What others want of a reader. Times are monotonic ms. */
export type Work =
	/** OUT: sent once, and never after its deadline. */
	| { readonly kind: 'pulse'; readonly id: number; readonly data: Uint8Array; readonly deadlineMs: number }
	/** `leaves`: it is not to be reached at the line's rate afterwards. */
	| {
			readonly kind: 'communication';
			readonly id: number;
			readonly communication: Communication;
			readonly leaves: boolean;
	  }
	| { readonly kind: 'key'; readonly id: number; readonly key: Uint8Array };

/** LED, buzzer or text command; a newer showing replaces one that was not sent yet. */
export interface Showing {
	readonly code: number;
	readonly data: Uint8Array;
}

export type SessionInput =
	/** The line is open: begin from nothing. */
	| { readonly type: 'opened'; readonly nowMs: number }
	| { readonly type: 'closed'; readonly problem: string; readonly nowMs: number }
	/** The line is yours: say what to send. `leisure`: what is only good to know may be asked. */
	| { readonly type: 'turn'; readonly leisure: boolean; readonly nowMs: number }
	/** A whole frame from this reader's address while its answer is awaited. */
	| { readonly type: 'reply'; readonly frame: OsdpFrame; readonly nowMs: number }
	/** No answer in time; `damaged`: there were bytes. */
	| { readonly type: 'noReply'; readonly damaged: boolean; readonly nowMs: number }
	/** An answer came after it was given up. */
	| { readonly type: 'late'; readonly nowMs: number }
	/** What the last turn gave was not sent: its deadline had passed. */
	| { readonly type: 'unsent'; readonly nowMs: number }
	| { readonly type: 'work'; readonly work: Work; readonly nowMs: number }
	| { readonly type: 'show'; readonly showings: readonly Showing[]; readonly nowMs: number }
	/** A person allows the default key for handing over the own one until then; undefined: no longer. */
	| { readonly type: 'keyWindow'; readonly untilMs: number | undefined; readonly nowMs: number }
	/** Time went by: deadlines are looked at. */
	| { readonly type: 'tick'; readonly nowMs: number };

export interface Condition {
	readonly state: DeviceState;
	readonly problem?: string;
	readonly alarm?: DeviceAlarm;
}

export type SessionEffect =
	/** `pollOwed`: something new took the place of a poll that was due. */
	| {
			readonly type: 'send';
			readonly bytes: Uint8Array;
			readonly pollOwed: boolean;
			/** These bytes are that pulse; past its deadline they must not leave. */
			readonly pulse?: { readonly id: number; readonly deadlineMs: number };
	  }
	/** `payload`: data of the RAW reply, for diagnosis. */
	| { readonly type: 'card'; readonly card: RawCard; readonly payload: Uint8Array }
	/** Digits, `*` and `#` as they were pressed. */
	| { readonly type: 'keys'; readonly keys: string }
	| { readonly type: 'inputs'; readonly levels: readonly boolean[] }
	| { readonly type: 'outputs'; readonly levels: readonly boolean[] }
	| { readonly type: 'keyWindowEnded'; readonly how: KeyWindowEnd }
	| { readonly type: 'identity'; readonly identity: ReaderIdentity }
	| { readonly type: 'capabilities'; readonly capabilities: ReaderCapabilities }
	| { readonly type: 'condition'; readonly condition: Condition }
	| {
			readonly type: 'outcome';
			readonly id: number;
			readonly outcome: CommandOutcome;
			/** What a COMSET really set. */
			readonly communication?: Communication;
	  }
	/** For the log: constant words, no secrets. */
	| { readonly type: 'notice'; readonly message: string };

/** Shown with the device's status. */
export type Counter =
	| 'frames'
	| 'reads'
	| 'badReads'
	| 'staleReads'
	| 'floodedReads'
	| 'keys'
	| 'otherReplies'
	| 'timeouts'
	| 'retransmits'
	| 'refusals'
	| 'busy'
	| 'reconnects'
	| 'strayReplies'
	| 'unsecuredReplies'
	| 'clearReplies'
	| 'macErrors';

/** A command whose answer is not in yet. Sent again, it is byte for byte the same. */
export interface Pending {
	readonly code: number;
	readonly bytes: Uint8Array;
	readonly sequence: number;
	readonly work?: Work;
	readonly firstSentMs: number;
	lastSentMs: number;
	tries: number;
	/** Tries that nothing at all was heard of: what they asked for may still come. */
	unheard: number;
	/** How often the reader said that the check was wrong. */
	badChecks: number;
	retryAtMs: number;
}

/** `replaceKey`: in a session on the former or the default key, which serves for nothing else. */
export type Phase = 'identify' | 'challenge' | 'cryptogram' | 'replaceKey' | 'running';

export interface Handshake {
	readonly keys: SessionKeys;
	readonly serverCryptogram: Uint8Array;
}

export type Chore = 'capabilities' | 'localStatus' | 'inputs' | 'outputs';

export interface SessionState {
	readonly settings: SessionSettings;
	readonly counters: Record<Counter, number>;
	/** Of the input that is being taken, monotonic. */
	nowMs: number;
	/** What that input has led to so far. */
	effects: SessionEffect[];

	address: number;
	check: CheckKind;
	key: Uint8Array | undefined;
	keyInUse: 'own' | 'former' | 'default';
	/** The reader answered with the own key once: another is tried only when a person opens a window. */
	ownKeyProved: boolean;
	/** The default key may be used until then. */
	keyWindowUntilMs: number | undefined;
	/** The own key was handed over within that window. */
	keyGiven: boolean;
	/** It speaks in plain though it has a key, and may. */
	plainAccepted: boolean;
	localStatus: LocalStatus;
	/** Cards of a moment ago: the same one again is no flood. */
	readonly shown: Repeats;
	readonly flood: Flood;

	phase: Phase;
	/** SQN of the next new command: 0 begins a conversation, then 1, 2, 3, 1 … */
	sequence: number;
	pending: Pending | undefined;
	/** `pending` is on the line and its answer is awaited. */
	waiting: boolean;
	channel: SecureChannel | undefined;
	randomOfPanel: Uint8Array | undefined;
	handshake: Handshake | undefined;
	identified: boolean;
	chores: readonly Chore[];

	condition: Condition;
	/** What it reports may be of before it could be asked; until a poll finds it with nothing to say. */
	mayBeBuffered: boolean;
	/** Polls answered with something to say since then: a reader that never stops is believed in the end. */
	reportsInARow: number;
	/** It is online as soon as what it reports is new. */
	isOnlineDue: boolean;
	/** It answered since the line was opened or it was last found silent. */
	proven: boolean;
	/** Start of the silence, if it is one: the last valid reply, or the opening of the line. */
	lastHeardMs: number;
	lastReplyMs: number | undefined;
	silenceNoticed: boolean;
	/** Turns without a valid reply since the last one. */
	misses: number;
	damagedSinceHeard: boolean;
	lateSinceHeard: boolean;
	/** Conversations that failed since a poll was last answered. */
	failures: number;
	notBeforeMs: number;
	pollDueMs: number;
	lastWasPoll: boolean;

	readonly work: Work[];
	showings: readonly Showing[];
}

export function createSessionState(settings: SessionSettings): SessionState {
	return {
		settings,
		counters: {
			frames: 0,
			reads: 0,
			badReads: 0,
			staleReads: 0,
			floodedReads: 0,
			keys: 0,
			otherReplies: 0,
			timeouts: 0,
			retransmits: 0,
			refusals: 0,
			busy: 0,
			reconnects: 0,
			strayReplies: 0,
			unsecuredReplies: 0,
			clearReplies: 0,
			macErrors: 0,
		},
		nowMs: 0,
		effects: [],
		address: settings.address,
		check: settings.check === 'checksum' ? 'checksum' : 'crc',
		key: settings.key,
		keyInUse: 'own',
		ownKeyProved: false,
		keyWindowUntilMs: undefined,
		keyGiven: false,
		plainAccepted: false,
		localStatus: { tamper: false, powerFailure: false },
		shown: createRepeats(SAME_CARD_MS),
		flood: createFlood(),
		phase: 'identify',
		sequence: 0,
		pending: undefined,
		waiting: false,
		channel: undefined,
		randomOfPanel: undefined,
		handshake: undefined,
		identified: false,
		chores: [],
		condition: { state: 'starting' },
		mayBeBuffered: true,
		reportsInARow: 0,
		isOnlineDue: false,
		proven: false,
		lastHeardMs: 0,
		lastReplyMs: undefined,
		silenceNoticed: false,
		misses: 0,
		damagedSinceHeard: false,
		lateSinceHeard: false,
		failures: 0,
		notBeforeMs: 0,
		pollDueMs: 0,
		lastWasPoll: false,
		work: [],
		showings: [],
	};
}
