import { describe, expect, test } from 'vitest';
import type { CommandOutcome, Holds, Opens, PulseCommand } from '../../src/gateway/core/device.ts';
import type { VirtualClock } from '../support/virtual-clock.ts';

/** A way to a barrier, with the barrier at its end in the test's hand. */
export interface PlayedBarrier {
	readonly clock: VirtualClock;
	readonly opens: Opens;
	readonly holds?: Holds | undefined;
	/** How often it was told to open, as the barrier sees it. */
	openings(): number;
	/** The output that opens is on; false where the barrier itself ends it. */
	isOn(): boolean;
	isHeld(): boolean;
	/** Time goes by, and the barrier is looked at. */
	pass(ms: number): Promise<void>;
	/** A vehicle came: whatever must be there for an opening is. */
	arrive(): Promise<void>;
	/** The way to it is cut. */
	lose(): void;
	/** It is there again, and has settled. */
	back(): Promise<void>;
	/** What the barrier answers is lost from now on; it acts all the same. */
	deafen(): void;
	/** The gateway is killed. */
	die(): void;
}

export interface BarrierCase {
	readonly name: string;
	create(): Promise<PlayedBarrier>;
	/** Of its outputs. */
	readonly output: string;
	readonly hold?: string;
	/** It says what became of a command; else a command that left counts as done. */
	readonly answers: boolean;
	/** It takes the length of its pulse from us. */
	readonly takesLength: boolean;
}

const PULSE_MS = 500;
/** Between the end of a pulse and the last word of whoever ends it: the guard is the slowest. */
const END_MS = 1_000;
/** Moments of a vend: before its bytes, between them, between them and the answer, while it is on, around its end, after it. */
const MOMENTS_MS = [0, 1, 2, 3, 5, 8, 12, 17, 25, 40, 70, 120, 300, 490, 510, 560, 700];

