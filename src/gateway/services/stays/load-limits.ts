import type { BookingFact, RightFact, SharedPlaces } from '../../core/access/facts.ts';
import { limitsOf, type SpecificationLimits } from '../../core/access/specification-limits.ts';
import { groupCounter, poolCounter } from '../../core/access/stays.ts';
import { STRATEGY } from '../../core/access/strategy.ts';
import { areaChain } from '../../core/area-chain.ts';
import { bookingTimes } from '../../core/booking.ts';
import type { ClockTrust } from '../../core/clock.ts';
import type { Holder } from '../../core/directory.ts';
import { refillDue } from '../../core/ledger.ts';
import { LIMITS } from '../../core/limits.ts';
import type { Site } from '../../core/site.ts';
import { usePeriodAt } from '../../core/use-period.ts';
import type { PlannedUse } from '../../store/directory-limit-reads.ts';
import type { DirectoryReader } from '../../store/directory-reader.ts';
import type { SiteStore } from '../../store/site-store.ts';
import type { KeptCounts } from './kept-places.ts';
import type { LimitDirectory } from './limit-directory.ts';

export interface LimitsDeps {
	readonly site: Pick<Site, 'areas' | 'parks' | 'timeZone'>;
	readonly directory: Pick<DirectoryReader, 'plannedUsesOf' | 'plannedUsesOfVehicle'>;
	readonly shared: LimitDirectory;
	readonly store: Pick<SiteStore, 'occupancy' | 'consumption' | 'wallets'>;
	readonly clockTrust: () => ClockTrust;
}

/** Who comes where and when. */
export interface LimitQuestion {
	readonly holder: Holder | null;
	readonly laneId: string;
	readonly credentialId: string | null;
	/** Counters the vehicle is about to enter, innermost first. */
	readonly entering: readonly string[];
	readonly kept: KeptCounts;
	readonly atMs: number;
}

const DAY_MS = 86_400_000;
const NOTHING: Partial<RightFact> = {};

