import { describe, expect, test } from 'vitest';
import { GatewayError } from '../../../src/gateway/core/gateway-error.ts';
import { createClockWatch } from '../../../src/gateway/services/clock-trust.ts';
import { createMemoryLog } from '../../support/memory-log.ts';
import { createVirtualClock } from '../../support/virtual-clock.ts';

const YEAR = 365 * 86_400_000;
const MINUTE = 60_000;

function watch(highestTimeMs = 0, startMs = Date.UTC(2026, 5, 16)) {
	const clock = createVirtualClock(startMs);
	const seen = { ms: highestTimeMs };
	const clockWatch = createClockWatch(clock, {
		highestTimeMs: () => seen.ms,
		raiseHighestTime: (nowMs) => {
			seen.ms = Math.max(seen.ms, nowMs);
		},
	});
	return { clock, clockWatch, seen };
}

describe('N6: the clock is believed', () => {
	test('while it runs on', () => {
		const { clock, clockWatch } = watch();
		clock.advance(3 * 86_400_000);
		expect(clockWatch.trust()).toBe('held');
	});

	test('while the disk is full and nothing can be kept', () => {
		const clock = createVirtualClock(Date.UTC(2026, 5, 16));
		const log = createMemoryLog();
		const full = (): never => {
			throw new GatewayError('STORE_FULL', 'the disk is full');
		};
		const clockWatch = createClockWatch(clock, { highestTimeMs: () => 0, raiseHighestTime: full }, { log });
		clock.advance(30 * MINUTE);
		clockWatch.confirm();
		expect(clockWatch.trust()).toBe('held');
		expect(log.lines).toContainEqual(expect.objectContaining({ level: 'warn' }));
	});

	test('also when it was corrected by seconds', () => {
		const { clock, clockWatch } = watch();
		clock.jumpWallClock(-30_000);
		clock.advance(2 * MINUTE);
		expect(clockWatch.trust()).toBe('held');
	});

	test('not when it starts behind the latest time this site has seen (battery lost)', () => {
		expect(watch(Date.UTC(2026, 5, 17)).clockWatch.trust()).toBe('untrusted');
	});

	test.each([10, -10])('not after a jump of %i years', (years) => {
		const { clock, clockWatch } = watch();
		clock.jumpWallClock(years * YEAR);
		clock.advance(2 * MINUTE);
		expect(clockWatch.trust()).toBe('untrusted');
	});

	test('a time that is not believed is not remembered as seen', () => {
		const { clock, seen } = watch();
		const before = seen.ms;
		clock.jumpWallClock(10 * YEAR);
		clock.advance(10 * MINUTE);
		expect(seen.ms).toBeLessThan(before + YEAR);
	});

	test('again when it is set back to where it belongs', () => {
		const { clock, clockWatch } = watch();
		clock.jumpWallClock(-10 * YEAR);
		clock.advance(2 * MINUTE);
		clock.jumpWallClock(10 * YEAR);
		clock.advance(2 * MINUTE);
		expect(clockWatch.trust()).toBe('held');
	});

	test('when an administrator on site confirms it', () => {
		const { clock, clockWatch } = watch();
		clock.jumpWallClock(10 * YEAR);
		clock.advance(2 * MINUTE);
		clockWatch.confirm();
		expect(clockWatch.trust()).toBe('held');
		clock.advance(10 * MINUTE);
		expect(clockWatch.trust()).toBe('held');
	});

	test('it is noticed at the next question, not only at the next look', () => {
		const { clock, clockWatch } = watch();
		clock.jumpWallClock(10 * YEAR);
		expect(clockWatch.trust()).toBe('untrusted');
	});
});
