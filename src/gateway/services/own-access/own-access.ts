import type { DirectoryRow } from '../../core/directory.ts';
import { LIMITS } from '../../core/limits.ts';
import type { ReasonCode } from '../../core/reason.ts';
import type { Lane, Site } from '../../core/site.ts';
import type { StayCharge } from '../../store/consumption.ts';
import type { DirectoryReader } from '../../store/directory-reader.ts';
import type { SiteStore } from '../../store/site-store.ts';
import type { AccessLog, DecisionSummary, Page } from '../access-log.ts';
import type { BookingRight, Bookings, FreeSpace } from '../bookings/bookings.ts';
import type { WhatIf } from '../decisions/what-if.ts';
import type { RightStandings } from '../stays/right-standing.ts';
import type { Visitors } from '../visitors/visitors.ts';
import { type HolderAdvice, holderAdvice } from './holder-advice.ts';
import type { OwnAccessRules } from './own-access-rules.ts';
import {
	createOwnBookings,
	type OwnBooking,
	type OwnBookingAnswer,
	type OwnBookingWish,
	type OwnMoveWish,
	type OwnReleaseWish,
	type OwnSpacesWish,
} from './own-bookings.ts';
import { createOwnRights, type OwnCredential, type OwnRight, type OwnVehicle } from './own-rights.ts';
import { createOwnVisits, type OwnVisit, type OwnVisitAnswer, type OwnVisitWish } from './own-visits.ts';

/** Whose access an operator sees: what is theirs as a person of the directory. */
export type OwnPerson =
	/** They are linked to nobody. */
	| { readonly state: 'none' }
	/** Whom they were linked to is no longer here. */
	| { readonly state: 'gone' }
	| {
			readonly state: 'known';
			readonly name: string;
			readonly standing: DirectoryRow<'holders'>['status'];
			readonly access: PersonAccess;
	  };

/** A line of one's own access log. */
export interface OwnDecision
	extends Pick<
		DecisionSummary,
		'id' | 'atMs' | 'laneName' | 'direction' | 'outcome' | 'headline' | 'subject' | 'sequel'
	> {
	/** null: nothing was refused. */
	readonly advice: HolderAdvice | null;
}

/** Whether one would be let in now, and if not why. */
export type OwnCheck =
	| { readonly result: 'granted' }
	| { readonly result: 'refused'; readonly because: ReasonCode; readonly advice: HolderAdvice }
	/** They carry nothing that a lane could read. */
	| { readonly result: 'nothingCarried' };

/** All that is one person's: bound to them, it takes no id of a person, and an id of anything else is theirs or nothing. */
export interface PersonAccess {
	rights(): readonly OwnRight[];
	credentials(): readonly OwnCredential[];
	vehicles(): readonly OwnVehicle[];
	/** Newest first. Throws INVALID_REQUEST for a cursor that is not ours. */
	log(cursor: string | undefined, limit: number): Page<OwnDecision>;
	/** What their stays cost, newest first. */
	charges(): readonly Pick<StayCharge, 'atMs' | 'price' | 'credits'>[];
	/** undefined: there is no such way in. */
	check(laneId: string): OwnCheck | undefined;
	bookings(): readonly OwnBooking[];
	bookingRights(vehicleId: string | null): readonly BookingRight[];
	mayBook(): boolean;
	book(wish: OwnBookingWish): OwnBookingAnswer;
	/** To another time, space or vehicle. */
	move(bookingId: string, wish: OwnMoveWish): OwnBookingAnswer;
	/** Spaces that could be booked for this time, as it is now. */
	freeSpaces(wish: OwnSpacesWish): readonly FreeSpace[];
	giveUp(wish: OwnReleaseWish): OwnBookingAnswer;
	release(bookingId: string): OwnBookingAnswer;
	visits(): readonly OwnVisit[];
	mayInvite(): boolean;
	invite(wish: OwnVisitWish): OwnVisitAnswer;
	endVisit(visitId: string): OwnVisitAnswer;
}

export interface OwnAccess {
	of(operatorId: string): OwnPerson;
	/** They are linked to a person, whoever that is. */
	isLinked(operatorId: string): boolean;
	/** Ways in that one can ask about. */
	lanes(): readonly Pick<Lane, 'id' | 'name'>[];
}

