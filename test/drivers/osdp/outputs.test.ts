import { describe, expect, test } from 'vitest';
import { COMMAND, NAK, REPLY } from '../../../src/drivers/osdp/codes.ts';
import { encodeFrame, MARK, type OsdpFrame } from '../../../src/drivers/osdp/frame.ts';
import type { CommandOutcome } from '../../../src/gateway/core/device.ts';
import { answering, createOsdpBench, KEY, type OsdpBench, online, stateOf } from './osdp-bench.ts';

const BARRIER = { id: 'reader-1', address: 5, outputs: { open: 0, light: 1 } };
const SECURE_BARRIER = { ...BARRIER, key: KEY };

function pulse(
	bench: OsdpBench,
	withinMs = 3_000,
	output = 'open',
): { readonly outcome: () => CommandOutcome | undefined } {
	let outcome: CommandOutcome | undefined;
	const deadlineMonotonicMs = bench.clock.monotonicMs() + withinMs;
	const { opens } = bench.device('reader-1');
	void opens?.pulse({ output, durationMs: 500, deadlineMonotonicMs }).then((result) => {
		outcome = result;
	});
	return { outcome: () => outcome };
}

function outsOf(bench: OsdpBench): number {
	return bench.sent.filter(({ code }) => code === COMMAND.OUT).length;
}

describe.each([
	['plain', BARRIER],
	['secure', SECURE_BARRIER],
])('a pulse, %s', (_name, reader) => {
	test('is timed by the reader: it ends although the gateway is gone', async () => {
		const bench = await online(createOsdpBench({ readers: [reader] }));
		const asked = pulse(bench);
		const tookMs = await bench.until(() => asked.outcome() !== undefined, 200);
		expect(asked.outcome()).toEqual({ result: 'done' });
		expect(tookMs).toBeLessThan(2 * 50);
		expect(bench.outputs('reader-1')).toEqual({ open: true, light: false });
		bench.stop();
		await bench.clock.advanceAsync(500);
		expect(bench.outputs('reader-1')).toEqual({ open: false, light: false });
	});

	test('that is not answered is unknown and never sent again; cards are read again within a second', async () => {
		const rewrite = (simulator: Parameters<typeof answering>[0]) =>
			answering(simulator, (answers, command) => (command.code === COMMAND.OUT ? [] : answers));
		const bench = await online(createOsdpBench({ readers: [reader], rewrite }));
		const asked = pulse(bench);
		await bench.until(() => asked.outcome() !== undefined, 400);
		expect(asked.outcome()).toMatchObject({ result: 'unknown' });
		bench.stimulate('reader-1', 'card H10301 7 1');
		await bench.until(() => bench.observations.length === 1, 1_000);
		await bench.clock.advanceAsync(5_000);
		expect(outsOf(bench)).toBe(1);
		expect(stateOf(bench)).toBe('online');
	});

	test('the reader refuses is failed, with its reason, and not repeated', async () => {
		const bench = await online(createOsdpBench({ readers: [reader], simulated: { 'reader-1': { outputs: {} } } }));
		const asked = pulse(bench);
		await bench.until(() => asked.outcome() !== undefined, 400);
		expect(asked.outcome()).toEqual({
			result: 'failed',
			problem: 'the reader refused it: it cannot carry the command out (NAK 9)',
		});
		expect(outsOf(bench)).toBe(1);
	});

	test('in flight when the line is lost is unknown, one that waits has failed', async () => {
		const bench = await online(createOsdpBench({ readers: [reader] }));
		const first = pulse(bench);
		const second = pulse(bench);
		await bench.until(() => outsOf(bench) === 1, 100);
		bench.stop('the adapter was pulled out');
		await bench.clock.advanceAsync(1);
		expect(first.outcome()).toMatchObject({ result: 'unknown' });
		expect(second.outcome()).toEqual({ result: 'failed', problem: 'the adapter was pulled out' });
	});
});

