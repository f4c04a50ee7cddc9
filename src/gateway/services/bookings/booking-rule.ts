import { STRATEGY } from '../../core/access/strategy.ts';
import { areaChain } from '../../core/area-chain.ts';
import type { Span } from '../../core/booking.ts';
import type { DirectoryRow } from '../../core/directory.ts';
import { LIMITS } from '../../core/limits.ts';
import type { Site } from '../../core/site.ts';
import type { BookingUse } from '../../store/consumption.ts';
import type { ChangedRows } from '../directory/changed-rows.ts';
import type { RowRule } from '../directory/row-checks.ts';
import { type BookingPlaces, createBookingPlaces } from '../stays/booking-places.ts';
import { areaOfSpace, keptCounters } from '../stays/kept-counters.ts';
import { changedDirectory, type PromiseDirectory, withoutNoShows } from './changed-directory.ts';
import { createPromisedPlaces, type PromisedPlaces } from './promised-places.ts';

type Use = DirectoryRow<'plannedUses'>;
type Field = keyof Use & string;
type Problem = ReturnType<RowRule>[number];

/** Why a planned use can't be; in `detail.because` of its problem, with what it names. */
export type PlannedUseConflict =
	| 'areaFull'
	| 'vehicleBooked'
	| 'spaceBooked'
	/** It is kept for somebody else, who did not give it up for all of this time. */
	| 'spaceKept'
	| 'rightBooked'
	| 'tooLong'
	| 'unknownArea'
	| 'past'
	| 'tooFarAhead'
	/** Somebody came by it, or it was not come for in time: it stands as it was. */
	| 'alreadyUsed'
	| 'wasNoShow'
	| 'notHolder'
	| 'notBookable'
	| 'notPreferential'
	| 'rightNotValid'
	| 'inactive'
	| 'wrongArea'
	| 'wrongSpace'
	| 'noVehicle'
	| 'notShared'
	/** A place that was given up and promised to others since can't be taken back. */
	| 'placeTaken';

export interface BookingRuleDeps {
	readonly site: Pick<Site, 'areas' | 'parks' | 'timeZone'>;
	readonly directory: PromiseDirectory;
	readonly nowMs: () => number;
	/** What became of a booking here. */
	readonly bookingUse: (bookingId: string) => BookingUse | undefined;
}

/**
 * Nothing is promised twice: everybody who writes planned uses on site goes through the edits, one after the other, and
 * each is held here against all that were written before it and come with it.
 */
