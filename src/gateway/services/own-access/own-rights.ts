import type { RightFact } from '../../core/access/facts.ts';
import { STRATEGY } from '../../core/access/strategy.ts';
import { maskCode } from '../../core/directory/code-text.ts';
import type { DirectoryRow } from '../../core/directory.ts';
import { LIMITS } from '../../core/limits.ts';
import type { DirectoryReader } from '../../store/directory-reader.ts';
import type { PostedLine } from '../../store/wallets.ts';
import type { RightStanding, RightStandings } from '../stays/right-standing.ts';

/** How a right of somebody stands now. */
export type OwnRightState = 'valid' | 'notStarted' | 'ended' | 'suspended';

/** One right as its holder sees it: what it opens, when, until when, and what is left of it. */
export interface OwnRight extends Pick<RightStanding, 'uses' | 'wallet'> {
	readonly id: string;
	/** Of what it grants. */
	readonly name: string;
	readonly strategy: DirectoryRow<'rightSpecifications'>['strategy'] | null;
	/** Empty: every area. */
	readonly areaIds: readonly string[];
	readonly schedule: Pick<DirectoryRow<'schedules'>, 'name' | 'periods' | 'specialDays'> | null;
	readonly validFromMs: number | null;
	readonly validToMs: number | null;
	readonly state: OwnRightState;
	/** The space that is kept for it. */
	readonly spaceId: string | null;
	/** Whose places it takes with others: how many rights there are besides, at most LIMITS.ownSharersCounted; nobody is named. */
	readonly sharedPlaces: { readonly name: string; readonly capacity: number; readonly others: number } | null;
	readonly isBookable: boolean;
	/** A place is kept for it, which can be given up for a time. */
	readonly keepsPlace: boolean;
	/** Newest first; empty where it costs nothing. */
	readonly ledger: readonly Pick<PostedLine, 'line' | 'kind' | 'amount' | 'balance' | 'atMs'>[];
}

/** What one is known by at a lane; codes never as they are read. */
export interface OwnCredential extends Pick<DirectoryRow<'credentials'>, 'id' | 'kind' | 'state'> {
	/** The plate, what is printed on the card, or the end of the code. */
	readonly shown: string;
	readonly validFromMs: number | null;
	readonly validToMs: number | null;
}

/** A vehicle of one's own, or one that a group one is in shares. */
export interface OwnVehicle extends Pick<DirectoryRow<'holders'>, 'id' | 'name' | 'make' | 'model' | 'colour'> {
	/** Of the group that shares it. */
	readonly sharedBy: string | null;
}

interface Deps {
	readonly directory: Pick<DirectoryReader, 'read' | 'row' | 'find' | 'rightsOf' | 'credentialsOf'>;
	readonly rightStandings: Pick<RightStandings, 'of' | 'ledger'>;
	readonly nowMs: () => number;
}

const LINES_SHOWN = 5;

export function createOwnRights({ directory, rightStandings, nowMs }: Deps) {
	function shared(poolId: string | null): OwnRight['sharedPlaces'] {
		const pool = poolId === null ? undefined : directory.row('pools', poolId);
		if (pool === undefined || poolId === null) return null;
		const rights = directory.find('assignedRights', { poolId }, LIMITS.ownSharersCounted + 1);
		return { name: pool.name, capacity: pool.capacity, others: rights.length - 1 };
	}

	function rightOf({ right, specification, schedule }: RightFact): OwnRight {
		const row = directory.row('assignedRights', right.id);
		const { uses = null, wallet = null } = rightStandings.of(right.id, nowMs()) ?? {};
		const strategy = specification?.strategy ?? null;
		const rules = strategy === null ? undefined : STRATEGY[strategy];
		return {
			...{ id: right.id, name: specification?.name ?? '', strategy, areaIds: specification?.areaIds ?? [] },
			schedule: schedule && { name: schedule.name, periods: schedule.periods, specialDays: schedule.specialDays },
			...{ validFromMs: right.validFromMs, validToMs: right.validToMs, state: stateOf(right, nowMs()) },
			...{ spaceId: row?.spaceId ?? null, sharedPlaces: shared(row?.poolId ?? null), uses, wallet },
			isBookable: rules !== undefined && rules.booking !== 'unused',
			keepsPlace: rules !== undefined && rules.keepsPlace !== 'no',
			ledger: (wallet === null ? [] : rightStandings.ledger(right.id, LINES_SHOWN)).map(
				({ line, kind, amount, balance, atMs }) => ({ line, kind, amount, balance, atMs }),
			),
		};
	}

	return {
		rights: (holderId: string): readonly OwnRight[] =>
			directory.read(() => directory.rightsOf(holderId).slice(0, LIMITS.ownRights).map(rightOf)),
		credentials: (holderId: string): readonly OwnCredential[] =>
			directory.credentialsOf(holderId).map(({ id, kind, state, value, label, validFromMs, validToMs }) => ({
				...{ id, kind, state, validFromMs, validToMs },
				shown: kind === 'plate' ? (label ?? value) : kind === 'tag' ? (label ?? maskCode(value)) : maskCode(value),
			})),
		/** Of the group that shares each with them. */
		vehicles: ({ id: own, groupIds }: Pick<DirectoryRow<'holders'>, 'id' | 'groupIds'>): readonly OwnVehicle[] =>
			directory.read(() =>
				groupIds
					.flatMap((sharingGroupId) => directory.find('holders', { sharingGroupId }, LIMITS.fleetVehicles))
					.flatMap((id) => directory.row('holders', id) ?? [])
					.filter(({ id, kind, status }) => id !== own && kind === 'vehicle' && status === 'active')
					.slice(0, LIMITS.fleetVehicles)
					.map(({ id, name, make, model, colour, sharingGroupId }) => {
						const group = sharingGroupId === null ? undefined : directory.row('groups', sharingGroupId);
						return { id, name, make, model, colour, sharedBy: group?.name ?? null };
					})
					.toSorted((a, b) => a.name.localeCompare(b.name)),
			),
	};
}

function stateOf({ state, validFromMs, validToMs }: RightFact['right'], nowMs: number): OwnRightState {
	if (state !== 'active') return 'suspended';
	if (validToMs !== null && validToMs <= nowMs) return 'ended';
	return validFromMs !== null && validFromMs > nowMs ? 'notStarted' : 'valid';
}
