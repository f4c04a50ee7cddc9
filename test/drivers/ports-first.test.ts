import { expect, test } from 'vitest';
import { portsFirst } from '../../src/drivers/ports-first.ts';
import { createVirtualClock } from '../support/virtual-clock.ts';

/** A process that comes to each timer so much too late. */
function createBusy(lateMs: { ms: number }) {
	const clock = createVirtualClock();
	const busy = portsFirst({ ...clock, after: (delayMs, run) => clock.after(delayMs + lateMs.ms, run) });
	const ran: number[] = [];
	return { clock, ran, busy, wait: (delayMs: number) => busy.after(delayMs, () => ran.push(clock.monotonicMs())) };
}

test('a wait that ends in time ends then', () => {
	const { clock, ran, wait } = createBusy({ ms: 15 });
	const startMs = clock.monotonicMs();
	wait(200);
	clock.advance(1_000);
	expect(ran).toEqual([startMs + 215]);
});

test('one that ends late gives what has come the time to be read, and ends all the same', () => {
	const late = { ms: 300 };
	const { clock, ran, wait } = createBusy(late);
	const startMs = clock.monotonicMs();
	wait(200);
	clock.advance(500);
	expect(ran).toEqual([]);
	clock.advance(10_000);
	expect(ran).toEqual([startMs + 500 + 4 * 310]);
});

test('it is over once the process is in time again', () => {
	const late = { ms: 300 };
	const { clock, ran, wait } = createBusy(late);
	const startMs = clock.monotonicMs();
	wait(200);
	clock.advance(499);
	late.ms = 0;
	clock.advance(1_000);
	expect(ran).toEqual([startMs + 510]);
});

test('a pause before something is sent is no longer for it', () => {
	const { clock, ran, wait } = createBusy({ ms: 300 });
	const startMs = clock.monotonicMs();
	wait(50);
	clock.advance(350);
	expect(ran).toEqual([startMs + 350]);
});

test('what is cancelled ends never, also while it is given time', () => {
	const { clock, ran, wait } = createBusy({ ms: 300 });
	const cancel = wait(200);
	clock.advance(600);
	cancel();
	clock.advance(10_000);
	expect(ran).toEqual([]);
	expect(clock.pendingTimers()).toBe(0);
});