export function createBookingRule(deps: BookingRuleDeps): RowRule {
	const { site, nowMs } = deps;
	const views = new WeakMap<ChangedRows, { readonly places: BookingPlaces; readonly promised: PromisedPlaces }>();

	function viewOf(rows: ChangedRows) {
		const known = views.get(rows);
		if (known !== undefined) return known;
		const directory = withoutNoShows(changedDirectory(rows, deps.directory), deps.bookingUse);
		const view = {
			places: createBookingPlaces({ site, directory }),
			promised: createPromisedPlaces({ site, directory }),
		};
		views.set(rows, view);
		return view;
	}

	function ofBooking(use: Use, before: Use | null, rows: ChangedRows): readonly Problem[] {
		const early = [...timeProblems(use, before, nowMs()), ...usedProblems(use, before), ...whoProblems(use, rows)];
		if (early.length > 0) return early;
		const problem = viewOf(rows).places.problemOf(use);
		if (problem === null || problem.because === 'unknownRight') return [];
		const { because, ...detail } = problem;
		return [conflict(FIELDS[because] ?? (use.areaId === null ? 'startMs' : 'areaId'), because, detail)];
	}

	/** A booking that was used, or not come for, says what happened: only its end may still change. */
	function usedProblems(use: Use, before: Use | null): readonly Problem[] {
		const became = before === null ? undefined : deps.bookingUse(use.id);
		if (became === undefined || before === null) return [];
		if (became.state === 'noShow') return [conflict('startMs', 'wasNoShow')];
		return differs(before, { ...use, endMs: before.endMs }) ? [conflict('startMs', 'alreadyUsed')] : [];
	}

	function whoProblems(use: Use, rows: ChangedRows): readonly Problem[] {
		const { holderId, rightId, vehicleId, startMs, endMs } = use;
		const { right, specification } = rightOf(rows, rightId);
		// What is not there is told of the reference itself.
		if (right === undefined || specification === undefined) return [];
		const problems: Problem[] = [...activeProblems(use, rows)];
		if (right.holderId !== holderId && right.holderId !== vehicleId) problems.push(conflict('rightId', 'notHolder'));
		else if (STRATEGY[specification.strategy].booking === 'unused') problems.push(conflict('rightId', 'notBookable'));
		else if (!isValid(right, startMs, endMs)) problems.push(conflict('rightId', 'rightNotValid'));
		return [...problems, ...placeProblems(use, specification.areaIds)];
	}

	/** @param open areas that the right opens; empty: every area. */
	function placeProblems({ areaId, spaceId }: Use, open: readonly string[]): readonly Problem[] {
		const problems: Problem[] = [];
		const ofSpace = spaceId === null ? undefined : areaOfSpace(site, spaceId);
		const where = areaId ?? ofSpace;
		const chain = where === undefined ? [] : areaChain(site, where);
		const isOpen = open.length === 0 || chain.some((link) => open.includes(link.areaId));
		if (chain.length > 0 && !isOpen) problems.push(conflict(areaId === null ? 'spaceId' : 'areaId', 'wrongArea'));
		if (ofSpace !== undefined && areaId !== null && !areaChain(site, ofSpace).some((link) => link.areaId === areaId)) {
			problems.push(conflict('spaceId', 'wrongSpace'));
		}
		return problems;
	}

	function activeProblems({ holderId, vehicleId }: Use, rows: ChangedRows): readonly Problem[] {
		const holder = holderOf(rows, holderId);
		const vehicle = vehicleId === null ? undefined : holderOf(rows, vehicleId);
		const problems: Problem[] = [];
		if (holder !== undefined && holder.status !== 'active') problems.push(conflict('holderId', 'inactive'));
		if (vehicle === undefined) return problems;
		const { kind, sharingGroupId, status } = vehicle;
		const isShared = sharingGroupId !== null && holder?.groupIds.includes(sharingGroupId) === true;
		if (kind !== 'vehicle') problems.push(conflict('vehicleId', 'noVehicle'));
		else if (status !== 'active') problems.push(conflict('vehicleId', 'inactive'));
		else if (!isShared && holderId !== vehicleId) problems.push(conflict('vehicleId', 'notShared'));
		return problems;
	}

	function ofRelease(use: Use, before: Use | null, rows: ChangedRows): readonly Problem[] {
		const { right, specification } = rightOf(rows, use.rightId);
		const problems = [...timeProblems(use, before, nowMs())];
		if (use.endMs - use.startMs > LIMITS.bookingMs) problems.push(conflict('endMs', 'tooLong'));
		if (right === undefined || specification === undefined) return problems;
		if (right.holderId !== use.holderId) problems.push(conflict('rightId', 'notHolder'));
		else if (STRATEGY[specification.strategy].keepsPlace === 'no')
			problems.push(conflict('rightId', 'notPreferential'));
		return problems;
	}

	/** A place is kept again that was given up: others may have been promised it. */
	function ofTakingBack(was: Use, now: Use | null, rows: ChangedRows): readonly Problem[] {
		const span = { fromMs: Math.max(was.startMs, nowMs()), toMs: was.endMs };
		const { right, specification } = rightOf(rows, was.rightId);
		if (span.fromMs >= span.toMs || right === undefined || specification === undefined) return [];
		const spaceId = right.spaceId ?? holderOf(rows, right.holderId)?.spaceId ?? null;
		const counters = keptCounters(site, { spaceId, areaIds: specification.areaIds });
		const { promised, places } = viewOf(rows);
		const areaId = promised.overbooked(counters, span) ?? areaOfPromised(places, spaceId, span);
		return areaId === undefined ? [] : [conflict(now === null ? null : 'startMs', 'placeTaken', { areaId })];
	}

	/** Of the space, where others were promised it. */
	function areaOfPromised(places: BookingPlaces, spaceId: string | null, span: Span): string | undefined {
		return spaceId !== null && places.isSpacePromised(spaceId, span) ? areaOfSpace(site, spaceId) : undefined;
	}

	return ({ before, after }, rows) => {
		// Rows of a declared table; the general type of a change forgets which.
		const [was, now] = [before as Use | null, after as Use | null];
		const isPlanned = now?.state === 'planned' && (was === null || differs(was, now));
		const problems = !isPlanned ? [] : now.kind === 'booking' ? ofBooking(now, was, rows) : ofRelease(now, was, rows);
		if (problems.length > 0 || was?.kind !== 'release' || was.state !== 'planned') return problems;
		return now !== null && !differs(was, now) ? [] : ofTakingBack(was, now, rows);
	};
}

