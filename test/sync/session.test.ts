import { describe, expect, it } from 'vitest';
import type { LinkProblem } from '../../src/sync/link.ts';
import {
	type SessionInput,
	type SessionOutput,
	type SessionState,
	sessionDeadlineMs,
	startSession,
	stepSession,
} from '../../src/sync/session.ts';

const LOST: LinkProblem = { kind: 'lost', text: 'lost' };
const TAKEN: LinkProblem = { kind: 'takenOver', text: 'taken over' };

function linkUp(link = 'l1'): SessionInput {
	return { kind: 'linkUp', link, receiveMaximum: 20, maxBatchBytes: 32_768 };
}

function linkDown(problem = LOST, jitter = 0.999_999): SessionInput {
	return { kind: 'linkDown', problem, jitter };
}

/** A session that remembers what it was told to do. */
function session() {
	const streams = [{ stream: 'people', centralEpoch: 'c1', rev: 3, root: null, parked: 0 }];
	let state: SessionState = startSession(
		{ epochs: [{ gatewayEpoch: 'g1', lastSeq: 0, ackedSeq: 0 }], streams, staged: null },
		0,
	);
	return {
		state: () => state,
		deadline: () => sessionDeadlineMs(state),
		at(nowMs: number, ...inputs: SessionInput[]): string[] {
			const outputs: SessionOutput[] = [];
			for (const input of inputs) {
				const step = stepSession(state, input, nowMs);
				state = step.state;
				outputs.push(...step.outputs);
			}
			return outputs.map((output) => output.do);
		},
	};
}

function answer(state: SessionState): SessionInput {
	const inReplyTo = state.asking.last?.id ?? '';
	const head = { stream: 'people', centralEpoch: 'c1', rev: 3, floor: 0, root: null, answer: 'current' as const };
	return { kind: 'resumed', body: { inReplyTo, streams: [head] } };
}

function waitOf(machine: ReturnType<typeof session>, nowMs: number): number {
	return Math.round(((machine.deadline() ?? 0) - nowMs) / 1_000);
}

describe('the connection', () => {
	it('begins with the birth and one resume', () => {
		expect(session().at(0, { kind: 'start' }, linkUp())).toEqual(['openLink', 'sendBirth', 'sendResume']);
	});

	it('that fails is tried again ever later, up to 5 minutes', () => {
		const machine = session();
		machine.at(0, { kind: 'start' });
		const waits: number[] = [];
		let nowMs = 0;
		for (let attempt = 0; attempt < 10; attempt += 1) {
			machine.at(nowMs, linkDown());
			waits.push(waitOf(machine, nowMs));
			nowMs = machine.deadline() ?? 0;
			expect(machine.at(nowMs, { kind: 'tick' })).toEqual(['openLink']);
		}
		expect(waits).toEqual([2, 4, 8, 16, 32, 64, 128, 256, 300, 300]);
	});

	it('that held for a minute starts the waits anew; one that flaps does not', () => {
		const machine = session();
		machine.at(0, { kind: 'start' }, linkUp(), linkDown());
		machine.at(2_000, { kind: 'tick' }, linkUp('l2'));
		machine.at(3_000, linkDown());
		expect(waitOf(machine, 3_000)).toBe(4);
		machine.at(7_000, { kind: 'tick' }, linkUp('l3'));
		machine.at(67_000, linkDown());
		expect(waitOf(machine, 67_000)).toBe(2);
	});

	it('taken over by another gateway waits a minute rather than fight for it', () => {
		const machine = session();
		machine.at(0, { kind: 'start' }, linkUp(), linkDown(TAKEN));
		expect(waitOf(machine, 0)).toBe(64);
	});

	it('that is stopped leaves, and what still comes of it is ignored', () => {
		const machine = session();
		machine.at(0, { kind: 'start' }, linkUp());
		expect(machine.at(1, { kind: 'stop' })).toEqual(['closeLink']);
		expect(machine.at(2, linkDown(), { kind: 'tick' }, linkUp())).toEqual([]);
		expect(machine.deadline()).toBeUndefined();
	});
});

describe('a new gateway epoch', () => {
	it('is told at once: a birth under the new name, a question, and its first events', () => {
		const machine = session();
		machine.at(0, { kind: 'start' }, linkUp());
		const epochs = [{ gatewayEpoch: 'g2', lastSeq: 3, ackedSeq: 0 }];
		expect(machine.at(5, { kind: 'epochStarted', epochs })).toEqual(['sendBirth', 'sendEvents', 'sendResume']);
		const { asking, upstream } = machine.state();
		expect(asking.last?.cursors).toEqual([{ gatewayEpoch: 'g2', ackedSeq: 0 }]);
		expect(upstream.epochs).toMatchObject(epochs);
	});

	it('begun while the link is down is told with the next birth', () => {
		const machine = session();
		machine.at(0, { kind: 'start' }, linkUp(), linkDown());
		expect(machine.at(5, { kind: 'epochStarted', epochs: [{ gatewayEpoch: 'g2', lastSeq: 3, ackedSeq: 0 }] })).toEqual(
			[],
		);
	});

	it('earlier ones are asked about with every question; only its answers move their cursors back', () => {
		const machine = session();
		const epochs = [
			{ gatewayEpoch: 'g1', lastSeq: 9, ackedSeq: 9 },
			{ gatewayEpoch: 'g2', lastSeq: 3, ackedSeq: 3 },
		];
		machine.at(0, { kind: 'start' }, { kind: 'epochStarted', epochs }, linkUp());
		const { last } = machine.state().asking;
		const back = { upTo: 4, chain: 'h', inReplyTo: 'earlier', rejected: [], problem: null };
		const ack = { kind: 'ack', gatewayEpoch: 'g1', ourChain: 'h' } as const;
		expect(machine.at(1, { ...ack, ack: back })).toEqual([]);
		expect(machine.at(2, { ...ack, ack: { ...back, inReplyTo: last?.id ?? '' } })).toEqual(['setAcked', 'sendEvents']);
	});
});

