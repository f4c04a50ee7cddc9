import { describe, expect, test } from 'vitest';
import { COMMAND, REPLY } from '../../../src/drivers/osdp/codes.ts';
import { encodeFrame, type OsdpFrame } from '../../../src/drivers/osdp/frame.ts';
import { createPdSession, type PdSession } from '../../../src/drivers/osdp/session.ts';
import type { SessionEffect } from '../../../src/drivers/osdp/session-state.ts';
import { framesOf } from './osdp-bench.ts';

const OUT = Uint8Array.fromHex('00050500');

/** A session whose reader answers at once; time is whatever the test says. */
function createRunning(): {
	session: PdSession;
	exchange: (nowMs: number, code?: number, data?: Uint8Array) => OsdpFrame;
} {
	const session = createPdSession({
		address: 5,
		check: 'auto',
		onDowngrade: 'refuse',
		mark: true,
		pollMs: 50,
		asksInputs: false,
		asksOutputs: false,
		randomBytes: (length) => new Uint8Array(length),
	});
	session.step({ type: 'opened', nowMs: 0 });
	const exchange = (nowMs: number, code: number = REPLY.ACK, data: Uint8Array = new Uint8Array(0)): OsdpFrame => {
		const command = turn(session, nowMs);
		session.step({ type: 'reply', frame: reply(command.sequence, code, data), nowMs });
		return command;
	};
	exchange(0, REPLY.PDID, Uint8Array.fromHex('1f4c0a990104030201010203'));
	return { session, exchange };
}

function turn(session: PdSession, nowMs: number): OsdpFrame {
	const [frame] = framesOf(bytesOf(session.step({ type: 'turn', leisure: false, nowMs })));
	if (frame === undefined) throw new Error('nothing was sent');
	return frame;
}

function bytesOf(effects: readonly SessionEffect[]): Uint8Array {
	const sent = effects.find((effect) => effect.type === 'send');
	return sent?.type === 'send' ? sent.bytes : new Uint8Array(0);
}

function reply(sequence: number, code: number, data: Uint8Array): OsdpFrame {
	const [frame] = framesOf(encodeFrame({ address: 5, reply: true, sequence, check: 'crc', code, data }));
	if (frame === undefined) throw new Error('no frame');
	return frame;
}

describe('the last check before a pulse leaves', () => {
	test('a pulse that was not sent has expired, and its number is used by the next command', () => {
		const { session, exchange } = createRunning();
		exchange(0);
		session.step({ type: 'work', work: { kind: 'pulse', id: 1, data: OUT, deadlineMs: 100 }, nowMs: 99 });
		const effects = session.step({ type: 'turn', leisure: false, nowMs: 99 });
		expect(effects).toMatchObject([{ type: 'send', pulse: { deadlineMs: 100 } }]);
		const [out] = framesOf(bytesOf(effects));
		expect(session.step({ type: 'unsent', nowMs: 101 })).toEqual([
			{ type: 'outcome', id: 1, outcome: { result: 'expired' } },
		]);
		const next = exchange(101);
		expect(next.code).toBe(COMMAND.POLL);
		expect(next.sequence).toBe(out?.sequence);
	});

	test('a pulse that waits past its deadline is told as expired by a tick, without a turn', () => {
		const { session, exchange } = createRunning();
		exchange(0);
		session.step({ type: 'work', work: { kind: 'pulse', id: 1, data: OUT, deadlineMs: 100 }, nowMs: 10 });
		expect(session.deadlineMs()).toBe(101);
		expect(session.step({ type: 'tick', nowMs: 100 })).toEqual([]);
		expect(session.step({ type: 'tick', nowMs: 101 })).toMatchObject([
			{ type: 'outcome', outcome: { result: 'expired' } },
		]);
	});
});

describe('answers', () => {
	test('a reply with another number than asked is no answer, and the wait goes on', () => {
		const { session, exchange } = createRunning();
		exchange(0);
		const poll = turn(session, 50);
		const card = Uint8Array.fromHex('00011a009adddf00');
		const stale = reply(((poll.sequence + 1) % 3) + 1, REPLY.RAW, card);
		expect(session.step({ type: 'reply', frame: stale, nowMs: 51 })).toEqual([]);
		expect(session.waiting()).toBe(true);
		expect(session.step({ type: 'reply', frame: reply(poll.sequence, REPLY.RAW, card), nowMs: 52 })).toMatchObject([
			{ type: 'card', card: { bitCount: 26 } },
		]);
		expect(session.waiting()).toBe(false);
	});

	test('a second copy of an answer is not a second card', () => {
		const { session } = createRunning();
		const poll = turn(session, 0);
		const frame = reply(poll.sequence, REPLY.RAW, Uint8Array.fromHex('00011a009adddf00'));
		expect(session.step({ type: 'reply', frame, nowMs: 1 })).toHaveLength(1);
		expect(session.step({ type: 'reply', frame, nowMs: 2 })).toEqual([]);
		expect(turn(session, 3).sequence).not.toBe(poll.sequence);
		expect(session.step({ type: 'reply', frame, nowMs: 4 })).toEqual([]);
	});

	test('a sequence error begins the conversation anew with 0 at once', () => {
		const { session, exchange } = createRunning();
		exchange(0);
		exchange(50, REPLY.NAK, Uint8Array.of(4));
		const next = turn(session, 50);
		expect([next.code, next.sequence]).toEqual([COMMAND.ID, 0]);
	});

	test('the format reply vendors do not agree on is counted and is no card', () => {
		const { session, exchange } = createRunning();
		exchange(0, REPLY.FMT, Uint8Array.fromHex('000005313233'));
		expect(session.counters.otherReplies).toBe(1);
	});
});

test('after 8 s without a valid reply it is offline, also while other commands wait', () => {
	const { session, exchange } = createRunning();
	exchange(1_000);
	session.step({ type: 'work', work: { kind: 'pulse', id: 7, data: OUT, deadlineMs: 60_000 }, nowMs: 8_000 });
	expect(session.step({ type: 'tick', nowMs: 8_999 })).toEqual([]);
	expect(session.step({ type: 'tick', nowMs: 9_000 })).toMatchObject([
		{ type: 'outcome', id: 7, outcome: { result: 'failed' } },
		{ type: 'condition', condition: { state: 'offline' } },
	]);
});