/** Where what stands against a booking is shown. */
const FIELDS: Readonly<Partial<Record<PlannedUseConflict, Field>>> = {
	vehicleBooked: 'vehicleId',
	spaceBooked: 'spaceId',
	spaceKept: 'spaceId',
	rightBooked: 'startMs',
	tooLong: 'endMs',
	unknownArea: 'areaId',
};

const TEXTS: Readonly<Record<PlannedUseConflict, string>> = {
	areaFull: 'every place is promised to others at some moment of this time',
	vehicleBooked: 'the vehicle is booked by somebody else at this time',
	spaceBooked: 'the space is booked by somebody else at this time',
	spaceKept: 'the space is kept for somebody else at this time',
	rightBooked: 'the right has as many bookings at this time as it may have stays',
	tooLong: 'lasts longer than can be booked',
	unknownArea: 'is no area that can be booked',
	past: 'lies in the past',
	tooFarAhead: 'lies further ahead than can be booked',
	alreadyUsed: 'somebody has come by this booking',
	wasNoShow: 'nobody came in time; make a new booking',
	notHolder: 'is not a right of the holder or of the booked vehicle',
	notBookable: 'its strategy knows no bookings',
	notPreferential: 'no place is kept for it that could be given up',
	rightNotValid: 'is suspended, or not valid for all of this time',
	inactive: 'is not active',
	wrongArea: 'the right does not open this area',
	wrongSpace: 'the space is not in this area',
	noVehicle: 'is no vehicle',
	notShared: 'the holder is not in the group that shares this vehicle',
	placeTaken: 'the place was given up, and is promised to others since',
};

function conflict(field: Field | null, because: PlannedUseConflict, detail: Readonly<Record<string, string>> = {}) {
	return { field, code: 'conflict', problem: TEXTS[because], detail: { because, ...detail } } as const;
}

const TOLD = [
	'kind',
	'holderId',
	'rightId',
	'areaId',
	'spaceId',
	'vehicleId',
	'startMs',
	'endMs',
	'state',
] as const satisfies readonly Field[];

function differs(a: Use, b: Use): boolean {
	return TOLD.some((field) => a[field] !== b[field]);
}

function timeProblems({ startMs, endMs }: Use, before: Use | null, nowMs: number): readonly Problem[] {
	const isNew = before === null || before.state !== 'planned';
	if ((isNew || endMs !== before.endMs) && endMs <= nowMs) return [conflict('endMs', 'past')];
	if (!isNew && startMs === before.startMs) return [];
	if (startMs < nowMs - LIMITS.bookingBegunMs) return [conflict('startMs', 'past')];
	return startMs > nowMs + LIMITS.bookingAheadMs ? [conflict('startMs', 'tooFarAhead')] : [];
}

function isValid({ state, validFromMs, validToMs }: DirectoryRow<'assignedRights'>, startMs: number, endMs: number) {
	return state === 'active' && (validFromMs ?? startMs) <= startMs && endMs <= (validToMs ?? endMs);
}

function rightOf(rows: ChangedRows, rightId: string) {
	const right = rows.row('assignedRights', rightId) as DirectoryRow<'assignedRights'> | undefined;
	const specification = right && rows.row('rightSpecifications', right.specificationId);
	return { right, specification: specification as DirectoryRow<'rightSpecifications'> | undefined };
}

function holderOf(rows: ChangedRows, holderId: string): DirectoryRow<'holders'> | undefined {
	return rows.row('holders', holderId) as DirectoryRow<'holders'> | undefined;
}
