import type { Clock } from '../../gateway/core/clock.ts';
import { GatewayError } from '../../gateway/core/gateway-error.ts';
import type { RowLook } from '../../gateway/core/permission/row-place.ts';
import type { Site } from '../../gateway/core/site.ts';
import type { ConfigurationVersions } from '../../gateway/services/configuration/configuration-view.ts';
import type { Evidence } from '../../gateway/services/evidence/evidence.ts';
import type { FieldWork } from '../../gateway/services/field/field-work.ts';
import type { ReviewQueue } from '../../gateway/services/field/review-queue.ts';
import { seenReviews } from '../../gateway/services/field/seen-reviews.ts';
import type { LicenceOverview } from '../../gateway/services/licensing/licence-overview.ts';
import type { Maintenance } from '../../gateway/services/maintenance/maintenance.ts';
import { targetsFor } from '../../gateway/services/maintenance/seen-maintenance.ts';
import type { LoginSession, Operators } from '../../gateway/services/operators.ts';
import { personalView } from '../../gateway/services/privacy/personal-view.ts';
import type { SyncStatus } from '../../gateway/services/sync-status.ts';
import { type PermissionNeeded, TASK_NEEDS } from './own-tasks-needs.ts';
import { createSight } from './seen-in-parts.ts';

/** Kinds of what waits for somebody. */
export type TaskKind = keyof typeof TASK_NEEDS;

export const TASK_KINDS = Object.keys(TASK_NEEDS) as readonly TaskKind[];

/** What waits for somebody, of one kind. */
export interface OwnTask {
	readonly kind: TaskKind;
	readonly count: number;
	/** There are more than were counted. */
	readonly isMore: boolean;
	/** Of what waits longest, of those counted; null: it has no age. */
	readonly oldestMs: number | null;
	/** The page where it is done. */
	readonly href: string;
}

export interface OwnTasksDeps {
	readonly clock: Pick<Clock, 'nowMs' | 'monotonicMs'>;
	readonly maintenance: Pick<Maintenance, 'interventions'>;
	readonly fieldWork: Pick<FieldWork, 'review'>;
	readonly evidence: Pick<Evidence, 'list'>;
	readonly operators: Pick<Operators, 'audit' | 'leaving'>;
	readonly configuration: Pick<ConfigurationVersions, 'view'>;
	readonly licenceOverview: { overview(): LicenceOverview };
	readonly sync: () => SyncStatus;
	readonly rowLook: () => RowLook;
	readonly site: Pick<Site, 'lanes' | 'areas'>;
}

/** What waits for whoever is signed in: only what they may do, each counted within bounds, the oldest first. */
export interface OwnTasks {
	of(login: LoginSession): Promise<readonly OwnTask[]>;
}

/** More are not counted: whoever has them begins with the first. */
const COUNTED = 50;
const DAY_MS = 86_400_000;
/** Somebody who left by mistake is missed within a month. */
const LEFT_MS = 30 * DAY_MS;
const REJECTED_MS = 7 * DAY_MS;
/** A licence is renewed by people, with an order and a signature. */
const LICENCE_MS = 30 * DAY_MS;
const HOLD_MS = 7 * DAY_MS;
/** Doubtful reads are looked up among all plates. */
const REVIEWS_KEPT_MS = 60_000;
/** Parts of the site whose doubtful reads are kept counted. */
const PARTS_KEPT = 50;

type Found = Omit<OwnTask, 'kind'> | undefined;

