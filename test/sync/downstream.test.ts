import { describe, expect, it } from 'vitest';
import { downstreamDeadlineMs, downstreamLag, startDownstream, stepDownstream } from '../../src/sync/downstream.ts';
import type { DownstreamInput, DownstreamOutput, DownstreamState } from '../../src/sync/downstream-state.ts';
import type { Body } from '../../src/sync/envelope.ts';
import type { Delta } from '../../src/sync/stream-state.ts';

const HASH = (index: number) => String(index).repeat(64).slice(0, 64);

function synced(rev: number): DownstreamState {
	return startDownstream(
		[
			{ stream: 'people', centralEpoch: 'c1', rev, root: null, parked: 0 },
			{ stream: 'access', centralEpoch: 'c1', rev: 0, root: null, parked: 0 },
		],
		null,
		0,
	);
}

function delta(from: number, to: number, change: Partial<Delta> = {}): DownstreamInput {
	const ops = [{ op: 'delete', table: 'holders', key: 'h' } as const];
	const told = { stream: 'people', centralEpoch: 'c1', more: false, root: null };
	return { kind: 'delta', delta: { ...told, from, to, ops, ...change } };
}

function applied(rev: number): DownstreamInput {
	return { kind: 'applied', stream: 'people', rev, root: null, parked: 0, hasParked: false };
}

function run(start: DownstreamState, inputs: readonly DownstreamInput[], nowMs = 0) {
	const outputs: DownstreamOutput[] = [];
	const state = inputs.reduce((before, input) => {
		const step = stepDownstream(before, input, nowMs);
		outputs.push(...step.outputs);
		return step.state;
	}, start);
	const revs = outputs.flatMap((output) => (output.do === 'applyDelta' ? [output.delta.from] : []));
	const asked = outputs.flatMap((output) =>
		output.do === 'request' && output.request.type === 'chunkRequest' ? [output.request.body.index] : [],
	);
	return { state, outputs, revs, asked, kinds: outputs.map((output) => output.do) };
}

describe('deltas', () => {
	it('are applied only when they continue our rev; older ones are ignored', () => {
		expect(run(synced(5), [delta(5, 6), applied(6), delta(3, 5), delta(5, 6)]).revs).toEqual([5]);
	});

	it('one at a time: the next waits until the directory has the one before', () => {
		expect(run(synced(0), [delta(0, 1), delta(1, 2)]).revs).toEqual([0]);
		expect(run(synced(0), [delta(0, 1), delta(1, 2), applied(1)]).revs).toEqual([0, 1]);
	});

	it('that overtook each other wait for the missing one', () => {
		const { revs, state } = run(synced(0), [delta(2, 3), delta(1, 2), delta(0, 1), applied(1), applied(2), applied(3)]);
		expect(revs).toEqual([0, 1, 2]);
		expect(downstreamLag(state)).toBe('none');
	});

	it('behind a gap make central be asked soon', () => {
		expect(downstreamLag(run(synced(0), [delta(2, 3)]).state)).toBe('soon');
	});

	it('of another epoch are not applied, and central is asked', () => {
		const { revs, state } = run(synced(5), [delta(5, 6, { centralEpoch: 'c2' })]);
		expect(revs).toEqual([]);
		expect(downstreamLag(state)).toBe('soon');
	});

	it('that end an answer with more to come make central be asked at once', () => {
		expect(downstreamLag(run(synced(0), [delta(0, 1, { more: true }), applied(1)]).state)).toBe('now');
	});

	it('that can’t be kept are asked for again, ever later while the disk fails', () => {
		const failed: DownstreamInput = { kind: 'applyFailed', stream: 'people' };
		const { state } = run(synced(0), [delta(0, 1), failed, delta(0, 1), failed]);
		expect([state.failures, downstreamLag(state)]).toEqual([2, 'soon']);
		expect(run(state, [delta(0, 1), applied(1)]).state.failures).toBe(0);
	});

	it('of streams this gateway does not have are ignored', () => {
		expect(run(synced(0), [delta(0, 1, { stream: 'catalogue' })]).outputs).toEqual([]);
	});

	it('N11: behind a gap deny at once what they take away; those in their turn need not', () => {
		const ahead = (...inputs: DownstreamInput[]) =>
			run(synced(5), inputs).outputs.flatMap((output) => (output.do === 'denyAhead' ? [output.delta.from] : []));
		expect(ahead(delta(5, 6), delta(6, 7), applied(6), applied(7), delta(7, 8))).toEqual([]);
		expect(ahead(delta(7, 8), delta(8, 9), delta(5, 6))).toEqual([7, 8]);
		expect(ahead(delta(5, 6), delta(7, 8), delta(6, 7))).toEqual([7]);
		expect(ahead(delta(3, 5))).toEqual([]);
		const many = Array.from({ length: 40 }, (_, place) => delta(place + 6, place + 7));
		expect(ahead(...many)).toHaveLength(40);
	});

	it('N11: of another history deny only once central says that it is its own', () => {
		const other = delta(900, 901, { centralEpoch: 'c2' });
		expect(run(synced(5), [other]).kinds).toEqual([]);
		const head = { stream: 'people', centralEpoch: 'c2', rev: 900, floor: 0, root: null };
		expect(run(synced(5), [{ kind: 'head', head }, other]).kinds).toEqual(['denyAhead']);
	});

	it('that brought rows of no use, or mended one, make central be told', () => {
		const told = (change: object) => {
			const { kinds } = run(synced(5), [delta(5, 6), { ...applied(6), ...change } as DownstreamInput]);
			return kinds.includes('tellParked');
		};
		expect([told({}), told({ hasParked: true, parked: 1 }), told({ parked: 2 })]).toEqual([false, true, true]);
	});

	it('waiting for an earlier one are bounded', () => {
		const many = Array.from({ length: 100 }, (_, place) => delta(place + 1, place + 2));
		expect(run(synced(0), many).state.streams[0]?.held).toHaveLength(16);
	});
});