test('a pulse waits behind one exchange at most, however many polls are due', async () => {
	const readers = [BARRIER, ...[6, 7, 8, 9].map((address) => ({ id: `reader-${address}`, address }))];
	const bench = await online(createOsdpBench({ readers }));
	for (let n = 1; n <= 20; n += 1) {
		await bench.clock.advanceAsync(61.7);
		const before = bench.sent.length;
		const asked = pulse(bench);
		await bench.until(() => outsOf(bench) === n, 60);
		expect(bench.sent.length - before).toBe(1);
		await bench.until(() => asked.outcome() !== undefined, 100);
	}
});

test('a pulse whose deadline passed while the line was busy is expired and never sent', async () => {
	const silentAfterPolls = (simulator: Parameters<typeof answering>[0]) => {
		let polls = 0;
		return answering(simulator, (answers, command) => {
			polls += command.code === COMMAND.POLL ? 1 : 0;
			return polls > 10 ? [] : answers;
		});
	};
	const bench = createOsdpBench({ readers: [BARRIER], rewrite: silentAfterPolls });
	await bench.start();
	await bench.clock.advanceAsync(1_000);
	const asked = pulse(bench, 700);
	await bench.clock.advanceAsync(700);
	expect(asked.outcome()).toBeUndefined();
	await bench.clock.advanceAsync(2);
	expect(asked.outcome()).toEqual({ result: 'expired' });
	await bench.clock.advanceAsync(10_000);
	expect(outsOf(bench)).toBe(0);
});

test.each([0, 1, 2, 3])(
	'the deadline is looked at last: the process stalls after %i looks at the clock',
	async (looksBefore) => {
		let looksLeft = Number.POSITIVE_INFINITY;
		const bench = await online(
			createOsdpBench({
				readers: [BARRIER],
				gatewayClock: (clock) => ({
					...clock,
					monotonicMs() {
						looksLeft -= 1;
						return clock.monotonicMs() + (looksLeft < 0 ? 4_000 : 0);
					},
				}),
			}),
		);
		const polls = bench.sent.length;
		await bench.until(() => bench.sent.length > polls, 100);
		// The line is free until the next poll, so the pulse may go at once.
		await bench.clock.advanceAsync(30);
		let sawLateTime: boolean | undefined;
		bench.onWrite = (command) => {
			if (command?.code === COMMAND.OUT) sawLateTime = looksLeft < 0;
		};
		looksLeft = looksBefore;
		const asked = pulse(bench);
		expect(sawLateTime).toBe(looksBefore < 3 ? undefined : false);
		await bench.clock.advanceAsync(100);
		// In the last case the stall looks like a reader that did not answer.
		expect(asked.outcome()?.result).toBe(looksBefore < 3 ? 'expired' : 'unknown');
	},
);

test('a pulse to an unknown output, or to a reader that is not there, fails at once and says why', async () => {
	const bench = createOsdpBench({ readers: [BARRIER] });
	const early = pulse(bench);
	await bench.clock.advanceAsync(1);
	expect(early.outcome()).toEqual({ result: 'failed', problem: 'the reader has not answered yet' });
	bench.stimulate('reader-1', 'unplug');
	await bench.start();
	await bench.clock.advanceAsync(9_000);
	const offline = pulse(bench);
	const unknown = pulse(bench, 3_000, 'gate');
	await bench.clock.advanceAsync(1);
	expect(offline.outcome()).toMatchObject({ result: 'failed', problem: expect.stringContaining('no answer') });
	expect(unknown.outcome()).toEqual({ result: 'failed', problem: 'reader-1 has no output gate' });
});

test('a reader that could not read the pulse (NAK 1) gets the same bytes again, before the deadline', async () => {
	let refusals = 0;
	const rewrite = (simulator: Parameters<typeof answering>[0]) => ({
		...simulator,
		receive(bytes: Uint8Array) {
			// The bytes arrive damaged: the reader has not seen the command.
			if (bytes.includes(COMMAND.OUT) && refusals < 1) {
				refusals += 1;
				return [{ bytes: Uint8Array.of(MARK, ...refusal(NAK.BAD_CHECK)), delayMs: 1 }];
			}
			return simulator.receive(bytes);
		},
	});
	const bench = await online(createOsdpBench({ readers: [BARRIER], rewrite }));
	const asked = pulse(bench);
	await bench.until(() => asked.outcome() !== undefined, 400);
	expect(asked.outcome()).toEqual({ result: 'done' });
	const outs = bench.sent.filter(({ code }) => code === COMMAND.OUT);
	expect(outs).toHaveLength(2);
	expect(outs[0]?.covered).toEqual(outs[1]?.covered);
});

