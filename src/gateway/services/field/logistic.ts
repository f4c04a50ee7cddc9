import { areaChain, areaMove } from '../../core/area-chain.ts';
import type { Clock } from '../../core/clock.ts';
import { LIMITS } from '../../core/limits.ts';
import { normalisePlate } from '../../core/plate.ts';
import type { Site } from '../../core/site.ts';
import type { SharedPlace } from '../../core/stay-terms.ts';
import { parseTag } from '../../core/tag.ts';
import type { DirectoryReader } from '../../store/directory-reader.ts';
import type { StandingPlace, StayMove } from '../../store/field-work.ts';
import type { OpenParkingSession } from '../../store/parking-sessions.ts';
import type { SiteStore } from '../../store/site-store.ts';
import { findHolders } from '../directory/find-holders.ts';

export type { StandingPlace, StayMove };

/** A vehicle that is inside. */
export interface StandingVehicle extends StandingPlace {
	readonly stayId: string;
	/** null: a vehicle nobody identified. */
	readonly holderId: string | null;
	readonly holderName: string | null;
	/** What it came in by, as it is written; null: not known. */
	readonly carried: string | null;
	readonly openedAtMs: number;
}

/** What is remarkable about a space that a vehicle goes to. */
export interface SpaceWarning {
	/** Others that stand there. */
	readonly takenBy: readonly StandingVehicle[];
	/** Somebody else's, by a right of theirs. */
	readonly allocatedTo: readonly { readonly holderId: string; readonly name: string | null }[];
}

export type MoveAnswer =
	| { readonly result: 'moved' | 'undone'; readonly move: StayMove; readonly warning: SpaceWarning }
	| { readonly result: 'refused'; readonly because: MoveRefusal }
	/** Nothing was moved: ask again with `evenIfTaken`. */
	| { readonly result: 'taken'; readonly warning: SpaceWarning };

export type MoveRefusal =
	/** It left meanwhile, or there never was one. */
	| 'noSuchStay'
	| 'noSuchPlace'
	/** It stands there already. */
	| 'samePlace'
	| 'noSuchMove'
	/** It was moved on since, by a lane or by people. */
	| 'movedSince'
	| 'undoneBefore';

export interface MoveRequest {
	readonly stayId: string;
	readonly areaId: string;
	/** null: somewhere in the area. */
	readonly spaceId: string | null;
	/** Also where another vehicle stands, or a space is kept for somebody else. */
	readonly evenIfTaken: boolean;
	readonly operatorId: string;
}

/** Says where vehicles stand that people moved. Opens nothing and decides nothing. */
export interface Logistic {
	/** Vehicles inside, the newest first; with words: of holders of that name, and by plate and tag. At most LIMITS.staysFound. */
	find(q: string, sight?: StaySight): readonly StandingVehicle[];
	vehicle(stayId: string): StandingVehicle | undefined;
	inSpace(spaceId: string): readonly StandingVehicle[];
	/** Stay, counters and journal in one. */
	move(request: MoveRequest): MoveAnswer;
	/** Back to where it stood, while it stands where that move brought it. */
	undo(moveId: string, operatorId: string): MoveAnswer;
	/** The newest first. */
	moves(limit: number): readonly StayMove[];
	moveOf(moveId: string): StayMove | undefined;
}

/** Which vehicles are somebody's to see. */
export interface StaySight {
	isSeen(stay: Pick<StandingVehicle, 'areaId' | 'holderId'>): boolean;
	/** Areas whose stays are looked through; absent: all. */
	readonly areaIds?: readonly string[];
}

export interface LogisticDeps {
	readonly site: Pick<Site, 'areas' | 'parks'>;
	readonly store: Pick<SiteStore, 'transaction' | 'parkingSessions' | 'occupancy' | 'stayMoves' | 'journal'>;
	readonly directory: Pick<
		DirectoryReader,
		'read' | 'row' | 'find' | 'holder' | 'holdersByName' | 'credential' | 'credentialById' | 'credentialsOf'
	>;
	readonly clock: Pick<Clock, 'nowMs'>;
	readonly newId: () => string;
	/** Counters changed without a lane. */
	readonly changed: () => void;
	readonly journalGrew: () => void;
}

/** Of vehicles inside, while those that one sees are looked for. */
const PAGES_LOOKED_AT = 20;
const EVERY_STAY: StaySight = { isSeen: () => true };

