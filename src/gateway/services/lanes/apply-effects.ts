import { areaChain, areaMove, areasWithin } from '../../core/area-chain.ts';
import type { JournalEntry, LaneEventEntry } from '../../core/journal.ts';
import type { StoreEffect } from '../../core/lane/lane-effect.ts';
import { LIMITS } from '../../core/limits.ts';
import { type Lane, OUTSIDE, type Site } from '../../core/site.ts';
import type { SharedPlace } from '../../core/stay-terms.ts';
import type { Reservation } from '../../store/occupancy.ts';
import type { OpenParkingSession } from '../../store/parking-sessions.ts';
import type { SiteStore } from '../../store/site-store.ts';
import { createStayCosts } from '../stays/stay-costs.ts';
import { createUnseenExits, wasCountedOut } from '../unseen-exits.ts';

type Pass = StoreEffect & { readonly type: 'pass' };

/** What a passage did to the vehicle's stay, as the counters need it. */
interface StayMove extends Pick<Pass, 'counted' | 'from'> {
	/** Shared places it does not hold any more. */
	readonly left: readonly SharedPlace[];
	/** undefined: of nobody, or nothing is known of the stay. */
	readonly stay?: OpenParkingSession;
}

/** Writes one effect of a lane's step inside its transaction. */
export function createEffectWriter(site: Site, store: SiteStore) {
	const closeUnseen = createUnseenExits(site, store);
	const costs = createStayCosts(store);
	return function apply(lane: Lane, effect: StoreEffect, atMs: number): void {
		switch (effect.type) {
			case 'record':
				record(effect.entry);
				return;
			case 'reserve':
				reserve(lane, effect, atMs);
				return;
			case 'setMode':
				store.laneModes.set(lane.id, effect.mode);
				return;
			case 'release': {
				const released = store.occupancy.release(effect.vendId);
				if (released !== undefined) costs.release(released);
				return;
			}
			case 'pass':
				pass(lane, effect, atMs);
				return;
		}
	};

	function record(entry: JournalEntry): void {
		store.journal.append(entry);
		const decisionId = mismatchedGrant(entry);
		if (decisionId !== null) store.grantedMismatches.add(decisionId, entry.atMs, entry.atMs - LIMITS.reviewMs);
	}

	function reserve(lane: Lane, effect: StoreEffect & { readonly type: 'reserve' }, atMs: number): void {
		const { vendId, holderId, areaIds, rightId, credentialId, terms } = effect;
		const reservation: Reservation = {
			...{ id: vendId, laneId: lane.id, holderId, atMs },
			areaIds: [...areaIds, ...(terms?.shared ?? []).map(({ counter }) => counter)],
			...(rightId !== null && { rightId }),
			...(credentialId !== null && { credentialId }),
			...(terms !== undefined && { terms }),
		};
		store.occupancy.reserve(reservation);
		costs.hold(reservation);
	}

	/** What was held becomes occupied and paid; what is left becomes free. */
	function pass(lane: Lane, effect: Pass, atMs: number): void {
		const { vendId, passageId, decisionId, to } = effect;
		const reservation = vendId === null ? undefined : store.occupancy.reservation(vendId);
		// First the stays: a missed exit is seen by comparing them with the count before this vehicle.
		const { stay, counted, from, left } = moveStay(lane, effect, reservation, atMs);
		count(lane, { ...effect, counted, from }, left, atMs);
		const rightId = reservation?.rightId;
		if (reservation === undefined || rightId === undefined) return;
		const about = { id: stay?.id ?? passageId, holderId: effect.holderId, rightId, decisionId, sinceMs: atMs };
		// Beyond the site nothing was agreed; a stay nobody knows of has no end to wait for.
		if (to !== OUTSIDE) costs.capture(reservation, about, atMs);
	}

	function count(
		lane: Lane,
		{ vendId, counted, passageId, from, to }: Pass,
		left: readonly SharedPlace[],
		atMs: number,
	) {
		const { leave, enter } = areaMove(site, from, to);
		const captured = vendId === null ? undefined : store.occupancy.capture(vendId);
		const places = counted ? { leave, enter: captured === undefined ? enter : [] } : { leave: [], enter: [] };
		const shared = left.map(({ counter }) => counter);
		const { corrections } = store.occupancy.move({ ...places, leave: [...places.leave, ...shared] });
		for (const { areaId } of corrections) {
			recordEvent(lane, `${passageId}.${areaId}`, 'occupancyCorrected', atMs, {
				area: areaId,
				because: 'more left than were counted in',
			});
		}
	}

	/** Opens, moves or closes the parking session of the vehicle that passed: who was counted in is counted out. */
	function moveStay(lane: Lane, pass: Pass, reservation: Reservation | undefined, atMs: number): StayMove {
		const { parkingSessions } = store;
		if (pass.holderId !== null) store.neutralHolders.clear(pass.holderId);
		if (pass.from === OUTSIDE) return { ...pass, left: [], stay: open(lane, pass, reservation, atMs) };
		const stay = openStay(pass);
		if (stay === undefined) return { ...pass, left: [] };
		// It left the lane's area, or the one within it where it stood.
		const from = stoodWithin(stay, pass.from) ? stay.areaId : pass.from;
		if (pass.to !== OUTSIDE) {
			parkingSessions.moveTo(stay.id, pass.to);
			return { counted: pass.counted, from, stay, left: leaveShared(stay, pass.to, reservation) };
		}
		parkingSessions.close(stay.id, { atMs, laneOutId: lane.id, by: 'passage' });
		store.stayDeadlines.clear(stay.id);
		return { counted: stay.counted, from, stay, left: stay.shared ?? [] };
	}

	function open(lane: Lane, pass: Pass, reservation: Reservation | undefined, atMs: number): OpenParkingSession {
		closeMissedExit(lane, pass, atMs);
		const { passageId: id, holderId, credentialId, decisionId, counted, to: areaId } = pass;
		const shared = reservation?.terms?.shared ?? [];
		const session: OpenParkingSession = {
			...{ id, holderId, credentialId, decisionId, counted, areaId, laneInId: lane.id, openedAtMs: atMs },
			...(reservation?.rightId !== undefined && { rightIds: [reservation.rightId] }),
			...(shared.length > 0 && { shared }),
		};
		store.parkingSessions.open(session);
		return session;
	}

	/** Goes on in another area, maybe by another right: what belongs to the areas it left is given back. */
	function leaveShared(
		{ id, rightIds = [], shared = [] }: OpenParkingSession,
		to: string,
		reservation: Reservation | undefined,
	): readonly SharedPlace[] {
		const inside = new Set(areaChain(site, to).map(({ areaId }) => areaId));
		const left = shared.filter(({ areaId }) => areaId !== undefined && !inside.has(areaId));
		const taken = reservation?.terms?.shared ?? [];
		const rightId = reservation?.rightId;
		const isNewRight = rightId !== undefined && !rightIds.includes(rightId);
		if (left.length > 0 || taken.length > 0 || isNewRight) {
			store.parkingSessions.setHolding(id, {
				rightIds: isNewRight ? [...rightIds, rightId] : rightIds,
				shared: [...shared.filter((place) => !left.includes(place)), ...taken],
			});
		}
		return left;
	}

	/** It parked in an area within the one the lane leaves, and did not leave that one unread before. */
	function stoodWithin({ areaId }: OpenParkingSession, from: string): boolean {
		return areasWithin(site, from).includes(areaId) && !wasCountedOut(site, store, areaId);
	}

	/** The same credential comes in again: it must have left unseen, and its place with it. */
	function closeMissedExit(lane: Lane, { holderId, credentialId }: Pass, atMs: number): void {
		if (holderId === null) return;
		const missed = store.parkingSessions.openFor(holderId).find((open) => open.credentialId === credentialId);
		if (missed === undefined) return;
		closeUnseen(missed, { atMs, laneId: lane.id, by: 'nextEntry', freesPlace: true });
	}

	function recordEvent(
		lane: Lane,
		id: string,
		event: LaneEventEntry['event'],
		atMs: number,
		detail: LaneEventEntry['detail'],
	): void {
		const about = { laneId: lane.id, event, decisionId: null, detail };
		store.journal.append({ type: 'lane', class: 'decision', id, atMs, ...about });
	}

	/** By the same credential, else the one that stands where the lane leaves. */
	function openStay({ holderId, credentialId, from }: Pass): OpenParkingSession | undefined {
		if (holderId === null) return store.parkingSessions.oldestAnonymous(from);
		const open = store.parkingSessions.openFor(holderId);
		const same = open.find((stay) => stay.credentialId === credentialId);
		return same ?? open.find((stay) => stay.areaId === from) ?? open[0];
	}
}

/** The grant of which this tells that tag and plate were two people's; null: of none. */
function mismatchedGrant(entry: JournalEntry): string | null {
	if (entry.type === 'lane') return entry.event === 'mismatch' ? entry.decisionId : null;
	if (entry.type !== 'decision' || entry.decision.outcome !== 'granted') return null;
	const isWaived = entry.decision.verdicts.some(
		({ rule, verdict }) => rule === 'PLATE_TAG_MISMATCH' && verdict.result === 'waived',
	);
	return isWaived ? entry.id : null;
}
