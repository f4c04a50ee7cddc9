import { describe, expect, it } from 'vitest';
import type { HeldAnswer, PushReply } from '../../../src/drivers/driver.ts';
import { vzenithPush } from '../../../src/drivers/vzenith-push/index.ts';
import type { CommandOutcome } from '../../../src/gateway/core/device.ts';
import { LIMITS } from '../../../src/gateway/core/limits.ts';
import { createPushBench, jsonFixture, pushOf } from '../../support/push-camera.ts';

/** The camera's end of one request: what it got, and whether it still waits. */
function createPlayedAnswer() {
	const replies: PushReply[] = [];
	let receipt: ((received: boolean) => void) | undefined;
	let hungUp = false;
	const isOpen = () => !hungUp && replies.length === 0;
	const answer: HeldAnswer = {
		isOpen,
		send(reply, onReceipt) {
			if (!isOpen()) return false;
			replies.push(reply);
			receipt = onReceipt;
			return true;
		},
	};
	return {
		...{ replies, answer },
		hangUp() {
			hungUp = true;
		},
		info: () => replies.map(({ body }) => JSON.parse(body ?? '{}').Response_AlarmInfoPlate?.info),
		/** The camera took the answer, or did not. */
		receive: (received: boolean) => receipt?.(received),
	};
}

function createBarrier(entry: object = {}) {
	const camera = createPushBench(vzenithPush, { outputs: { open: 1 }, ...entry });
	let plateid = 5_000;
	return {
		...camera,
		/** The camera sends an event, of its own id unless given, and waits. */
		send(event: { id?: number; plate?: string; body?: string } = {}) {
			const { id = plateid++, plate = '粤Z9065澳' } = event;
			const body = event.body ?? jsonFixture('vzenith-plate').replace('1187', `${id}`).replace('粤Z9065澳', plate);
			const played = createPlayedAnswer();
			camera.receiver.handleHeld?.(pushOf(body, 'application/json'), played.answer);
			return played;
		},
		/** The lane opens. */
		pulse(more: { output?: string; deadlineInMs?: number; onWritten?: () => void } = {}) {
			const { output = 'open', deadlineInMs = 3_000, onWritten } = more;
			const outcomes: CommandOutcome[] = [];
			const deadlineMonotonicMs = camera.clock.monotonicMs() + deadlineInMs;
			const command = { output, durationMs: 500, deadlineMonotonicMs, ...(onWritten && { onWritten }) };
			void camera.receiver.device.opens?.pulse(command).then((outcome) => outcomes.push(outcome));
			return outcomes;
		},
	};
}

const settled = () => new Promise<void>((resolve) => setImmediate(resolve));