test('a refusal without MAC cannot say that a pulse did not happen', async () => {
	const rewrite = (simulator: Parameters<typeof answering>[0]) =>
		answering(simulator, (answers, command) =>
			command.code === COMMAND.OUT
				? [
						{ bytes: refusal(NAK.NOT_SECURED, command), delayMs: 1 },
						...answers.map((answer) => ({ ...answer, delayMs: 40 })),
					]
				: answers,
		);
	const bench = await online(createOsdpBench({ readers: [SECURE_BARRIER], rewrite }));
	const asked = pulse(bench);
	await bench.until(() => asked.outcome() !== undefined, 400);
	expect(asked.outcome()).toMatchObject({ result: 'unknown' });
	await bench.clock.advanceAsync(3_000);
	expect(outsOf(bench)).toBe(1);
});

test('no more than eight commands wait for a reader', async () => {
	const bench = await online(createOsdpBench({ readers: [BARRIER] }));
	const asked = Array.from({ length: 12 }, () => pulse(bench));
	await bench.clock.advanceAsync(1);
	const refused = asked.filter(({ outcome }) => outcome()?.result === 'failed');
	expect(refused.length).toBeGreaterThanOrEqual(3);
	expect(refused.length).toBeLessThanOrEqual(4);
	await bench.clock.advanceAsync(2_000);
	expect(asked.every(({ outcome }) => outcome() !== undefined)).toBe(true);
});

function refusal(reason: number, command?: OsdpFrame): Uint8Array {
	const sequence = command?.sequence ?? 0;
	const data = Uint8Array.of(reason);
	return encodeFrame({ address: 5, reply: true, sequence, check: 'crc', code: REPLY.NAK, data });
}

describe.each([
	['plain', BARRIER],
	['secure', SECURE_BARRIER],
])('a maintained output, %s', (_name, reader) => {
	test('stays on although the gateway is gone, until it is switched off', async () => {
		const bench = await online(createOsdpBench({ readers: [reader] }));
		const outcomes: CommandOutcome[] = [];
		const hold = (on: boolean) => {
			void bench
				.device('reader-1')
				.holds?.hold({ output: 'light', on })
				.then((ended) => outcomes.push(ended));
		};
		hold(true);
		await bench.until(() => outcomes.length === 1, 400);
		await bench.clock.advanceAsync(60_000);
		expect(bench.outputs('reader-1')).toEqual({ open: false, light: true });
		hold(false);
		await bench.until(() => outcomes.length === 2, 400);
		expect(bench.outputs('reader-1')).toEqual({ open: false, light: false });
		expect(outcomes).toEqual([{ result: 'done' }, { result: 'done' }]);
	});
});

test('a pulse tells when its bytes are handed to the port, once', async () => {
	const bench = await online(createOsdpBench({ readers: [BARRIER] }));
	let written = 0;
	const onWritten = () => {
		written += 1;
	};
	const deadlineMonotonicMs = bench.clock.monotonicMs() + 3_000;
	const { opens } = bench.device('reader-1');
	await Promise.all([
		opens?.pulse({ output: 'open', durationMs: 500, deadlineMonotonicMs, onWritten }),
		bench.clock.advanceAsync(500),
	]);
	expect(written).toBe(1);
});

test('a hold asked of a reader that is away does not act when it comes back', async () => {
	const bench = await online(createOsdpBench({ readers: [BARRIER] }));
	bench.stimulate('reader-1', 'unplug');
	let outcome: CommandOutcome | undefined;
	void bench
		.device('reader-1')
		.holds?.hold({ output: 'light', on: true })
		.then((ended) => {
			outcome = ended;
		});
	await bench.clock.advanceAsync(15_000);
	expect(['expired', 'failed', 'unknown']).toContain(outcome?.result);
	bench.stimulate('reader-1', 'plug');
	await bench.clock.advanceAsync(15_000);
	expect(bench.outputs('reader-1')).toEqual({ open: false, light: false });
});
