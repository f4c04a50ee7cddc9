import type { ClockTrust } from '../clock.ts';
import type { AssignedRight, Credential, Holder, Schedule } from '../directory.ts';
import type { Refill } from '../ledger.ts';
import type { AntiPassback, IdentifyMode, LaneRules, StaleAfter } from '../site.ts';
import type { SpecificationFact } from './specification-limits.ts';

/** Everything one decision is made on, as plain data: stored with the decision, and the same facts give the same decision. */
export interface AccessFacts {
	/** The moment that is decided for, UTC epoch ms. */
	readonly atMs: number;
	readonly timeZone: string;
	readonly clock: ClockTrust;
	readonly direction: 'entry' | 'exit';
	readonly lane: LaneFacts;
	readonly equipment: EquipmentFacts;
	/** What was read, each with the credential and holder it matched. */
	readonly presented: readonly PresentedFact[];
	/** Rights of every holder in `presented`, with their specification and schedule. */
	readonly rights: readonly RightFact[];
	/** Where the lane leads: the area, the enclosing ones, then the park; empty when it leads outside. */
	readonly areas: readonly AreaFact[];
	/** Open stays of the holders in `presented`. */
	readonly openSessions: readonly OpenSessionFact[];
	/** Where each recognised credential went through last. */
	readonly lastUses: readonly LastUseFact[];
	/** Holders whose next passage is not held against them (neutral reset). */
	readonly neutralHolderIds: readonly string[];
	readonly data: DataFacts;
}

export interface LaneFacts {
	readonly id: string;
	readonly identify: IdentifyMode;
	readonly rules: LaneRules;
	/** An arming loop is wired. */
	readonly hasArmingLoop: boolean;
	readonly vehiclePresent: boolean;
	/** Closed to all, or under lockdown. */
	readonly closed: 'open' | 'closed' | 'lockdown';
	readonly parkId: string | null;
	/** The area the vehicle comes from; `outside` at the edge of the site. */
	readonly from: string;
	/** How passing out of `from` is watched; absent: not. */
	readonly fromAntiPassback?: AntiPassback;
	/** A vehicle that came from behind the barrier stands on the arming loop. */
	readonly wrongWay: boolean;
	/** The fire input is active. */
	readonly fire: boolean;
	/** The barrier's device is offline; absent: it answers, or none is wired. */
	readonly barrierLost?: true;
}

/** What the licences allow here and now. */
export interface EquipmentFacts {
	/** `commissioning`: before the first licence. `grace`: expired a short while ago. */
	readonly productLicence: 'commissioning' | 'valid' | 'grace' | 'expired';
	readonly rfidEnabled: boolean;
	readonly unlicensedCameras: readonly string[];
	/** false: support has deactivated the park. */
	readonly parkActive: boolean;
}

export interface LastUseFact {
	readonly credentialId: string;
	readonly laneId: string;
	readonly direction: 'entry' | 'exit';
	readonly atMs: number;
}

export interface PresentedFact {
	readonly observationId: string;
	readonly deviceId: string;
	readonly kind: 'tag' | 'plate' | 'pin';
	/** As read; of codes and PINs their masked name. */
	readonly value: string;
	/** ISO 3166-1 alpha-2 of a plate, where the camera told. */
	readonly country?: string;
	/** 1 for tags and PINs. */
	readonly confidence: number;
	/** Agreeing reads of the same value in this identification. */
	readonly reads: number;
	readonly match: CredentialMatch;
}

export type CredentialMatch =
	| { readonly how: 'none' }
	/** Nothing could be looked up: the text is no plate or tag. */
	| { readonly how: 'invalid' }
	| { readonly how: 'exact' | 'confusable'; readonly credential: Credential; readonly holder: Holder | null }
	/** Several authorised plates share the read's confusion class. */
	| { readonly how: 'ambiguous'; readonly count: number };

export interface RightFact {
	readonly right: AssignedRight;
	/** null: the specification is unknown here; such a right opens nothing. */
	readonly specification: SpecificationFact | null;
	/** null although the specification names one: such a right is outside its schedule. */
	readonly schedule: Schedule | null;
	/** The hours its place is kept in; null although the specification names some: never. Absent: always. */
	readonly guaranteedSchedule?: Schedule | null;
	/** Times for which its holder gives the place up. Absent: none. */
	readonly releases?: readonly { readonly startMs: number; readonly endMs: number }[];
	/** Counters on which one place is being kept for it now: free for it, though for nobody else. Absent: none. */
	readonly keptIn?: readonly string[];
	/** Planned uses of this right from a day before to a day after; absent: none. */
	readonly bookings?: readonly BookingFact[];
	/** Openings that await their passage with another credential of this right; absent: none. */
	readonly underWay?: number;
	/** `used` with what is held for openings under way. Absent: not limited. */
	readonly uses?: { readonly used: number; readonly allowed: number };
	/** Absent: it costs nothing. Integer units of the wallet; the balance is without what is held, and with the refill that is due. */
	readonly wallet?: {
		readonly balance: number;
		readonly cost: number;
		readonly mayOverdraw: boolean;
		readonly refill?: Refill;
	};
	/** Places shared by a tenant, where this lane leads to them, and by groups of the holder. */
	readonly pool?: SharedPlaces;
	readonly groups?: readonly SharedPlaces[];
}

export interface SharedPlaces {
	readonly id: string;
	readonly capacity: number;
	readonly occupied: number;
	readonly reserved: number;
	/** It is left together with this area; absent: with the site. */
	readonly areaId?: string;
}

/** One planned use; its window at the entry is [start − grace, end]. */
export interface BookingFact {
	readonly bookingId: string;
	readonly startMs: number;
	readonly endMs: number;
	readonly graceMs: number;
	/** Who is not there by then is expected no more; absent: until its end. */
	readonly noShowMs?: number;
	/** The booked area and what encloses it; absent: wherever the right leads. */
	readonly areaIds?: readonly string[];
	/** `used`: its one stay has begun, or is about to. `released`: given up, or a no-show. */
	readonly state: 'planned' | 'used' | 'released';
}

export interface AreaFact {
	readonly areaId: string;
	/** False for enclosing areas the vehicle is in already: they need no room. */
	readonly entering: boolean;
	/** `park` rows carry the park's own limit. */
	readonly level: 'area' | 'park';
	readonly capacity: number | null;
	/** Vehicles inside. */
	readonly occupied: number;
	/** Places held by decisions whose passage has not happened yet. */
	readonly reserved: number;
	/** Places kept for preferential rights, and for bookings of now, whose vehicles are not inside. Absent: none. */
	readonly guaranteed?: number;
	readonly booked?: number;
	/** Absent: not watched. */
	readonly antiPassback?: AntiPassback;
}

export interface OpenSessionFact {
	readonly sessionId: string;
	readonly holderId: string;
	/** The credential that came in: the same one at an entry again means that its exit was missed. */
	readonly credentialId: string | null;
	/** The rights it stays by, the first one let it in; absent: not known. */
	readonly rightIds?: readonly string[];
	/** What it holds of pools and groups; absent: nothing. */
	readonly shared?: readonly string[];
	readonly areaId: string;
	readonly sinceMs: number;
}

export interface DataFacts {
	/** null: this gateway never had a directory. */
	readonly directorySyncedAtMs: number | null;
	/** How old the directory may be for each kind of credential, ms; absent: any age. */
	readonly staleAfterMs: StaleAfter;
}