describe('D the barrier of a camera that opens by its answer', () => {
	it('answers the event with "open" when the lane opens, and is done when the camera took it', async () => {
		const barrier = createBarrier();
		const event = barrier.send();
		expect(barrier.observations).toHaveLength(1);
		expect(event.replies).toEqual([]);
		barrier.clock.advance(100);
		const written: string[] = [];
		const outcomes = barrier.pulse({ onWritten: () => written.push('written') });
		expect(JSON.parse(event.replies[0]?.body ?? '')).toEqual({
			Response_AlarmInfoPlate: { content: 'retransfer_stop', info: 'ok', is_pay: 'true', channelNum: 1 },
		});
		expect(written).toHaveLength(1);
		await settled();
		expect(outcomes).toEqual([]);
		event.receive(true);
		await settled();
		expect(outcomes).toEqual([{ result: 'done' }]);
		barrier.clock.advance(10_000);
		expect(event.info()).toEqual(['ok']);
		expect(barrier.status()).toMatchObject({
			capabilities: ['reads plates', 'opens'],
			statistics: { answersOpened: 1 },
		});
		expect(barrier.clock.pendingTimers()).toBe(0);
	});

	it('does not know whether it opened when the camera does not show that it got the answer', async () => {
		const barrier = createBarrier();
		const event = barrier.send();
		const outcomes = barrier.pulse();
		event.receive(false);
		await settled();
		expect(outcomes).toMatchObject([{ result: 'unknown' }]);
	});

	it('denies after half a second, and a decision that comes later opens nothing', async () => {
		const barrier = createBarrier();
		const event = barrier.send();
		barrier.clock.advance(LIMITS.heldAnswerMs - 1);
		expect(event.replies).toEqual([]);
		barrier.clock.advance(1);
		expect(event.info()).toEqual(['no']);
		const outcomes = barrier.pulse();
		await settled();
		expect(outcomes).toEqual([{ result: 'expired' }]);
		// Nor does it open for the next vehicle.
		const next = barrier.send();
		barrier.clock.advance(LIMITS.heldAnswerMs);
		expect(next.info()).toEqual(['no']);
		expect(barrier.status().statistics).toMatchObject({ answersOpened: 0, answersDenied: 2, answersLate: 1 });
	});

	it('opens nothing when no event waits, after the deadline, and by an output it has not', async () => {
		const barrier = createBarrier();
		const outcomes = [...barrier.pulse()];
		const without = barrier.pulse();
		const event = barrier.send();
		const late = barrier.pulse({ deadlineInMs: -1 });
		const other = barrier.pulse({ output: 'close' });
		await settled();
		expect([outcomes, without, late, other]).toMatchObject([
			[],
			[{ result: 'failed', problem: expect.stringContaining('relay board') }],
			[{ result: 'expired' }],
			[{ result: 'failed' }],
		]);
		expect(event.replies).toEqual([]);
	});

	it('opens once for an event, however often it is sent again, before and after', () => {
		const barrier = createBarrier();
		const first = barrier.send({ id: 7 });
		const again = barrier.send({ id: 7 });
		expect(first.info()).toEqual(['no']);
		barrier.pulse();
		expect(again.info()).toEqual(['ok']);
		for (let times = 0; times < 4; times += 1) {
			expect(barrier.send({ id: 7 }).info()).toEqual(['no']);
			barrier.clock.advance(2_000);
		}
		expect(barrier.observations).toHaveLength(1);
	});

	it('gives an event that came again no longer than it had', () => {
		const barrier = createBarrier();
		barrier.send({ id: 7 });
		barrier.clock.advance(400);
		const again = barrier.send({ id: 7 });
		barrier.clock.advance(100);
		expect(again.info()).toEqual(['no']);
	});

	it('opens by the connection that still waits, and fails when none does', async () => {
		const barrier = createBarrier();
		const lost = barrier.send({ id: 7 });
		lost.hangUp();
		const outcomes = barrier.pulse();
		await settled();
		expect(outcomes).toMatchObject([{ result: 'failed' }]);
		expect(lost.replies).toEqual([]);
		const again = barrier.send({ id: 7 });
		barrier.pulse();
		expect(again.info()).toEqual(['ok']);
	});

	it('opens one answer with one pulse', () => {
		const barrier = createBarrier();
		const events = [barrier.send(), barrier.send({ plate: '京A12345' })];
		barrier.pulse();
		barrier.clock.advance(LIMITS.heldAnswerMs);
		expect(events.map((event) => event.info())).toEqual([['no'], ['ok']]);
	});

	it('answers at once what no lane decides: no plate, buffered, faked, heartbeats, garbage', () => {
		const barrier = createBarrier();
		const plate = jsonFixture('vzenith-plate');
		const bodies = [
			plate.replace('粤Z9065澳', '_无_'),
			jsonFixture('vzenith-offline'),
			plate.replace('"is_fake_plate":0', '"is_fake_plate":1'),
			jsonFixture('vzenith-input'),
			'garbage',
		];
		expect(bodies.map((body) => barrier.send({ body }).info())).toEqual([['no'], ['no'], ['no'], [undefined], ['no']]);
		expect(barrier.clock.pendingTimers()).toBe(0);
		// A record that comes again is asked on from, too, not held.
		const again = barrier.send({ body: jsonFixture('vzenith-offline') });
		expect(again.replies[0]?.body).toContain('"plateid":123,"continue":1');
	});

	it('keeps a bounded number of answers waiting', () => {
		const barrier = createBarrier();
		const events = Array.from({ length: LIMITS.heldAnswers + 1 }, (_, n) => barrier.send({ plate: `京A1234${n}` }));
		expect(events.map(({ replies }) => replies.length)).toEqual([1, ...Array(LIMITS.heldAnswers).fill(0)]);
	});

	it('opens again for the same car next time, also where events have no id', () => {
		const barrier = createBarrier();
		for (let times = 0; times < 3; times += 1) {
			const event = barrier.send({ body: jsonFixture('vzenith-old') });
			barrier.pulse();
			expect(event.info()).toEqual(['ok']);
			barrier.clock.advance(60_000);
		}
	});

	it('is a barrier only where the site says so', () => {
		const camera = createPushBench(vzenithPush);
		expect(camera.receiver.device.opens).toBeUndefined();
		const event = createPlayedAnswer();
		camera.receiver.handleHeld?.(pushOf(jsonFixture('vzenith-plate'), 'application/json'), event.answer);
		expect(event.info()).toEqual(['no']);
	});
});
