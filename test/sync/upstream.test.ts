import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
	startUpstream,
	stepUpstream,
	type UpstreamInput,
	type UpstreamState,
	upstreamDeadlineMs,
} from '../../src/sync/upstream.ts';

const UP: UpstreamInput = { kind: 'up', receiveMaximum: 20, maxBatchBytes: 32_768 };

function ack(upTo: number, change: Partial<Extract<UpstreamInput, { kind: 'ack' }>> = {}): UpstreamInput {
	return { kind: 'ack', upTo, chain: 'c', ourChain: 'c', resumedFrom: null, problem: null, ...change };
}

/** Plays the shell: every `sendEvents` leaves at once as one batch of up to 100. */
function play(state: UpstreamState, inputs: readonly UpstreamInput[], nowMs: number) {
	const sent: (readonly [first: number, last: number])[] = [];
	const acked: number[] = [];
	const queue = [...inputs];
	let current = state;
	for (let input = queue.shift(); input !== undefined; input = queue.shift()) {
		const step = stepUpstream(current, input, nowMs);
		current = step.state;
		for (const output of step.outputs) {
			if (output.do === 'setAcked') acked.push(output.seq);
			else {
				const [first, last] = [output.afterSeq + 1, Math.min(current.lastSeq, output.afterSeq + 100)];
				sent.push([first, last]);
				queue.unshift({ kind: 'sent', first, last });
			}
		}
	}
	return { state: current, sent, acked };
}

describe('events on their way up', () => {
	it('fill a window of 8 batches and no more until central acknowledges', () => {
		const first = play(startUpstream(2_000, 0), [UP], 0);
		expect(first.sent).toHaveLength(8);
		const next = play(first.state, [ack(200)], 10);
		expect(next.acked).toEqual([200]);
		expect(next.sent).toEqual([
			[801, 900],
			[901, 1_000],
		]);
	});

	it('a small broker makes the window smaller', () => {
		expect(play(startUpstream(2_000, 0), [{ ...UP, receiveMaximum: 3 } as UpstreamInput], 0).sent).toHaveLength(3);
	});

	it('a single row leaves at once; those behind it wait for company, at most a quarter of a second', () => {
		const alone = play(startUpstream(1, 0), [UP], 0);
		expect(alone.sent).toEqual([[1, 1]]);
		const more = play(alone.state, [{ kind: 'grew', lastSeq: 2 }], 5);
		expect(more.sent).toEqual([]);
		expect(upstreamDeadlineMs(more.state)).toBe(255);
		const late = play(play(more.state, [{ kind: 'grew', lastSeq: 4 }], 100).state, [{ kind: 'tick' }], 255);
		expect(late.sent).toEqual([[2, 4]]);
	});

	it('only central’s ack moves the cursor: not sending, not a broker that took it, not silence', () => {
		const { state, acked } = play(startUpstream(500, 0), [UP, { kind: 'tick' }, { kind: 'down' }, UP], 0);
		expect([state.ackedSeq, acked]).toEqual([0, []]);
	});

	it('unanswered batches are sent again from the cursor, one at a time and ever less often', () => {
		let { state } = play(startUpstream(500, 100), [UP], 0);
		const waits: number[] = [];
		let nowMs = 0;
		for (let round = 0; round < 5; round += 1) {
			const deadlineMs = upstreamDeadlineMs(state) ?? 0;
			waits.push(deadlineMs - nowMs);
			nowMs = deadlineMs;
			const again = play(state, [{ kind: 'tick' }], nowMs);
			expect(again.sent).toEqual([[101, 200]]);
			state = again.state;
		}
		expect(waits).toEqual([10_000, 20_000, 40_000, 60_000, 60_000]);
	});

	it('nobody listening is quiet until central comes back', () => {
		const { state } = play(startUpstream(500, 0), [UP, { kind: 'publishFailed', first: 1, outcome: 'unrouted' }], 0);
		expect(play(state, [{ kind: 'grew', lastSeq: 900 }], 100).sent).toEqual([]);
		expect(play(state, [{ kind: 'central', online: true }], 100).sent).toHaveLength(5);
	});

	it('a late or doubled ack moves nothing back', () => {
		const { state } = play(startUpstream(500, 0), [UP, ack(300), ack(100), ack(300)], 0);
		expect(state.ackedSeq).toBe(300);
	});

	it('the answer to our resume may move it back: central was restored from a backup', () => {
		const { state, sent, acked } = play(startUpstream(500, 400), [UP, ack(250, { resumedFrom: 400 })], 0);
		expect([state.ackedSeq, acked]).toEqual([250, [250]]);
		expect(sent.at(-1)?.[0]).toBeGreaterThan(250);
		expect(sent.some(([first]) => first === 251)).toBe(true);
	});

	it.each([
		['more than was ever written', ack(501), 'ackAhead'],
		['another hash than ours', ack(100, { chain: 'x' }), 'chainMismatch'],
		['a batch that does not continue its history', ack(0, { problem: 'chainMismatch' }), 'chainMismatch'],
	] as const)('central knowing %s stops the events and is said', (_, wrong, halted) => {
		const { state, acked } = play(startUpstream(500, 0), [UP, wrong], 0);
		expect([state.halted, acked]).toEqual([halted, []]);
		expect(play(state, [{ kind: 'grew', lastSeq: 600 }, { kind: 'tick' }], 99_999).sent).toEqual([]);
	});

	it('whatever happens, a tick at its deadline plans a later one, or none: it never spins', () => {
		const inputs = fc.oneof<fc.Arbitrary<UpstreamInput>[]>(
			fc.constantFrom<UpstreamInput>(UP, { kind: 'down' }, { kind: 'tick' }),
			fc.record({ kind: fc.constant('central' as const), online: fc.boolean() }),
			fc.nat(900).map((lastSeq) => ({ kind: 'grew', lastSeq })),
			fc.nat(900).map((upTo) => ack(upTo)),
			fc.nat(900).map((first) => ({ kind: 'publishFailed', first, outcome: 'unrouted' })),
		);
		fc.assert(
			fc.property(fc.array(fc.tuple(inputs, fc.nat(15_000)), { maxLength: 60 }), (steps) => {
				let state = startUpstream(300, 0);
				let nowMs = 0;
				for (const [input, laterMs] of steps) {
					nowMs += laterMs;
					({ state } = play(state, [input], nowMs));
					expect(state.ackedSeq).toBeLessThanOrEqual(state.sentSeq);
					const deadlineMs = upstreamDeadlineMs(state);
					if (deadlineMs === undefined) continue;
					nowMs = Math.max(nowMs, deadlineMs);
					({ state } = play(state, [{ kind: 'tick' }], nowMs));
					expect(upstreamDeadlineMs(state) ?? Number.POSITIVE_INFINITY).toBeGreaterThan(nowMs);
				}
			}),
		);
	});
});
