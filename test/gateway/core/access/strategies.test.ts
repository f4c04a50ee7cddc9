import { describe, expect, test } from 'vitest';
import { decideAccess } from '../../../../src/gateway/core/access/decide-access.ts';
import type { AccessFacts, BookingFact, RightFact } from '../../../../src/gateway/core/access/facts.ts';
import type { SpecificationLimits } from '../../../../src/gateway/core/access/specification-limits.ts';
import { type AccessStrategy, STRATEGIES } from '../../../../src/gateway/core/directory.ts';
import type { ReasonCode } from '../../../../src/gateway/core/reason.ts';
import { aRight, DAY_MS, facts, TUESDAY_10H } from '../../../support/access-facts.ts';

const MINUTE = 60_000;
const HOUR = 3_600_000;

const aBooking = (change: Partial<BookingFact> = {}): BookingFact => ({
	bookingId: 'b1',
	startMs: TUESDAY_10H - HOUR,
	endMs: TUESDAY_10H + HOUR,
	graceMs: 15 * MINUTE,
	state: 'planned',
	...change,
});

/** Each strategy as it is meant: a booking that runs, credits in the wallet. */
function inOrder(strategy: AccessStrategy): Partial<RightFact> {
	if (strategy === 'booking') return { bookings: [aBooking()] };
	return strategy === 'credits' ? { wallet: { balance: 10, cost: 2, mayOverdraw: false } } : {};
}

interface Change {
	readonly extras?: Partial<RightFact>;
	readonly limits?: Partial<SpecificationLimits>;
	readonly right?: Parameters<typeof aRight>[0];
	readonly facts?: Parameters<typeof facts>[0];
}

function factsOf(
	strategy: AccessStrategy,
	{ extras = {}, limits = {}, right = {}, facts: more = {} }: Change,
): AccessFacts {
	const made = aRight({ strategy, extras: { ...inOrder(strategy), ...extras }, ...right });
	const specification = made.specification === null ? null : { ...made.specification, ...limits };
	return facts({ rights: [{ ...made, specification }], ...more });
}

const area = (change: Partial<AccessFacts['areas'][number]>) => ({
	facts: {
		areas: [
			{ areaId: 'A1', level: 'area', entering: true, capacity: 10, occupied: 3, reserved: 0, ...change } as const,
		],
	},
});
const shared = (id: string) => ({ id, capacity: 5, occupied: 4, reserved: 1 });
const inside = (change: object = {}) => ({
	...{ sessionId: 's1', holderId: 'anna', credentialId: 'anna-plate', areaId: 'A1', sinceMs: TUESDAY_10H - HOUR },
	rightIds: ['right-1'],
	...change,
});
const night = {
	id: 'night',
	name: 'Night',
	periods: [{ days: [1, 2, 3, 4, 5, 6, 7], from: '20:00', to: '06:00' }],
	specialDays: [],
};
const weekend = { ...night, id: 'weekend', periods: [{ days: [6, 7], from: '00:00', to: '24:00' }] };

type Outcome = ReasonCode | 'in';
type Expected = Outcome | Partial<Record<AccessStrategy | 'others', Outcome>>;

/** Who is let in although there is no room, by what the strategy is. */
const noRoom = (reason: ReasonCode): Expected => ({
	...{ preferential: 'in', booking: 'in', freePass: 'in', vehicle: 'in' },
	others: reason,
});
const ONLY_BOOKING = (reason: ReasonCode): Expected => ({ booking: reason, others: 'in' });

