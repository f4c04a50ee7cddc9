import { describe, expect, test } from 'vitest';
import { rdm6300 } from '../../../src/drivers/rdm6300/index.ts';
import { createLinkBench } from '../../support/link-bench.ts';

async function started(entry: object = {}) {
	const bench = createLinkBench(rdm6300, [{ id: 'reader', ...entry }]);
	await bench.start();
	await bench.clock.advanceAsync(10);
	return { ...bench, status: () => bench.device('reader').status() };
}

describe('a 125 kHz reader', () => {
	test('tells a fob that stays once, and again after repeatMs; another one at once', async () => {
		const { clock, stimulate, observations, status } = await started({ repeatMs: 150 });
		stimulate('reader', 'card 0F0368568B');
		stimulate('reader', 'card 62E3086CED');
		await clock.advanceAsync(1_000);
		const tags = observations.map((read) => (read.kind === 'tag' ? read.tag : ''));
		// Four frames of each, 65 ms apart.
		expect(tags.toSorted()).toEqual(['0F0368568B', '0F0368568B', '62E3086CED', '62E3086CED']);
		expect(status().statistics).toMatchObject({ frames: 8, reads: 4, repeatedReads: 4, frameErrors: 0 });
	});

	test('without start and end characters is read all the same', async () => {
		const { clock, stimulate, observations } = await started({ model: 'em-18' });
		stimulate('reader', 'card 4500C5D1E9');
		await clock.advanceAsync(1_000);
		expect(observations).toMatchObject([{ tag: '4500C5D1E9', label: expect.stringContaining('0012964329') }]);
	});

	test('that says what is not understood is faulted, with what to look at, until it is understood', async () => {
		const { clock, link, stimulate, status } = await started();
		for (let n = 0; n < 4; n++) {
			link.onBytes(Uint8Array.of(0x80, 0x00, 0xf8));
			await clock.advanceAsync(200);
		}
		expect(status()).toMatchObject({ state: 'online', statistics: { frameErrors: 4 } });
		link.onBytes(Uint8Array.of(0x80, 0x00, 0xf8));
		await clock.advanceAsync(200);
		expect(status()).toMatchObject({ state: 'faulted', problem: expect.stringContaining('baud') });
		stimulate('reader', 'card 0F0368568B');
		await clock.advanceAsync(200);
		expect(status()).toMatchObject({ state: 'faulted', statistics: { reads: 1 } });
		await clock.advanceAsync(5_000);
		expect(status().state).toBe('online');
	});

	test('whose noise stopped a minute ago is no longer faulted', async () => {
		const { clock, link, status, statuses } = await started();
		for (let n = 0; n < 9; n++) {
			link.onBytes(Uint8Array.of(0x80, 0x00, 0xf8));
			await clock.advanceAsync(200);
		}
		await clock.advanceAsync(61_000);
		expect(status().state).toBe('online');
		expect(statuses.map(({ state }) => state)).toEqual(['online', 'faulted', 'online']);
	});

	test('does not share its port: modules know no addresses', () => {
		expect(() => createLinkBench(rdm6300, [{ id: 'a' }, { id: 'b' }])).toThrow(
			/a and b share the port.*port of its own/,
		);
	});
});
