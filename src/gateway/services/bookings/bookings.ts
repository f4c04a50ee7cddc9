import { STRATEGY } from '../../core/access/strategy.ts';
import { areaChain } from '../../core/area-chain.ts';
import { overlaps, type Span } from '../../core/booking.ts';
import type { Clock } from '../../core/clock.ts';
import type { DirectoryRow } from '../../core/directory.ts';
import { LIMITS } from '../../core/limits.ts';
import type { Site, Space } from '../../core/site.ts';
import type { DirectoryReader } from '../../store/directory-reader.ts';
import type { SiteStore } from '../../store/site-store.ts';
import type { AnyRow, DirectoryChange, DirectoryEdits, EditBy, EditProblem } from '../directory/directory-edits.ts';
import { createBookingPlaces, type SpaceWish } from '../stays/booking-places.ts';
import { createLimitDirectory } from '../stays/limit-directory.ts';
import { type BookingView, createBookingViews } from './booking-view.ts';
import { type PromiseDirectory, withoutNoShows } from './changed-directory.ts';
import { createPromisedPlaces, type PlacesSpan, without } from './promised-places.ts';

export type BookingAnswer =
	/** `batchId`: to undo it. */
	| { readonly result: 'done'; readonly booking: BookingView; readonly batchId: string }
	/** Nothing was changed. */
	| { readonly result: 'refused'; readonly problems: readonly EditProblem[] };

type Use = DirectoryRow<'plannedUses'>;

/** `rightId` left out: the one right of the holder, or of the vehicle, that fits. */
export type BookingRequest = Pick<
	Use,
	'holderId' | 'areaId' | 'spaceId' | 'vehicleId' | 'startMs' | 'endMs' | 'note'
> & {
	readonly rightId?: string;
};

export type BookingChange = Partial<Pick<Use, 'areaId' | 'spaceId' | 'vehicleId' | 'startMs' | 'endMs' | 'note'>>;

export interface SpacesWish extends SpaceWish {
	/** With all areas in them; empty: every area. */
	readonly areaIds: readonly string[];
}

export interface FreeSpace extends Space {
	readonly areaId: string;
}

export interface BookingQuery extends Span {
	/** Only those whose place may be there. */
	readonly areaId?: string;
	readonly vehicleId?: string;
}

export type BookingRight = Pick<DirectoryRow<'assignedRights'>, 'id' | 'holderId'> &
	Pick<DirectoryRow<'rightSpecifications'>, 'name' | 'strategy' | 'areaIds'>;

export interface VehicleAvailability {
	readonly busy: readonly Span[];
	readonly free: readonly Span[];
}

/** Bookings of places and of shared vehicles; all changes go through the edits, where nothing is promised twice (N5, X13). */
export interface Bookings {
	get(id: string): BookingView | undefined;
	/** What overlaps [from, to), by their beginning; at most LIMITS.bookingsShown. */
	list(query: BookingQuery): readonly BookingView[];
	/** undefined: no such area. */
	availability(areaId: string, span: Span): readonly PlacesSpan[] | undefined;
	/** undefined: no such vehicle. */
	vehicleAvailability(vehicleId: string, span: Span): VehicleAvailability | undefined;
	/** undefined: no such vehicle. */
	vehicle(id: string): DirectoryRow<'holders'> | undefined;
	/** Vehicles that a group shares, by name. */
	fleet(): readonly DirectoryRow<'holders'>[];
	/** Rights of the holder (and of the vehicle) that bookings can be made by. */
	rightsFor(holderId: string, vehicleId: string | null): readonly BookingRight[];
	/** Rights of the holder whose place is kept and can be given up. */
	keptRightsOf(holderId: string): readonly BookingRight[];
	/** @param isTheirs whether whoever asks may book by a right that they did not name; absent: by all of them. */
	book(request: BookingRequest, by: EditBy, isTheirs?: (right: BookingRight) => boolean): BookingAnswer;
	/** Gives a kept place up for a time. */
	giveUp(request: Pick<Use, 'holderId' | 'rightId' | 'startMs' | 'endMs' | 'note'>, by: EditBy): BookingAnswer;
	/** To another time, place or vehicle; by another right only where the vehicle or its holder has none that fits it. */
	move(id: string, change: BookingChange, by: EditBy): BookingAnswer;
	/** Of these areas, that are neither booked by nor kept for others at some moment of the span; at most LIMITS.spacesOffered. */
	freeSpaces(wish: SpacesWish): readonly FreeSpace[];
	/** Its place is free for others; of a place that was given up: its holder takes it back. */
	release(id: string, by: EditBy): BookingAnswer;
}

