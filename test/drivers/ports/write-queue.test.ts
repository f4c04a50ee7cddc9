import { describe, expect, test } from 'vitest';
import { createWriteQueue } from '../../../src/drivers/ports/write-queue.ts';
import { createVirtualClock } from '../../support/virtual-clock.ts';

/** A port whose writes end when the test says so. */
function hungPort() {
	const clock = createVirtualClock();
	const sent: string[] = [];
	const ends: (() => void)[] = [];
	const queue = createWriteQueue(clock, '/dev/x', () => undefined);
	queue.begin((bytes) => {
		sent.push(bytes.toString('hex'));
		return new Promise((resolve) => ends.push(resolve));
	});
	return { clock, queue, sent, endFirst: () => ends.shift()?.() };
}

describe('writes of one port', () => {
	test('a pulse behind a hung write does not leave after its last moment', async () => {
		const { clock, queue, sent, endFirst } = hungPort();
		const poll = queue.write(Uint8Array.of(1));
		const pulse = queue.write(Uint8Array.of(2), clock.monotonicMs() + 3_000);
		const next = queue.write(Uint8Array.of(3));
		clock.advance(3_001);
		endFirst();
		await poll;
		await expect(pulse).rejects.toThrow(/too late; they were not sent/);
		endFirst();
		await next;
		expect(sent).toEqual(['01', '03']);
	});

	test('one whose turn comes in time does', async () => {
		const { clock, queue, sent, endFirst } = hungPort();
		const poll = queue.write(Uint8Array.of(1));
		const pulse = queue.write(Uint8Array.of(2), clock.monotonicMs() + 3_000);
		clock.advance(3_000);
		endFirst();
		await poll;
		endFirst();
		await pulse;
		expect(sent).toEqual(['01', '02']);
	});
});
