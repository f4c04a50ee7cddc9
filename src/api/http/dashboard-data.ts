import type { Clock } from '../../gateway/core/clock.ts';
import { type Widget, widgetsFor, widgetsShown } from '../../gateway/core/dashboard.ts';
import type { DeviceStatus } from '../../gateway/core/device.ts';
import { LIMITS } from '../../gateway/core/limits.ts';
import { createPlaces } from '../../gateway/core/permission/scope.ts';
import type { ReasonCode } from '../../gateway/core/reason.ts';
import type { Site } from '../../gateway/core/site.ts';
import type { AccessLog } from '../../gateway/services/access-log.ts';
import type { OwnActivity } from '../../gateway/services/activity/audit-log.ts';
import type { OperatorDay } from '../../gateway/services/activity/operator-activity.ts';
import type { BookingQuery, Bookings } from '../../gateway/services/bookings/bookings.ts';
import { seenBookings } from '../../gateway/services/bookings/seen-bookings.ts';
import type { DirectoryLists } from '../../gateway/services/directory/directory-lists.ts';
import type { Lanes, LaneView } from '../../gateway/services/lanes/lane-view.ts';
import type { LicenceOverview } from '../../gateway/services/licensing/licence-overview.ts';
import type { AreaOccupancy, Occupancy } from '../../gateway/services/occupancy.ts';
import type { LoginSession, Operators } from '../../gateway/services/operators.ts';
import type { SyncStatus } from '../../gateway/services/sync-status.ts';
import { seenVisitors } from '../../gateway/services/visitors/seen-visitors.ts';
import type { Visitors } from '../../gateway/services/visitors/visitors.ts';
import { createOwnTasks, type OwnTask, type OwnTasksDeps } from './own-tasks.ts';
import { countersSeenBy, createSight, lanesSeenBy } from './seen-in-parts.ts';

/** A number within bounds. */
export interface Counted {
	readonly count: number;
	/** There are more than were counted. */
	readonly isMore: boolean;
}

/** What widgets show; a widget that was not asked for, or that its reader may not have, is absent. */
export interface DashboardData {
	readonly tasks?: readonly OwnTask[];
	readonly lanes?: readonly Pick<LaneView, 'id' | 'name' | 'kind' | 'phase' | 'phaseSinceMs' | 'problems'>[];
	/** Of today, the most common first. */
	readonly refused?: Counted & { readonly reasons: readonly { readonly reason: ReasonCode; readonly count: number }[] };
	readonly occupancy?: readonly AreaOccupancy[];
	/** Expected today or here. */
	readonly visitors?: Counted;
	/** From now until the day ends. */
	readonly bookings?: Counted;
	readonly devices?: {
		readonly total: number;
		readonly troubled: readonly Pick<DeviceStatus, 'id' | 'state' | 'sinceMs'>[];
	};
	readonly sync?: Pick<SyncStatus, 'configured' | 'connected' | 'outboxDepth' | 'lastAckAtMs'> & {
		readonly deadLetters: number;
	};
	readonly licences?: Pick<LicenceOverview, 'operators' | 'cameras'> & {
		readonly phase: LicenceOverview['term']['phase'];
		readonly endsAtMs: number | null;
	};
	readonly signedIn?: number;
	readonly ownActivity?: { readonly done: readonly OwnActivity[]; readonly days: readonly OperatorDay[] };
}

export interface Dashboard {
	/** In the order in which they are shown. */
	readonly widgets: readonly Widget[];
	/** All that the reader may have. */
	readonly available: readonly Widget[];
	readonly version: number;
	readonly data: DashboardData;
}

export interface DashboardDeps extends OwnTasksDeps {
	readonly site: Pick<Site, 'parks' | 'lanes' | 'areas' | 'timeZone'>;
	readonly clock: Clock;
	readonly operators: Pick<Operators, 'audit' | 'leaving' | 'dashboards' | 'activity' | 'openSessions'>;
	readonly lanes: Pick<Lanes, 'list'>;
	readonly accessLog: Pick<AccessLog, 'list'>;
	readonly occupancy: Pick<Occupancy, 'list'>;
	readonly visitors: Visitors;
	readonly bookings: Bookings;
	readonly directoryLists: Pick<DirectoryLists, 'rows'>;
	readonly devices: () => readonly DeviceStatus[];
}

/** The page that everybody begins with. */
export interface Dashboards {
	of(login: LoginSession): Promise<Dashboard>;
	/** Of these widgets, as far as the reader may have them. */
	data(login: LoginSession, widgets: readonly Widget[]): Promise<DashboardData>;
	tasks(login: LoginSession): Promise<readonly OwnTask[]>;
}

/** Own things that are listed. */
const OWN = 8;
const OWN_DAYS = 30;
/** What all who see it see alike is looked up this often at most. */
const KEPT_MS = 20_000;

