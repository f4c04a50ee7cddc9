import { areaMove, areasWithin } from '../../core/area-chain.ts';
import type { LaneEventEntry } from '../../core/journal.ts';
import type { StoreEffect } from '../../core/lane/lane-effect.ts';
import { type Lane, OUTSIDE, type Site } from '../../core/site.ts';
import type { OpenParkingSession } from '../../store/parking-sessions.ts';
import type { SiteStore } from '../../store/site-store.ts';
import { createUnseenExits, wasCountedOut } from '../unseen-exits.ts';

type Pass = StoreEffect & { readonly type: 'pass' };

/** Writes one effect of a lane's step inside its transaction. */
export function createEffectWriter(site: Site, store: SiteStore) {
	const closeUnseen = createUnseenExits(site, store);
	return function apply(lane: Lane, effect: StoreEffect, atMs: number): void {
		switch (effect.type) {
			case 'record':
				store.journal.append(effect.entry);
				return;
			case 'reserve': {
				const { vendId, holderId, areaIds } = effect;
				store.occupancy.reserve({ id: vendId, laneId: lane.id, holderId, areaIds, atMs });
				return;
			}
			case 'setMode':
				store.laneModes.set(lane.id, effect.mode);
				return;
			case 'release':
				store.occupancy.release(effect.vendId);
				return;
			case 'pass':
				// First the stays: a missed exit is seen by comparing them with the count before this vehicle.
				count(lane, { ...effect, ...stay(lane, effect, atMs) }, atMs);
				return;
		}
	};

	/** What was held becomes occupied; what is left becomes free. */
	function count(lane: Lane, { vendId, counted, passageId, from, to }: Pass, atMs: number): void {
		if (!counted) return;
		const { leave, enter } = areaMove(site, from, to);
		const captured = vendId === null ? undefined : store.occupancy.capture(vendId);
		const { corrections } = store.occupancy.move({ leave, enter: captured === undefined ? enter : [] });
		for (const { areaId } of corrections) {
			recordEvent(lane, `${passageId}.${areaId}`, 'occupancyCorrected', atMs, {
				area: areaId,
				because: 'more left than were counted in',
			});
		}
	}

	/**
	 * Opens, moves or closes the parking session of the vehicle that passed.
	 * @returns whether it is counted (who was counted in is counted out) and the area it left: the lane's, or the one
	 * within it where the vehicle stood.
	 */
	function stay(lane: Lane, pass: Pass, atMs: number): Pick<Pass, 'counted' | 'from'> {
		const { parkingSessions } = store;
		if (pass.holderId !== null) store.neutralHolders.clear(pass.holderId);
		if (pass.from === OUTSIDE) {
			closeMissedExit(lane, pass, atMs);
			const { passageId: id, holderId, credentialId, decisionId, counted, to: areaId } = pass;
			const from = { laneInId: lane.id, openedAtMs: atMs };
			parkingSessions.open({ id, holderId, credentialId, decisionId, counted, areaId, ...from });
			return pass;
		}
		const open = openStay(pass);
		if (open === undefined) return pass;
		const from = stoodWithin(open, pass.from) ? open.areaId : pass.from;
		if (pass.to !== OUTSIDE) {
			parkingSessions.moveTo(open.id, pass.to);
			return { counted: pass.counted, from };
		}
		parkingSessions.close(open.id, { atMs, laneOutId: lane.id, by: 'passage' });
		return { counted: open.counted, from };
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

	function openStay({ holderId, credentialId, from }: Pass): OpenParkingSession | undefined {
		if (holderId === null) return store.parkingSessions.oldestAnonymous(from);
		const open = store.parkingSessions.openFor(holderId);
		return open.find((stay) => stay.credentialId === credentialId) ?? open[0];
	}
}
