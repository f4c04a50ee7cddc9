import { LIMITS } from '../../core/limits.ts';
import type { Access } from '../../core/permission/access.ts';
import { isOfLanes, placeOfEvent } from '../../core/permission/event-place.ts';
import { placeOfRecord, type RowLook } from '../../core/permission/row-place.ts';
import type { Logistic, MoveAnswer, SpaceWarning, StandingVehicle, StayMove, StaySight } from './logistic.ts';
import type { SeenFieldDeps } from './seen-scan.ts';

/** Vehicles as one reader may see and move them: those that stand in their areas, and those of their people. */
export interface SeenLogistic extends Logistic {
	/** Whether they may say that this vehicle stands there now. */
	mayMoveTo(areaId: string, holderId: string | null): boolean;
}

type Standing = Pick<StandingVehicle, 'areaId' | 'holderId'>;

export function seenLogistic(
	logistic: Logistic,
	{ rowLook, site, viewAt }: SeenFieldDeps,
	access: Pick<Access, 'may' | 'reach'>,
): SeenLogistic {
	const isWide = access.may('logistic:write');
	const placeOf = ({ areaId, holderId }: Standing, look: RowLook) =>
		placeOfEvent({ laneIds: [], areaIds: [areaId], holderId }, look);
	const isTheirs = (stay: Standing, look = rowLook()) => isWide || access.may('logistic:write', placeOf(stay, look));

	function sight(look: RowLook, isNamed: boolean): StaySight {
		const reach = access.reach('logistic:write');
		const byArea = !isWide && typeof reach === 'object' && reach.given.every(isOfLanes);
		const ids = site.areas.map(({ id }) => id).filter((id) => access.may('logistic:write', { kind: 'area', id }));
		return {
			// A search finds what is shown unmasked only: it would find the rest of what is not.
			isSeen: (stay) => isTheirs(stay, look) && (!isNamed || viewAt(placeOf(stay, look)).seesAll),
			...(byArea && { areaIds: ids }),
		};
	}

	function shown(vehicle: StandingVehicle, look = rowLook()): StandingVehicle {
		const { text } = viewAt(placeOf(vehicle, look));
		const { holderName, carried } = vehicle;
		return { ...vehicle, holderName: holderName && text(holderName), carried: carried && text(carried) };
	}

	/** Of who is not theirs, that somebody is there. */
	function warned({ takenBy, allocatedTo }: SpaceWarning): SpaceWarning {
		const look = rowLook();
		const nobody = { holderId: null, holderName: null, carried: null };
		return {
			takenBy: takenBy.map((other) => (isTheirs(other, look) ? shown(other, look) : { ...other, ...nobody })),
			allocatedTo: allocatedTo.map(({ holderId, name }) => {
				const place = placeOfRecord(`holders/${holderId}`, look);
				if (!isWide && !access.may('logistic:write', place)) return { holderId: '', name: null };
				return { holderId, name: name && viewAt(place).text(name) };
			}),
		};
	}

	function answered(answer: MoveAnswer): MoveAnswer {
		return answer.result === 'refused' ? answer : { ...answer, warning: warned(answer.warning) };
	}

	/** Who moved a vehicle that left stands with the areas alone. */
	function isMoveTheirs({ stayId, from, to }: StayMove, look = rowLook()): boolean {
		const holderId = logistic.vehicle(stayId)?.holderId ?? null;
		return [from, to].every(({ areaId }) => isTheirs({ areaId, holderId }, look));
	}

	return {
		find(q) {
			const look = rowLook();
			return logistic.find(q, sight(look, q.trim() !== '')).map((vehicle) => shown(vehicle, look));
		},
		vehicle(stayId) {
			const vehicle = logistic.vehicle(stayId);
			return vehicle !== undefined && isTheirs(vehicle) ? shown(vehicle) : undefined;
		},
		inSpace: (spaceId) => logistic.inSpace(spaceId).filter((vehicle) => isTheirs(vehicle)),
		mayMoveTo: (areaId, holderId) => isTheirs({ areaId, holderId }),
		move(request) {
			const vehicle = logistic.vehicle(request.stayId);
			if (vehicle === undefined || !isTheirs(vehicle)) return { result: 'refused', because: 'noSuchStay' };
			const { holderId } = vehicle;
			if (!isTheirs({ areaId: request.areaId, holderId })) return { result: 'refused', because: 'noSuchPlace' };
			return answered(logistic.move(request));
		},
		undo(moveId, operatorId) {
			const move = logistic.moveOf(moveId);
			if (move === undefined || !isMoveTheirs(move)) return { result: 'refused', because: 'noSuchMove' };
			return answered(logistic.undo(moveId, operatorId));
		},
		moves(limit) {
			if (isWide) return logistic.moves(limit);
			const look = rowLook();
			const all = logistic.moves(LIMITS.stayMoves);
			return all.filter((move) => isMoveTheirs(move, look)).slice(0, limit);
		},
		moveOf(moveId) {
			const move = logistic.moveOf(moveId);
			return move !== undefined && isMoveTheirs(move) ? move : undefined;
		},
	};
}
