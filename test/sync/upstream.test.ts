import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cursorOf } from '../../src/sync/epoch-cursors.ts';
import { stepUpstream, upstreamDeadlineMs } from '../../src/sync/upstream.ts';
import {
	type AckInput,
	startUpstream,
	type UpstreamInput,
	type UpstreamOutput,
	type UpstreamState,
} from '../../src/sync/upstream-state.ts';

const UP: UpstreamInput = { kind: 'up', receiveMaximum: 20, maxBatchBytes: 32_768 };

const NEWEST = 'epoch-2';

function start(lastSeq: number, ackedSeq: number): UpstreamState {
	return startUpstream([{ gatewayEpoch: NEWEST, lastSeq, ackedSeq }]);
}

function ack(upTo: number, change: Partial<AckInput> = {}): UpstreamInput {
	const about = { kind: 'ack', gatewayEpoch: NEWEST, upTo } as const;
	return { ...about, chain: 'c', ourChain: 'c', resumedFrom: null, problem: null, rejected: [], ...change };
}

function grew(lastSeq: number): UpstreamInput {
	return { kind: 'grew', gatewayEpoch: NEWEST, lastSeq };
}

function unrouted(first: number): UpstreamInput {
	return { kind: 'publishFailed', gatewayEpoch: NEWEST, first, outcome: 'unrouted' };
}

const ackedSeq = (state: UpstreamState) => cursorOf(state.epochs, NEWEST)?.ackedSeq;

interface Seen {
	readonly sent: (readonly [first: number, last: number])[];
	readonly names: string[];
	readonly acked: number[];
	readonly started: unknown[];
	readonly dead: number[];
	readonly live: (readonly [first: number, last: number])[];
	readonly withheld: number[];
}

/** @returns the input that follows at once. */
function carryOut(output: UpstreamOutput, { epochs }: UpstreamState, seen: Seen): readonly UpstreamInput[] {
	switch (output.do) {
		case 'setAcked':
			seen.acked.push(output.seq);
			return [];
		case 'startEpoch':
			seen.started.push(output);
			return [];
		case 'deadLetters':
			seen.dead.push(...output.rejected.map(({ seq }) => seq));
			return [];
		case 'sendLive':
		case 'sendEvents': {
			const { lastSeq = 0 } = cursorOf(epochs, output.gatewayEpoch) ?? {};
			// As many as fit: an event is 327 bytes here.
			const room = Math.max(1, Math.floor(output.maxBatchBytes / 327));
			const [first, last] = [output.afterSeq + 1, Math.min(lastSeq, output.afterSeq + room)];
			if (output.withheldSeq !== null) seen.withheld.push(output.withheldSeq);
			if (output.do === 'sendLive') {
				seen.live.push([first, last]);
				return [{ kind: 'sentLive', last }];
			}
			seen.sent.push([first, last]);
			seen.names.push(output.gatewayEpoch);
			return [{ kind: 'sent', first, last }];
		}
	}
}

/** Plays the shell: what is to be sent leaves at once, in batches of up to 100. */
function play(state: UpstreamState, inputs: readonly UpstreamInput[], nowMs: number) {
	const seen: Seen = { sent: [], names: [], acked: [], started: [], dead: [], live: [], withheld: [] };
	const queue = [...inputs];
	let current = state;
	for (let input = queue.shift(); input !== undefined; input = queue.shift()) {
		const step = stepUpstream(current, input, nowMs);
		current = step.state;
		for (const output of step.outputs) queue.unshift(...carryOut(output, current, seen));
	}
	return { state: current, ...seen };
}