const NO_WARNING: SpaceWarning = { takenBy: [], allocatedTo: [] };

export function createLogistic(deps: LogisticDeps): Logistic {
	const { site, store, directory, clock } = deps;
	const { parkingSessions, stayMoves } = store;

	function shown({ id, holderId, credentialId, areaId, spaceId, openedAtMs }: OpenParkingSession) {
		const credential = credentialId === null ? undefined : directory.credentialById(credentialId);
		const isReadable = credential?.kind === 'tag' || credential?.kind === 'plate';
		return {
			...{ stayId: id, holderId, areaId, spaceId: spaceId ?? null, openedAtMs },
			holderName: holderId === null ? null : (directory.holder(holderId)?.name ?? null),
			carried: isReadable ? (credential.label ?? credential.value) : null,
		};
	}

	function warningOf(stay: OpenParkingSession, spaceId: string | null): SpaceWarning {
		if (spaceId === null) return NO_WARNING;
		const takenBy = parkingSessions.inSpace(spaceId).filter(({ id }) => id !== stay.id);
		const allocatedTo = directory
			.find('assignedRights', { spaceId }, LIMITS.staysFound)
			.flatMap((id) => directory.row('assignedRights', id) ?? [])
			.filter((right) => right.holderId !== stay.holderId && isValid(right, clock.nowMs()))
			.map(({ holderId }) => ({ holderId, name: directory.holder(holderId)?.name ?? null }));
		return { takenBy: takenBy.map(shown), allocatedTo };
	}

	function isPlace({ areaId, spaceId }: StandingPlace): boolean {
		const area = site.areas.find(({ id }) => id === areaId);
		return area !== undefined && (spaceId === null || (area.spaces ?? []).some(({ id }) => id === spaceId));
	}

	/** Counters follow the stay as when a lane moves it. @returns the places of pools that ended with the area. */
	function carryOut(stay: OpenParkingSession, to: StandingPlace, retake: readonly SharedPlace[]) {
		const inside = new Set(areaChain(site, to.areaId).map(({ areaId }) => areaId));
		const { rightIds = [], shared = [] } = stay;
		const left = shared.filter(({ areaId }) => areaId !== undefined && !inside.has(areaId));
		const { leave, enter } = stay.counted ? areaMove(site, stay.areaId, to.areaId) : { leave: [], enter: [] };
		const counters = (places: readonly SharedPlace[]) => places.map(({ counter }) => counter);
		const { corrections } = store.occupancy.move({
			leave: [...leave, ...counters(left)],
			enter: [...enter, ...counters(retake)],
		});
		if (left.length + retake.length > 0) {
			const kept = shared.filter((place) => !left.includes(place));
			parkingSessions.setHolding(stay.id, { rightIds, shared: [...kept, ...retake] });
		}
		parkingSessions.moveTo(stay.id, to.areaId, to.spaceId);
		return { left, corrected: corrections.map(({ areaId }) => areaId) };
	}

	function audit(action: string, move: Omit<StayMove, 'undoneAtMs'>, by: string, extra: Record<string, string>): void {
		const { stayId, from, to } = move;
		const detail = {
			...{ moveId: move.id, from: from.areaId, fromSpace: from.spaceId, to: to.areaId, toSpace: to.spaceId },
			...extra,
		};
		const entry = { type: 'audit', class: 'audit', id: deps.newId(), atMs: clock.nowMs() } as const;
		store.journal.append({ ...entry, operatorId: by, action, target: stayId, detail });
	}

	function told<T>(answer: T): T {
		deps.changed();
		deps.journalGrew();
		return answer;
	}

	function byCredential(q: string): readonly string[] {
		const [plate, tag] = [normalisePlate(q), parseTag(q)];
		const found = [
			plate === undefined ? undefined : directory.credential('plate', plate),
			tag === undefined ? undefined : directory.credential('tag', tag),
		];
		return found.flatMap((credential) => credential?.holderId ?? []);
	}

	/** As far back as can be looked in a moment. */
	function newest({ isSeen, areaIds }: StaySight): readonly OpenParkingSession[] {
		const found: OpenParkingSession[] = [];
		let after: { readonly atMs: number; readonly id: string } | undefined;
		for (let pages = 0; pages < PAGES_LOOKED_AT && found.length < LIMITS.staysFound; pages += 1) {
			const { sessions, next } = parkingSessions.page({
				...{ state: 'open', limit: LIMITS.staysFound },
				...(after !== undefined && { after }),
				...(areaIds !== undefined && { areaIds }),
			});
			found.push(...sessions.filter(isSeen));
			if (next === null) break;
			after = next;
		}
		return found.slice(0, LIMITS.staysFound);
	}

	return {
		find: (q, sight = EVERY_STAY) =>
			directory.read(() => {
				const limit = LIMITS.staysFound;
				if (q.trim() === '') return newest(sight).map(shown);
				const named = findHolders(directory, q, limit).map(({ id }) => id);
				const holderIds = new Set([...byCredential(q), ...named]);
				const stays = [...holderIds].flatMap((holderId) => parkingSessions.openFor(holderId));
				return stays.filter(sight.isSeen).slice(0, limit).map(shown);
			}),
		vehicle: (stayId) =>
			directory.read(() => {
				const stay = parkingSessions.openById(stayId);
				return stay && shown(stay);
			}),
		inSpace: (spaceId) => directory.read(() => parkingSessions.inSpace(spaceId).map(shown)),
		move({ stayId, areaId, spaceId, evenIfTaken, operatorId }) {
			const to = { areaId, spaceId };
			const stay = parkingSessions.openById(stayId);
			if (stay === undefined) return { result: 'refused', because: 'noSuchStay' };
			if (!isPlace(to)) return { result: 'refused', because: 'noSuchPlace' };
			const from = { areaId: stay.areaId, spaceId: stay.spaceId ?? null };
			if (isSame(from, to)) return { result: 'refused', because: 'samePlace' };
			const warning = directory.read(() => warningOf(stay, spaceId));
			const isRemarkable = warning.takenBy.length + warning.allocatedTo.length > 0;
			if (isRemarkable && !evenIfTaken) return { result: 'taken', warning };
			const move = store.transaction(() => {
				const { left, corrected } = carryOut(stay, to, []);
				const made = {
					...{ id: deps.newId(), stayId, atMs: clock.nowMs(), operatorId, from, to },
					leftShared: left,
				};
				stayMoves.add(made, LIMITS.stayMoves);
				audit('stayMoved', made, operatorId, {
					...(warning.takenBy.length > 0 && { alsoThere: warning.takenBy.map((other) => other.stayId).join(' ') }),
					...(corrected.length > 0 && { corrected: corrected.join(' ') }),
				});
				return { ...made, undoneAtMs: null };
			});
			return told({ result: 'moved', move, warning });
		},
		undo(moveId, operatorId) {
			const move = stayMoves.byId(moveId);
			if (move === undefined) return { result: 'refused', because: 'noSuchMove' };
			if (move.undoneAtMs !== null) return { result: 'refused', because: 'undoneBefore' };
			const stay = parkingSessions.openById(move.stayId);
			if (stay === undefined) return { result: 'refused', because: 'noSuchStay' };
			const isLast = stayMoves.lastOf(stay.id)?.id === moveId;
			if (!isLast || !isSame({ areaId: stay.areaId, spaceId: stay.spaceId ?? null }, move.to)) {
				return { result: 'refused', because: 'movedSince' };
			}
			if (!isPlace(move.from)) return { result: 'refused', because: 'noSuchPlace' };
			const undoneAtMs = clock.nowMs();
			store.transaction(() => {
				const { corrected } = carryOut(stay, move.from, move.leftShared);
				stayMoves.setUndone(moveId, undoneAtMs);
				audit('stayMoveUndone', move, operatorId, corrected.length > 0 ? { corrected: corrected.join(' ') } : {});
			});
			const warning = directory.read(() => warningOf(stay, move.from.spaceId));
			return told({ result: 'undone', move: { ...move, undoneAtMs }, warning });
		},
		moves: (limit) => stayMoves.newest(limit),
		moveOf: (moveId) => stayMoves.byId(moveId),
	};
}

function isSame(one: StandingPlace, other: StandingPlace): boolean {
	return one.areaId === other.areaId && one.spaceId === other.spaceId;
}

function isValid(
	right: { readonly state: string; readonly validFromMs: number | null; readonly validToMs: number | null },
	nowMs: number,
): boolean {
	const { state, validFromMs, validToMs } = right;
	return state === 'active' && (validFromMs ?? nowMs) <= nowMs && (validToMs === null || validToMs > nowMs);
}
