import type { Cancel, Clock } from '../../gateway/core/clock.ts';
import type { CommandOutcome, PulseCommand } from '../../gateway/core/device.ts';
import { LIMITS } from '../../gateway/core/limits.ts';
import type { HeldAnswer } from '../driver.ts';
import { DENIED, openReply } from './replies.ts';

interface Waiting {
	answer: HeldAnswer;
	readonly untilMonotonicMs: number;
	readonly cancel: Cancel;
	/** Its key is never another event's. */
	readonly isUnique: boolean;
}

const NOTHING_WAITS =
	'no event of this camera waits for an answer: it opens only for a plate it has just read; wire a relay board to open for tags or from the console';

/**
 * A barrier that opens by the answer to an event. Each event is answered once: with "open" when the lane's
 * pulse comes while it waits, else with "denied" after LIMITS.heldAnswerMs. A pulse opens one answer or none,
 * and is never kept for a later event: neither a slow decision nor a connection that comes back opens.
 */
export function createAnswerGate(clock: Clock, outputs: Readonly<Record<string, number>>) {
	/** By the event's key, the newest last. */
	const waiting = new Map<string, Waiting>();
	/** Events that were answered with "open": sent again they are denied. */
	const opened = new Set<string>();
	const counts = { answersOpened: 0, answersDenied: 0, answersLate: 0 };
	let lastDeniedMs = Number.NEGATIVE_INFINITY;

	const deny = (answer: HeldAnswer) => {
		counts.answersDenied += 1;
		answer.send(DENIED);
	};
	const giveUp = (key: string) => {
		const event = waiting.get(key);
		if (event === undefined) return;
		waiting.delete(key);
		event.cancel();
		lastDeniedMs = clock.monotonicMs();
		deny(event.answer);
	};

	/** The event came again: its newest connection waits on in place of the one before, no longer than that would have. */
	const resume = (key: string, answer: HeldAnswer) => {
		const event = waiting.get(key);
		if (event?.answer === answer) return;
		deny(event?.answer ?? answer);
		if (event !== undefined) event.answer = answer;
	};

	return {
		counts: (): Readonly<Record<string, number>> => ({ ...counts }),
		/** A live read: its answer waits for the lane. */
		hold(key: string, answer: HeldAnswer, isUnique: boolean): void {
			if (opened.has(key) || waiting.has(key)) {
				resume(key, answer);
				return;
			}
			const [oldest] = waiting.keys();
			if (waiting.size >= LIMITS.heldAnswers && oldest !== undefined) giveUp(oldest);
			const untilMonotonicMs = clock.monotonicMs() + LIMITS.heldAnswerMs;
			const cancel = clock.after(LIMITS.heldAnswerMs, () => giveUp(key));
			waiting.set(key, { answer, untilMonotonicMs, cancel, isUnique });
		},
		resume,
		/** Never rejects. */
		pulse(command: PulseCommand): Promise<CommandOutcome> {
			const relay = Object.hasOwn(outputs, command.output) ? outputs[command.output] : undefined;
			if (relay === undefined) return failed(`there is no output ${command.output}`);
			const nowMs = clock.monotonicMs();
			if (nowMs > command.deadlineMonotonicMs) return Promise.resolve({ result: 'expired' });
			const found = [...waiting].findLast(
				([, { answer, untilMonotonicMs }]) => nowMs < untilMonotonicMs && answer.isOpen(),
			);
			if (found === undefined) {
				if (nowMs - lastDeniedMs > LIMITS.vendDeadlineMs) return failed(NOTHING_WAITS);
				counts.answersLate += 1;
				return Promise.resolve({ result: 'expired' });
			}
			const [key, { answer, cancel, isUnique }] = found;
			waiting.delete(key);
			cancel();
			if (isUnique) remember(opened, key);
			const { promise, resolve } = Promise.withResolvers<CommandOutcome>();
			const isWritten = answer.send(openReply(relay), (received) => resolve(outcomeOf(received)));
			if (!isWritten) return failed('the camera hung up');
			counts.answersOpened += 1;
			command.onWritten?.();
			return promise;
		},
	};
}

function outcomeOf(received: boolean): CommandOutcome {
	if (received) return { result: 'done' };
	return { result: 'unknown', problem: 'the camera did not show that it got the answer' };
}

function remember(keys: Set<string>, key: string): void {
	keys.add(key);
	const [oldest] = keys;
	if (keys.size > LIMITS.pushDedupeKeys && oldest !== undefined) keys.delete(oldest);
}

function failed(problem: string): Promise<CommandOutcome> {
	return Promise.resolve({ result: 'failed', problem });
}