describe('events on their way up', () => {
	it('fill a window of 8 batches and no more until central acknowledges', () => {
		const first = play(start(2_000, 0), [UP], 0);
		expect(first.sent).toHaveLength(8);
		const next = play(first.state, [ack(200)], 10);
		expect(next.acked).toEqual([200]);
		expect(next.sent).toEqual([
			[801, 900],
			[901, 1_000],
		]);
	});

	it('a small broker makes the window smaller', () => {
		expect(play(start(2_000, 0), [{ ...UP, receiveMaximum: 3 } as UpstreamInput], 0).sent).toHaveLength(3);
	});

	it('a single row leaves at once; those behind it wait for company, at most a quarter of a second', () => {
		const alone = play(start(1, 0), [UP], 0);
		expect(alone.sent).toEqual([[1, 1]]);
		const more = play(alone.state, [grew(2)], 5);
		expect(more.sent).toEqual([]);
		expect(upstreamDeadlineMs(more.state)).toBe(255);
		const late = play(play(more.state, [grew(4)], 100).state, [{ kind: 'tick' }], 255);
		expect(late.sent).toEqual([[2, 4]]);
	});

	it('a slow central gets few messages: two small ones are under way at most, then full ones or an answer’s next', () => {
		let { state } = play(start(1, 0), [UP], 0);
		state = play(play(state, [grew(2)], 5).state, [{ kind: 'tick' }], 255).state;
		const slow = play(play(state, [grew(40)], 300).state, [{ kind: 'tick' }], 5_000);
		expect(slow.sent).toEqual([]);
		expect(upstreamDeadlineMs(slow.state)).toBe(10_000);
		expect(play(slow.state, [grew(120)], 5_100).sent).toEqual([[3, 102]]);
		expect(play(slow.state, [ack(1)], 5_200).sent).toEqual([[3, 40]]);
	});

	it('only central’s ack moves the cursor: not sending, not a broker that took it, not silence', () => {
		const { state, acked } = play(start(500, 0), [UP, { kind: 'tick' }, { kind: 'down' }, UP], 0);
		expect([ackedSeq(state), acked]).toEqual([0, []]);
	});

	it('unanswered batches are sent again from the cursor, one at a time and ever less often', () => {
		let { state } = play(start(500, 100), [UP], 0);
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
		const { state } = play(start(500, 0), [UP, unrouted(1)], 0);
		expect(play(state, [grew(900)], 100).sent).toEqual([]);
		expect(play(state, [{ kind: 'central', online: true }], 100).sent).toHaveLength(5);
	});

	it('a late or doubled ack moves nothing back', () => {
		const { state } = play(start(500, 0), [UP, ack(300), ack(100), ack(300)], 0);
		expect(ackedSeq(state)).toBe(300);
	});

	it('the answer to our resume may move it back: central was restored from a backup', () => {
		const { state, sent, acked } = play(start(500, 400), [UP, ack(250, { resumedFrom: 400 })], 0);
		expect([ackedSeq(state), acked]).toEqual([250, [250]]);
		expect(sent.at(-1)?.[0]).toBeGreaterThan(250);
		expect(sent.some(([first]) => first === 251)).toBe(true);
	});

	it('whatever happens, a tick at its deadline plans a later one, or none: it never spins', () => {
		const inputs = fc.oneof<fc.Arbitrary<UpstreamInput>[]>(
			fc.constantFrom<UpstreamInput>(UP, { kind: 'down' }, { kind: 'tick' }),
			fc.record({ kind: fc.constant('central' as const), online: fc.boolean() }),
			fc.nat(900).map(grew),
			fc.nat(900).map((upTo) => ack(upTo)),
			fc.constantFrom<UpstreamInput>({ kind: 'epochFailed' }, ack(300, { chain: 'x' })),
			fc.nat(900).map(unrouted),
		);
		fc.assert(
			fc.property(fc.array(fc.tuple(inputs, fc.nat(15_000)), { maxLength: 60 }), (steps) => {
				let state = start(300, 0);
				let nowMs = 0;
				for (const [input, laterMs] of steps) {
					nowMs += laterMs;
					({ state } = play(state, [input], nowMs));
					expect(ackedSeq(state)).toBeLessThanOrEqual(state.sentSeq);
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

describe('new events beside a backlog', () => {
	it('have a share of the link: one batch every quarter of a second, whatever is under way', () => {
		const busy = play(start(100_000, 0), [UP], 0);
		expect([busy.sent.length, busy.live]).toEqual([8, []]);
		const fresh = play(busy.state, [grew(100_003)], 1_000);
		expect([fresh.sent, fresh.live]).toEqual([[], [[100_001, 100_003]]]);
		const more = play(fresh.state, [grew(100_250)], 1_100);
		expect(more.live).toEqual([]);
		expect(upstreamDeadlineMs(more.state)).toBe(1_250);
		const next = play(more.state, [{ kind: 'tick' }], 1_250);
		expect(next.live).toEqual([[100_004, 100_103]]);
		expect(play(next.state, [ack(300)], 1_300).sent).toHaveLength(3);
	});

	it('are not acknowledged by that: the cursor moves with the backlog, and past them when central has them', () => {
		let { state } = play(start(2_000, 0), [UP, grew(2_050)], 0);
		expect(ackedSeq(state)).toBe(0);
		for (let upTo = 800; upTo < 2_000; upTo += 400) ({ state } = play(state, [ack(upTo)], 10));
		expect(state.live).not.toBeNull();
		const end = play(state, [ack(2_050)], 20);
		expect([end.acked, end.state.live, end.sent]).toEqual([[2_050], null, []]);
		expect(play(end.state, [grew(2_051)], 30).sent).toEqual([[2_051, 2_051]]);
	});

	it('that were lost come with the backlog', () => {
		let { state } = play(start(2_000, 0), [UP, grew(2_050)], 0);
		const sent: number[] = [];
		for (let upTo = 800; upTo <= 2_000; upTo += 400) {
			const step = play(state, [ack(upTo)], 10);
			({ state } = step);
			sent.push(...step.sent.map(([, last]) => last));
		}
		expect(sent.at(-1)).toBe(2_050);
	});

	it('wait with the backlog while central is silent, and where there is none they go as ever', () => {
		const silent = play(play(start(100_000, 0), [UP], 0).state, [{ kind: 'tick' }], 10_000);
		expect(play(silent.state, [grew(100_010)], 10_001).live).toEqual([]);
		const quick = play(start(300, 0), [UP, grew(301)], 0);
		expect([quick.live, quick.sent.at(-1)]).toEqual([[], [201, 300]]);
	});
});

describe('events of no use to central', () => {
	const refused = [20, 140].map((seq) => ({ seq, code: 'invalidData' }));

	it('become dead letters once, when the cursor passes them', () => {
		const first = play(start(500, 0), [UP, ack(100, { rejected: refused }), ack(100, { rejected: refused })], 0);
		expect([first.dead, first.acked]).toEqual([[20], [100]]);
		const next = play(first.state, [ack(300, { rejected: refused }), ack(400, { rejected: refused })], 1);
		expect([next.dead, next.acked]).toEqual([[140], [300, 400]]);
	});

	it('found by a broker that takes no such message go without what they say; those around them go whole', () => {
		const tooLarge = (first: number): UpstreamInput => ({
			...{ kind: 'publishFailed', gatewayEpoch: NEWEST, first, outcome: 'tooLarge' },
		});
		let { state, sent } = play(start(3, 0), [UP], 0);
		const tries: number[] = [];
		while (sent[0]?.[1] !== 1) {
			({ state, sent } = play(state, [tooLarge(1)], 1));
			tries.push(sent[0]?.[1] ?? 0);
		}
		expect(tries).toEqual([3, 3, 1]);
		const alone = play(state, [tooLarge(1)], 2);
		expect([alone.state.halted, alone.withheld[0]]).toEqual([null, 1]);
		expect(play(alone.state, [ack(3)], 3).state.halted).toBeNull();
		expect(play(alone.state, [tooLarge(1)], 3).state.halted).toBe('eventTooLarge');
	});
});

describe('central and this site remembering different pasts', () => {
	it.each([
		['more than was ever written', ack(501), 'ackAhead', 0],
		['another hash than ours', ack(100, { chain: 'x' }), 'chainMismatch', 0],
		['a batch that does not continue its history', ack(100, { problem: 'chainMismatch' }), 'chainMismatch', 100],
	] as const)('%s begins a new epoch after the last event that both have', (_, wrong, reason, seq) => {
		const { state, acked, started } = play(start(500, 0), [UP, wrong], 0);
		expect([state.changing, acked]).toEqual([reason, []]);
		expect(started).toEqual([{ do: 'startEpoch', reason, from: { gatewayEpoch: NEWEST, seq } }]);
		expect(play(state, [grew(600), ack(501), { kind: 'tick' }], 99_999)).toMatchObject({ sent: [], started: [] });
	});

	it('what central acknowledged before is not told again', () => {
		const { started } = play(start(500, 0), [UP, ack(200), ack(501)], 0);
		expect(started).toMatchObject([{ from: { seq: 200 } }]);
	});

	it('a central that forgot, and where somebody else wrote under our name, is told more than is surely needed', () => {
		const { started } = play(start(50_000, 40_000), [UP, ack(30_000, { chain: 'x' })], 0);
		expect(started).toMatchObject([{ from: { seq: 20_000 } }]);
	});

	const epochs = [
		{ gatewayEpoch: NEWEST, lastSeq: 200, ackedSeq: 200 },
		{ gatewayEpoch: 'epoch-3', lastSeq: 301, ackedSeq: 0 },
	];

	it('goes on under the new name as soon as it is begun; late words about the old one change nothing', () => {
		const { state } = play(start(500, 0), [UP, ack(200), ack(501)], 0);
		const begun = play(state, [{ kind: 'epochStarted', epochs }], 10);
		expect([begun.names[0], begun.sent[0]]).toEqual(['epoch-3', [1, 100]]);
		const late = play(begun.state, [ack(501), ack(200, { problem: 'chainMismatch' }), ack(200, { chain: 'x' })], 20);
		expect([late.started, late.state.halted]).toEqual([[], null]);
	});

	it('again within ten minutes only stops the events: a central that never agrees gets no epoch after the other', () => {
		const { state } = play(start(500, 0), [UP, ack(501), { kind: 'epochStarted', epochs }], 0);
		const wrong = ack(999, { gatewayEpoch: 'epoch-3' });
		const halted = play(state, [wrong], 1_000);
		expect([halted.state.halted, halted.started]).toEqual(['ackAhead', []]);
		expect(upstreamDeadlineMs(halted.state)).toBe(600_000);
		const later = play(halted.state, [{ kind: 'tick' }], 600_000);
		expect(later.sent).not.toEqual([]);
		expect(play(later.state, [wrong], 600_001).started).toHaveLength(1);
	});

	it('a store that can not begin one is asked again after a minute', () => {
		const { state } = play(start(500, 0), [UP, ack(501), { kind: 'epochFailed' }], 0);
		expect([state.halted, upstreamDeadlineMs(state)]).toEqual(['ackAhead', 60_000]);
		expect(play(state, [{ kind: 'tick' }, ack(501)], 60_000).started).toHaveLength(1);
	});
});

describe('events of an earlier epoch', () => {
	const OLD = 'epoch-1';
	const two = (oldAcked: number) =>
		startUpstream([
			{ gatewayEpoch: OLD, lastSeq: 300, ackedSeq: oldAcked },
			{ gatewayEpoch: NEWEST, lastSeq: 50, ackedSeq: 0 },
		]);

	it('go first, under their own name; the newer ones when central has them all', () => {
		const first = play(two(100), [UP], 0);
		expect([first.names, first.sent]).toEqual([
			[OLD, OLD],
			[
				[101, 200],
				[201, 300],
			],
		]);
		const next = play(first.state, [ack(300, { gatewayEpoch: OLD })], 5);
		expect([next.names, next.sent]).toEqual([[NEWEST], [[1, 50]]]);
	});

	it('central having more of them is no dispute: the store was restored from a copy', () => {
		const { state, acked, started } = play(two(100), [UP, ack(900, { gatewayEpoch: OLD, ourChain: null })], 0);
		expect([acked, started]).toEqual([[300], []]);
		expect(cursorOf(state.epochs, OLD)?.ackedSeq).toBe(300);
	});

	it('are sent again when a central restored from a backup asks for them', () => {
		const { state } = play(two(300), [UP, ack(50)], 0);
		const back = play(state, [ack(120, { gatewayEpoch: OLD, resumedFrom: 300 })], 5);
		expect([back.names[0], back.sent[0]]).toEqual([OLD, [121, 220]]);
	});

	it('that central does not answer for do not hold up the newer ones for ever', () => {
		let { state } = play(two(100), [UP], 0);
		const names: string[] = [];
		for (let round = 0; round < 3; round += 1) {
			const tick = play(state, [{ kind: 'tick' }], upstreamDeadlineMs(state) ?? 0);
			names.push(...tick.names);
			state = tick.state;
		}
		expect(names).toEqual([OLD, OLD, NEWEST]);
		const again = play(play(state, [ack(50), { kind: 'down' }], 200_000).state, [UP], 200_001);
		expect(again.names[0]).toBe(OLD);
	});

	it('differing from what central has make a new epoch too', () => {
		const { started } = play(two(100), [UP, ack(100, { gatewayEpoch: OLD, problem: 'chainMismatch' })], 0);
		expect(started).toMatchObject([{ reason: 'chainMismatch', from: { gatewayEpoch: OLD, seq: 100 } }]);
	});
});
