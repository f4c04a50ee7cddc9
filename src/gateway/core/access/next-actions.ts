import type { Permission } from '../permission.ts';
import type { ReasonCode } from '../reason.ts';
import type { Decision } from './decision.ts';

/** What can be done at the lane about a decision. `who`: the driver, or the operator there or on the intercom. */
const ACTIONS = {
	driveThrough: { who: 'driver' },
	driveUp: { who: 'driver' },
	backOut: { who: 'driver' },
	useOtherLane: { who: 'driver' },
	presentAgain: { who: 'driver' },
	/** Another tag or plate of the same holder. */
	presentOther: { who: 'driver' },
	/** The second of tag and plate. */
	presentMissing: { who: 'driver' },
	/** Until a place is free. */
	wait: { who: 'driver' },
	comeBackLater: { who: 'driver' },
	bookPlace: { who: 'driver' },
	topUpCredit: { who: 'driver' },
	/** See who it is before opening. */
	checkIdentity: { who: 'operator' },
	vend: { who: 'operator', needs: 'lanes:vend' },
	makeVisitor: { who: 'operator', needs: 'visitors:write' },
	correctOccupancy: { who: 'operator', needs: 'occupancy:adjust' },
	resetPresence: { who: 'operator', needs: 'presence:reset' },
	/** Reopen it, or end the lockdown. */
	releaseLane: { who: 'operator', needs: 'lanes:close' },
	callTechnician: { who: 'operator' },
	callAdministrator: { who: 'operator' },
	/** The vendor's: only support (de)activates a park. */
	callSupport: { who: 'operator' },
} as const satisfies Readonly<Record<string, { readonly who: 'driver' | 'operator'; readonly needs?: Permission }>>;

export type NextActionName = keyof typeof ACTIONS;
export const NEXT_ACTIONS = Object.keys(ACTIONS) as readonly NextActionName[];

export interface NextAction {
	readonly action: NextActionName;
	readonly who: 'driver' | 'operator';
	/** The failing rule it answers; null after a grant. */
	readonly answers: ReasonCode | null;
}

/** What helps against each reason, the most usual first. */
const AGAINST: Readonly<Record<ReasonCode, readonly NextActionName[]>> = {
	LANE_CLOSED: ['useOtherLane', 'releaseLane'],
	LOCKDOWN: ['wait', 'releaseLane'],
	WRONG_DIRECTION: ['backOut', 'useOtherLane'],
	NO_VEHICLE_PRESENT: ['driveUp', 'callTechnician'],
	TAILGATE: ['checkIdentity', 'correctOccupancy'],
	DEVICE_FAULT: ['checkIdentity', 'vend', 'callTechnician'],
	PRODUCT_LICENCE_EXPIRED: ['callAdministrator'],
	RFID_NOT_ENABLED: ['presentOther', 'vend', 'callAdministrator'],
	CAMERA_UNLICENSED: ['presentOther', 'vend', 'callAdministrator'],
	PARK_INACTIVE: ['callSupport'],
	NEVER_SYNCED: ['checkIdentity', 'vend', 'callAdministrator'],
	STALE_DATA: ['checkIdentity', 'vend', 'callAdministrator'],
	CLOCK_UNTRUSTED: ['checkIdentity', 'vend', 'callAdministrator'],
	INVALID_FORMAT: ['presentAgain', 'presentOther', 'vend', 'callTechnician'],
	LOW_CONFIDENCE: ['presentAgain', 'presentOther', 'vend'],
	AMBIGUOUS_PLATE: ['presentOther', 'checkIdentity', 'vend'],
	UNKNOWN_CREDENTIAL: ['presentAgain', 'presentOther', 'makeVisitor', 'vend'],
	PLATE_TAG_MISMATCH: ['presentOther', 'checkIdentity', 'vend', 'callAdministrator'],
	SECOND_FACTOR_TIMEOUT: ['presentMissing', 'vend'],
	CLONE_SUSPECTED: ['checkIdentity', 'vend', 'callAdministrator'],
	CREDENTIAL_DISABLED: ['presentOther', 'makeVisitor', 'vend', 'callAdministrator'],
	CREDENTIAL_LOST: ['checkIdentity', 'presentOther', 'vend', 'callAdministrator'],
	CREDENTIAL_STOLEN: ['callAdministrator'],
	CREDENTIAL_NOT_STARTED: ['presentOther', 'comeBackLater', 'makeVisitor', 'vend', 'callAdministrator'],
	CREDENTIAL_EXPIRED: ['presentOther', 'makeVisitor', 'vend', 'callAdministrator'],
	HOLDER_INACTIVE: ['makeVisitor', 'vend', 'callAdministrator'],
	HOLDER_BLOCKED: ['callAdministrator'],
	NO_RIGHT: ['makeVisitor', 'vend', 'callAdministrator'],
	WRONG_AREA: ['useOtherLane', 'vend', 'callAdministrator'],
	RIGHT_SUSPENDED: ['callAdministrator', 'vend'],
	RIGHT_NOT_STARTED: ['comeBackLater', 'makeVisitor', 'vend', 'callAdministrator'],
	RIGHT_EXPIRED: ['makeVisitor', 'vend', 'callAdministrator'],
	OUTSIDE_SCHEDULE: ['comeBackLater', 'makeVisitor', 'vend'],
	SPECIAL_DAY: ['comeBackLater', 'makeVisitor', 'vend'],
	NO_BOOKING: ['bookPlace', 'vend'],
	BOOKING_TOO_EARLY: ['comeBackLater', 'bookPlace', 'vend'],
	BOOKING_EXPIRED: ['bookPlace', 'vend'],
	USES_EXHAUSTED: ['comeBackLater', 'makeVisitor', 'vend', 'callAdministrator'],
	NO_CREDIT: ['topUpCredit', 'vend'],
	SESSION_ALREADY_OPEN: ['checkIdentity', 'vend', 'callAdministrator'],
	ANTI_PASSBACK_IN: ['checkIdentity', 'resetPresence', 'vend'],
	ANTI_PASSBACK_OUT: ['checkIdentity', 'resetPresence', 'vend'],
	AREA_SKIPPED: ['useOtherLane', 'resetPresence', 'vend'],
	AREA_FULL: ['wait', 'correctOccupancy', 'vend'],
	POOL_FULL: ['wait', 'vend', 'callAdministrator'],
	GROUP_FULL: ['wait', 'vend', 'callAdministrator'],
};