const situations: readonly (readonly [string, Change, Expected])[] = [
	['in order, with room', {}, 'in'],
	['X3: the area is full', area({ occupied: 10 }), noRoom('AREA_FULL')],
	['X3: places held for openings under way fill it', area({ occupied: 6, reserved: 4 }), noRoom('AREA_FULL')],
	['X3: the last place', area({ occupied: 9 }), 'in'],
	['X2: places kept for preferential rights fill it', area({ guaranteed: 7 }), noRoom('AREA_FULL')],
	['X2: places kept for bookings fill it', area({ booked: 7 }), noRoom('AREA_FULL')],
	['X2: kept places leave one', area({ guaranteed: 4, booked: 2 }), 'in'],
	['X2: the last place is the one kept for it', { ...area({ guaranteed: 7 }), extras: { keptIn: ['A1'] } }, 'in'],
	['X3: an enclosing area is full that it is in already', area({ occupied: 10, entering: false }), 'in'],
	['X3: the area has no limit', area({ capacity: null, occupied: 900, guaranteed: 90 }), 'in'],
	[
		'N5: the area is full, and its booking runs',
		{ ...area({ occupied: 10 }), extras: { bookings: [aBooking()] } },
		{ firstCome: 'AREA_FULL', onTheFly: 'AREA_FULL', others: 'in' },
	],
	[
		'X2: full, outside the hours its place is kept',
		{ ...area({ occupied: 10 }), extras: { guaranteedSchedule: night } },
		{ booking: 'in', freePass: 'in', vehicle: 'in', others: 'AREA_FULL' },
	],
	[
		'X2: full, its hours are not known here',
		{ ...area({ occupied: 10 }), extras: { guaranteedSchedule: null } },
		{ booking: 'in', freePass: 'in', vehicle: 'in', others: 'AREA_FULL' },
	],
	[
		'X2: full, and its holder gave the place up for now',
		{ ...area({ occupied: 10 }), extras: { releases: [{ startMs: TUESDAY_10H - HOUR, endMs: TUESDAY_10H + HOUR }] } },
		{ booking: 'in', freePass: 'in', vehicle: 'in', others: 'AREA_FULL' },
	],
	[
		'X2: full, and its place is given up until now',
		{ ...area({ occupied: 10 }), extras: { releases: [{ startMs: TUESDAY_10H - HOUR, endMs: TUESDAY_10H }] } },
		noRoom('AREA_FULL'),
	],
	['X3: the pool is full', { extras: { pool: shared('pool-1') } }, noRoom('POOL_FULL')],
	['X3: the pool has room', { extras: { pool: { ...shared('pool-1'), occupied: 3 } } }, 'in'],
	[
		'X3: one of its groups is full',
		{ extras: { groups: [{ ...shared('g0'), capacity: 9 }, shared('g1')] } },
		noRoom('GROUP_FULL'),
	],
	['N5: it has no booking', { extras: { bookings: [] } }, ONLY_BOOKING('NO_BOOKING')],
	[
		'N5: its booking is for another area',
		{ extras: { bookings: [aBooking({ areaIds: ['B1', 'P2'] })] } },
		ONLY_BOOKING('NO_BOOKING'),
	],
	[
		'N5: its booking is for an area further in',
		{ extras: { bookings: [aBooking({ areaIds: ['A1-vip', 'A1', 'P1'] })] } },
		'in',
	],
	[
		'N5: it comes before the grace',
		{ extras: { bookings: [aBooking({ startMs: TUESDAY_10H + 16 * MINUTE })] } },
		ONLY_BOOKING('BOOKING_TOO_EARLY'),
	],
	[
		'N5: it comes as the grace begins',
		{ extras: { bookings: [aBooking({ startMs: TUESDAY_10H + 15 * MINUTE })] } },
		'in',
	],
	['N5: it comes at the end of its booking', { extras: { bookings: [aBooking({ endMs: TUESDAY_10H })] } }, 'in'],
	[
		'N5: its booking is over',
		{ extras: { bookings: [aBooking({ endMs: TUESDAY_10H - 1 })] } },
		ONLY_BOOKING('BOOKING_EXPIRED'),
	],
	[
		'N5: its booking had its one stay',
		{ extras: { bookings: [aBooking({ state: 'used' })] } },
		ONLY_BOOKING('BOOKING_EXPIRED'),
	],
	[
		'N5: its booking was given up',
		{ extras: { bookings: [aBooking({ state: 'released' })] } },
		ONLY_BOOKING('BOOKING_EXPIRED'),
	],
	[
		'N5: nobody came in time, now it does',
		{ extras: { bookings: [aBooking({ noShowMs: TUESDAY_10H - MINUTE })] } },
		ONLY_BOOKING('BOOKING_EXPIRED'),
	],
	['N5: it comes late, but in time', { extras: { bookings: [aBooking({ noShowMs: TUESDAY_10H })] } }, 'in'],
	[
		'N5: one booking is used, the next one runs',
		{ extras: { bookings: [aBooking({ state: 'used' }), aBooking({ bookingId: 'b2' })] } },
		'in',
	],
	['X5: its uses of the period are exhausted', { extras: { uses: { used: 5, allowed: 5 } } }, 'USES_EXHAUSTED'],
	['X5: one use is left', { extras: { uses: { used: 4, allowed: 5 } } }, 'in'],
	['X5: too little credit', { extras: { wallet: { balance: 1, cost: 2, mayOverdraw: false } } }, 'NO_CREDIT'],
	['X5: just enough credit', { extras: { wallet: { balance: 2, cost: 2, mayOverdraw: false } } }, 'in'],
	[
		'X5: too little credit, and it may be overdrawn',
		{ extras: { wallet: { balance: -8, cost: 2, mayOverdraw: true } } },
		'in',
	],
	['X2: another plate of the right is inside', { facts: { openSessions: [inside()] } }, 'SESSION_ALREADY_OPEN'],
	[
		'X2: another plate is inside by another right',
		{ facts: { openSessions: [inside({ rightIds: ['right-2'] })] } },
		'in',
	],
	[
		'X2: another plate is inside, nobody knows by which right',
		{ facts: { openSessions: [{ ...inside(), rightIds: undefined }].map(({ rightIds: _, ...rest }) => rest) } },
		'SESSION_ALREADY_OPEN',
	],
	['X2: another plate of the right is just being let in', { extras: { underWay: 1 } }, 'SESSION_ALREADY_OPEN'],
	[
		'X2: the same tag is inside: its exit was missed',
		{ facts: { openSessions: [inside({ credentialId: 'anna-tag' })] } },
		'in',
	],
	['X2: two stays allowed, one inside', { limits: { staysAtOnce: 2 }, facts: { openSessions: [inside()] } }, 'in'],
	[
		'X2: two stays allowed, one inside and one under way',
		{ limits: { staysAtOnce: 2 }, extras: { underWay: 1 }, facts: { openSessions: [inside()] } },
		'SESSION_ALREADY_OPEN',
	],
	['X6: a minute before its right begins', { right: { validFromMs: TUESDAY_10H + MINUTE } }, 'RIGHT_NOT_STARTED'],
	['X6: its right is over', { right: { validToMs: TUESDAY_10H } }, 'RIGHT_EXPIRED'],
	['X4: its right is suspended', { right: { state: 'suspended' } }, 'RIGHT_SUSPENDED'],
	['X4: its right is for another area', { right: { areaIds: ['B1'] } }, 'WRONG_AREA'],
	['X4: outside its schedule', { right: { schedule: weekend } }, 'OUTSIDE_SCHEDULE'],
	['N6: nobody trusts the clock', { facts: { clock: 'untrusted' } }, ONLY_BOOKING('CLOCK_UNTRUSTED')],
	[
		'X5: the stay goes on: what it cost is paid',
		{
			extras: {
				uses: { used: 5, allowed: 5 },
				wallet: { balance: 0, cost: 2, mayOverdraw: false },
				bookings: [aBooking({ state: 'used' })],
			},
			facts: { lane: { from: 'A1' }, openSessions: [inside({ credentialId: 'anna-tag' })] },
		},
		'in',
	],
	[
		'X5: the stay goes on by another right: this one is to be paid',
		{
			extras: { wallet: { balance: 0, cost: 2, mayOverdraw: false } },
			facts: { lane: { from: 'A1' }, openSessions: [inside({ credentialId: 'anna-tag', rightIds: ['right-2'] })] },
		},
		'NO_CREDIT',
	],
	[
		'it leaves, whatever is used up, full or open',
		{
			extras: {
				uses: { used: 5, allowed: 5 },
				wallet: { balance: 0, cost: 2, mayOverdraw: false },
				bookings: [],
				underWay: 3,
			},
			right: { validToMs: TUESDAY_10H - DAY_MS },
			facts: { direction: 'exit', areas: [], lane: { from: 'A1' } },
		},
		'in',
	],
];

