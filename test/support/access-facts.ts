import type { AccessFacts, PresentedFact, RightFact } from '../../src/gateway/core/access/facts.ts';
import type { AccessStrategy, AssignedRight, Credential, Holder, Schedule } from '../../src/gateway/core/directory.ts';
import { EVERYTHING_LICENSED } from '../../src/gateway/core/licence/licence-facts.ts';
import type { Lane, LaneRules } from '../../src/gateway/core/site.ts';

/** Tuesday 2026-06-16 10:00 in Brussels. */
export const TUESDAY_10H = Date.parse('2026-06-16T10:00:00+02:00');
export const DAY_MS = 86_400_000;

export const usualRules: LaneRules = {
	minimumConfidence: 0.8,
	identifyWindowMs: 1_500,
	passageTimeoutMs: 30_000,
	backOutMs: 3_000,
	tailgateMs: 5_000,
	unreadExitMs: 5_000,
	heldOpenAlarmMs: 60_000,
	travelMs: 16_000,
	stuckLoopMs: 900_000,
	cloneWindowMs: 30_000,
	retryAfterMs: 3_000,
	onMismatch: 'refuse',
	useReadsWithoutVehicle: false,
	fuzzyPlates: true,
	strictExit: false,
};

export function aLane(change: Partial<Omit<Lane, 'rules'>> & { rules?: Partial<LaneRules> } = {}): Lane {
	const { rules, ...rest } = change;
	return {
		id: 'L1',
		name: 'North entry',
		kind: 'entry',
		from: 'outside',
		to: 'A1',
		identify: 'either',
		readers: ['reader-1'],
		cameras: ['cam-1'],
		barrier: { deviceId: 'boom-1', output: 'open', pulseMs: 500 },
		loops: {
			arming: { deviceId: 'boom-1', input: 'arming' },
			safety: { deviceId: 'boom-1', input: 'safety' },
			closing: { deviceId: 'boom-1', input: 'closing' },
		},
		position: {},
		back: { readers: [], cameras: [] },
		rules: { ...usualRules, ...rules },
		...rest,
	};
}

export const anna: Holder = { id: 'anna', kind: 'person', name: 'Anna Peeters', email: null, status: 'active' };

export function aCredential(change: Partial<Credential> = {}): Credential {
	return {
		id: 'anna-tag',
		holderId: 'anna',
		kind: 'tag',
		value: '26:9ADDDF00',
		label: null,
		state: 'active',
		validFromMs: null,
		validToMs: null,
		...change,
	};
}

export function aTagRead(change: Partial<PresentedFact> = {}): PresentedFact {
	return {
		observationId: 'o1',
		deviceId: 'reader-1',
		kind: 'tag',
		value: '26:9ADDDF00',
		confidence: 1,
		reads: 1,
		match: { how: 'exact', credential: aCredential(), holder: anna },
		...change,
	};
}

export function aPlateRead(change: Partial<PresentedFact> = {}): PresentedFact {
	return {
		observationId: 'o2',
		deviceId: 'cam-1',
		kind: 'plate',
		value: '1ABC234',
		confidence: 0.95,
		reads: 1,
		match: {
			how: 'exact',
			credential: aCredential({ id: 'anna-plate', kind: 'plate', value: '1ABC234' }),
			holder: anna,
		},
		...change,
	};
}

export function aRight(
	change: {
		strategy?: AccessStrategy;
		areaIds?: string[];
		schedule?: Schedule | null;
		extras?: Partial<RightFact>;
	} & Partial<AssignedRight> = {},
): RightFact {
	const { strategy = 'firstCome', areaIds = [], schedule = null, extras = {}, ...right } = change;
	return {
		right: {
			id: 'right-1',
			holderId: 'anna',
			specificationId: 'spec-1',
			state: 'active',
			validFromMs: null,
			validToMs: null,
			...right,
		},
		specification: { id: 'spec-1', name: 'Staff', strategy, areaIds, scheduleId: schedule?.id ?? null },
		schedule,
		...extras,
	};
}

/** Anna with her tag at the entry of an area with room, with a right that opens it. */
export function facts(
	change: Partial<Omit<AccessFacts, 'lane'>> & { lane?: Partial<AccessFacts['lane']> } = {},
): AccessFacts {
	const { lane, ...rest } = change;
	return {
		atMs: TUESDAY_10H,
		timeZone: 'Europe/Brussels',
		clock: 'synced',
		direction: 'entry',
		presented: [aTagRead()],
		rights: [aRight()],
		areas: [
			{ areaId: 'A1', level: 'area', entering: true, capacity: 10, occupied: 3, reserved: 0 },
			{ areaId: 'P1', level: 'park', entering: true, capacity: 20, occupied: 5, reserved: 0 },
		],
		openSessions: [],
		lastUses: [],
		neutralHolderIds: [],
		equipment: EVERYTHING_LICENSED,
		data: { directorySyncedAtMs: TUESDAY_10H - 60_000, staleAfterMs: {} },
		lane: {
			id: 'L1',
			identify: 'either',
			rules: usualRules,
			hasArmingLoop: true,
			vehiclePresent: true,
			closed: 'open',
			parkId: 'P1',
			from: 'outside',
			wrongWay: false,
			fire: false,
			...lane,
		},
		...rest,
	};
}
