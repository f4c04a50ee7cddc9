import { describe, expect, it } from 'vitest';
import { encodeSums, noSums } from '../../src/gateway/core/directory-digest.ts';
import { downstreamDeadlineMs, startDownstream, stepDownstream } from '../../src/sync/downstream.ts';
import type { DownstreamInput, DownstreamOutput, DownstreamState } from '../../src/sync/downstream-state.ts';
import type { Body } from '../../src/sync/envelope.ts';
import type { Delta } from '../../src/sync/stream-state.ts';

const ROOT = (digit: number) => String(digit).repeat(64);
const SUMS = encodeSums(noSums());
const MINUTE = 60_000;

function synced(rev = 5, root = ROOT(1)): DownstreamState {
	return startDownstream([{ stream: 'people', centralEpoch: 'c1', rev, root, parked: 0 }], null, 0);
}

function head(rev: number, root: string | null = ROOT(1)): DownstreamInput {
	return { kind: 'head', head: { stream: 'people', centralEpoch: 'c1', rev, floor: 0, root } };
}

function delta(from: number, root: string | null): DownstreamInput {
	const ops: Delta['ops'] = [{ op: 'delete', table: 'holders', key: 'h' }];
	return {
		kind: 'delta',
		delta: { stream: 'people', centralEpoch: 'c1', from, to: from + 1, ops, more: false, root },
	};
}

const applied = (rev: number, root: string): DownstreamInput => ({
	...{ kind: 'applied', stream: 'people', rev, root, parked: 0, hasParked: false },
});
const verified = (rev: number, root = ROOT(1), damaged = 0): DownstreamInput => ({
	kind: 'verified',
	stream: 'people',
	found: { centralEpoch: 'c1', rev, root, sums: SUMS, damaged },
});
const mended = (rev: number, root: string, changed = 1): DownstreamInput => ({
	...{ kind: 'mended', stream: 'people', rev, root, sums: SUMS, parked: 0, changed },
});
const failed = (beyondRepair = false): DownstreamInput => ({ kind: 'repairFailed', stream: 'people', beyondRepair });

function answer(
	requestId: string,
	change: Partial<Extract<Body<'digestAnswer'>, { answer: 'rows' }>> = {},
): DownstreamInput {
	const rows = [{ table: 'holders', key: 'h', row: { id: 'h' } }];
	const buckets = [{ bucket: 3, sum: '0000000000000001' }];
	const told = { requestId, stream: 'people', centralEpoch: 'c1', rev: 5, differing: 1 };
	return { kind: 'digestAnswer', answer: { answer: 'rows', ...told, buckets, part: 0, parts: 1, rows, ...change } };
}

function run(start: DownstreamState, inputs: readonly DownstreamInput[], nowMs = 0) {
	const outputs: DownstreamOutput[] = [];
	const state = inputs.reduce((before, input) => {
		const step = stepDownstream(before, input, nowMs);
		outputs.push(...step.outputs);
		return step.state;
	}, start);
	const kinds = outputs.map((output) => (output.do === 'request' ? output.request.type : output.do));
	const asked = outputs.flatMap((output) =>
		output.do === 'request' && output.request.type === 'digestRequest' ? [output.request.body] : [],
	);
	return { state, outputs, kinds, asked, lastId: asked.at(-1)?.requestId ?? '' };
}

/** Central was asked for its rows. */
function asking() {
	return run(synced(), [head(5, ROOT(2)), verified(5)]);
}

