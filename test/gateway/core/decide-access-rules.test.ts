import { describe, expect, test } from 'vitest';
import { decideAccess } from '../../../src/gateway/core/access/decide-access.ts';
import type { AccessFacts, BookingFact, RightFact } from '../../../src/gateway/core/access/facts.ts';
import type { ReasonCode } from '../../../src/gateway/core/reason.ts';
import {
	aCredential,
	anna,
	aPlateRead,
	aRight,
	aTagRead,
	facts,
	TUESDAY_10H,
	usualRules,
} from '../../support/access-facts.ts';

const MINUTE = 60_000;
const HOUR = 3_600_000;
const ok = { productLicence: 'valid', rfidEnabled: true, unlicensedCameras: [], parkActive: true } as const;
const booking = (change: Partial<BookingFact> = {}): BookingFact => ({
	bookingId: 'b1',
	startMs: TUESDAY_10H - HOUR,
	endMs: TUESDAY_10H + HOUR,
	graceMs: 15 * MINUTE,
	state: 'planned',
	...change,
});
const withBookings = (...bookings: BookingFact[]) =>
	facts({ rights: [aRight({ strategy: 'booking', extras: { bookings } })] });
const withRight = (extras: Partial<RightFact>) => facts({ rights: [aRight({ extras })] });
const full = { areaId: 'A1', level: 'area', entering: true, capacity: 10, occupied: 10, reserved: 0 } as const;
const watched = (antiPassback: NonNullable<AccessFacts['areas'][number]['antiPassback']>) => [
	{ areaId: 'A1', level: 'area', entering: true, capacity: 10, occupied: 1, reserved: 0, antiPassback } as const,
];
const inside = (change: object = {}) => [
	{ sessionId: 's', holderId: 'anna', credentialId: 'anna-tag', areaId: 'A1', sinceMs: TUESDAY_10H - HOUR, ...change },
];
const places = (occupied: number) => ({ id: 'pool-1', capacity: 5, occupied, reserved: 1 });

interface Case {
	readonly situation: string;
	readonly facts: AccessFacts;
	readonly headline: ReasonCode | null;
}

