import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { DeviceSimulator } from '../../../src/drivers/driver.ts';
import { NAK, REPLY } from '../../../src/drivers/osdp/codes.ts';
import type { OsdpFrame } from '../../../src/drivers/osdp/frame.ts';
import { osdp } from '../../../src/drivers/osdp/index.ts';
import { createVirtualClock, type VirtualClock } from '../../support/virtual-clock.ts';
import { framesOf, KEY } from './osdp-bench.ts';
import { readTranscript } from './transcript.ts';

function createReader(option: object = {}): { simulator: DeviceSimulator; clock: VirtualClock } {
	const clock = createVirtualClock();
	const entry = { id: 'reader-1', driver: 'osdp', port: 'sim:line', address: 5, ...option };
	return {
		clock,
		simulator: osdp.carrier === 'serial' ? osdp.createSimulator(clock, [osdp.config.parse(entry)]) : never(),
	};
}

function never(): never {
	throw new Error('osdp is a serial driver');
}

function ask(simulator: DeviceSimulator, hex: string): OsdpFrame | undefined {
	const [answer] = simulator.receive(Uint8Array.fromHex(hex));
	return answer && framesOf(answer.bytes)[0];
}

describe('the simulated reader', () => {
	test('understands the commands libosdp sends: every plain one of the recording is answered', () => {
		const { simulator } = createReader({ outputs: { open: 0, light: 1 }, inputs: { arming: 0 } });
		const commands = readTranscript('osdp-plain').filter(({ dir }) => dir === 'cp');
		const expected = new Map([
			['ID', REPLY.PDID],
			['CAP', REPLY.PDCAP],
			['LSTAT', REPLY.LSTATR],
			['ISTAT', REPLY.ISTATR],
			['OSTAT', REPLY.OSTATR],
			['RSTAT', REPLY.NAK],
			['MFG', REPLY.NAK],
		]);
		for (const { hex, name, seq } of commands) {
			const reply = ask(simulator, hex);
			expect(reply, name).toMatchObject({ address: 5, reply: true, sequence: seq });
			expect(reply?.code, name).toBe(expected.get(name) ?? REPLY.ACK);
		}
	});

	test('repeats its answer to a repeated number, refuses a wrong one, and begins anew with 0', () => {
		const { simulator } = createReader();
		ask(simulator, 'ff53050900046100c125');
		simulator.stimulate('reader-1', 'card 26:9ADDDF00');
		const poll = 'ff5305080005608dba';
		expect(ask(simulator, poll)?.code).toBe(REPLY.RAW);
		expect(ask(simulator, poll)?.code).toBe(REPLY.RAW);
		expect(ask(simulator, 'ff530508000760efdc')).toMatchObject({ code: REPLY.NAK, data: Uint8Array.of(NAK.SEQUENCE) });
		expect(ask(simulator, 'ff53050900046100c125')?.code).toBe(REPLY.PDID);
	});

	test('with a key it insists on the secure channel', () => {
		const { simulator } = createReader({ key: KEY });
		ask(simulator, 'ff53050900046100c125');
		const reply = ask(simulator, 'ff5305080005608dba');
		expect(reply).toMatchObject({ code: REPLY.NAK, data: Uint8Array.of(NAK.NOT_SECURED) });
	});

	test('is silent to others, to damaged frames, unplugged and while it boots', () => {
		const { simulator, clock } = createReader({ address: 6 });
		expect(ask(simulator, 'ff53050900046100c125')).toBeUndefined();
		const { simulator: mine, clock: time } = createReader();
		expect(ask(mine, 'ff53050900046100c126')).toBeUndefined();
		mine.stimulate('reader-1', 'unplug');
		expect(ask(mine, 'ff53050900046100c125')).toBeUndefined();
		mine.stimulate('reader-1', 'plug');
		mine.stimulate('reader-1', 'power-cycle');
		expect(ask(mine, 'ff53050900046100c125')).toBeUndefined();
		time.advance(1_500);
		expect(ask(mine, 'ff53050900046100c125')?.code).toBe(REPLY.PDID);
		expect(clock.pendingTimers()).toBe(0);
	});

	test('ends a timed output by itself', () => {
		const { simulator, clock } = createReader({ outputs: { open: 0 } });
		ask(simulator, 'ff53050900046100c125');
		const { hex } = readTranscript('osdp-plain').find(({ name }) => name === 'OUT') ?? { hex: '' };
		ask(simulator, 'ff5305080005608dba');
		ask(simulator, 'ff530508000660deef');
		expect(ask(simulator, hex)?.code).toBe(REPLY.ACK);
		expect(simulator.outputs('reader-1')).toEqual({ open: true });
		clock.advance(3_000);
		expect(simulator.outputs('reader-1')).toEqual({ open: false });
		expect(simulator.outputs('nobody')).toEqual({});
	});
});

describe('stimuli', () => {
	test.each([
		['reader-1', 'jump', 'a reader knows: card TAG'],
		['reader-1', 'card soup', 'soup is no card'],
		['reader-1', 'card H10301 999 1', 'is no card'],
		['reader-1', 'input door on', 'no input door; there are arming'],
		['reader-9', 'tamper on', 'no reader reader-9'],
	])('%s %s is refused with what is allowed', (id, what, problem) => {
		const { simulator } = createReader({ inputs: { arming: 0 } });
		expect(simulator.stimulate(id, what)).toMatchObject({ problem: expect.stringContaining(problem) });
	});

	test('any words never throw', () => {
		const { simulator } = createReader();
		fc.assert(
			fc.property(fc.string({ maxLength: 60 }), (what) => void simulator.stimulate('reader-1', `card ${what}`)),
		);
		fc.assert(fc.property(fc.string({ maxLength: 60 }), (what) => void simulator.stimulate('reader-1', what)));
	});
});

test('any bytes to the simulator never throw, and it answers the next command', () => {
	fc.assert(
		fc.property(fc.array(fc.uint8Array({ maxLength: 100 }), { maxLength: 10 }), (chunks) => {
			const { simulator, clock } = createReader({ key: KEY });
			for (const chunk of chunks) simulator.receive(chunk);
			clock.advance(100);
			expect(ask(simulator, 'ff53050900046100c125')?.code).toBe(REPLY.PDID);
		}),
	);
});