describe('N12: a digest that is not central’s', () => {
	it('at the same rev makes the rows be read again and central be asked with their sums', () => {
		const { kinds, asked } = asking();
		expect(kinds).toEqual(['verifyStream', 'digestRequest']);
		expect(asked).toMatchObject([
			{ stream: 'people', centralEpoch: 'c1', rev: 5, sums: Buffer.from(SUMS).toString('base64') },
		]);
	});

	it.each([
		['of another rev', [head(6, ROOT(2))]],
		['of another history', [{ ...head(5), head: { stream: 'people', centralEpoch: 'c9', rev: 5, root: ROOT(2) } }]],
		['that central does not keep', [head(5, null)]],
		['that is the same', [head(5)]],
	])('%s says nothing', (_, inputs) => {
		expect(run(synced(), inputs as readonly DownstreamInput[]).kinds).toEqual([]);
	});

	it('is noticed at every live delta, also while the head runs ahead', () => {
		expect(run(synced(), [delta(5, ROOT(7)), delta(6, ROOT(8)), applied(6, ROOT(7))]).kinds).toEqual([
			'applyDelta',
			'applyDelta',
		]);
		expect(run(synced(), [delta(5, ROOT(7)), delta(6, ROOT(8)), applied(6, ROOT(9))]).kinds).toEqual([
			'applyDelta',
			'applyDelta',
			'verifyStream',
		]);
	});

	it('is settled when reading the rows again brought it right', () => {
		const { kinds, state } = run(synced(), [head(5, ROOT(2)), verified(5, ROOT(2))]);
		expect(kinds).toEqual(['verifyStream']);
		expect(state.repair).toBeNull();
	});
});