const cases: readonly Case[] = [
	{
		situation: 'I18: the park was deactivated by support',
		facts: facts({ equipment: { ...ok, parkActive: false } }),
		headline: 'PARK_INACTIVE',
	},
	{
		situation: 'the product licence lapsed',
		facts: facts({ equipment: { ...ok, productLicence: 'expired' } }),
		headline: 'PRODUCT_LICENCE_EXPIRED',
	},
	{
		situation: 'the product licence is in its grace',
		facts: facts({ equipment: { ...ok, productLicence: 'grace' } }),
		headline: null,
	},
	{
		situation: 'before the first licence',
		facts: facts({ equipment: { ...ok, productLicence: 'commissioning' } }),
		headline: null,
	},
	{
		situation: 'tags are not licensed and a tag came',
		facts: facts({ equipment: { ...ok, rfidEnabled: false } }),
		headline: 'RFID_NOT_ENABLED',
	},
	{
		situation: 'tags are not licensed and a plate came',
		facts: facts({ presented: [aPlateRead()], equipment: { ...ok, rfidEnabled: false } }),
		headline: null,
	},
	{
		situation: 'I16: the camera has no licence',
		facts: facts({ presented: [aPlateRead()], equipment: { ...ok, unlicensedCameras: ['cam-1'] } }),
		headline: 'CAMERA_UNLICENSED',
	},
	{
		situation: 'I16: another camera has no licence',
		facts: facts({ presented: [aPlateRead()], equipment: { ...ok, unlicensedCameras: ['cam-9'] } }),
		headline: null,
	},
	{
		situation: 'I16: a tag beside a camera without licence',
		facts: facts({ presented: [aTagRead(), aPlateRead()], equipment: { ...ok, unlicensedCameras: ['cam-1'] } }),
		headline: null,
	},
	{
		situation: 'N6: tags are trusted for a day and central was heard an hour ago',
		facts: facts({ data: { directorySyncedAtMs: TUESDAY_10H - HOUR, staleAfterMs: { tag: 24 * HOUR } } }),
		headline: null,
	},
	{
		situation: 'N6: tags are trusted for a day and central was heard two days ago',
		facts: facts({ data: { directorySyncedAtMs: TUESDAY_10H - 48 * HOUR, staleAfterMs: { tag: 24 * HOUR } } }),
		headline: 'STALE_DATA',
	},
	{
		situation: 'N6: the age set for plates does not touch tags',
		facts: facts({ data: { directorySyncedAtMs: TUESDAY_10H - 48 * HOUR, staleAfterMs: { plate: HOUR } } }),
		headline: null,
	},
	{
		situation: 'a vehicle from behind the barrier',
		facts: facts({ lane: { wrongWay: true } }),
		headline: 'WRONG_DIRECTION',
	},
	{
		situation: 'N3: the tag went in at another lane ten seconds ago',
		facts: facts({
			lastUses: [{ credentialId: 'anna-tag', laneId: 'L9', direction: 'entry', atMs: TUESDAY_10H - 10_000 }],
		}),
		headline: 'CLONE_SUSPECTED',
	},
	{
		situation: 'N3: the tag went in at another lane an hour ago',
		facts: facts({
			lastUses: [{ credentialId: 'anna-tag', laneId: 'L9', direction: 'entry', atMs: TUESDAY_10H - HOUR }],
		}),
		headline: null,
	},
	{
		situation: 'N3: the tag went out at another lane ten seconds ago',
		facts: facts({
			lastUses: [{ credentialId: 'anna-tag', laneId: 'L9', direction: 'exit', atMs: TUESDAY_10H - 10_000 }],
		}),
		headline: null,
	},
	{
		situation: 'N3: the tag went in at this lane ten seconds ago',
		facts: facts({
			lastUses: [{ credentialId: 'anna-tag', laneId: 'L1', direction: 'entry', atMs: TUESDAY_10H - 10_000 }],
		}),
		headline: null,
	},
	{
		situation: 'N3: copies are not looked for',
		facts: facts({
			lane: { rules: { ...usualRules, cloneWindowMs: 0 } },
			lastUses: [{ credentialId: 'anna-tag', laneId: 'L9', direction: 'entry', atMs: TUESDAY_10H }],
		}),
		headline: null,
	},
	{
		situation: 'N3: the clock was set back meanwhile: close is close',
		facts: facts({
			lastUses: [{ credentialId: 'anna-tag', laneId: 'L9', direction: 'entry', atMs: TUESDAY_10H + 10_000 }],
		}),
		headline: 'CLONE_SUSPECTED',
	},
	{
		situation: 'anti-passback hard: in again without having left',
		facts: facts({ areas: watched({ mode: 'hard' }), openSessions: inside() }),
		headline: 'ANTI_PASSBACK_IN',
	},
	{
		situation: 'anti-passback soft: in again is let through and told',
		facts: facts({ areas: watched({ mode: 'soft' }), openSessions: inside() }),
		headline: null,
	},
	{
		situation: 'anti-passback timed: in again soon after',
		facts: facts({ areas: watched({ mode: 'timed', forMs: 2 * HOUR }), openSessions: inside() }),
		headline: 'ANTI_PASSBACK_IN',
	},
	{
		situation: 'anti-passback timed: in again later',
		facts: facts({ areas: watched({ mode: 'timed', forMs: 30 * MINUTE }), openSessions: inside() }),
		headline: null,
	},
	{
		situation: 'anti-passback timed: came in while the clock was years ahead',
		facts: facts({
			areas: watched({ mode: 'timed', forMs: 2 * HOUR }),
			openSessions: inside({ sinceMs: TUESDAY_10H + 87_600 * HOUR }),
		}),
		headline: null,
	},
	{
		situation: 'N6: an untrusted clock and a credential limited in time',
		facts: facts({
			clock: 'untrusted',
			presented: [
				aTagRead({ match: { how: 'exact', credential: aCredential({ validToMs: TUESDAY_10H + HOUR }), holder: anna } }),
			],
		}),
		headline: 'CLOCK_UNTRUSTED',
	},
	{
		situation: 'N6: an untrusted clock and a booking',
		facts: facts({
			clock: 'untrusted',
			rights: [aRight({ strategy: 'booking', extras: { bookings: [booking()] } })],
		}),
		headline: 'CLOCK_UNTRUSTED',
	},
	{
		situation: 'anti-passback off: in again heals the missed exit',
		facts: facts({ openSessions: inside() }),
		headline: null,
	},
	{
		situation: 'anti-passback hard: nobody is inside',
		facts: facts({ areas: watched({ mode: 'hard' }) }),
		headline: null,
	},
	{
		situation: 'anti-passback hard: reset to neutral',
		facts: facts({ areas: watched({ mode: 'hard' }), openSessions: inside(), neutralHolderIds: ['anna'] }),
		headline: null,
	},
	{
		situation: 'into the inner area without having been seen in the outer one',
		facts: facts({ lane: { from: 'A0' }, areas: watched({ mode: 'hard' }) }),
		headline: 'AREA_SKIPPED',
	},
	{
		situation: 'into the inner area from the outer one',
		facts: facts({ lane: { from: 'A0' }, areas: watched({ mode: 'hard' }), openSessions: inside({ areaId: 'A0' }) }),
		headline: null,
	},
	{ situation: 'X13: a booking that runs', facts: withBookings(booking()), headline: null },
	{ situation: 'no booking at all', facts: withBookings(), headline: 'NO_BOOKING' },
	{
		situation: 'a booking for later',
		facts: withBookings(booking({ startMs: TUESDAY_10H + HOUR, endMs: TUESDAY_10H + 2 * HOUR })),
		headline: 'BOOKING_TOO_EARLY',
	},
	{
		situation: 'within the grace before a booking',
		facts: withBookings(booking({ startMs: TUESDAY_10H + 10 * MINUTE })),
		headline: null,
	},
	{
		situation: 'at the first moment of the grace',
		facts: withBookings(booking({ startMs: TUESDAY_10H + 15 * MINUTE })),
		headline: null,
	},
	{
		situation: 'a booking that is over',
		facts: withBookings(booking({ endMs: TUESDAY_10H - 1 })),
		headline: 'BOOKING_EXPIRED',
	},
	{
		situation: 'at the last moment of a booking',
		facts: withBookings(booking({ endMs: TUESDAY_10H })),
		headline: null,
	},
	{
		situation: 'a booking whose one stay was had',
		facts: withBookings(booking({ state: 'used' })),
		headline: 'BOOKING_EXPIRED',
	},
	{
		situation: 'a booking given up as a no-show',
		facts: withBookings(booking({ state: 'released' })),
		headline: 'BOOKING_EXPIRED',
	},
	{
		situation: 'one booking over and one for later',
		facts: withBookings(
			booking({ endMs: TUESDAY_10H - 1 }),
			booking({ bookingId: 'b2', startMs: TUESDAY_10H + HOUR, endMs: TUESDAY_10H + 2 * HOUR }),
		),
		headline: 'BOOKING_EXPIRED',
	},
	{
		situation: 'one booking over and one that runs',
		facts: withBookings(booking({ endMs: TUESDAY_10H - 1 }), booking({ bookingId: 'b2' })),
		headline: null,
	},
	{
		situation: 'N5: a booking in its window although the area is full',
		facts: { ...withBookings(booking()), areas: [full] },
		headline: null,
	},
	{ situation: 'X5: one use left', facts: withRight({ uses: { used: 4, allowed: 5 } }), headline: null },
	{ situation: 'X5: no use left', facts: withRight({ uses: { used: 5, allowed: 5 } }), headline: 'USES_EXHAUSTED' },
	{
		situation: 'X5: enough credit',
		facts: withRight({ wallet: { balance: 100, cost: 100, mayOverdraw: false } }),
		headline: null,
	},
	{
		situation: 'X5: not enough credit',
		facts: withRight({ wallet: { balance: 99, cost: 100, mayOverdraw: false } }),
		headline: 'NO_CREDIT',
	},
	{
		situation: 'X5: not enough credit and overdrawing is allowed',
		facts: withRight({ wallet: { balance: 0, cost: 100, mayOverdraw: true } }),
		headline: null,
	},
	{ situation: 'X3: room in the pool', facts: withRight({ pool: places(3) }), headline: null },
	{
		situation: 'X3: the pool is full, counting places held',
		facts: withRight({ pool: places(4) }),
		headline: 'POOL_FULL',
	},
	{ situation: 'X3: the group is full', facts: withRight({ groups: [places(4)] }), headline: 'GROUP_FULL' },
	{
		situation: 'X3: a preferential right and a full pool',
		facts: facts({ rights: [aRight({ strategy: 'preferential', extras: { pool: places(4) } })] }),
		headline: null,
	},
	{
		situation: 'an enclosing area is full that the vehicle is in already',
		facts: facts({ areas: [{ ...full, entering: false }] }),
		headline: null,
	},
	{
		situation: 'area and pool are full: the order of the rules names the area',
		facts: facts({ areas: [full], rights: [aRight({ extras: { pool: places(4) } })] }),
		headline: 'AREA_FULL',
	},
	{
		situation: 'a closed lane comes before everything',
		facts: facts({ lane: { closed: 'closed' }, rights: [], equipment: { ...ok, parkActive: false } }),
		headline: 'LANE_CLOSED',
	},
	{
		situation: 'the credential comes before the holder',
		facts: facts({
			presented: [
				aTagRead({
					match: { how: 'exact', credential: aCredential({ state: 'lost' }), holder: { ...anna, status: 'blocked' } },
				}),
			],
		}),
		headline: 'CREDENTIAL_LOST',
	},
	{
		situation: 'a confusable plate is as good as an exact one',
		facts: facts({
			presented: [
				aPlateRead({ match: { how: 'confusable', credential: aCredential({ kind: 'plate' }), holder: anna } }),
			],
		}),
		headline: null,
	},
];

