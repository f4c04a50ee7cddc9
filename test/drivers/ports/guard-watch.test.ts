import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { encodeGuardCommand, parseGuardCommand } from '../../../src/drivers/ports/guard-messages.ts';
import { createGuardWatch, type GuardWrite } from '../../../src/drivers/ports/guard-watch.ts';
import { createVirtualClock } from '../../support/virtual-clock.ts';

const OFF = Uint8Array.of(0xa0, 1, 0, 0xa1);

function watchLine() {
	const clock = createVirtualClock();
	const written: { readonly atMs: number; readonly hex: string }[] = [];
	const said: string[] = [];
	const line: { takes: ReturnType<GuardWrite> } = { takes: 'written' };
	let doneAtMs: number | undefined;
	const watch = createGuardWatch({
		clock,
		write(bytes) {
			if (line.takes === 'written') written.push({ atMs: clock.monotonicMs(), hex: bytes.toHex() });
			return line.takes;
		},
		say: ({ type }) => void said.push(type),
		onDone() {
			doneAtMs = clock.monotonicMs();
		},
	});
	const arm = (key = 'relay-1', endsInMs = 500) => watch.take({ type: 'arm', number: 1, key, endsInMs, off: OFF });
	return { clock, watch, written, said, line, arm, doneAtMs: () => doneAtMs };
}

describe('the guard of a line', () => {
	test('writes nothing while the gateway ends its pulses itself', () => {
		const { clock, watch, written, arm, doneAtMs } = watchLine();
		for (let round = 0; round < 5; round++) {
			arm();
			clock.advance(510);
			watch.take({ type: 'release', key: 'relay-1' });
			clock.advance(5_000);
		}
		watch.gatewayGone();
		expect(written).toEqual([]);
		expect(doneAtMs()).toBe(clock.monotonicMs());
	});

	test('ends a pulse at its time when the gateway is gone, says it three times, and is done', () => {
		const { clock, watch, written, arm, doneAtMs } = watchLine();
		arm();
		clock.advance(200);
		watch.gatewayGone();
		clock.advance(299);
		expect(written).toEqual([]);
		clock.advance(3_000);
		expect(written.map(({ atMs }) => atMs)).toEqual([500, 620, 740]);
		expect(new Set(written.map(({ hex }) => hex))).toEqual(new Set(['a00100a1']));
		expect(doneAtMs()).toBe(740);
	});

	test('ends it soon when the gateway dies after its time', () => {
		const { clock, watch, written, arm } = watchLine();
		arm();
		clock.advance(600);
		watch.gatewayGone();
		clock.advance(1_000);
		expect(written[0]?.atMs).toBe(660);
	});

	test('ends it when the gateway lives and is far too late, as when it hangs', () => {
		const { clock, watch, written, said, arm } = watchLine();
		arm();
		clock.advance(799);
		expect(written).toEqual([]);
		clock.advance(2);
		expect(written).toHaveLength(1);
		expect(said).toEqual(['armed', 'ended']);
		watch.take({ type: 'release', key: 'relay-1' });
		clock.advance(5_000);
		expect(written).toHaveLength(1);
	});

	test('takes a later pulse of the same relay in place of the earlier', () => {
		const { clock, watch, written, arm } = watchLine();
		arm();
		clock.advance(400);
		arm();
		watch.gatewayGone();
		clock.advance(499);
		expect(written).toEqual([]);
		clock.advance(1);
		expect(written).toHaveLength(1);
	});

	test('tries again while the line takes nothing, and gives up once there is no line', () => {
		const { clock, watch, written, line, arm, doneAtMs } = watchLine();
		arm();
		watch.gatewayGone();
		line.takes = 'busy';
		clock.advance(2_000);
		line.takes = 'written';
		clock.advance(20);
		expect(written).toHaveLength(1);
		line.takes = 'gone';
		clock.advance(500);
		expect(doneAtMs()).toBeDefined();
	});

	test('writes nothing but what it was given to end pulses, whatever it is told and whenever the gateway dies', () => {
		const event = fc.oneof(
			fc.record({ kind: fc.constant('arm' as const), relay: fc.nat(3), endsInMs: fc.integer({ min: 0, max: 3_000 }) }),
			fc.record({ kind: fc.constant('release' as const), relay: fc.nat(3) }),
			fc.record({ kind: fc.constant('wait' as const), ms: fc.nat(1_500) }),
		);
		fc.assert(
			fc.property(fc.array(event, { maxLength: 40 }), (events) => {
				const { clock, watch, written, doneAtMs } = watchLine();
				const on = new Map<string, number>();
				for (const happens of events) {
					if (happens.kind === 'wait') clock.advance(happens.ms);
					else if (happens.kind === 'release') {
						watch.take({ type: 'release', key: `relay-${happens.relay}` });
						on.delete(`relay-${happens.relay}`);
					} else {
						const off = Uint8Array.of(0xa0, happens.relay, 0, 0xa0 + happens.relay);
						watch.take({ type: 'arm', number: 1, key: `relay-${happens.relay}`, endsInMs: happens.endsInMs, off });
						on.set(`relay-${happens.relay}`, clock.monotonicMs() + happens.endsInMs);
					}
				}
				const diedAtMs = clock.monotonicMs();
				watch.gatewayGone();
				clock.advance(10_000);
				expect(doneAtMs()).toBeLessThanOrEqual(diedAtMs + 3_000 + 60 + 240);
				for (const { hex } of written) expect(hex).toMatch(/^a00[0-3]00a[0-3]$/);
				for (const [key, endsAtMs] of on) {
					const own = written.filter(({ hex }) => hex.startsWith(`a00${key.at(-1)}`)).at(-1);
					expect(own?.atMs).toBeGreaterThanOrEqual(endsAtMs);
				}
			}),
		);
	});

	test('reads back what it is told, and nothing else as a command', () => {
		const anyOff = fc.uint8Array({ minLength: 1, maxLength: 64 });
		fc.assert(
			fc.property(fc.nat(1_000_000), fc.nat(99_999), anyOff, (number, endsInMs, off) => {
				const command = { type: 'arm' as const, number, key: 'unit-1-relay-2', endsInMs, off };
				expect(parseGuardCommand(encodeGuardCommand(command).trimEnd())).toEqual(command);
			}),
		);
		for (const line of [
			'',
			'arm',
			'arm 1 k 500 ',
			'arm 1 k 500 a0f',
			'arm 1 k -5 a0',
			'arm 1 k 500 zz',
			'release',
			'release a b',
		])
			expect(parseGuardCommand(line)).toBeUndefined();
	});
});