export function createDashboards(deps: DashboardDeps): Dashboards {
	const { site, clock, operators } = deps;
	const sight = createSight(site);
	const tasks = createOwnTasks(deps);
	const places = createPlaces(site);
	const visitorsOf = async (visitors: Pick<Visitors, 'page'>) => {
		const { items, nextCursor } = await visitors.page({ when: 'today', limit: LIMITS.pageSize });
		return { count: items.length, isMore: nextCursor !== null };
	};
	const bookingsOf = async (list: (span: BookingQuery) => readonly unknown[] | Promise<readonly unknown[]>) => {
		const { nowMs, endMs } = today();
		const found = await list({ fromMs: nowMs, toMs: endMs });
		return { count: found.length, isMore: found.length >= LIMITS.bookingsShown };
	};
	const allVisitors = keptShortly(clock, () => visitorsOf(deps.visitors));
	const allBookings = keptShortly(clock, () => bookingsOf(deps.bookings.list));

	function today() {
		const nowMs = clock.nowMs();
		const start = Temporal.Instant.fromEpochMilliseconds(nowMs).toZonedDateTimeISO(site.timeZone).startOfDay();
		return { nowMs, startMs: start.epochMilliseconds, endMs: start.add({ days: 1 }).epochMilliseconds };
	}

	/** A page of them is counted: who has more today looks into the log. */
	function refused({ access }: LoginSession): NonNullable<DashboardData['refused']> {
		const laneIds = sight.lanes(access, 'decisions:read');
		const asked = { outcome: 'refused', fromMs: today().startMs, limit: LIMITS.pageSize } as const;
		const { items, nextCursor } = deps.accessLog.list({ ...asked, ...(laneIds !== undefined && { laneIds }) });
		const reasons = new Map<ReasonCode, number>();
		for (const { headline } of items) {
			if (headline !== null) reasons.set(headline, (reasons.get(headline) ?? 0) + 1);
		}
		const byCount = [...reasons].map(([reason, count]) => ({ reason, count })).toSorted((a, b) => b.count - a.count);
		return { count: items.length, isMore: nextCursor !== null, reasons: byCount };
	}

	function devices({ access }: LoginSession): NonNullable<DashboardData['devices']> {
		const seen = deps.devices().filter(({ id }) => sight.device(access, id));
		const troubled = seen.filter(({ state }) => state === 'offline' || state === 'faulted');
		return { total: seen.length, troubled: troubled.map(({ id, state, sinceMs }) => ({ id, state, sinceMs })) };
	}

	function licences(): NonNullable<DashboardData['licences']> {
		const { term, operators: seats, cameras } = deps.licenceOverview.overview();
		return { phase: term.phase, endsAtMs: term.endsAtMs, operators: seats, cameras };
	}

	function sync(): NonNullable<DashboardData['sync']> {
		const { configured, connected, outboxDepth, lastAckAtMs, deadLetters } = deps.sync();
		return { configured, connected, outboxDepth, lastAckAtMs, deadLetters: deadLetters.count };
	}

	const find: { readonly [W in Widget]: (login: LoginSession) => Found<W> | Promise<Found<W>> } = {
		tasks: (login) => tasks.of(login),
		lanes: ({ access }) =>
			lanesSeenBy(access, deps.lanes.list()).map(({ id, name, kind, phase, phaseSinceMs, problems }) => ({
				...{ id, name, kind, phase, phaseSinceMs, problems },
			})),
		refused,
		occupancy: ({ access }) => countersSeenBy(access, deps.occupancy.list()),
		visitors: ({ access }) =>
			access.may('visitors:read') ? allVisitors() : visitorsOf(seenVisitors({ ...deps, places }, access)),
		bookings: ({ access }) =>
			access.may('plannedUses:read') ? allBookings() : bookingsOf(seenBookings({ ...deps, places }, access).list),
		devices,
		sync,
		licences,
		signedIn: () => operators.openSessions.list().length,
		ownActivity: ({ operator }) => ownActivityOf(operators, operator.id),
	};

	async function data(login: LoginSession, widgets: readonly Widget[]): Promise<DashboardData> {
		const available = widgetsFor(login.access);
		const asked = widgets.filter((widget) => available.includes(widget));
		const parts = await Promise.all(asked.map(async (widget) => [widget, await find[widget](login)] as const));
		// Each name comes with what its own entry of `find` gave.
		return Object.fromEntries(parts) as DashboardData;
	}

	return {
		async of(login) {
			const { chosen, version } = operators.dashboards.of(login.operator.id);
			const available = widgetsFor(login.access);
			const widgets = widgetsShown(chosen, available);
			return { widgets, available, version, data: await data(login, widgets) };
		},
		data,
		tasks: tasks.of,
	};
}

type Found<W extends Widget> = NonNullable<DashboardData[W]>;

function ownActivityOf({ audit, activity }: Pick<Operators, 'audit' | 'activity'>, operatorId: string) {
	return { done: audit.ofOperator(operatorId, { limit: OWN }).items, days: activity.days(operatorId, OWN_DAYS) };
}

/** One look-up for all who ask within that time; one that failed is not kept. */
function keptShortly<T>(clock: Pick<Clock, 'monotonicMs'>, look: () => Promise<T>): () => Promise<T> {
	let kept: { readonly untilMs: number; readonly found: Promise<T> } | undefined;
	return () => {
		if (kept === undefined || kept.untilMs <= clock.monotonicMs()) {
			const found = look();
			kept = { untilMs: clock.monotonicMs() + KEPT_MS, found };
			found.catch(() => {
				kept = undefined;
			});
		}
		return kept.found;
	};
}