describe('decideAccess: every rule', () => {
	test.each(cases)('$situation → $headline', ({ facts: given, headline }) => {
		expect(decideAccess(given).headline).toBe(headline);
	});

	const licences: readonly ReasonCode[] = [
		'PARK_INACTIVE',
		'PRODUCT_LICENCE_EXPIRED',
		'RFID_NOT_ENABLED',
		'CAMERA_UNLICENSED',
	];
	test.each(cases.filter(({ headline }) => headline !== null && licences.includes(headline)))(
		'not even a strict exit refuses: $situation',
		({ facts: given }) => {
			const strict = { ...given.lane, rules: { ...usualRules, strictExit: true } };
			expect(decideAccess({ ...given, direction: 'exit', areas: [], lane: strict }).outcome).toBe('granted');
		},
	);

	test('anti-passback out: a strict exit refuses who was not seen coming in', () => {
		const lane = {
			...facts().lane,
			from: 'A1',
			fromAntiPassback: { mode: 'hard' },
			rules: { ...usualRules, strictExit: true },
		} as const;
		const leaving = facts({ direction: 'exit', areas: [], lane });
		expect(decideAccess(leaving).headline).toBe('ANTI_PASSBACK_OUT');
		expect(decideAccess({ ...leaving, openSessions: inside() }).headline).toBeNull();
		expect(decideAccess({ ...leaving, lane: { ...lane, rules: usualRules } }).headline).toBeNull();
	});

	test('what was let through softly is told with its figures', () => {
		const soft = decideAccess(facts({ areas: watched({ mode: 'soft' }), openSessions: inside() }));
		expect(soft.verdicts).toContainEqual({
			rule: 'ANTI_PASSBACK_IN',
			verdict: { result: 'waived', by: 'setting', detail: { area: 'A1', since: TUESDAY_10H - HOUR } },
		});
	});

	test('under fire an exit refuses nothing at all', () => {
		const lane = {
			...facts().lane,
			fire: true,
			vehiclePresent: false,
			wrongWay: true,
			closed: 'closed',
			rules: { ...usualRules, strictExit: true },
		} as const;
		const decision = decideAccess(facts({ direction: 'exit', areas: [], presented: [], lane }));
		expect(decision.outcome).toBe('granted');
		expect(decision.verdicts).toContainEqual({ rule: 'WRONG_DIRECTION', verdict: { result: 'waived', by: 'fire' } });
	});
});