describe('a snapshot', () => {
	const manifest: Body<'manifest'> = {
		stream: 'people',
		snapshotId: 's1',
		centralEpoch: 'c2',
		rev: 40,
		root: null,
		rows: 7,
		chunks: Array.from({ length: 7 }, (_, index) => ({
			count: 1,
			first: `a/${index}`,
			last: `a/${index}`,
			hash: HASH(index),
		})),
	};
	const answer: DownstreamInput = {
		kind: 'resumed',
		streams: [{ stream: 'people', centralEpoch: 'c2', rev: 42, floor: 0, root: null, answer: 'snapshot' }],
	};
	const chunk = (index: number, hash = HASH(index)): DownstreamInput => ({
		kind: 'chunk',
		chunk: { stream: 'people', snapshotId: 's1', index, rows: [{ table: 'holders', row: {} }] },
		hash,
	});
	const begun = [answer, { kind: 'manifest', manifest }, { kind: 'opened', chunks: 0 }] as const;

	it('is pulled four chunks at a time, staged in order, finished, and the deltas after it are asked for', () => {
		const opened = run(synced(0), begun);
		expect(opened.kinds).toEqual(['request', 'openSnapshot', 'request', 'request', 'request', 'request']);
		expect(opened.asked).toEqual([0, 1, 2, 3]);
		let { state } = run(opened.state, [chunk(1), chunk(0)]);
		const staged: number[] = [0];
		for (let index = 0; index < 7; index += 1) {
			const step = run(state, [{ kind: 'staged', index }, ...(index + 2 < 7 ? [chunk(index + 2)] : [])]);
			for (const output of step.outputs) if (output.do === 'stageChunk') staged.push(output.chunk.index);
			({ state } = step);
		}
		expect(staged).toEqual([0, 1, 2, 3, 4, 5, 6]);
		const done = run(state, [{ kind: 'finished', root: HASH(3), parked: 0 }]);
		expect(done.state.streams[0]).toMatchObject({ centralEpoch: 'c2', rev: 40, root: HASH(3), snapshotDue: false });
		expect(downstreamLag(done.state)).toBe('now');
	});

	it('a damaged or unasked chunk is as good as none', () => {
		const { state } = run(synced(0), begun);
		const after = run(state, [
			chunk(0, HASH(9)),
			chunk(6),
			{ ...chunk(0), chunk: { ...manifest, index: 0, rows: [] }, hash: HASH(1) } as DownstreamInput,
		]);
		expect(after.outputs).toEqual([]);
		expect(downstreamDeadlineMs(after.state)).toBe(10_000);
		expect(run(after.state, [{ kind: 'tick' }], 10_000).asked).toEqual([0, 1, 2, 3]);
	});

	it('asks again for what is missing after a new connection', () => {
		const { state } = run(synced(0), [...begun, chunk(1)]);
		expect(run(state, [{ kind: 'up' }]).asked).toEqual([0, 2, 3]);
	});

	it('that central no longer has, or that the directory refuses, is given up; the old state stays', () => {
		for (const end of [{ kind: 'snapshotGone', snapshotId: 's1' }, { kind: 'stagingFailed' }] as const) {
			const { state, kinds } = run(synced(3), [...begun, end]);
			expect(kinds.at(-1)).toBe('abandonSnapshot');
			expect(state.streams[0]).toMatchObject({ centralEpoch: 'c1', rev: 3 });
			expect(downstreamLag(state)).toBe('soon');
		}
	});

	it('that nobody answers is given up after a minute', () => {
		let { state } = run(synced(0), [answer]);
		for (let nowMs = 10_000; nowMs <= 60_000; nowMs += 10_000) ({ state } = run(state, [{ kind: 'tick' }], nowMs));
		expect(state.pull).toBeNull();
	});

	it('holds back its own stream’s deltas, which deny at once what they take away, and no other’s', () => {
		const other = delta(0, 1, { stream: 'access' });
		const newer = delta(41, 42, { centralEpoch: 'c2' });
		const { revs, outputs, kinds } = run(synced(3), [...begun, delta(3, 4), newer, other]);
		expect(revs).toEqual([0]);
		expect(kinds.filter((kind) => kind === 'denyAhead')).toHaveLength(2);
		expect(outputs.at(-1)).toMatchObject({ do: 'applyDelta', delta: { stream: 'access' } });
	});

	it('N11: goes on with what was staged before a restart, if central still has it', () => {
		const staged = { stream: 'people', snapshotId: 's1' };
		const start = startDownstream(synced(0).streams, staged, 0);
		const asked = run(start, [answer]);
		expect(asked.outputs).toMatchObject([{ request: { type: 'snapshotRequest', body: { snapshotId: 's1' } } }]);
		const opened = run(asked.state, [
			{ kind: 'manifest', manifest },
			{ kind: 'opened', chunks: 5 },
		]);
		expect(opened.asked).toEqual([5, 6]);
		const all = run(asked.state, [
			{ kind: 'manifest', manifest },
			{ kind: 'opened', chunks: 7 },
		]);
		expect(all.kinds).toEqual(['openSnapshot', 'finishSnapshot']);
	});

	it('N11: staged in part stays when central falls silent, and is gone on with; what is not needed any more goes', () => {
		let { state } = run(synced(0), begun);
		const kinds: string[] = [];
		for (let nowMs = 10_000; nowMs <= 60_000; nowMs += 10_000) {
			const step = run(state, [{ kind: 'tick' }], nowMs);
			kinds.push(...step.kinds);
			({ state } = step);
		}
		expect([state.pull, kinds.includes('abandonSnapshot')]).toEqual([null, false]);
		expect(run(state, [answer]).outputs).toMatchObject([{ request: { body: { snapshotId: 's1' } } }]);
		const current = { stream: 'people', centralEpoch: 'c1', rev: 0, floor: 0, root: null, answer: 'current' as const };
		const dropped = run(state, [{ kind: 'resumed', streams: [current] }]);
		expect(dropped.kinds).toEqual(['confirmCurrent', 'abandonSnapshot']);
		expect(dropped.state.staged).toBeNull();
	});

	it('N11: waits its turn as long as central says, without giving up, while it is asked for and while it is pulled', () => {
		const wait: DownstreamInput = { kind: 'snapshotWait', stream: 'people', retryAfterMs: 90_000 };
		for (const inputs of [[answer], begun] as const) {
			let { state } = run(synced(0), [...inputs, wait]);
			expect(downstreamDeadlineMs(state)).toBe(90_000);
			for (let round = 1; round < 10; round += 1) {
				const again = run(state, [{ kind: 'tick' }], 90_000 * round);
				expect(again.kinds[0]).toBe('request');
				({ state } = run(again.state, [wait], 90_000 * round));
			}
			expect(state.pull).not.toBeNull();
		}
	});

	it('of one stream at a time', () => {
		const both: DownstreamInput = {
			kind: 'resumed',
			streams: ['people', 'access'].map((stream) => ({
				stream,
				centralEpoch: 'c2',
				rev: 40,
				floor: 0,
				root: null,
				answer: 'snapshot' as const,
			})),
		};
		const empty = { ...manifest, rows: 0, chunks: [] };
		const { outputs } = run(synced(0), [
			both,
			{ kind: 'manifest', manifest: empty },
			{ kind: 'opened', chunks: 0 },
			{ kind: 'finished', root: null, parked: 0 },
		]);
		expect(outputs.map((output) => (output.do === 'request' ? output.request.body.stream : output.do))).toEqual([
			'people',
			'openSnapshot',
			'finishSnapshot',
			'access',
		]);
	});
});