/** Adds to a right what limits it at an entry. A right without limits costs no read. */
export function createLimitsLoader({ site, directory, shared, store, clockTrust }: LimitsDeps) {
	return function withLimits(fact: RightFact, question: LimitQuestion): RightFact {
		const { right, specification } = fact;
		if (specification === null) return fact;
		const limits = limitsOf(specification);
		const underWay = store.occupancy.underWayOf(right.id).filter((one) => !isAgain(one, question)).length;
		const keptIn = question.kept.of(right.id);
		const guarantee = guaranteeOf(fact, limits, question.atMs);
		const bookings = bookingsOf(fact, limits, question);
		const uses = usesOf(fact, limits, question.atMs);
		const wallet = walletOf(fact, limits, question.atMs);
		const shared = sharedOf(fact, question);
		const isLimited = [guarantee, bookings, uses, wallet, shared].some((part) => part !== NOTHING);
		// Most rights are not: nothing is made anew for them.
		if (!isLimited && underWay === 0 && keptIn.length === 0) return fact;
		return {
			...fact,
			...(underWay > 0 && { underWay }),
			...(keptIn.length > 0 && { keptIn }),
			...{ ...guarantee, ...bookings, ...uses, ...wallet, ...shared },
		};
	};

	function guaranteeOf(
		fact: RightFact,
		{ guaranteedScheduleId }: SpecificationLimits,
		atMs: number,
	): Partial<RightFact> {
		if (fact.specification?.strategy !== 'preferential') return NOTHING;
		const releases = directory
			.plannedUsesOf(fact.right.id, atMs - LIMITS.bookingMs, atMs + DAY_MS)
			.filter(({ kind, state, endMs }) => kind === 'release' && state === 'planned' && endMs > atMs)
			.map(({ startMs, endMs }) => ({ startMs, endMs }));
		return {
			...(guaranteedScheduleId !== null && { guaranteedSchedule: shared.row('schedules', guaranteedScheduleId) }),
			...(releases.length > 0 && { releases }),
		};
	}

	function bookingsOf(
		{ right, specification }: RightFact,
		limits: SpecificationLimits,
		{ atMs }: LimitQuestion,
	): Partial<RightFact> {
		if (specification === null || STRATEGY[specification.strategy].booking === 'unused') return NOTHING;
		const [fromMs, toMs] = [atMs - LIMITS.bookingMs, atMs + DAY_MS];
		const uses =
			specification.strategy === 'vehicle'
				? directory.plannedUsesOfVehicle(right.holderId, fromMs, toMs)
				: directory.plannedUsesOf(right.id, fromMs, toMs);
		const near = uses.filter(({ kind, endMs }) => kind === 'booking' && endMs > atMs - DAY_MS);
		if (near.length === 0) return NOTHING;
		const sorted = near.toSorted((a, b) => a.startMs - b.startMs || (a.id < b.id ? -1 : 1));
		return { bookings: sorted.map((use) => bookingFact(use, limits)) };
	}

	function bookingFact(use: PlannedUse, limits: SpecificationLimits): BookingFact {
		return {
			bookingId: use.id,
			...bookingTimes(use, limits),
			...(use.areaId !== null && { areaIds: areaChain(site, use.areaId).map(({ areaId }) => areaId) }),
			state: stateOf(use),
		};
	}

	function stateOf({ id, state }: PlannedUse): BookingFact['state'] {
		const use = store.consumption.booking(id);
		if (use?.state === 'used' || store.occupancy.underWay().some(({ terms }) => terms?.bookingId === id)) return 'used';
		return use?.state === 'noShow' ? 'released' : state;
	}

	function usesOf(
		{ right }: RightFact,
		{ useLimit, usePeriod }: SpecificationLimits,
		atMs: number,
	): Partial<RightFact> {
		if (useLimit === null) return NOTHING;
		const { startMs, endMs } = usePeriodAt(usePeriod, atMs, site.timeZone, right);
		const held = store.occupancy.underWayOf(right.id).filter(({ terms }) => terms?.useAtMs !== undefined).length;
		return { uses: { used: store.consumption.uses(right.id, startMs, endMs) + held, allowed: useLimit } };
	}

	function walletOf({ right }: RightFact, limits: SpecificationLimits, atMs: number): Partial<RightFact> {
		const { creditCost: cost, mayOverdraw } = limits;
		if (cost === 0) return NOTHING;
		const state = store.wallets.state(right.id);
		// A clock nobody trusts must not bring the next period's credits.
		const refill = clockTrust() === 'untrusted' ? null : refillDue(state, limits, atMs, site.timeZone);
		const balance = state.balance + (refill?.amount ?? 0);
		return { wallet: { balance, cost, mayOverdraw, ...(refill !== null && { refill }) } };
	}

	function sharedOf({ right: { poolId } }: RightFact, { holder, entering }: LimitQuestion): Partial<RightFact> {
		if ((poolId ?? null) === null && holder?.groupIds === undefined) return NOTHING;
		const pool = poolId === undefined || poolId === null ? null : shared.row('pools', poolId);
		const isPoolHere = pool !== null && (pool.areaId === null || entering.includes(pool.areaId));
		const groups = holder?.groupIds === undefined ? [] : shared.groupsAround(holder.groupIds);
		const limited = groups.flatMap(({ id, capacity }) =>
			capacity === null ? [] : [places(id, capacity, groupCounter(id))],
		);
		return {
			...(isPoolHere && {
				pool: {
					...places(pool.id, pool.capacity, poolCounter(pool.id)),
					...(pool.areaId !== null && { areaId: pool.areaId }),
				},
			}),
			...(limited.length > 0 && { groups: limited }),
		};
	}

	function places(id: string, capacity: number, counter: string): SharedPlaces {
		const { occupied, reserved } = store.occupancy.counter(counter);
		return { id, capacity, occupied, reserved };
	}
}

/** The same card at the same lane once more; at another lane it stands there while a vehicle still drives in here. */
function isAgain(
	{ laneId, credentialId }: { readonly laneId: string; readonly credentialId?: string | null },
	question: LimitQuestion,
): boolean {
	return credentialId === question.credentialId && laneId === question.laneId;
}
