import { REPLY, SCB } from './codes.ts';
import type { OsdpFrame } from './frame.ts';
import { parsePdid } from './replies.ts';
import {
	clientCryptogram,
	createSecureChannel,
	deriveSessionKeys,
	initialMac,
	SCBK_D,
	sameBytes,
	serverCryptogram,
} from './secure-channel.ts';
import type { Chore, SessionState } from './session-state.ts';
import { become, restart } from './session-transitions.ts';

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
	const key = s.keyInUse === 'own' ? s.key : SCBK_D;
	const { randomOfPanel } = s;
	const answers = frame.code === REPLY.CCRYPT && frame.security?.type === SCB.CCRYPT && frame.data.length === 32;
	if (key === undefined || randomOfPanel === undefined || !answers) {
		refused(s, 'it does not answer the challenge');
		return;
	}
	// Client's unique id 8, RND.B 8, cryptogram 16.
	const randomOfReader = frame.data.slice(8, 16);
	const keys = deriveSessionKeys(key, randomOfPanel);
	if (sameBytes(clientCryptogram(keys, randomOfPanel, randomOfReader), frame.data.subarray(16))) {
		s.handshake = { keys, serverCryptogram: serverCryptogram(keys, randomOfPanel, randomOfReader) };
		s.phase = 'cryptogram';
	} else refused(s);
}

function takeInitialMac(s: SessionState, frame: OsdpFrame): void {
	const { handshake, keyInUse } = s;
	const expected = handshake && initialMac(handshake.keys, handshake.serverCryptogram);
	// Old readers answer in a block of type 12, whose byte names the key instead of accepting.
	const accepted =
		(frame.security?.type === SCB.RMAC_I && frame.security.data[0] === 1) || frame.security?.type === SCB.CCRYPT;
	if (handshake === undefined || expected === undefined || !accepted || !sameBytes(expected, frame.data)) {
		refused(s);
		return;
	}
	s.channel = createSecureChannel(handshake.keys, expected);
	s.handshake = undefined;
	if (keyInUse === 'default') {
		s.phase = 'replaceKey';
	} else {
		s.ownKeyProved = true;
		run(s);
	}
}

/** Polling begins; what else is to be known about the reader is asked between the polls. */
function run(s: SessionState): void {
	const chores: Chore[] = ['capabilities', 'localStatus'];
	s.chores = s.settings.asksInputs ? [...chores, 'inputs'] : chores;
	s.phase = 'running';
	s.pollDueMs = s.nowMs;
	s.lastWasPoll = false;
	if (s.mayBeBuffered) s.isOnlineDue = true;
	else become(s, { state: 'online' });
}

/**
 * The reader does not accept the key in use. In install mode the other key is tried at once, always
 * with a new conversation (SQN 0); otherwise it stays faulted and is asked again after a while.
 * @param because how it refused; undefined when it proved to have another key
 */
export function refused(s: SessionState, because?: string): void {
	if (s.settings.installMode && !s.ownKeyProved && s.keyInUse === 'own') {
		s.keyInUse = 'default';
		s.effects.push({ type: 'notice', message: 'the reader does not accept its own key; trying the default key' });
		restart(s);
		return;
	}
	const problem = because === undefined ? problemOfOtherKey(s) : `the reader refuses the secure channel: ${because}`;
	s.keyInUse = 'own';
	restart(s);
	become(s, { state: 'faulted', problem });
}

function problemOfOtherKey(s: SessionState): string {
	return s.keyInUse === 'default'
		? 'the reader accepts neither this key nor the default one: reset it to install mode'
		: 'the reader has another key: configure the one it has, or reset it to install mode and set installMode';
}