export interface BookingsDeps {
	readonly site: Pick<Site, 'areas' | 'parks' | 'timeZone'>;
	readonly directory: Pick<DirectoryReader, 'holder' | 'rightsOf' | 'plannedUsesOfVehicle'> & PromiseDirectory;
	readonly store: Pick<SiteStore, 'consumption' | 'parkingSessions'>;
	readonly edits: Pick<DirectoryEdits, 'edit'>;
	readonly clock: Pick<Clock, 'nowMs'>;
}

export function createBookings(deps: BookingsDeps): Bookings {
	const { site, directory, edits, clock } = deps;
	const views = createBookingViews({ ...deps, nowMs: clock.nowMs });
	const shared = createLimitDirectory(directory);
	const expected = withoutNoShows(directory, deps.store.consumption.booking);
	const promised = createPromisedPlaces({ site, directory: expected });
	const places = createBookingPlaces({ site, directory: expected });

	function get(id: string): BookingView | undefined {
		return directory.read(() => {
			const row = directory.row('plannedUses', id);
			return row && views.of(row);
		});
	}

	function vehicle(id: string): DirectoryRow<'holders'> | undefined {
		const row = directory.row('holders', id);
		return row?.kind === 'vehicle' ? row : undefined;
	}

	function list({ fromMs, toMs, areaId, vehicleId }: BookingQuery): readonly BookingView[] {
		return directory.read(() => {
			const uses = directory.plannedUsesIn(fromMs, toMs, LIMITS.plannedUsesNear);
			const sorted = uses
				.filter((use) => vehicleId === undefined || use.vehicleId === vehicleId)
				.toSorted((a, b) => a.startMs - b.startMs || (a.id < b.id ? -1 : 1));
			const found: BookingView[] = [];
			for (const use of sorted) {
				const specificationId = directory.specificationIdOf(use.rightId);
				const specification = specificationId === null ? null : shared.row('rightSpecifications', specificationId);
				const view = views.view(use, null, specification ?? undefined);
				if (areaId === undefined || view.areaIds.includes(areaId)) found.push(view);
				if (found.length >= LIMITS.bookingsShown) break;
			}
			return found;
		});
	}

	function carryOut(change: DirectoryChange, by: EditBy): BookingAnswer {
		const answer = edits.edit([change], by);
		if (answer.result === 'refused') return answer;
		const booking = get(answer.rows.find(({ table }) => table === 'plannedUses')?.key ?? keyOf(change));
		return booking === undefined
			? refused(null, 'notFound', 'there is no such booking')
			: { result: 'done', booking, batchId: answer.batchId };
	}

	function update(id: string, fields: AnyRow, by: EditBy): BookingAnswer {
		return carryOut({ op: 'update', table: 'plannedUses', key: id, fields }, by);
	}

	function rightsOf(holderId: string, fits: (strategy: BookingRight['strategy']) => boolean): readonly BookingRight[] {
		return directory.rightsOf(holderId).flatMap(({ right, specification }) => {
			if (specification === null || right.state !== 'active' || !fits(specification.strategy)) return [];
			const { name, strategy, areaIds } = specification;
			return [{ id: right.id, holderId, name, strategy, areaIds }];
		});
	}

	function rightsFor(holderId: string, vehicleId: string | null): readonly BookingRight[] {
		const isBookable = (strategy: BookingRight['strategy']) => STRATEGY[strategy].booking !== 'unused';
		// A shared vehicle enters by its own right, whoever booked it.
		const ofVehicle = vehicleId === null ? [] : rightsOf(vehicleId, isBookable);
		return ofVehicle.length > 0 ? ofVehicle : rightsOf(holderId, isBookable);
	}

	/** The one right that a booking can be by. */
	function rightOf(
		request: BookingRequest,
		isTheirs: (right: BookingRight) => boolean = () => true,
	): { readonly rightId: string } | { readonly problem: BookingAnswer } {
		const { holderId, vehicleId, areaId, rightId } = request;
		if (rightId !== undefined) return { rightId };
		const all = rightsFor(holderId, vehicleId).filter(isTheirs);
		const chain = areaId === null ? [] : areaChain(site, areaId).map((link) => link.areaId);
		const here = all.filter(({ areaIds }) => {
			return areaIds.length === 0 || chain.length === 0 || areaIds.some((id) => chain.includes(id));
		});
		const [first, another] = here.length > 0 ? here : all;
		if (first === undefined) {
			return { problem: refused('rightId', 'conflict', 'the holder has no right to book by', { because: 'noRight' }) };
		}
		if (another === undefined) return { rightId: first.id };
		return { problem: refused('rightId', 'conflict', 'several rights fit', { because: 'chooseRight' }) };
	}

	function freeSpaces({ areaIds, ...wish }: SpacesWish): readonly FreeSpace[] {
		const here = site.areas.filter(
			({ id, spaces = [] }) =>
				spaces.length > 0 &&
				(areaIds.length === 0 || areaChain(site, id).some(({ areaId }) => areaIds.includes(areaId))),
		);
		if (here.length === 0) return [];
		const taken = places.takenSpaces(wish);
		return here
			.flatMap(({ id: areaId, spaces = [] }) => spaces.map((space) => ({ ...space, areaId })))
			.filter(({ id }) => !taken.has(id))
			.slice(0, LIMITS.spacesOffered);
	}

	function move(id: string, { vehicleId, ...change }: BookingChange, by: EditBy): BookingAnswer {
		const was = directory.row('plannedUses', id);
		if (vehicleId === undefined || was === undefined || was.vehicleId === vehicleId) return update(id, change, by);
		const now = { ...was, ...change, vehicleId };
		const rights = rightsFor(was.holderId, vehicleId);
		const { rightId: _, ...request } = now;
		const found = rights.some((right) => right.id === was.rightId) ? { rightId: was.rightId } : rightOf(request);
		if ('problem' in found) return found.problem;
		// Its own space goes with the vehicle.
		const isOfVehicle = was.areaId === null && change.spaceId === undefined && change.areaId === undefined;
		const own = isOfVehicle && { spaceId: spaceOf(vehicleId) };
		return update(id, { ...change, ...own, vehicleId, rightId: found.rightId }, by);
	}

	const spaceOf = (vehicleId: string | null) =>
		vehicleId === null ? null : (directory.row('holders', vehicleId)?.spaceId ?? null);

	return {
		get,
		list,
		vehicle,
		availability: (areaId, span) => promised.of(areaId, span),
		vehicleAvailability(vehicleId, span) {
			if (vehicle(vehicleId) === undefined) return undefined;
			const busy = list({ ...span, vehicleId })
				.filter(({ kind, state }) => kind === 'booking' && isBusy(state))
				.map(({ startMs, endMs }) => ({ fromMs: startMs, toMs: endMs }))
				.filter((one) => overlaps(one, span));
			return { busy, free: without(span, busy) };
		},
		fleet: () =>
			directory.read(() => {
				const groups = directory.find('groups', { kind: 'sharing' }, LIMITS.fleetVehicles);
				const ids = groups.flatMap((id) => directory.find('holders', { sharingGroupId: id }, LIMITS.fleetVehicles));
				return [...new Set(ids)]
					.slice(0, LIMITS.fleetVehicles)
					.flatMap((id) => directory.row('holders', id) ?? [])
					.filter(({ kind }) => kind === 'vehicle')
					.toSorted((a, b) => a.name.localeCompare(b.name));
			}),
		rightsFor,
		keptRightsOf: (holderId) => rightsOf(holderId, (strategy) => STRATEGY[strategy].keepsPlace !== 'no'),
		book(request, by, isTheirs) {
			const found = rightOf(request, isTheirs);
			if ('problem' in found) return found.problem;
			// A vehicle with a space of its own comes back to it.
			const spaceId = request.spaceId ?? (request.areaId === null ? spaceOf(request.vehicleId) : null);
			const row = { ...request, spaceId, rightId: found.rightId, kind: 'booking' };
			return carryOut({ op: 'create', table: 'plannedUses', row }, by);
		},
		giveUp: (request, by) => carryOut({ op: 'create', table: 'plannedUses', row: { ...request, kind: 'release' } }, by),
		move,
		freeSpaces,
		release: (id, by) => update(id, { state: 'released' }, by),
	};
}

function isBusy(state: BookingView['state']): boolean {
	return state === 'planned' || state === 'in' || state === 'overdue';
}

function keyOf(change: DirectoryChange): string {
	return change.op === 'create' ? '' : change.key;
}

function refused(
	field: string | null,
	code: EditProblem['code'],
	problem: string,
	detail?: EditProblem['detail'],
): { readonly result: 'refused'; readonly problems: readonly EditProblem[] } {
	const about = { change: 0, table: 'plannedUses', key: null } as const;
	return { result: 'refused', problems: [{ ...about, field, code, problem, ...(detail && { detail }) }] };
}
