/** Work on the equipment of a site: what it is about, how urgent it is, how far it is. */
export const INTERVENTION_KINDS = ['repair', 'inspection', 'upkeep', 'commissioning', 'replacement', 'other'] as const;
export type InterventionKind = (typeof INTERVENTION_KINDS)[number];

/** Least urgent first. */
export const INTERVENTION_PRIORITIES = ['low', 'normal', 'high', 'urgent'] as const;
export type InterventionPriority = (typeof INTERVENTION_PRIORITIES)[number];

/** In the order of a usual life; the last two are its ends. */
export const INTERVENTION_STATUSES = ['open', 'planned', 'inProgress', 'waitingForParts', 'done', 'cancelled'] as const;
export type InterventionStatus = (typeof INTERVENTION_STATUSES)[number];

export type InterventionTarget = { readonly kind: 'site' } | { readonly kind: 'device' | 'lane'; readonly id: string };

/** What was done with an intervention, or said of it. */
export const INTERVENTION_ENTRIES = [
	'reported',
	'changed',
	'status',
	'comment',
	'partAdded',
	'partRemoved',
	'photoAdded',
	'photoRemoved',
] as const;
export type InterventionEntryKind = (typeof INTERVENTION_ENTRIES)[number];

/** When it is to be done, [start, end), UTC epoch ms. */
export interface PlannedTime {
	readonly startMs: number;
	readonly endMs: number;
}

/** What people move by hand, the likeliest first. `open` and `planned` also follow the planned time: see `statusWithPlan`. */
const NEXT: Readonly<Record<InterventionStatus, readonly InterventionStatus[]>> = {
	open: ['inProgress', 'planned', 'done', 'cancelled'],
	planned: ['inProgress', 'done', 'cancelled'],
	inProgress: ['done', 'waitingForParts', 'planned', 'cancelled'],
	waitingForParts: ['inProgress', 'done', 'planned', 'cancelled'],
	done: ['open'],
	cancelled: ['open'],
};

export function isClosed(status: InterventionStatus): boolean {
	return status === 'done' || status === 'cancelled';
}

export type StatusAnswer =
	/** `plan`: what is planned from then on. */
	| { readonly result: 'taken'; readonly plan: PlannedTime | null }
	/** `noPlan`: nothing is planned before it has its time. */
	| { readonly result: 'refused'; readonly because: 'sameStatus' | 'notFromHere' | 'noPlan' };

/** Whether an intervention may go from one status to another. One that is opened again is planned anew. */
export function decideStatus(
	{ status, plan }: { readonly status: InterventionStatus; readonly plan: PlannedTime | null },
	to: InterventionStatus,
): StatusAnswer {
	if (status === to) return { result: 'refused', because: 'sameStatus' };
	if (!NEXT[status].includes(to)) return { result: 'refused', because: 'notFromHere' };
	if (to === 'planned' && plan === null) return { result: 'refused', because: 'noPlan' };
	return { result: 'taken', plan: to === 'open' ? null : plan };
}

/** Where it may go from here, the likeliest first. */
export function nextStatuses(of: {
	readonly status: InterventionStatus;
	readonly plan: PlannedTime | null;
}): readonly InterventionStatus[] {
	return NEXT[of.status].filter((to) => decideStatus(of, to).result === 'taken');
}

/** What has a planned time is planned, and open again without it; what was begun stays as it is. */
export function statusWithPlan(status: InterventionStatus, plan: PlannedTime | null): InterventionStatus {
	if (status === 'open' || status === 'planned') return plan === null ? 'open' : 'planned';
	return status;
}

/** Its time is over, and it is not. */
export function isOverdue(
	{ status, plan }: { readonly status: InterventionStatus; readonly plan: PlannedTime | null },
	nowMs: number,
): boolean {
	return !isClosed(status) && plan !== null && plan.endMs <= nowMs;
}

/** Those of one person's planned times that overlap another of them. */
export function clashesOf<T extends { readonly plan: PlannedTime }>(planned: readonly T[]): ReadonlySet<T> {
	const clashes = new Set<T>();
	let latest: T | undefined;
	for (const one of planned.toSorted((a, b) => a.plan.startMs - b.plan.startMs)) {
		if (latest !== undefined && one.plan.startMs < latest.plan.endMs) clashes.add(latest).add(one);
		if (latest === undefined || one.plan.endMs > latest.plan.endMs) latest = one;
	}
	return clashes;
}
