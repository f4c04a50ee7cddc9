import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { LIMITS } from '../../../../src/gateway/core/limits.ts';
import { createPinTries, type PinTries } from '../../../../src/gateway/services/lanes/pin-tries.ts';
import { annasRows, createSiteBench, usualSite } from '../../../support/site-bench.ts';

type Bench = Awaited<ReturnType<typeof createSiteBench>>;

const PIN = '482915';
const PIN_ROW = {
	...{ table: 'credentials', id: 'anna-pin', holderId: 'anna', kind: 'pin', value: PIN, label: null },
	...{ state: 'active', validFromMs: null, validToMs: null },
};

describe('D4 PINs on a real store', () => {
	let site: Bench;
	afterEach(() => site.close());

	test('opens for its holder, and the journal and the log tell it nowhere', async () => {
		site = await createSiteBench();
		await site.give([...annasRows(), PIN_ROW]);
		for (const loop of ['arming', 'safety', 'closing']) site.input(loop, false);
		site.input('arming', true);
		site.pin(PIN);
		await site.settle();
		site.driveThrough();
		expect(site.pulses).toHaveLength(1);
		const [decision] = site.accessLog.list({}).items;
		expect(decision).toMatchObject({ subject: 'PIN •••', outcome: 'granted' });
		const record = site.accessLog.get(decision?.id ?? '');
		expect(record?.entry.facts.presented).toMatchObject([
			{ kind: 'pin', value: 'PIN •••', match: { how: 'exact', credential: { kind: 'pin', value: '•••' } } },
		]);
		expect(JSON.stringify([site.journal(), site.log.lines, site.events])).not.toContain(PIN);
	});

	test('an unknown one is refused and told nowhere either', async () => {
		site = await createSiteBench();
		await site.give(annasRows());
		site.input('arming', true);
		site.pin('739105');
		site.clock.advance(5_000);
		expect(site.accessLog.list({}).items).toMatchObject([{ subject: 'PIN •••', headline: 'UNKNOWN_CREDENTIAL' }]);
		expect(JSON.stringify([site.journal(), site.log.lines, site.events])).not.toContain('739105');
	});

	test('a card whose number is the PIN does not open by it, nor the PIN by the card', async () => {
		site = await createSiteBench();
		await site.give([...annasRows(), PIN_ROW]);
		site.input('arming', true);
		site.tag(PIN);
		site.clock.advance(10_000);
		expect(site.pulses).toEqual([]);
		site.pin('A1');
		site.clock.advance(10_000);
		expect(site.pulses).toEqual([]);
	});

	test('a lane that asks for tag and PIN opens for both of one holder', async () => {
		const [entry, ...others] = usualSite.lanes;
		if (entry === undefined) throw new Error('the usual site has an entry');
		const asking = { ...entry, identify: 'tagOnly', rules: { ...entry.rules, pin: 'withTag' } } as const;
		site = await createSiteBench({ site: { ...usualSite, lanes: [asking, ...others] } });
		await site.give([...annasRows(), PIN_ROW]);
		site.input('arming', true);
		site.tag('A1');
		site.clock.advance(5_000);
		expect(site.pulses).toEqual([]);
		site.pin(PIN);
		await site.settle();
		expect(site.pulses).toHaveLength(1);
	});
});

describe('D4 trying PINs', () => {
	let site: Bench;
	let tries: PinTries;
	let refusedAt: string[];
	beforeEach(async () => {
		site = await createSiteBench();
		await site.give([...annasRows(), PIN_ROW]);
		refusedAt = [];
		let ids = 0;
		tries = createPinTries({
			...{ clock: site.clock, log: site.log, store: site.store, directory: site.directory.reader },
			newId: () => `try-${++ids}`,
			journalGrew: () => undefined,
			showRefused: (deviceId) => void refusedAt.push(deviceId),
		});
	});
	afterEach(() => site.close());

	/** @returns how many reached the lane */
	function press(pins: number, deviceId = 'reader-1', pin?: string): number {
		let reached = 0;
		for (let n = 0; n < pins; n += 1) {
			const read = { id: `p${n}`, deviceId, atMs: site.clock.nowMs(), monotonicMs: site.clock.monotonicMs() };
			if (!tries.take({ kind: 'pin', ...read, pin: pin ?? String(100_000 + n) })) reached += 1;
		}
		return reached;
	}

	test('after some wrong ones the keypad rests, says so, and it is recorded once, without what was pressed', () => {
		expect(press(20)).toBe(LIMITS.pinTries);
		expect(refusedAt).toHaveLength(20 - LIMITS.pinTries);
		expect(site.journal()).toMatchObject([{ type: 'audit', action: 'keypad.rests', target: 'reader-1' }]);
		expect(JSON.stringify([site.journal(), site.log.lines])).not.toContain('10000');
	});

	test('it takes a million wrong ones more than a year, at whatever pace', () => {
		let reached = 0;
		for (let minute = 0; minute < 24 * 60; minute += 1) {
			reached += press(3);
			site.clock.advance(60_000);
		}
		expect(reached).toBeLessThanOrEqual(24 * 60 + LIMITS.pinTries);
		expect(1_000_000 / reached).toBeGreaterThan(365);
	});

	test('right ones cost nothing and give nothing back; other keypads and cards go on', () => {
		expect(press(50, 'reader-1', PIN)).toBe(50);
		press(LIMITS.pinTries - 1);
		expect(press(1, 'reader-1', PIN)).toBe(1);
		expect(press(3)).toBe(1);
		expect(press(1, 'reader-1', PIN)).toBe(0);
		expect(press(1, 'reader-2')).toBe(1);
		const tag = { id: 't', deviceId: 'reader-1', atMs: 0, monotonicMs: 0, tag: 'A1' };
		expect(tries.take({ kind: 'tag', ...tag })).toBe(false);
		site.clock.advance(LIMITS.pinRestMs);
		expect(press(1, 'reader-1', PIN)).toBe(1);
	});
});