export interface OwnAccessDeps {
	readonly site: Pick<Site, 'lanes' | 'areas'>;
	readonly store: Pick<SiteStore, 'offboardings' | 'consumption'>;
	readonly directory: Pick<DirectoryReader, 'read' | 'row' | 'find' | 'rightsOf' | 'credentialsOf'>;
	readonly accessLog: Pick<AccessLog, 'list'>;
	readonly rightStandings: Pick<RightStandings, 'of' | 'ledger'>;
	readonly bookings: Bookings;
	readonly visitors: Visitors;
	readonly whatIf: WhatIf;
	readonly rules: () => OwnAccessRules;
	readonly nowMs: () => number;
}

/** What people see and do of their own (X12, X15). */
export function createOwnAccess(deps: OwnAccessDeps): OwnAccess {
	const { site, store, directory, nowMs, rules } = deps;
	const rights = createOwnRights(deps);
	const bookings = createOwnBookings({
		...deps,
		vehicleIds: (holder) => rights.vehicles(holder).map(({ id }) => id),
	});
	const visits = createOwnVisits(deps);
	const lanes = site.lanes.filter(({ kind }) => kind !== 'exit');

	function check(holderId: string, laneId: string): OwnCheck | undefined {
		if (!lanes.some(({ id }) => id === laneId)) return undefined;
		const carries = directory.credentialsOf(holderId).some(({ kind }) => kind !== 'qr');
		if (!carries) return { result: 'nothingCarried' };
		const who = { kind: 'holder', holderId } as const;
		const { outcome, headline } = deps.whatIf.check({ laneId, who, atMs: nowMs() }).decision;
		if (outcome === 'granted' || headline === null) return { result: 'granted' };
		return { result: 'refused', because: headline, advice: holderAdvice(headline) };
	}

	function accessOf(holder: DirectoryRow<'holders'>, operatorId: string): PersonAccess {
		const { id, status } = holder;
		const by = { operatorId };
		const inviter = () => {
			const isWelcome = status === 'active' && rights.rights(id).some(({ state }) => state === 'valid');
			return { holderId: id, operatorId, isWelcome };
		};
		return {
			rights: () => rights.rights(id),
			credentials: () => rights.credentials(id),
			vehicles: () => rights.vehicles(holder),
			log(cursor, limit) {
				const page = deps.accessLog.list({ holderId: id, limit, ...(cursor !== undefined && { cursor }) });
				return { ...page, items: page.items.map(ownDecision) };
			},
			charges: () =>
				store.consumption
					.chargesOfHolder(id, LIMITS.ownChargesShown)
					.map(({ atMs, price, credits }) => ({ atMs, price, credits })),
			check: (laneId) => check(id, laneId),
			bookings: () => bookings.list(id),
			bookingRights: (vehicleId) => bookings.rights(id, vehicleId),
			mayBook: () => rules().mayBook && status === 'active' && bookings.rights(id, null).length > 0,
			book: (wish) => bookings.book(holder, wish, by),
			move: (bookingId, wish) => bookings.move(holder, bookingId, wish, by),
			freeSpaces: (wish) => bookings.freeSpaces(holder, wish),
			giveUp: (wish) => bookings.giveUp(holder, wish, by),
			release: (bookingId) => bookings.release(id, bookingId, by),
			visits: () => visits.list(inviter()),
			mayInvite: () => visits.mayInvite(inviter()),
			invite: (wish) => visits.invite(inviter(), wish),
			endVisit: (visitId) => visits.end(inviter(), visitId),
		};
	}

	return {
		isLinked: (operatorId) => store.offboardings.holderOf(operatorId) !== null,
		lanes: () => lanes.map(({ id, name }) => ({ id, name })),
		of(operatorId) {
			const holderId = store.offboardings.holderOf(operatorId);
			if (holderId === null) return { state: 'none' };
			const holder = directory.row('holders', holderId);
			if (holder === undefined) return { state: 'gone' };
			const { name, status: standing } = holder;
			return { state: 'known', name, standing, access: accessOf(holder, operatorId) };
		},
	};
}

function ownDecision(line: DecisionSummary): OwnDecision {
	const { id, atMs, laneName, direction, outcome, headline, subject, sequel } = line;
	const advice = headline === null ? null : holderAdvice(headline);
	return { id, atMs, laneName, direction, outcome, headline, subject, sequel, advice };
}
