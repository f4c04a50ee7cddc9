import { describe, expect, it } from 'vitest';
import { LIMITS } from '../../../src/gateway/core/limits.ts';
import {
	type CentralInput,
	type CentralState,
	startCentral,
	stepCentral,
} from '../../../src/sync/central/central-session.ts';
import { createToldAhead } from '../../../src/sync/central/told-ahead.ts';
import type { StreamHead } from '../../../src/sync/envelope.ts';

const head: StreamHead = { stream: 'people', centralEpoch: 'c1', rev: 50, floor: 20, root: null };

function answer(position: { centralEpoch: string | null; rev: number }, headRev = 50): string[] {
	const up = [{ kind: 'start' }, { kind: 'linkUp', link: 'l9' }] as const;
	const state = up.reduce<CentralState>(
		(before, input) => stepCentral(before, input, 0).state,
		startCentral([{ ...head, rev: headRev }], 0),
	);
	const input: CentralInput = {
		kind: 'resume',
		asker: { site: 'site-1', gatewayEpoch: 'e1', link: 'l1' },
		id: 'r1',
		streams: [{ stream: 'people', root: null, parked: 0, ...position }],
		cursor: { site: 'site-1', gatewayEpoch: 'e1', upTo: 7, chain: 'h7', rejected: [] },
		earlier: [],
	};
	return stepCentral(state, input, 0).outputs.map((output) => {
		if (output.do === 'sendResumed') return output.body.streams.map((stream) => stream.answer).join();
		if (output.do === 'sendAck') return `ack ${output.ack.upTo} to ${output.ack.inReplyTo}`;
		return output.do === 'sendDeltas' ? `deltas from ${output.from}` : output.do;
	});
}

describe('what central answers to a site that comes back', () => {
	it.each([
		['at the head', { centralEpoch: 'c1', rev: 50 }, ['current']],
		['behind it', { centralEpoch: 'c1', rev: 49 }, ['deltas', 'deltas from 49']],
		['as far behind as changes are kept', { centralEpoch: 'c1', rev: 20 }, ['deltas', 'deltas from 20']],
		['further behind', { centralEpoch: 'c1', rev: 19 }, ['snapshot', 'sendAhead']],
		['never synced', { centralEpoch: null, rev: 0 }, ['snapshot']],
		['of central’s history before a restore', { centralEpoch: 'c0', rev: 50 }, ['snapshot', 'sendAhead']],
		['ahead of central', { centralEpoch: 'c1', rev: 51 }, ['snapshot', 'sendAhead']],
	])('%s', (_, position, expected) => {
		expect(answer(position)).toEqual(['ack 7 to r1', ...expected]);
	});

	it('N11: behind by more than one answer it hears the newest changes first', () => {
		const one = LIMITS.deltasPerAnswer * LIMITS.deltaOps;
		const position = { centralEpoch: 'c1', rev: 40 };
		expect(answer(position, 40 + one)).toEqual(['ack 7 to r1', 'deltas', 'deltas from 40']);
		expect(answer(position, 41 + one)).toEqual(['ack 7 to r1', 'deltas', 'sendAhead', 'deltas from 40']);
	});

	it('N11: what was told ahead is told once a connection, the changes since then too', () => {
		const told = createToldAhead();
		const asker = { site: 'site-1', link: 'l1' };
		const stream = { stream: 'people', floor: 20 };
		const rev = 20 + 2 * LIMITS.changesAhead;
		expect(told.from(asker, { ...stream, rev: 50 })).toBe(20);
		expect(told.from(asker, { ...stream, rev: 50 })).toBe(50);
		expect(told.from(asker, { ...stream, rev: 60 })).toBe(50);
		expect(told.from({ ...asker, link: 'l2' }, { ...stream, rev })).toBe(rev - LIMITS.changesAhead);
	});
});

describe('central’s own link', () => {
	it('tells every head again when the broker may have forgotten them', () => {
		const started = stepCentral(startCentral([head], 0), { kind: 'start' }, 0).state;
		const up = stepCentral(started, { kind: 'linkUp', link: 'l9' }, 0);
		expect(up.outputs).toEqual([
			{ do: 'sendState', link: 'l9' },
			{ do: 'sendHead', head },
		]);
	});

	it('tells a delta at once and heads four times a second at most', () => {
		const started = stepCentral(startCentral([head], 0), { kind: 'start' }, 0).state;
		let { state } = stepCentral(started, { kind: 'linkUp', link: 'l9' }, 0);
		const delta = { stream: 'people', centralEpoch: 'c1', from: 50, to: 51, ops: [], more: false, root: null };
		for (let rev = 51; rev < 60; rev += 1) {
			const step = stepCentral(state, { kind: 'changed', delta, heads: [{ ...head, rev }] }, rev);
			expect(step.outputs.map((output) => output.do)).toEqual(['sendLiveDelta']);
			({ state } = step);
		}
		expect(stepCentral(state, { kind: 'tick' }, 301).outputs).toEqual([{ do: 'sendHead', head: { ...head, rev: 59 } }]);
	});
});
