import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { LedgerLine } from '../../../src/gateway/core/ledger.ts';
import { openTempStore, tempDir } from '../../support/temp-store.ts';

const line = (key: string, kind: LedgerLine['kind'], amount: number): LedgerLine => ({
	...{ key, kind, amount, atMs: 1, stayId: null },
});

const opening = fc.nat(6);
const action = fc.oneof(
	fc.record({ does: fc.constant('hold' as const), opening, cost: fc.integer({ min: 1, max: 9 }) }),
	fc.record({ does: fc.constantFrom('release' as const, 'capture' as const), opening }),
	fc.record({ does: fc.constant('debit' as const), opening, cost: fc.integer({ min: 1, max: 9 }) }),
	fc.record({ does: fc.constant('adjust' as const), opening, amount: fc.integer({ min: -20, max: 20 }) }),
	fc.record({ does: fc.constant('refill' as const), period: fc.nat(5), amount: fc.nat(10) }),
	fc.record({ does: fc.constant('restart' as const) }),
);

type Action = typeof action extends fc.Arbitrary<infer A> ? A : never;
type Of<D extends Action['does']> = Extract<Action, { does: D }>;

/** One wallet under what happens to it; an opening ends one way, once, as the services see to. */
function createPlay(mayOverdraw: boolean) {
	const dir = tempDir();
	let store = openTempStore(dir);
	const held = new Map<number, number>();
	const balance = () => store.wallets.state('r1').balance;

	function hold({ opening: n, cost }: Of<'hold'>): void {
		const { result } = store.wallets.post('r1', line(`${n}.hold`, 'hold', -cost), mayOverdraw);
		if (result === 'posted') held.set(n, cost);
	}

	function end({ does, opening: n }: Of<'release' | 'capture'>): void {
		const before = balance();
		const cost = held.get(n);
		if (cost === undefined) return;
		held.set(n, 0);
		const amount = does === 'release' ? cost : 0;
		for (const _ of ['once', 'again']) store.wallets.post('r1', line(`${n}.end`, does, amount), true);
		expect([before, before + amount]).toContain(balance());
	}

	function refill({ amount, period: periodMs }: Of<'refill'>): void {
		const before = store.wallets.state('r1');
		store.wallets.refill('r1', { amount, periodMs }, 1);
		const isNew = before.refilledMs === null || periodMs > before.refilledMs;
		expect(balance()).toBe(before.balance + (isNew ? amount : 0));
	}

	function restart(): void {
		const before = balance();
		store.close();
		store = openTempStore(dir);
		expect(balance()).toBe(before);
	}

	return {
		carryOut(made: Action): void {
			switch (made.does) {
				case 'hold':
					hold(made);
					return;
				case 'release':
				case 'capture':
					end(made);
					return;
				case 'debit':
					store.wallets.post('r1', line(`${made.opening}.debit`, 'debit', -made.cost), mayOverdraw);
					return;
				case 'adjust':
					store.wallets.post('r1', line(`${made.opening}.adjust`, 'adjust', made.amount), mayOverdraw);
					return;
				case 'refill':
					refill(made);
					return;
				case 'restart':
					restart();
			}
		},
		balance,
		lines: () => store.wallets.lines('r1', 1_000).toReversed(),
	};
}

describe('X5: wallets', () => {
	test('whatever happens in whatever order, and again: never below 0 unless allowed, the lines add up, nothing counts twice', () => {
		fc.assert(
			fc.property(fc.boolean(), fc.array(action, { maxLength: 40 }), (mayOverdraw, actions) => {
				const play = createPlay(mayOverdraw);
				for (const made of actions) {
					play.carryOut(made);
					if (!mayOverdraw) expect(play.balance()).toBeGreaterThanOrEqual(0);
				}
				const lines = play.lines();
				expect(lines.map((posted) => posted.line)).toEqual(lines.map((_, n) => n + 1));
				expect(new Set(lines.map(({ key }) => key)).size).toBe(lines.length);
				const sums = lines.map((_, n) => lines.slice(0, n + 1).reduce((sum, { amount }) => sum + amount, 0));
				expect(lines.map(({ balance }) => balance)).toEqual(sums);
				expect(play.balance()).toBe(sums.at(-1) ?? 0);
			}),
			{ numRuns: 60 },
		);
	});

	test('each right has its own', () => {
		const { wallets } = openTempStore();
		wallets.post('r1', line('k', 'adjust', 5), false);
		expect(wallets.post('r2', line('k', 'adjust', 7), false)).toEqual({ result: 'posted', balance: 7 });
		expect(wallets.state('r1').balance).toBe(5);
	});

	test('pages of a ledger go on where the last one ended', () => {
		const { wallets } = openTempStore();
		for (let n = 1; n <= 5; n += 1) wallets.post('r1', line(`k${n}`, 'adjust', n), false);
		expect(wallets.lines('r1', 2).map(({ key }) => key)).toEqual(['k5', 'k4']);
		expect(wallets.lines('r1', 2, 4).map(({ key }) => key)).toEqual(['k3', 'k2']);
		expect(wallets.line('r1', 'k3')).toMatchObject({ line: 3, balance: 6, kind: 'adjust' });
	});

	test('what was taken in a transaction that failed was not taken', () => {
		const store = openTempStore();
		store.wallets.post('r1', line('k', 'adjust', 5), false);
		expect(() =>
			store.transaction(() => {
				store.wallets.post('r1', line('h', 'hold', -5), false);
				throw new Error('no');
			}),
		).toThrow();
		expect(store.wallets.post('r1', line('h', 'hold', -5), false)).toEqual({ result: 'posted', balance: 0 });
	});
});