describe('asking central', () => {
	it('is repeated until it answers, ever less often', () => {
		const machine = session();
		machine.at(0, { kind: 'start' }, linkUp());
		const asked: number[] = [];
		for (let nowMs = 0; nowMs <= 200_000; nowMs += 1_000)
			if (machine.at(nowMs, { kind: 'tick' }).includes('sendResume')) asked.push(nowMs / 1_000);
		expect(asked).toEqual([10, 30, 70, 130, 190]);
	});

	it('of a quiet central happens every 11 minutes: the data’s age is known', () => {
		const machine = session();
		machine.at(0, { kind: 'start' }, linkUp());
		expect(machine.at(1, answer(machine.state()))).toEqual(['confirmCurrent']);
		expect(machine.at(659_000, { kind: 'tick' })).not.toContain('sendResume');
		expect(machine.at(660_001, { kind: 'tick' })).toContain('sendResume');
	});

	it('is not done twice because the broker kept that central is online, but is when it comes back', () => {
		const machine = session();
		machine.at(0, { kind: 'start' }, linkUp());
		machine.at(1, answer(machine.state()));
		const online = { kind: 'central', online: true, link: 'x' } as const;
		expect(machine.at(2, { ...online, retained: true })).toEqual([]);
		expect(machine.at(3, { ...online, link: 'y', retained: false })).toEqual(['sendResume']);
	});

	it('an answer to an earlier question is none', () => {
		const machine = session();
		machine.at(0, { kind: 'start' }, linkUp());
		const early = answer(machine.state());
		machine.at(10_000, { kind: 'tick' });
		expect(machine.at(10_001, early)).toEqual([]);
	});

	it('a head ahead of us is waited for two seconds, then asked about', () => {
		const machine = session();
		machine.at(0, { kind: 'start' }, linkUp());
		machine.at(1, answer(machine.state()));
		const head = { stream: 'people', centralEpoch: 'c1', rev: 4, floor: 0, root: null };
		expect(machine.at(1_000, { kind: 'downstream', input: { kind: 'head', head } })).toEqual([]);
		expect(machine.at(2_999, { kind: 'tick' })).toEqual([]);
		expect(machine.at(3_000, { kind: 'tick' })).toEqual(['sendResume']);
	});
});

describe('whether central is there', () => {
	it('a late will of an older connection does not hide it; its own does', () => {
		const machine = session();
		machine.at(0, { kind: 'start' }, linkUp());
		machine.at(1, { kind: 'central', online: true, link: 'new', retained: false });
		machine.at(2, { kind: 'central', online: false, link: 'old', retained: false });
		expect(machine.state().central).toBe('online');
		machine.at(3, { kind: 'central', online: false, link: 'new', retained: false });
		expect(machine.state().central).toBe('offline');
	});

	it('its answer says so, whatever was heard before', () => {
		const machine = session();
		machine.at(0, { kind: 'start' }, linkUp(), { kind: 'central', online: false, link: 'x', retained: true });
		const ack = { upTo: 0, chain: null, inReplyTo: machine.state().asking.last?.id ?? '', rejected: [], problem: null };
		machine.at(1, { kind: 'ack', gatewayEpoch: 'g1', ack, ourChain: null });
		expect(machine.state().central).toBe('online');
	});
});

it('X17: edits that central has and that stay without an answer make it be asked again, unless it is being asked', () => {
	const machine = session();
	machine.at(0, { kind: 'start' }, linkUp());
	expect(machine.at(1, { kind: 'editsWait' })).toEqual([]);
	machine.at(2, answer(machine.state()));
	expect(machine.at(60_000, { kind: 'editsWait' })).toEqual(['sendResume']);
	expect(machine.at(60_001, { kind: 'editsWait' })).toEqual([]);
	machine.at(60_002, answer(machine.state()), linkDown());
	expect(machine.at(60_003, { kind: 'editsWait' })).toEqual([]);
});

it('a heartbeat leaves every minute', () => {
	const machine = session();
	machine.at(0, { kind: 'start' }, linkUp());
	machine.at(1, answer(machine.state()));
	const beats = [59_999, 60_000, 60_001, 120_000, 179_999, 180_000].filter((nowMs) =>
		machine.at(nowMs, { kind: 'tick' }).includes('sendHeartbeat'),
	);
	expect(beats).toEqual([60_000, 120_000, 180_000]);
});

describe('N6: a site that is connected and quiet', () => {
	const beatAt = (nowMs: number, ...before: SessionInput[]) => {
		const machine = session();
		machine.at(0, { kind: 'start' }, linkUp());
		machine.at(1, answer(machine.state()), { kind: 'central', online: true, link: 'c', retained: true }, ...before);
		return machine.at(nowMs, { kind: 'tick' });
	};

	it('knows with every heartbeat that its streams are as fresh as now', () => {
		expect(beatAt(60_000)).toContain('confirmCurrent');
	});

	it('does not while central is away', () => {
		expect(beatAt(60_000, { kind: 'central', online: false, link: 'c', retained: false })).not.toContain(
			'confirmCurrent',
		);
	});

	it('does not while central has more than it', () => {
		const head = { stream: 'people', centralEpoch: 'c1', rev: 4, floor: 0, root: null };
		const input = { kind: 'head', head } as const;
		expect(beatAt(60_000, { kind: 'downstream', input })).not.toContain('confirmCurrent');
	});
});