describe('a repair', () => {
	it('puts central’s rows in place when they all came, and reports it', () => {
		const { state, lastId } = asking();
		const one = run(state, [answer(lastId, { part: 1, parts: 2 })]);
		expect(one.kinds).toEqual([]);
		const both = run(one.state, [answer(lastId, { part: 0, parts: 2 })]);
		expect(both.kinds).toEqual(['mendStream']);
		const done = run(both.state, [mended(5, ROOT(2), 3)]);
		expect(done.outputs).toEqual([{ do: 'reportRepair', report: { stream: 'people', rows: 3, damaged: 0 } }]);
		expect(done.state.streams[0]).toMatchObject({ root: ROOT(2), differs: false });
	});

	it('of more than one answer asks again with the sums it then has', () => {
		const { state, lastId } = asking();
		const first = run(state, [answer(lastId, { differing: 2 }), mended(5, ROOT(3))]);
		expect(first.kinds).toEqual(['mendStream', 'digestRequest']);
		const second = run(first.state, [answer(first.lastId), mended(5, ROOT(2))]);
		expect(second.kinds).toEqual(['mendStream', 'reportRepair']);
		expect(second.outputs.at(-1)).toMatchObject({ report: { rows: 2 } });
	});

	it('waits with newer rows until the deltas to their rev are here; deltas go on meanwhile', () => {
		const { state, lastId } = asking();
		const waiting = run(state, [answer(lastId, { rev: 6 })]);
		expect(waiting.kinds).toEqual([]);
		expect(run(waiting.state, [delta(5, null), applied(6, ROOT(4))]).kinds).toEqual(['applyDelta', 'mendStream']);
	});

	it('takes no older rows, no other history’s, and no answer to another question', () => {
		const { state, lastId } = asking();
		const { kinds } = run(state, [
			answer(lastId, { rev: 4 }),
			answer(lastId, { centralEpoch: 'c9' }),
			answer('people.999'),
		]);
		expect(kinds).toEqual([]);
	});

	it('takes the parts of one answer only, when the question went twice', () => {
		const { state, lastId } = asking();
		const mixed = run(state, [
			answer(lastId, { part: 0, parts: 2, rev: 5 }),
			answer(lastId, { part: 1, parts: 2, rev: 6 }),
		]);
		expect(mixed.kinds).toEqual([]);
		expect(mixed.state.repair?.parts.map(({ rev }) => rev)).toEqual([6]);
	});

	it('asks again when nothing comes, and gives up for a minute, two, four: then a snapshot that is not older', () => {
		let { state } = run(synced(), [head(5, ROOT(2))]);
		const kinds: string[] = [];
		let nowMs = 0;
		for (let round = 0; round < 40 && state.pull === null; round += 1) {
			const step = run(state, state.repair?.phase === 'verifying' ? [verified(5)] : [{ kind: 'tick' }], nowMs);
			kinds.push(...step.kinds);
			({ state } = step);
			nowMs = Math.max(nowMs, downstreamDeadlineMs(state) ?? nowMs);
		}
		// The first was begun before.
		expect(kinds.filter((kind) => kind === 'verifyStream')).toHaveLength(2);
		expect(kinds.filter((kind) => kind === 'digestRequest')).toHaveLength(9);
		expect(nowMs).toBeGreaterThan(3 * MINUTE);
		expect(kinds.at(-1)).toBe('snapshotRequest');
		const manifest = { stream: 'people', snapshotId: 's', centralEpoch: 'c1', root: ROOT(2), rows: 0, chunks: [] };
		expect(run(state, [{ kind: 'manifest', manifest: { ...manifest, rev: 4 } }]).kinds).toEqual([]);
		const newer = run(state, [
			{ kind: 'manifest', manifest: { ...manifest, rev: 5 } },
			{ kind: 'opened', chunks: 0 },
			{ kind: 'finished', root: ROOT(2), parked: 0 },
		]);
		expect(newer.kinds).toEqual(['openSnapshot', 'finishSnapshot']);
		expect(newer.state.streams[0]).toMatchObject({ differs: false, beyondRepair: false });
	});

	it('is not begun again at once when its rows go wrong again', () => {
		const { state, lastId } = asking();
		const done = run(state, [answer(lastId), mended(5, ROOT(2)), delta(5, ROOT(7)), applied(6, ROOT(8))]);
		expect(done.kinds).toEqual(['mendStream', 'reportRepair', 'applyDelta']);
		expect(downstreamDeadlineMs(done.state)).toBe(MINUTE);
		expect(run(done.state, [{ kind: 'tick' }], MINUTE).kinds).toEqual(['verifyStream']);
	});

	it.each([
		['central says that too much differs', ['snapshot']],
		['the disk has too many damaged rows', ['beyond']],
	])('gives way to a snapshot when %s', (_, [how]) => {
		const { state, lastId } = how === 'snapshot' ? asking() : run(synced(), [head(5, ROOT(2))]);
		const told: DownstreamInput =
			how === 'snapshot'
				? { kind: 'digestAnswer', answer: { answer: 'snapshot', requestId: lastId, stream: 'people' } }
				: failed(true);
		expect(run(state, [told]).kinds).toEqual(['snapshotRequest']);
	});

	it('is over when central says that nothing differs', () => {
		const { state, lastId } = asking();
		const same: DownstreamInput = {
			kind: 'digestAnswer',
			answer: { answer: 'same', requestId: lastId, stream: 'people' },
		};
		const { kinds, state: after } = run(state, [same]);
		expect(kinds).toEqual([]);
		expect([after.repair, after.streams[0]?.differs]).toEqual([null, false]);
	});

	it('makes room for a snapshot, and what it still mends is taken for what it is', () => {
		const { state, lastId } = asking();
		const mending = run(state, [answer(lastId)]).state;
		const due: DownstreamInput = {
			kind: 'resumed',
			streams: [{ stream: 'people', centralEpoch: 'c2', rev: 9, floor: 0, root: ROOT(9), answer: 'snapshot' }],
		};
		const pulling = run(mending, [due]);
		expect(pulling.kinds).toEqual(['snapshotRequest']);
		const late = run(pulling.state, [mended(5, ROOT(2))]);
		expect(late.kinds).toEqual([]);
		expect(late.state.streams[0]).toMatchObject({ rev: 5, root: ROOT(2) });
	});
});

describe('rows that nobody asked about', () => {
	it('are read again ten minutes after the start and then every day, and nothing is asked while they are right', () => {
		expect(downstreamDeadlineMs(synced())).toBe(10 * MINUTE);
		const looking = run(synced(), [head(5), { kind: 'tick' }], 10 * MINUTE);
		expect(looking.kinds).toEqual(['verifyStream']);
		const looked = run(looking.state, [verified(5)], 10 * MINUTE);
		expect(looked.kinds).toEqual([]);
		expect(downstreamDeadlineMs(looked.state)).toBe(10 * MINUTE + 24 * 60 * MINUTE);
	});

	it('and are damaged, or fewer than they were, are asked for', () => {
		const { state } = run(synced(), [head(5), { kind: 'tick' }], 10 * MINUTE);
		expect(run(state, [verified(5, ROOT(1), 1)]).kinds).toEqual(['digestRequest']);
		expect(run(state, [verified(5, ROOT(6))]).kinds).toEqual(['digestRequest']);
	});
});
