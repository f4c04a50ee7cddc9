import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { allowsPosting, type RefillRule, refillDue, type WalletState } from '../../../src/gateway/core/ledger.ts';
import { periodStart, periodsBegun, usePeriodAt } from '../../../src/gateway/core/use-period.ts';

const ZONE = 'Europe/Brussels';
const at = (text: string) => Date.parse(text);
const ALWAYS = { validFromMs: null, validToMs: null };
const HOUR = 3_600_000;
const DAY = 24 * HOUR;

describe('X5: periods in the Place’s zone', () => {
	test.each([
		['day', '2026-06-16T00:00:00+02:00', '2026-06-17T00:00:00+02:00'],
		['week', '2026-06-15T00:00:00+02:00', '2026-06-22T00:00:00+02:00'],
		['month', '2026-06-01T00:00:00+02:00', '2026-07-01T00:00:00+02:00'],
		['year', '2026-01-01T00:00:00+01:00', '2027-01-01T00:00:00+01:00'],
	] as const)('a %s', (kind, from, to) => {
		const period = usePeriodAt(kind, at('2026-06-16T10:00:00+02:00'), ZONE, ALWAYS);
		expect(period).toEqual({ startMs: at(from), endMs: at(to) });
	});

	test.each([
		['2026-03-29T12:00:00+02:00', 23],
		['2026-10-25T12:00:00+01:00', 25],
	])('the day of %s has %i hours', (moment, hours) => {
		const { startMs, endMs } = usePeriodAt('day', at(moment), ZONE, ALWAYS);
		expect(((endMs ?? 0) - (startMs ?? 0)) / HOUR).toBe(hours);
	});

	test('a day that has no midnight begins at its first moment', () => {
		const start = periodStart('day', at('2018-11-04T12:00:00-02:00'), 'America/Sao_Paulo');
		expect(new Date(start).toISOString()).toBe('2018-11-04T03:00:00.000Z');
	});

	test('validity: as long as the right is valid', () => {
		const validity = { validFromMs: 5, validToMs: 9 };
		expect(usePeriodAt('validity', 7, ZONE, validity)).toEqual({ startMs: 5, endMs: 9 });
	});

	test.each([
		['week', '2026-06-14T23:00:00+02:00', '2026-06-15T01:00:00+02:00', 1],
		['week', '2026-12-28T00:00:00+01:00', '2027-01-03T23:59:59+01:00', 0],
		['week', '2026-03-23T12:00:00+01:00', '2026-04-07T12:00:00+02:00', 2],
		['month', '2026-01-31T12:00:00+01:00', '2026-03-01T12:00:00+01:00', 2],
		['year', '2026-12-31T23:59:59+01:00', '2027-01-01T00:00:00+01:00', 1],
		['month', '2026-03-01T12:00:00+01:00', '2026-01-31T12:00:00+01:00', -2],
	] as const)('%ss begun from %s to %s: %i', (kind, from, to, begun) => {
		expect(periodsBegun(kind, at(from), at(to), ZONE)).toBe(begun);
	});

	test('every moment lies in its period', () => {
		const kinds = fc.constantFrom('day', 'week', 'month', 'year');
		const zones = fc.constantFrom(ZONE, 'America/Sao_Paulo', 'Australia/Lord_Howe', 'Pacific/Apia', 'UTC');
		fc.assert(
			fc.property(kinds, zones, fc.integer({ min: 0, max: at('2040-01-01T00:00:00Z') }), (kind, zone, atMs) => {
				const { startMs, endMs } = usePeriodAt(kind, atMs, zone, ALWAYS);
				expect(startMs).toBeLessThanOrEqual(atMs);
				expect(endMs).toBeGreaterThan(atMs);
				expect(periodStart(kind, (endMs ?? 0) - 1, zone)).toBe(startMs);
			}),
		);
	});
});

describe('X5: refills', () => {
	const weekly: RefillRule = { refillAmount: 10, refillPeriod: 'week' };
	const NOW = at('2026-06-16T10:00:00+02:00');
	const apply = (wallet: WalletState, rule: RefillRule, atMs: number): WalletState => {
		const due = refillDue(wallet, rule, atMs, ZONE);
		return due === null ? wallet : { balance: wallet.balance + due.amount, refilledMs: due.periodMs };
	};

	test('a new wallet is full from the start', () => {
		expect(refillDue({ balance: 0, refilledMs: null }, weekly, NOW, ZONE)?.amount).toBe(10);
	});

	test.each([
		[4, 1, 6],
		[10, 1, 0],
		[25, 1, 0],
		[-3, 1, 10],
		[-3, 2, 13],
		[4, 9, 6],
	])('a balance of %i after %i weeks is given %i', (balance, weeks, amount) => {
		const refilledMs = periodStart('week', NOW, ZONE);
		expect(refillDue({ balance, refilledMs }, weekly, NOW + weeks * 7 * DAY, ZONE)?.amount).toBe(amount);
	});

	test('without a period or an amount nothing is refilled', () => {
		expect(refillDue({ balance: 0, refilledMs: null }, { refillAmount: 10, refillPeriod: null }, NOW, ZONE)).toBeNull();
		expect(
			refillDue({ balance: 0, refilledMs: null }, { refillAmount: 0, refillPeriod: 'week' }, NOW, ZONE),
		).toBeNull();
	});

	test('it is the same whether the wallet was looked at often or once; a jumping clock refills no period twice', () => {
		const rules = fc.record({
			refillAmount: fc.integer({ min: 1, max: 50 }),
			refillPeriod: fc.constantFrom('week', 'month', 'year'),
		});
		const looks = fc.array(fc.nat(800), { maxLength: 12 });
		fc.assert(
			fc.property(rules, fc.integer({ min: -80, max: 80 }), looks, fc.nat(800), (rule, balance, days, last) => {
				const start: WalletState = { balance, refilledMs: periodStart(rule.refillPeriod, NOW, ZONE) };
				const end = NOW + Math.max(last, ...days) * DAY;
				const often = [...days.map((day) => NOW + day * DAY), end].reduce(
					(wallet, atMs) => apply(wallet, rule, atMs),
					start,
				);
				expect(often.balance).toBe(apply(start, rule, end).balance);
				expect(often.balance).toBeLessThanOrEqual(Math.max(balance, rule.refillAmount));
				expect(refillDue(often, rule, end, ZONE)).toBeNull();
			}),
		);
	});

	test('taking stops at nothing, unless it may be overdrawn; giving always works', () => {
		fc.assert(
			fc.property(fc.integer(), fc.integer(), fc.boolean(), (balance, amount, mayOverdraw) => {
				expect(allowsPosting(balance, amount, mayOverdraw)).toBe(amount >= 0 || mayOverdraw || balance + amount >= 0);
			}),
		);
	});
});
