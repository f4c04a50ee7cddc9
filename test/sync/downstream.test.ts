import { describe, expect, it } from 'vitest';
import {
	type Delta,
	type DownstreamInput,
	type DownstreamOutput,
	type DownstreamState,
	downstreamDeadlineMs,
	downstreamLag,
	startDownstream,
	stepDownstream,
} from '../../src/sync/downstream.ts';
import type { Body } from '../../src/sync/envelope.ts';

const HASH = (index: number) => String(index).repeat(64).slice(0, 64);

function synced(rev: number): DownstreamState {
	return startDownstream(
		[
			{ stream: 'people', centralEpoch: 'c1', rev, root: null, parked: 0 },
			{ stream: 'access', centralEpoch: 'c1', rev: 0, root: null, parked: 0 },
		],
		0,
	);
}

function delta(from: number, to: number, change: Partial<Delta> = {}): DownstreamInput {
	const ops = [{ op: 'delete', table: 'holders', key: 'h' } as const];
	const told = { stream: 'people', centralEpoch: 'c1', more: false, root: null };
	return { kind: 'delta', delta: { ...told, from, to, ops, ...change } };
}

function applied(rev: number): DownstreamInput {
	return { kind: 'applied', stream: 'people', rev, root: null, parked: 0 };
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
	const begun = [answer, { kind: 'manifest', manifest }, { kind: 'opened' }] as const;

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
		expect(downstreamLag(done.state)).toBe('soon');
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

	it('holds back its own stream’s deltas, and no other’s', () => {
		const other = delta(0, 1, { stream: 'access' });
		const { revs, outputs } = run(synced(3), [...begun, delta(3, 4), other]);
		expect(revs).toEqual([0]);
		expect(outputs.at(-1)).toMatchObject({ do: 'applyDelta', delta: { stream: 'access' } });
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
			{ kind: 'opened' },
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
