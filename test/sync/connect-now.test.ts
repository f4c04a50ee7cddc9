import { expect, it } from 'vitest';
import { type SessionInput, startSession, stepSession } from '../../src/sync/session.ts';

it('D: somebody who tests the connection does not wait for the next attempt, and disturbs none', () => {
	const start = startSession(
		{ epochs: [{ gatewayEpoch: 'g1', lastSeq: 0, ackedSeq: 0 }], streams: [], staged: null },
		0,
	);
	const after = (...inputs: SessionInput[]) =>
		inputs.reduce((state, input) => stepSession(state, input, 0).state, start);
	const now: SessionInput = { kind: 'connectNow' };
	const lost: SessionInput = { kind: 'linkDown', problem: { kind: 'tcp', text: 'nothing listens' }, jitter: 0.9 };
	const up: SessionInput = { kind: 'linkUp', link: 'l1', receiveMaximum: 20, maxBatchBytes: 32_768 };

	const waiting = after({ kind: 'start' }, lost);
	expect(waiting.link.phase).toBe('waiting');
	expect(stepSession(waiting, now, 1)).toMatchObject({
		state: { link: { phase: 'connecting' } },
		outputs: [{ do: 'openLink' }],
	});
	for (const state of [start, after({ kind: 'start' }), after({ kind: 'start' }, up)])
		expect(stepSession(state, now, 1)).toEqual({ state, outputs: [] });
});