export function createOwnTasks(deps: OwnTasksDeps): OwnTasks {
	const { clock, maintenance, evidence, operators } = deps;
	const sight = createSight(deps.site);
	/** By the scopes of whoever asks, the oldest first. */
	const reviews = new Map<string, { readonly untilMs: number; readonly found: Promise<Found> }>();

	/** Of what they may read, and do something about. */
	function interventions(
		{ access }: LoginSession,
		permission: 'interventions:read' | 'interventions:write',
		query: { readonly person?: string; readonly overdue?: boolean },
		href: string,
	): Found {
		const wanted = ['interventions:read', permission] as const;
		const part = targetsFor(maintenance.interventions, deps.site.lanes, access, wanted);
		const { items, nextCursor } = maintenance.interventions.list({
			...{ state: 'unfinished', ...query, ...part, limit: COUNTED },
		});
		return counted(
			items.map(({ openedAtMs }) => openedAtMs),
			nextCursor !== null,
			href,
		);
	}

	/** Alike for everybody who has the same parts of the site. Who has no licence of this kind has no such task. */
	async function review({ operator, access }: LoginSession): Promise<Found> {
		const queue = licensed(() => deps.fieldWork.review(operator.id));
		if (queue === undefined) return undefined;
		const key = JSON.stringify([access.reach('review:read'), access.reach('review:write')]);
		const kept = reviews.get(key);
		if (kept !== undefined && kept.untilMs > clock.monotonicMs()) return kept.found;
		const found = countReviews(queue, access);
		reviews.delete(key);
		reviews.set(key, { untilMs: clock.monotonicMs() + REVIEWS_KEPT_MS, found });
		const [oldest] = reviews.keys();
		if (reviews.size > PARTS_KEPT && oldest !== undefined) reviews.delete(oldest);
		found.catch(() => reviews.delete(key));
		return found;
	}

	async function countReviews(queue: ReviewQueue, access: LoginSession['access']): Promise<Found> {
		const seen = seenReviews(queue, { ...deps, viewAt: () => personalView(false) }, access);
		const { items, nextCursor } = await seen.list({ limit: COUNTED });
		const waiting = items.filter(({ decision }) => seen.mayReview(decision));
		return counted(
			waiting.map(({ decision }) => decision.atMs),
			nextCursor !== null,
			'/review',
		);
	}

	function heldPictures({ access }: LoginSession): Found {
		const onlyLaneIds = sight.lanes(access, 'evidence:moderate');
		const parts = onlyLaneIds === undefined ? {} : { onlyLaneIds };
		const { items } = evidence.list({ state: 'held', limit: COUNTED, ...parts });
		const endMs = clock.nowMs() + HOLD_MS;
		const ending = items.flatMap(({ image }) => (image.heldUntilMs !== null && image.heldUntilMs < endMs ? image : []));
		return counted(
			ending.map(({ storedAtMs }) => storedAtMs),
			false,
			'/moderation?state=held',
		);
	}

	function rejectedEdits(operatorId: string | undefined): Found {
		const { items, nextCursor } = operators.audit.list({
			...{ action: 'editRejected', fromMs: clock.nowMs() - REJECTED_MS, limit: COUNTED, personal: false },
			...(operatorId !== undefined && { operatorId }),
		});
		return counted(
			items.map(({ atMs }) => atMs),
			nextCursor !== null,
			operatorId === undefined ? '/sync' : '/account',
		);
	}

	function licence(): Found {
		const { term } = deps.licenceOverview.overview();
		const endsAtMs = term.endsAtMs;
		const isSoon = endsAtMs !== null && endsAtMs - clock.nowMs() < LICENCE_MS;
		return term.phase === 'valid' && !isSoon ? undefined : one(null, '/licences');
	}

	function trial(): Found {
		const present = deps.configuration.view().trial;
		return present === null ? undefined : one(present.startedAtMs, '/configuration');
	}

	function deadLetters(): Found {
		const { count, newest } = deps.sync().deadLetters;
		const oldestMs = newest.reduce<number | null>((least, { atMs }) => Math.min(least ?? atMs, atMs), null);
		return count === 0 ? undefined : { count, isMore: false, oldestMs, href: '/sync' };
	}

	function parked(): Found {
		const count = deps.sync().streams.reduce((sum, stream) => sum + stream.parked, 0);
		return count === 0 ? undefined : { count, isMore: false, oldestMs: null, href: '/sync' };
	}

	function left(): Found {
		const rows = operators.leaving.leftSince(clock.nowMs() - LEFT_MS, COUNTED);
		return counted(
			rows.map(({ atMs }) => atMs),
			rows.length === COUNTED,
			'/operators?state=inactive',
		);
	}

	const find: Readonly<Record<TaskKind, (login: LoginSession) => Found | Promise<Found>>> = {
		ownInterventions(login) {
			const person = login.operator.id;
			const href = `/interventions?assignee=${encodeURIComponent(person)}`;
			return interventions(login, 'interventions:read', { person }, href);
		},
		openInterventions: (login) => interventions(login, 'interventions:write', {}, '/interventions'),
		overdueInterventions: (login) =>
			interventions(login, 'interventions:write', { overdue: true }, '/interventions?overdue=true'),
		reviews: review,
		endingHolds: heldPictures,
		configurationTrial: trial,
		offboardings: left,
		rejectedEdits: () => rejectedEdits(undefined),
		ownRejectedEdits: ({ operator }) => rejectedEdits(operator.id),
		deadLetters,
		parkedRows: parked,
		licence,
	};

	return {
		async of(login) {
			const mine = TASK_KINDS.filter((kind) => isFor(TASK_NEEDS[kind], login.access));
			const found = await Promise.all(
				mine.map(async (kind) => {
					const task = await find[kind](login);
					return task === undefined ? [] : [{ kind, ...task }];
				}),
			);
			return found.flat().toSorted((a, b) => (a.oldestMs ?? Infinity) - (b.oldestMs ?? Infinity));
		},
	};
}

function isFor(need: PermissionNeeded, access: LoginSession['access']): boolean {
	if (need === null) return true;
	return 'inParts' in need ? access.mayInParts(need.inParts) : need.every((permission) => access.may(permission));
}

function counted(moments: readonly number[], isMore: boolean, href: string): Found {
	if (moments.length === 0) return undefined;
	return { count: moments.length, isMore, oldestMs: Math.min(...moments), href };
}

function one(oldestMs: number | null, href: string): Found {
	return { count: 1, isMore: false, oldestMs, href };
}

/** undefined: the product licence does not give them this kind of work. */
function licensed<T>(ask: () => T): T | undefined {
	try {
		return ask();
	} catch (error) {
		if (error instanceof GatewayError && error.code === 'FORBIDDEN') return undefined;
		throw error;
	}
}