/** While one of these fails, nothing that answers another reason helps at this lane. */
const FIRST_OF_ALL: ReadonlySet<ReasonCode> = new Set([
	'LANE_CLOSED',
	'LOCKDOWN',
	'WRONG_DIRECTION',
	'NO_VEHICLE_PRESENT',
	'PRODUCT_LICENCE_EXPIRED',
	'PARK_INACTIVE',
]);

/** Whoever these fail for is not let in by another way either. */
const LET_IN_BY_NOBODY: ReadonlySet<ReasonCode> = new Set(['CREDENTIAL_STOLEN', 'HOLDER_BLOCKED']);
const WAYS_IN: ReadonlySet<NextActionName> = new Set(['vend', 'makeVisitor', 'presentOther']);

export interface AtTheLane {
	/** What the operator who asks is allowed. */
	readonly may: (permission: Permission) => boolean;
	/** What became of a grant: `awaited` until a vehicle passed or the barrier said no. */
	readonly opening?: 'awaited' | 'failed' | 'over';
}

/** What can be done next, those against the headline first; empty once a vehicle let in has passed. */
export function nextActions(decision: Decision, { may, opening = 'awaited' }: AtTheLane): readonly NextAction[] {
	if (decision.outcome === 'granted') return permitted(afterGrant(opening), may);
	const failing = decision.verdicts.filter(({ verdict }) => verdict.result === 'fail').map(({ rule }) => rule);
	const first = failing.filter((rule) => FIRST_OF_ALL.has(rule));
	const isLetInByNobody = failing.some((rule) => LET_IN_BY_NOBODY.has(rule));
	const actions = (first.length > 0 ? first : failing).flatMap((rule) =>
		AGAINST[rule].filter((action) => !(isLetInByNobody && WAYS_IN.has(action))).map((action) => toAction(action, rule)),
	);
	return permitted(actions, may);
}

function afterGrant(opening: NonNullable<AtTheLane['opening']>): readonly NextAction[] {
	switch (opening) {
		case 'awaited':
			return [toAction('driveThrough', null)];
		case 'failed':
			return [toAction('vend', null), toAction('callTechnician', null)];
		case 'over':
			return [];
	}
}

/** Each action once. What this operator may not do is the administrator's. */
function permitted(actions: readonly NextAction[], may: AtTheLane['may']): readonly NextAction[] {
	const allowed = actions.map((next) => {
		const { needs } = { needs: undefined, ...ACTIONS[next.action] };
		return needs === undefined || may(needs) ? next : toAction('callAdministrator', next.answers);
	});
	const calls = allowed.filter(({ action }) => action === 'callAdministrator').slice(0, 1);
	const others = allowed.filter(({ action }) => action !== 'callAdministrator');
	const once = others.filter(({ action }, place) => others.findIndex((other) => other.action === action) === place);
	return [...once, ...calls];
}

function toAction(action: NextActionName, answers: ReasonCode | null): NextAction {
	return { action, who: ACTIONS[action].who, answers };
}
