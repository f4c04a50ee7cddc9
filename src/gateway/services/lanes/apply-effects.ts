import { areaMove } from '../../core/area-chain.ts';
import type { StoreEffect } from '../../core/lane/lane-effect.ts';
import { type Lane, OUTSIDE, type Site } from '../../core/site.ts';
import type { OpenParkingSession } from '../../store/parking-sessions.ts';
import type { SiteStore } from '../../store/site-store.ts';

type Pass = StoreEffect & { readonly type: 'pass' };

/** Writes one effect of a lane's step inside its transaction. */
export function createEffectWriter(site: Site, store: SiteStore) {
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
			case 'release':
				store.occupancy.release(effect.vendId);
				return;
			case 'pass':
				count(effect);
				stay(lane, effect, atMs);
				return;
		}
	};

	/** What was held becomes occupied; what is left becomes free. */
	function count({ vendId, counted, from, to }: Pass): void {
		if (!counted) return;
		const { leave, enter } = areaMove(site, from, to);
		const captured = vendId === null ? undefined : store.occupancy.capture(vendId);
		store.occupancy.move({ leave, enter: captured === undefined ? enter : [] });
	}

	/** Opens, moves or closes the parking session of the vehicle that passed. */
	function stay(lane: Lane, pass: Pass, atMs: number): void {
		const { parkingSessions } = store;
		if (pass.from === OUTSIDE) {
			closeMissedExit(lane, pass, atMs);
			const { passageId: id, holderId, credentialId, decisionId, to: areaId } = pass;
			parkingSessions.open({ id, holderId, credentialId, decisionId, areaId, laneInId: lane.id, openedAtMs: atMs });
			return;
		}
		const open = openStay(pass);
		if (open === undefined) return;
		if (pass.to === OUTSIDE) parkingSessions.close(open.id, { atMs, laneOutId: lane.id, by: 'passage' });
		else parkingSessions.moveTo(open.id, pass.to);
	}

	/** The same credential comes in again: it must have left unseen, and its place with it. */
	function closeMissedExit(lane: Lane, { holderId, credentialId }: Pass, atMs: number): void {
		if (holderId === null) return;
		const missed = store.parkingSessions.openFor(holderId).find((open) => open.credentialId === credentialId);
		if (missed === undefined) return;
		store.parkingSessions.close(missed.id, { atMs, laneOutId: null, by: 'nextEntry' });
		store.occupancy.move({ leave: areaMove(site, missed.areaId, OUTSIDE).leave, enter: [] });
		store.journal.append({
			type: 'lane',
			class: 'decision',
			id: `${missed.id}.missedExit`,
			atMs,
			laneId: lane.id,
			event: 'missedExit',
			decisionId: missed.decisionId,
			detail: { area: missed.areaId, since: missed.openedAtMs },
		});
	}

	function openStay({ holderId, credentialId, from }: Pass): OpenParkingSession | undefined {
		if (holderId === null) return store.parkingSessions.oldestAnonymous(from);
		const open = store.parkingSessions.openFor(holderId);
		return open.find((stay) => stay.credentialId === credentialId) ?? open[0];
	}
}
