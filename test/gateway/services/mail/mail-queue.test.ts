import { beforeEach, describe, expect, test } from 'vitest';
import { LIMITS } from '../../../../src/gateway/core/limits.ts';
import { createMailQueue, type MailState } from '../../../../src/gateway/services/mail/mail-queue.ts';
import type { Mail, Sent } from '../../../../src/gateway/services/mail/smtp.ts';
import { createMemoryLog } from '../../../support/memory-log.ts';
import { createVirtualClock, type VirtualClock } from '../../../support/virtual-clock.ts';

const LATER: Sent = { result: 'failed', problem: 'unreachable', code: null, again: true };
const NEVER: Sent = { result: 'failed', problem: 'addressRefused', code: 550, again: false };
const mail = (text: string): Mail => ({ to: 'bo@example.org', name: 'Bo', subject: 's', text });
/** Long enough for what waits in promises. */
const settle = () => new Promise<void>((resolve) => setImmediate(resolve));

let clock: VirtualClock;
let asked: { readonly text: string; readonly answer: (sent: Sent) => void }[];
let ended: [string, MailState['state']][];
let queue: ReturnType<typeof createMailQueue>;
beforeEach(() => {
	clock = createVirtualClock();
	asked = [];
	ended = [];
	queue = createMailQueue({
		...{ clock, log: createMemoryLog() },
		send: ({ text }) => new Promise((answer) => asked.push({ text, answer })),
		onEnd: (to, { state }) => void ended.push([to, state]),
	});
});

async function answer(sent: Sent) {
	asked.at(-1)?.answer(sent);
	await settle();
}

describe('issue 9: mails on their way', () => {
	test('one is sent at a time, in order, and nobody waits for it', async () => {
		queue.put('a', mail('first'));
		queue.put('b', mail('second'));
		await settle();
		expect(asked.map(({ text }) => text)).toEqual(['first']);
		expect([queue.stateOf('a')?.state, queue.stateOf('b')?.state]).toEqual(['waiting', 'waiting']);
		await answer({ result: 'sent' });
		await answer({ result: 'sent' });
		expect(asked.map(({ text }) => text)).toEqual(['first', 'second']);
		expect(ended).toEqual([
			['a', 'sent'],
			['b', 'sent'],
		]);
		expect(queue.stateOf('c')).toBeUndefined();
	});

	test('what may be taken later is tried again, and given up in the end; what never will be is not', async () => {
		queue.put('a', mail('x'));
		await settle();
		for (const delayMs of LIMITS.mailRetriesMs) {
			await answer(LATER);
			expect(queue.stateOf('a')).toMatchObject({ state: 'failed', problem: 'unreachable', again: true });
			clock.advance(delayMs);
			await settle();
		}
		await answer(LATER);
		expect(queue.stateOf('a')).toMatchObject({ state: 'failed', again: false });
		expect(asked).toHaveLength(LIMITS.mailRetriesMs.length + 1);
		queue.put('b', mail('y'));
		await settle();
		await answer(NEVER);
		expect(queue.stateOf('b')).toMatchObject({ problem: 'addressRefused', code: 550, again: false });
		expect(ended).toEqual([
			['a', 'failed'],
			['b', 'failed'],
		]);
	});

	test('a newer code takes the place of one that waits, is being sent, or is to be tried again', async () => {
		queue.put('a', mail('1'));
		await settle();
		queue.put('a', mail('2'));
		queue.put('a', mail('3'));
		await answer(LATER);
		expect(asked.map(({ text }) => text)).toEqual(['1', '3']);
		await answer(LATER);
		queue.put('a', mail('4'));
		await settle();
		await answer({ result: 'sent' });
		clock.advance(3_600_000);
		await settle();
		expect(asked.map(({ text }) => text)).toEqual(['1', '3', '4']);
		expect(ended).toEqual([['a', 'sent']]);
	});

	test('it is bounded, and says so', async () => {
		for (let n = 0; n <= LIMITS.mailsWaiting; n++) queue.put(`p${n}`, mail('x'));
		queue.put('late', mail('x'));
		expect(queue.stateOf('late')).toMatchObject({ state: 'failed', problem: 'tooMany' });
	});

	test('stopped, it finishes the one that is being sent and no other', async () => {
		queue.put('a', mail('1'));
		queue.put('b', mail('2'));
		await settle();
		const stopped = queue.stop();
		asked[0]?.answer({ result: 'sent' });
		await stopped;
		queue.put('c', mail('3'));
		await settle();
		expect(asked).toHaveLength(1);
	});
});