/** What every way to a barrier holds to, whatever it is made of. */
export function barrierContract({ name, create, output, hold, answers, takesLength }: BarrierCase): void {
	function pulse(barrier: PlayedBarrier, change: Partial<PulseCommand> = {}) {
		let outcome: CommandOutcome | undefined;
		let written = 0;
		const command: PulseCommand = {
			...{ output, durationMs: PULSE_MS, deadlineMonotonicMs: barrier.clock.monotonicMs() + 3_000 },
			onWritten() {
				written += 1;
			},
			...change,
		};
		void barrier.opens.pulse(command).then((ended) => {
			outcome = ended;
		});
		return { outcome: () => outcome, written: () => written };
	}

	/** What was told is what happened: nothing that opened is told as not done, and nothing opened twice. */
	function expectTruth(barrier: PlayedBarrier, { outcome, written }: ReturnType<typeof pulse>): void {
		const result = outcome()?.result;
		expect(['done', 'failed', 'expired', 'unknown']).toContain(result);
		expect(barrier.openings()).toBeLessThanOrEqual(1);
		expect(written()).toBeLessThanOrEqual(1);
		if (result === 'expired') expect([barrier.openings(), written()]).toEqual([0, 0]);
		if (result === 'failed') expect(barrier.openings()).toBe(0);
		if (result === 'done' && answers) expect(barrier.openings()).toBe(1);
		expect(barrier.isOn()).toBe(false);
	}

	describe(`D the way to a barrier: ${name}`, () => {
		test('opens once, says that it did, and lets go after the length of the pulse', async () => {
			const barrier = await create();
			await barrier.arrive();
			const vend = pulse(barrier);
			await barrier.pass(400);
			expect(vend.outcome()).toEqual({ result: 'done' });
			expect(vend.written()).toBe(1);
			if (takesLength) expect(barrier.isOn()).toBe(true);
			await barrier.pass(PULSE_MS + END_MS);
			expect(barrier.isOn()).toBe(false);
			await barrier.pass(10_000);
			expect(barrier.openings()).toBe(1);
		});

		test('opens for each of two vehicles that come one after the other', async () => {
			const barrier = await create();
			for (const count of [1, 2]) {
				await barrier.arrive();
				const vend = pulse(barrier);
				await barrier.pass(PULSE_MS + END_MS);
				expect(vend.outcome()).toEqual({ result: 'done' });
				expect(barrier.openings()).toBe(count);
			}
		});

		test('never opens late: a pulse whose time is over has expired, and nothing was written for it', async () => {
			const barrier = await create();
			await barrier.arrive();
			const vend = pulse(barrier, { deadlineMonotonicMs: barrier.clock.monotonicMs() - 1 });
			await barrier.pass(5_000);
			expect(vend.outcome()).toEqual({ result: 'expired' });
			expectTruth(barrier, vend);
		});

		test('never opens for a pulse that was asked for while it could not be reached', async () => {
			const barrier = await create();
			await barrier.arrive();
			barrier.lose();
			const vend = pulse(barrier);
			await barrier.pass(100);
			expect(vend.outcome()?.result).toMatch(/failed|expired/);
			await barrier.back();
			await barrier.pass(10_000);
			expectTruth(barrier, vend);
			expect(barrier.openings()).toBe(0);
		});

		test('never opens because it is back', async () => {
			const barrier = await create();
			for (let round = 0; round < 3; round += 1) {
				barrier.lose();
				await barrier.pass(700);
				await barrier.back();
				await barrier.pass(2_000);
			}
			expect([barrier.openings(), barrier.isOn()]).toEqual([0, false]);
		});

		test('never opens by an output it has not', async () => {
			const barrier = await create();
			await barrier.arrive();
			const vend = pulse(barrier, { output: 'elsewhere' });
			await barrier.pass(2_000);
			expect(vend.outcome()).toMatchObject({ result: 'failed', problem: expect.stringMatching(/elsewhere/) });
			expectTruth(barrier, vend);
		});

		if (takesLength)
			test.each([0, -1, 60_000, Number.NaN, Number.POSITIVE_INFINITY])(
				'never opens for %d ms: no barrier wants that',
				async (durationMs) => {
					const barrier = await create();
					await barrier.arrive();
					const vend = pulse(barrier, { durationMs });
					await barrier.pass(2_000);
					expect(vend.outcome()).toMatchObject({ result: 'failed' });
					expectTruth(barrier, vend);
				},
			);

		test('does not know what became of a pulse that was not answered, and never sends it again', async () => {
			const barrier = await create();
			await barrier.arrive();
			const vend = pulse(barrier, { onWritten: barrier.deafen });
			await barrier.pass(15_000);
			expect(vend.outcome()?.result).toBe(answers ? 'unknown' : 'done');
			expectTruth(barrier, vend);
		});

		test.each(MOMENTS_MS)(
			'cut %d ms after a pulse was asked for: it tells the truth, and never opens twice',
			async (ms) => {
				const barrier = await create();
				await barrier.arrive();
				const vend = pulse(barrier);
				await barrier.pass(ms);
				barrier.lose();
				await barrier.pass(300);
				await barrier.back();
				await barrier.pass(5_000);
				expectTruth(barrier, vend);
			},
		);

		test.each(MOMENTS_MS)(
			'its gateway killed %d ms after a pulse was asked for: it opens once at most, and lets go',
			async (ms) => {
				const barrier = await create();
				await barrier.arrive();
				const vend = pulse(barrier);
				await barrier.pass(ms);
				barrier.die();
				await barrier.pass(PULSE_MS + END_MS);
				expect(barrier.isOn()).toBe(false);
				await barrier.pass(5_000);
				expect(barrier.isOn()).toBe(false);
				expect(barrier.openings()).toBeLessThanOrEqual(1);
				if (vend.written() === 0) expect(barrier.openings()).toBe(0);
			},
		);

		test('does not open often for many pulses at once: some are refused, each is told its end', async () => {
			const barrier = await create();
			await barrier.arrive();
			const vends = Array.from({ length: 12 }, () => pulse(barrier));
			await barrier.pass(15_000);
			const results = vends.map(({ outcome }) => outcome()?.result);
			expect(results).not.toContain(undefined);
			expect(results.filter((result) => result === 'failed' || result === 'expired').length).toBeGreaterThan(2);
			expect(barrier.openings()).toBeLessThanOrEqual(results.filter((result) => result === 'done').length);
			expect(barrier.isOn()).toBe(false);
		});

		if (hold !== undefined) {
			const switchHold = async (barrier: PlayedBarrier, on: boolean) => {
				const switched = barrier.holds?.hold({ output: hold, on });
				await barrier.pass(1_500);
				return switched;
			};

			test('holds until it is told to let go, over pulses and over a lost line', async () => {
				const barrier = await create();
				expect(await switchHold(barrier, true)).toEqual({ result: 'done' });
				pulse(barrier);
				await barrier.pass(PULSE_MS + END_MS);
				expect([barrier.isHeld(), barrier.isOn()]).toEqual([true, false]);
				barrier.lose();
				await barrier.pass(1_000);
				await barrier.back();
				await barrier.pass(3_000);
				expect(barrier.isHeld()).toBe(true);
				expect(await switchHold(barrier, false)).toEqual({ result: 'done' });
				expect(barrier.isHeld()).toBe(false);
			});

			test('a hold that was asked for while it could not be reached does not act later', async () => {
				const barrier = await create();
				barrier.lose();
				expect((await switchHold(barrier, true))?.result).toMatch(/failed|expired|unknown/);
				await barrier.back();
				await barrier.pass(12_000);
				expect(barrier.isHeld()).toBe(false);
			});
		}
	});
}
