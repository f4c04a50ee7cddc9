import { describe, expect, test } from 'vitest';
import { createIndependentPd, type IndependentPd, type IndependentPdOptions } from '../../support/independent-pd.ts';
import { createOsdpBench, KEY, type OsdpBench, seeded, stateOf } from './osdp-bench.ts';

/** H10301, facility 7, with its parities, as text. */
function bitsOf(number: number): string {
	const data = (7).toString(2).padStart(8, '0') + number.toString(2).padStart(16, '0');
	const ones = (text: string) => text.replaceAll('0', '').length;
	const even = ones(data.slice(0, 12)) % 2 === 0 ? '0' : '1';
	const odd = ones(data.slice(12)) % 2 === 0 ? '1' : '0';
	return even + data + odd;
}

function benchWith(pd: IndependentPd, reader: object = {}): OsdpBench {
	return createOsdpBench({ readers: [{ id: 'reader-1', address: 5, ...reader }], rewrite: () => pd.simulator });
}

/** Online, in install mode after a person let it take its key. */
async function started(options: Partial<IndependentPdOptions>, reader: object = {}) {
	const pd = createIndependentPd({ address: 5, security: 'plain', ...options });
	const bench = benchWith(
		pd,
		options.security === undefined || options.security === 'plain' ? {} : { key: KEY, ...reader },
	);
	await bench.start();
	if (options.security === 'install') bench.device('reader-1').takesKey?.openKeyWindow(600_000, () => undefined);
	await bench.until(() => stateOf(bench) === 'online', 3_000);
	return { pd, bench };
}

const SECURITIES = [
	['plain', { security: 'plain' }],
	['with its own key', { security: { key: KEY } }],
	['in install mode', { security: 'install' }],
] as const;

describe.each(SECURITIES)('OSDP an independent reader, %s', (_name, options) => {
	test('is online, reads cards and keys and takes a pulse, with nothing a strict reader would hold against the panel', async () => {
		const { pd, bench } = await started(options, { outputs: { open: 0 } });
		for (let n = 1; n <= 20; n += 1) {
			pd.present(bitsOf(n));
			await bench.until(() => bench.observations.length === n, 500);
		}
		expect(bench.observations.at(-1)?.label).toBe('H10301 FC 7 CN 20');
		expect(pd.isSecured()).toBe(options.security !== 'plain');
		expect(pd.violations).toEqual([]);
	});

	const seeds = [1, 2, 3];
	const faults: readonly (readonly [string, (random: () => number) => IndependentPd['spoil']])[] = [
		['lost', (random) => (bytes) => (random() < 0.15 ? [] : [{ bytes }])],
		['corrupt', (random) => (bytes) => [{ bytes: random() < 0.15 ? flipped(bytes, random) : bytes }]],
		['duplicated', (random) => (bytes) => (random() < 0.2 ? [{ bytes }, { bytes, lateMs: 1 }] : [{ bytes }])],
		['late', (random) => (bytes) => [{ bytes, lateMs: random() < 0.1 ? 150 + 300 * random() : 0 }]],
	];
	test.each(faults)('reads every card once while replies are %s, and stays online', async (_fault, spoil) => {
		for (const seed of seeds) {
			const { pd, bench } = await started(options);
			pd.spoil = spoil(seeded(seed));
			for (let n = 1; n <= 30; n += 1) {
				pd.present(bitsOf(n));
				await bench.until(() => bench.observations.length >= n, 5_000);
				await bench.clock.advanceAsync(61);
			}
			expect(bench.observations.map(({ label }) => label)).toEqual(
				Array.from({ length: 30 }, (_, n) => `H10301 FC 7 CN ${n + 1}`),
			);
			expect(pd.violations).toEqual([]);
			pd.spoil = (bytes) => [{ bytes }];
			await bench.clock.advanceAsync(3_000);
			expect(stateOf(bench)).toBe('online');
		}
	});

	test.each([1, 2, 3, 4, 5, 6, 7, 8, 9])('recovers within 3 s from a poll refused with NAK %i', async (reason) => {
		const { pd, bench } = await started(options);
		pd.refuse(0x60, reason, 3);
		await bench.clock.advanceAsync(500);
		pd.present(bitsOf(reason));
		await bench.until(() => bench.observations.length === 1, 3_000);
		expect(pd.violations).toEqual([]);
	});

	test('one corrupt reply costs less than a second, never a penalty of 300 s', async () => {
		const { pd, bench } = await started(options);
		const random = seeded(5);
		for (let n = 1; n <= 10; n += 1) {
			let isSpoiled = false;
			pd.spoil = (bytes) => {
				const spoiled = isSpoiled ? bytes : flipped(bytes, random);
				isSpoiled = true;
				return [{ bytes: spoiled }];
			};
			pd.present(bitsOf(n));
			await bench.until(() => bench.observations.length === n, 1_000);
		}
	});

	test('is read again within 3 s of a power cycle', async () => {
		const { pd, bench } = await started(options);
		for (let n = 1; n <= 5; n += 1) {
			pd.powerCycle();
			await bench.clock.advanceAsync(700);
			pd.present(bitsOf(n));
			await bench.until(() => bench.observations.length === n, 3_000);
		}
		expect(pd.violations).toEqual([]);
	});
});

describe('OSDP an independent reader with a secure channel', () => {
	test.each([
		['CHLNG', 0x76],
		['SCRYPT', 0x77],
	])('that refuses %s for a while is online within 6 s of taking it', async (_name, code) => {
		const pd = createIndependentPd({ address: 5, security: { key: KEY } });
		const bench = benchWith(pd, { key: KEY });
		pd.refuse(code, 9, 4);
		await bench.start();
		await bench.until(() => stateOf(bench) === 'online', 6_000);
		expect(pd.isSecured()).toBe(true);
	});

	test('gets its key through a window on a bad line, and the window ends with it', async () => {
		const pd = createIndependentPd({ address: 5, security: 'install' });
		const random = seeded(9);
		pd.spoil = (bytes) => (random() < 0.2 ? [] : [{ bytes: random() < 0.1 ? flipped(bytes, random) : bytes }]);
		const bench = benchWith(pd, { key: KEY });
		const ends: string[] = [];
		await bench.start();
		bench.device('reader-1').takesKey?.openKeyWindow(600_000, (how) => ends.push(how));
		await bench.until(() => stateOf(bench) === 'online', 20_000);
		expect(pd.key()).toBe(KEY);
		// A reply lost on the way leaves it open who gave it.
		expect(ends).toHaveLength(1);
		expect(pd.violations).toEqual([]);
	});

	test('answers SCRYPT in a block of type 12', async () => {
		const { pd } = await started({ security: { key: KEY }, rmacInBlock12: true });
		expect(pd.isSecured()).toBe(true);
	});

	test.each([true, false])('sends no mark byte, and the panel none when it is told to (mark: %s)', async (mark) => {
		const { bench } = await started({ security: { key: KEY }, unmarked: true }, { mark });
		expect(bench.writes.every(([first]) => first === (mark ? 0xff : 0x53))).toBe(true);
	});
});

test('OSDP an independent reader that knows checksums only is spoken to with them', async () => {
	const { pd, bench } = await started({ checksumOnly: true });
	pd.present(bitsOf(1));
	await bench.until(() => bench.observations.length === 1, 500);
	expect(pd.violations).toEqual([]);
});

function flipped(bytes: number[], random: () => number): number[] {
	const spoiled = [...bytes];
	const at = Math.floor(random() * spoiled.length);
	spoiled[at] = (spoiled[at] ?? 0) ^ (1 << Math.floor(random() * 8));
	return spoiled;
}
