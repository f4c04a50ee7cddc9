import { REPLY, SCB } from './codes.ts';
import type { OsdpFrame } from './frame.ts';
import { parsePdid } from './replies.ts';
import {
	clientCryptogram,
	createSecureChannel,
	deriveSessionKeys,
	initialMac,
	KEY_BYTES,
	SCBK_D,
	sameBytes,
	serverCryptogram,
} from './secure-channel.ts';
import type { Chore, SessionState } from './session-state.ts';
import { become, endKeyWindow, isKeyWindowOpen, restart, runningCondition } from './session-transitions.ts';

/** An answer other than NAK while the conversation is being set up. */
export function takeHandshakeReply(s: SessionState, frame: OsdpFrame): void {
	switch (s.phase) {
		case 'identify':
			takeIdentity(s, frame);
			break;
		case 'challenge':
			takeClientCryptogram(s, frame);
			break;
		case 'cryptogram':
			takeInitialMac(s, frame);
			break;
		case 'replaceKey':
			s.keyGiven = s.keyInUse === 'default';
			s.keyInUse = 'own';
			s.failures = 0;
			s.effects.push({ type: 'notice', message: 'the reader has been given its own key' });
			restart(s);
			break;
		case 'running':
	}
}

function takeIdentity(s: SessionState, frame: OsdpFrame): void {
	const identity = frame.code === REPLY.PDID ? parsePdid(frame.data) : undefined;
	if (identity !== undefined) s.effects.push({ type: 'identity', identity });
	identified(s);
}

/** With a key the secure channel comes next: nothing is polled, and no card taken, before it stands. */
export function identified(s: SessionState): void {
	s.identified = true;
	if (s.key === undefined) run(s);
	else s.phase = 'challenge';
}

function takeClientCryptogram(s: SessionState, frame: OsdpFrame): void {
	const key = keyInUse(s);
	const { randomOfPanel } = s;
	const answers = frame.code === REPLY.CCRYPT && frame.security?.type === SCB.CCRYPT && frame.data.length === 32;
	if (key === undefined || randomOfPanel === undefined || !answers) {
		refused(s, { problem: 'it does not answer the challenge' });
		return;
	}
	// Client's unique id 8, RND.B 8, cryptogram 16.
	const randomOfReader = frame.data.slice(8, 16);
	const keys = deriveSessionKeys(key, randomOfPanel);
	if (sameBytes(clientCryptogram(keys, randomOfPanel, randomOfReader), frame.data.subarray(16))) {
		s.handshake = { keys, serverCryptogram: serverCryptogram(keys, randomOfPanel, randomOfReader) };
		s.phase = 'cryptogram';
	} else refused(s, hasNoOwnKey(randomOfPanel, randomOfReader, frame) ? DEFAULT_KEY : OTHER_KEY);
}

/** What readers without a key of their own answer a challenge by: the default key, or (libosdp's) one of zeros. */
const KEYS_OF_NONE = [SCBK_D, new Uint8Array(KEY_BYTES)];

function hasNoOwnKey(randomOfPanel: Uint8Array, randomOfReader: Uint8Array, { security, data }: OsdpFrame): boolean {
	const proves = (key: Uint8Array) =>
		sameBytes(
			clientCryptogram(deriveSessionKeys(key, randomOfPanel), randomOfPanel, randomOfReader),
			data.subarray(16),
		);
	return security?.data[0] === 0 || KEYS_OF_NONE.some(proves);
}

function keyInUse(s: SessionState): Uint8Array | undefined {
	switch (s.keyInUse) {
		case 'own':
			return s.key;
		case 'former':
			return s.settings.formerKey;
		case 'default':
			return SCBK_D;
	}
}

function takeInitialMac(s: SessionState, frame: OsdpFrame): void {
	const { handshake } = s;
	const expected = handshake && initialMac(handshake.keys, handshake.serverCryptogram);
	// Old readers answer in a block of type 12, whose byte names the key instead of accepting.
	const accepted =
		(frame.security?.type === SCB.RMAC_I && frame.security.data[0] === 1) || frame.security?.type === SCB.CCRYPT;
	if (handshake === undefined || expected === undefined || !accepted || !sameBytes(expected, frame.data)) {
		refused(s, OTHER_KEY);
		return;
	}
	s.channel = createSecureChannel(handshake.keys, expected);
	s.handshake = undefined;
	if (s.keyInUse === 'own') {
		s.ownKeyProved = true;
		endKeyWindow(s, s.keyGiven ? 'given' : 'proved');
		run(s);
	} else s.phase = 'replaceKey';
}

/** Polling begins; what else is to be known about the reader is asked between the polls. */
function run(s: SessionState): void {
	const chores: Chore[] = ['capabilities', 'localStatus'];
	if (s.settings.asksInputs) chores.push('inputs');
	if (s.settings.asksOutputs) chores.push('outputs');
	s.chores = chores;
	s.phase = 'running';
	s.pollDueMs = s.nowMs;
	s.lastWasPoll = false;
	if (s.mayBeBuffered) s.isOnlineDue = true;
	else become(s, runningCondition(s));
}

/** Why a reader did not accept a key. `downgrade`: it is no longer as secure as it is to be. */
export interface KeyRefusal {
	readonly problem: string;
	readonly downgrade?: 'plain' | 'defaultKey';
}

const OTHER_KEY: KeyRefusal = {
	problem: 'the reader has another key: configure the one it has, or reset it and open a key window for it',
};
const DEFAULT_KEY: KeyRefusal = {
	problem:
		'the reader has the default key and not its own: if it is new or was reset, open a key window for it; else somebody exchanged it',
	downgrade: 'defaultKey',
};

/**
 * The reader does not accept the key in use. Another one that may be tried is tried at once, always with a new
 * conversation (SQN 0); otherwise it stays faulted and is asked again after a while.
 */
export function refused(s: SessionState, refusal: KeyRefusal): void {
	const next = nextKey(s);
	if (next !== undefined) {
		s.keyInUse = next;
		s.effects.push({ type: 'notice', message: `the reader does not accept its own key; trying the ${next} key` });
		restart(s);
		return;
	}
	const tried = s.keyInUse;
	s.keyInUse = 'own';
	if (refusal.downgrade === 'plain' && s.settings.onDowngrade === 'accept') {
		s.plainAccepted = true;
		run(s);
		return;
	}
	restart(s);
	const problem =
		tried === 'default' ? 'the reader accepts neither this key nor the default one: reset it first' : refusal.problem;
	// One that had the key and does not prove it any more was reset or exchanged, whatever it has now.
	const isAlarm = (refusal.downgrade !== undefined || s.ownKeyProved) && !isKeyWindowOpen(s);
	become(s, { state: 'faulted', problem, ...(isAlarm && { alarm: 'downgrade' }) });
}

/** A reader that proved its own key once is given no second chance, but by a person. */
function nextKey(s: SessionState): 'former' | 'default' | undefined {
	if (s.keyInUse === 'own' && s.settings.formerKey !== undefined && !s.ownKeyProved) return 'former';
	return s.keyInUse !== 'default' && isKeyWindowOpen(s) ? 'default' : undefined;
}