function expectedFor(strategy: AccessStrategy, expected: Expected): Outcome {
	return typeof expected === 'string' ? expected : (expected[strategy] ?? expected.others ?? 'in');
}

const cases = situations.flatMap(([situation, change, expected]) =>
	STRATEGIES.map((strategy) => ({ strategy, situation, change, expected: expectedFor(strategy, expected) })),
);

describe('X2: the eight strategies', () => {
	test('are met in at least 120 situations', () => {
		expect(cases.length).toBeGreaterThanOrEqual(120);
	});

	test.each(cases)('X2 $strategy, $situation: $expected', ({ strategy, change, expected }) => {
		const decision = decideAccess(factsOf(strategy, change));
		expect(decision.headline ?? 'in').toBe(expected);
		expect(decision.verdicts.some(({ verdict }) => verdict.result === 'fail')).toBe(expected !== 'in');
		// Nothing is taken for who is refused, and nothing from who leaves.
		if (expected !== 'in') expect(decision).toMatchObject({ reserve: [] });
		if (expected !== 'in' || change.facts?.direction === 'exit') expect(decision.terms).toBeUndefined();
	});
});

describe('what a grant comes to', () => {
	const termsOf = (strategy: AccessStrategy, change: Change = {}) => decideAccess(factsOf(strategy, change)).terms;

	test('X2: a first-come right costs nothing but its place', () => {
		expect(termsOf('firstCome')).toBeUndefined();
	});

	test('X5: a use, credits and a price are each part of it', () => {
		const extras = { uses: { used: 0, allowed: 5 } };
		expect(termsOf('credits', { extras, limits: { priceMinor: 250, currency: 'EUR' } })).toEqual({
			useAtMs: TUESDAY_10H,
			credits: { amount: 2, mayOverdraw: false },
			price: { minor: 250, currency: 'EUR' },
		});
	});

	test('X5: the refill that is due goes with the credits', () => {
		const refill = { amount: 10, periodMs: TUESDAY_10H - DAY_MS };
		const extras = { wallet: { balance: 10, cost: 2, mayOverdraw: false, refill } };
		expect(termsOf('credits', { extras })).toMatchObject({ credits: { amount: 2, refill } });
	});

	test('N5: a booking is used up, and its end is the end of the stay', () => {
		const overstay = { atMs: TUESDAY_10H + HOUR, does: 'event', everyMs: null };
		expect(termsOf('booking')).toEqual({ bookingId: 'b1', overstay });
	});

	test('X2: whoever is let in though it was full is told of', () => {
		expect(termsOf('booking', area({ occupied: 10 }))).toMatchObject({ enteredFull: 'A1' });
		expect(termsOf('freePass', area({ occupied: 10 }))).toBeUndefined();
	});

	test.each([
		['onTheFly', { defaultStayMin: 120, maxStayMin: 60 }, TUESDAY_10H + HOUR],
		['onTheFly', { defaultStayMin: 30 }, TUESDAY_10H + 30 * MINUTE],
		['preferential', { maxStayMin: 60 }, TUESDAY_10H + HOUR],
		['preferential', { defaultStayMin: 30 }, undefined],
		['firstCome', {}, undefined],
		['vehicle', { maxStayMin: 60 }, undefined],
		['freePass', { maxStayMin: 60 }, undefined],
	] as const)('X2: how long a stay of %s with %o may be', (strategy, limits, dueAtMs) => {
		expect(termsOf(strategy, { limits })?.overstay?.atMs).toBe(dueAtMs);
	});

	test('X6: a visitor may stay while the right is valid', () => {
		const terms = termsOf('visitor', { right: { validToMs: TUESDAY_10H + 2 * HOUR } });
		expect(terms?.overstay).toEqual({ atMs: TUESDAY_10H + 2 * HOUR, does: 'event', everyMs: null });
	});

	test('X2: further segments are charged as the first, extra debits as the entry', () => {
		const price = { priceMinor: 300, currency: 'EUR', maxStayMin: 60 };
		expect(termsOf('preferential', { limits: { ...price, onOverstay: 'segment' } })?.overstay).toEqual({
			...{ atMs: TUESDAY_10H + HOUR, does: 'segment', everyMs: HOUR, price: { minor: 300, currency: 'EUR' } },
		});
		const debit = {
			onOverstay: 'debit',
			maxStayMin: 60,
			creditCost: 2,
			refillAmount: 9,
			refillPeriod: 'week',
		} as const;
		expect(termsOf('credits', { limits: debit })?.overstay).toMatchObject({
			...{ does: 'debit', everyMs: HOUR },
			credits: { amount: 2, mayOverdraw: false, refillAmount: 9, refillPeriod: 'week' },
		});
	});

	test('X2: a free pass is not counted, and told when it dwells', () => {
		const decision = decideAccess(
			factsOf('freePass', { limits: { dwellAlarmMin: 45 }, extras: { pool: shared('p') } }),
		);
		expect(decision).toMatchObject({
			counted: false,
			reserve: [],
			terms: { dwellAlarmAtMs: TUESDAY_10H + 45 * MINUTE },
		});
		expect(decision.terms).not.toHaveProperty('shared');
	});

	test('X13: a fleet vehicle is never taken for forgotten, unless its right says when', () => {
		expect(termsOf('vehicle')).toEqual({ forgottenExit: { atMs: null, freesPlace: true } });
		const limits = { forgottenExitMin: 60, forgottenExitCounts: 'keeps' } as const;
		expect(termsOf('vehicle', { limits })).toEqual({ forgottenExit: { atMs: TUESDAY_10H + HOUR, freesPlace: false } });
	});

	test('X3: one place of its pool and of each limited group, once a stay', () => {
		const extras = { pool: { ...shared('p'), occupied: 0, areaId: 'A1' }, groups: [{ ...shared('g'), occupied: 0 }] };
		expect(termsOf('firstCome', { extras })).toEqual({
			shared: [{ counter: 'pool:p', areaId: 'A1' }, { counter: 'group:g' }],
		});
		const goesOn = { lane: { from: 'A1' }, openSessions: [inside({ credentialId: 'anna-tag', shared: ['group:g'] })] };
		expect(termsOf('firstCome', { extras, facts: goesOn })).toEqual({ shared: [{ counter: 'pool:p', areaId: 'A1' }] });
	});

	test('X3: who holds a place of a full group needs no second one', () => {
		const goesOn = { lane: { from: 'A1' }, openSessions: [inside({ credentialId: 'anna-tag', shared: ['group:g'] })] };
		const change = { extras: { groups: [shared('g')] }, facts: goesOn };
		expect(decideAccess(factsOf('firstCome', change)).headline).toBeNull();
	});

	test('X4: of several rights that open, the one of the stay, then a kept place, then what costs nothing', () => {
		const right = (id: string, extras: Partial<RightFact> = {}, strategy: AccessStrategy = 'firstCome') =>
			aRight({ id, strategy, extras });
		const paid = right('a', { wallet: { balance: 9, cost: 2, mayOverdraw: false } }, 'credits');
		const booked = right('c', { bookings: [aBooking()] }, 'booking');
		const chosen = (rights: RightFact[], more = {}) => decideAccess(facts({ rights, ...more })).rightId;
		expect(chosen([paid, right('b')])).toBe('b');
		expect(chosen([paid, right('b'), booked])).toBe('c');
		const goesOn = { lane: { from: 'A1' }, openSessions: [inside({ credentialId: 'anna-tag', rightIds: ['a'] })] };
		expect(chosen([right('b'), booked, paid], goesOn)).toBe('a');
	});

	test('the same facts come to the same, as a replay needs it', () => {
		const made = factsOf('credits', {
			limits: { priceMinor: 100, currency: 'EUR' },
			extras: { bookings: [aBooking()] },
		});
		expect(decideAccess(JSON.parse(JSON.stringify(made)) as AccessFacts)).toEqual(decideAccess(made));
	});
});
